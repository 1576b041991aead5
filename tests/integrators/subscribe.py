# Follows one prefix of the feed: python3 subscribe.py tcp://127.0.0.1:5701 320281/001/
import json, struct, sys, zmq

prefix, epoch, last, mode = sys.argv[2], None, 0, "unknown"
feed = zmq.Context().socket(zmq.SUB)
feed.rcvtimeo = 1500  # ms; a heartbeat comes every 250
feed.connect(sys.argv[1])
for topic in (prefix, f"@hb/{prefix}@"): feed.subscribe(topic)
place = 68 + 8 * (prefix.count("/") + prefix.endswith("~"))  # where an event's header names the one before it
while True:
    try: topic, head, *body = feed.recv_multipart()
    except zmq.Again: print("stale", flush=True); continue
    beat = None if body else json.loads(head)
    now, newest = (int(beat["epoch"], 16), beat["last_sequence"]) if beat else struct.unpack_from("<QQ", head, 24)
    if now != epoch: print("epoch begins: forget what was before", flush=True)
    elif (newest if beat else struct.unpack_from("<Q", head, place)[0]) > last: print("gap after", last, flush=True)
    epoch, last, mode = now, newest, beat["mode"] if beat else mode
    print("heartbeat" if beat else "event", mode, last, (head if beat else body[0]).decode(), flush=True)
