# Reports one incident: python3 publish.py tcp://127.0.0.1:5700 CASE-1
import datetime, json, sys, zmq

event = {"specversion": "1.0", "id": "report-" + sys.argv[2], "source": "/city/12345", "type": "incident.reported",
         "time": datetime.datetime.now(datetime.timezone.utc).isoformat(), "subject": sys.argv[2],
         "data": {"type": "Feature", "geometry": {"type": "Point", "coordinates": [120.28, 31.91]},
                  "properties": {"crs": "EPSG:4326", "class": "E04.06", "channel": "hotline"}}}
for attempt in range(5):
    hub = zmq.Context.instance().socket(zmq.REQ)  # a new one each time: a REQ without an answer cannot ask again
    hub.rcvtimeo, hub.linger = 10_000, 0
    hub.connect(sys.argv[1])
    hub.send_json(event)  # always the same (source, id): what the hub has already is answered "duplicate"
    try:
        answer = hub.recv_json()["answers"][0]
    except zmq.Again:
        continue
    print(json.dumps(answer))
    sys.exit(1 if answer["status"] == "refused" else 0)
sys.exit("no answer")
