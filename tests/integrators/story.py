"""The programs that integrators are shown, met by a real hub: what they publish is accepted once; who subscribes sees
his prefix, a gap whichever message tells it, silence, a new epoch and that a clock is simulated; a key opens a hub with
keys; a lost answer is asked for again with the same bytes; and what was lost can be fetched as the page says.

story.py GRIDWALL LANGUAGE, with what CMake found for the language in GRIDWALL_PROGRAMS (binaries), GRIDWALL_NODE,
GRIDWALL_JAVA, GRIDWALL_JEROMQ, NODE_PATH.
"""

import ctypes
import datetime
import json
import os
import secrets
import struct
import subprocess
import sys
import threading

import zmq

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))
import support
from support import event, expect, wait_until

PREFIX = "320281/001/"
HERE_LONLAT, ELSEWHERE = (120.28, 31.91), (120.33, 31.91)  # in the town of PREFIX, in the other one


def command_of(language, program):
    if language == "python":
        return [sys.executable, "-B", f"{HERE}/{program}.py"]
    if language == "node":
        return [os.environ["GRIDWALL_NODE"], f"{HERE}/{program}.js"]
    if language == "java":
        file = f"{HERE}/{program.capitalize()}.java"
        return [os.environ["GRIDWALL_JAVA"], "-cp", os.environ["GRIDWALL_JEROMQ"], file]
    return [f"{os.environ['GRIDWALL_PROGRAMS']}/integrator_{program}"]


class Relay(threading.Thread):
    """Stands between a hub's feed and a subscriber, and loses what it is told to lose."""

    def __init__(self, feed):
        super().__init__(daemon=True)
        self.target = feed  # another one: the subscriber is led to another hub
        self.loses_events = self.loses_heartbeats = False
        self.lost_events = 0
        self._context = zmq.Context()
        self._subscriber_side = self._context.socket(zmq.XPUB)
        port = self._subscriber_side.bind_to_random_port("tcp://127.0.0.1")
        self.endpoint = f"tcp://127.0.0.1:{port}"
        self.start()

    def run(self):
        hub_side, connected = self._context.socket(zmq.XSUB), None
        poller = zmq.Poller()
        poller.register(hub_side, zmq.POLLIN)
        poller.register(self._subscriber_side, zmq.POLLIN)
        while True:
            if connected != self.target:
                if connected:
                    hub_side.disconnect(connected)
                connected = self.target
                hub_side.connect(connected)
            ready = dict(poller.poll(50))
            if self._subscriber_side in ready:
                hub_side.send(self._subscriber_side.recv())
            if hub_side in ready:
                self._pass_on(hub_side.recv_multipart())

    def _pass_on(self, parts):
        is_heartbeat = parts[0].startswith(b"@")
        if self.loses_heartbeats if is_heartbeat else self.loses_events:
            self.lost_events += 0 if is_heartbeat else 1
        else:
            self._subscriber_side.send_multipart(parts)


class Forgetful(threading.Thread):
    """Takes the place of a hub whose first answer gets lost."""

    def __init__(self, stage, language):
        super().__init__(daemon=True)
        self.heard = []
        self._door = zmq.Context.instance().socket(zmq.ROUTER)
        self._door.linger = 0
        self.requests = f"tcp://127.0.0.1:{self._door.bind_to_random_port('tcp://127.0.0.1')}"
        self.start()
        self._program = publisher(stage, language, self, "CASE-9")

    def run(self):
        while len(self.heard) < 2:
            *envelope, message = self._door.recv_multipart()
            self.heard.append(message)
        self._door.send_multipart([*envelope, b'{"answers":[{"id":"report-CASE-9","source":"/city/12345",'
                                              b'"status":"duplicate","durable":true,"sequence":9}]}'])

    def check(self):
        expect(self._program.wait() == 0, "the second answer counts")
        expect(len(self.heard) == 2 and self.heard[0] == self.heard[1], f"the same bytes again: {self.heard}")


