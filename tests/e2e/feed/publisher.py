import datetime, json, sys, zmq

hub = zmq.Context().socket(zmq.REQ)
hub.connect(sys.argv[1])  # tcp://127.0.0.1:5700
now = datetime.datetime.now(datetime.timezone.utc).isoformat()
hub.send_json({"specversion": "1.0", "id": sys.argv[2], "source": "city-script", "type": "incident.reported",
               "time": now, "subject": "case-" + sys.argv[2], "data": {
                   "type": "Feature", "geometry": {"type": "Point", "coordinates": [120.01, 31.01]},
                   "properties": {"crs": "EPSG:4326", "class": "E04.06", "channel": "collector"}}})
print(json.dumps(hub.recv_json()))
