# Asks a hub with keys who it is: python3 keyed.py tcp://127.0.0.1:5700 desk-3.key
import re, sys, zmq

key = dict(re.findall(r'(\w+) = "(.*)"', open(sys.argv[2], encoding="utf-8").read()))
hub = zmq.Context().socket(zmq.REQ)
hub.curve_publickey, hub.curve_secretkey = key["public_key"].encode(), key["secret_key"].encode()
hub.curve_serverkey = key["hub_public_key"].encode()
hub.rcvtimeo, hub.linger = 10_000, 0
hub.connect(sys.argv[1])
hub.send_string('{"op":"hello"}')
print(hub.recv_string())