class Subscriber:
    def __init__(self, stage, language, relay):
        self.program = support.Program([*command_of(language, "subscribe"), relay.endpoint, PREFIX], "subscribe")
        stage.programs.append(self.program)

    def texts(self):
        return [line["text"] for line in list(self.program.lines)]

    def wait_text(self, condition, what, after=0):
        """The number of the first line behind `after` others for which the condition holds."""

        def found():
            numbers = [number for number, text in enumerate(self.texts()) if number >= after and condition(text)]
            expect(numbers or self.program.process.poll() is None, f"the subscriber ended before {what}")
            return numbers[0] + 1 if numbers else None

        return wait_until(found, what) - 1

    def count(self, start):
        return sum(text.startswith(start) for text in self.texts())


def publisher(stage, language, hub, subject):
    extra = [datetime.datetime.now(datetime.timezone.utc).isoformat()] if language == "cpp" else []
    program = support.Program([*command_of(language, "publish"), hub.requests, subject, *extra], "publish")
    stage.programs.append(program)
    return program


def publish(stage, language, hub, subject, expected_code=0):
    """The language's own program; its answer."""
    program = publisher(stage, language, hub, subject)
    code = program.wait()
    expect(code == expected_code, f"publish ended with {code}, expected {expected_code}: {program.lines}")
    answer = program.lines[-1]
    return answer["answers"][0] if "answers" in answer else answer


def ask(hub, message):
    """The test's own client, to be quick."""
    with zmq.Context() as context, context.socket(zmq.REQ) as peer:
        peer.linger = 0
        peer.connect(hub.requests)
        peer.send_json(message)
        expect(peer.poll(support.PATIENCE_S * 1000), "an answer")
        return peer.recv_json()


def tell(hub, *events):
    answers = ask(hub, events)["answers"]
    expect([answer["status"] for answer in answers] == ["accepted"] * len(events), f"{answers}")


def publishes(stage, language, hub, subscriber):
    answer = publish(stage, language, hub, "CASE-1")
    expect(answer["status"] == "accepted" and answer["durable"] and answer["path"] == "320281/001/001/", f"{answer}")
    subscriber.wait_text(lambda text: text.startswith("event live ") and '"subject":"CASE-1"' in text, "the event")
    again = publish(stage, language, hub, "CASE-1")
    expect(again["status"] == "duplicate" and again["sequence"] == answer["sequence"], f"{again}")
    refused = publish(stage, language, hub, "N" * 65, expected_code=1)
    expect(refused["reason"] == "text_too_long", f"{refused}")


def tells_gaps(hub, relay, subscriber):
    tell(hub, event("elsewhere", lonlat=ELSEWHERE), event("CASE-2", lonlat=HERE_LONLAT))
    subscriber.wait_text(lambda text: '"subject":"CASE-2"' in text, "an event behind another town's")
    expect(subscriber.count("gap") == 0, "what goes to another town is no gap")
    expect(not any('"elsewhere"' in text for text in subscriber.texts()), "nor is it heard")

    def lose(subject):
        before = relay.lost_events
        relay.loses_events = True
        tell(hub, event(subject, lonlat=HERE_LONLAT))
        wait_until(lambda: relay.lost_events > before, "an event to be lost")

    lose("LOST-1")
    told = subscriber.wait_text(lambda text: text.startswith("gap after "), "a heartbeat to tell of the gap")
    relay.loses_events = False

    relay.loses_heartbeats = True
    subscriber.wait_text(lambda text: text == "stale\n", "silence to be told", after=told)
    lose("LOST-2")
    relay.loses_events = False
    before = len(subscriber.texts())
    tell(hub, event("CASE-3", lonlat=HERE_LONLAT))
    seen = subscriber.wait_text(lambda text: '"subject":"CASE-3"' in text, "the event behind the gap")
    said = [text for text in subscriber.texts()[before:seen] if text != "stale\n"]
    expect(any(text.startswith("gap after ") for text in said), f"the event's own header tells of the gap: {said}")
    relay.loses_heartbeats = False


def unpack(frame):
    """By the library that zstd's own tools use; Python has none of its own."""
    zstd = ctypes.CDLL("libzstd.so.1")
    zstd.ZSTD_getFrameContentSize.restype = ctypes.c_ulonglong
    zstd.ZSTD_decompress.restype = ctypes.c_size_t
    plain = ctypes.create_string_buffer(min(zstd.ZSTD_getFrameContentSize(frame, ctypes.c_size_t(len(frame))), 1 << 20))
    size = zstd.ZSTD_decompress(plain, ctypes.c_size_t(len(plain)), frame, ctypes.c_size_t(len(frame)))
    return plain.raw[:size]


def fetches_what_was_lost(hub):
    """The page's words on sync, followed: everything under the prefix since the first event, in order."""
    hello = ask(hub, {"op": "hello"})
    ticket = secrets.token_hex(8)
    with zmq.Context() as context, context.socket(zmq.DEALER) as peer:
        peer.linger = 0
        peer.connect(f"tcp://127.0.0.1:{hello['sync_port']}")
        peer.send_json({"v": 1, "op": "sync", "ticket": ticket, "journal": hello["journal"], "epoch": hello["epoch"],
                        "prefixes": [PREFIX], "since": 1, "at_least": 1, "credits": 1})
        packed = b""
        while True:
            expect(peer.poll(support.PATIENCE_S * 1000), "the sync to go on")
            head, *frame = peer.recv_multipart()
            head = json.loads(head)
            if head["op"] == "end":
                break
            expect(head["op"] == "piece" or head["snapshot"] is False, f"{head}")
            if frame:
                packed += unpack(frame[0])
                peer.send_json({"v": 1, "op": "credit", "ticket": ticket, "credits": 1})
    events = []
    while packed:
        topic, header, body = struct.unpack_from("<III", packed)
        events.append((packed[12:12 + topic].decode(), struct.unpack_from("<Q", packed, 12 + topic + 32)[0],
                       json.loads(packed[12 + topic + header:12 + topic + header + body])["subject"]))
        packed = packed[12 + topic + header + body:]
    subjects = [subject for _, _, subject in events]
    expect({"CASE-2", "LOST-1", "LOST-2", "CASE-3"} <= set(subjects) and "elsewhere" not in subjects, f"{events}")
    sequences = [sequence for _, sequence, _ in events]
    expect(sequences == sorted(set(sequences)) and sequences[0] > 1, f"in order, each once: {sequences}")


def notices_another_hub(stage, relay, subscriber):
    before = len(subscriber.texts())
    simulated = stage.hub(arguments=("--clock", "simulated", "--rate", "60"))
    relay.target = simulated.feed
    begun = subscriber.wait_text(lambda text: text.startswith("epoch begins"), "another epoch", after=before)
    subscriber.wait_text(lambda text: text.startswith("heartbeat simulated "), "the simulated clock", after=begun)


def opens_with_a_key(stage, language):
    os.environ.setdefault("GRIDWALL_ROOT", support.SOURCE)
    folder = stage.path("keys")
    for arguments in (("hub",), ("client", "city", "--role", "publisher", "--out", stage.path("city.key"))):
        subprocess.run([stage.gridwall, "keys", "new", *arguments, "--folder", folder], check=True,
                       stdout=subprocess.DEVNULL, timeout=support.PATIENCE_S)
    hub = stage.hub(arguments=("--keys", folder))
    program = support.Program([*command_of(language, "keyed"), hub.requests, stage.path("city.key")], "keyed")
    stage.programs.append(program)
    expect(program.wait() == 0 and program.lines[-1].get("root_path") == "320281/", f"{program.lines}")


def move_district(path):
    """The small district, to where the programs' point lies in its first grid: they name one of the real Jiangyin."""
    support.write_district(path)
    with open(path, encoding="utf-8") as file:
        layer = json.load(file)
    for feature in layer["features"]:
        geometry = feature["geometry"]
        geometry["coordinates"] = [[[x + 0.27, y + 0.9] for x, y in ring] for ring in geometry["coordinates"]]
    with open(path, "w", encoding="utf-8") as file:
        json.dump(layer, file)


def story(stage):
    language = sys.argv[2]
    move_district(stage.path("district.geojson"))
    forgetful = Forgetful(stage, language)  # takes the program's patience of ten seconds: so beside the rest
    hub = stage.hub(arguments=("--journal", stage.path("journal")))
    relay = Relay(hub.feed)
    subscriber = Subscriber(stage, language, relay)
    subscriber.wait_text(lambda text: text.startswith("heartbeat live "), "a heartbeat")
    publishes(stage, language, hub, subscriber)
    tells_gaps(hub, relay, subscriber)
    fetches_what_was_lost(hub)
    notices_another_hub(stage, relay, subscriber)
    if language != "java":  # the JeroMQ of Debian 12 has no CURVE
        opens_with_a_key(stage, language)
    forgetful.check()


support.main(story)
