"""A hub with keys, met by strangers and by its own clients: who has no key, a wrong one or the wrong role gets nothing;
nothing travels in the clear; a key that is revoked loses its connections while the others go on; the audit log tells."""

import json
import os
import re
import socket
import subprocess
import sys
import threading

import zmq
from zmq.utils.monitor import recv_monitor_message

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import support
from support import event, expect, wait_until


class Eavesdropper:
    """A TCP relay that remembers every byte."""

    def __init__(self, target):
        host, port = target.removeprefix("tcp://").split(":")
        self._target = (host, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"
        self.heard = bytearray()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            client, _ = self._listener.accept()
            server = socket.create_connection(self._target)
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._relay, args=(source, sink), daemon=True).start()

    def _relay(self, source, sink):
        try:
            while data := source.recv(1 << 16):
                self.heard += data
                sink.sendall(data)
            sink.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # either end may hang up at any time


def key_of(file):
    with open(file, encoding="utf-8") as text:
        return dict(re.findall(r'^(\w+) = "(.*)"$', text.read(), re.M))


_peers = []  # pyzmq closes a socket that nobody holds


def connect(context, kind, endpoint, key=None):
    peer = context.socket(kind)
    _peers.append(peer)
    peer.linger = 0
    if key:
        peer.curve_publickey, peer.curve_secretkey = key["public_key"].encode(), key["secret_key"].encode()
        peer.curve_serverkey = key["hub_public_key"].encode()
    if kind == zmq.SUB:
        peer.subscribe(b"")
        peer.subscribe(b"@hb/320281/@")
    monitor = peer.get_monitor_socket()
    peer.connect(endpoint)
    return peer, monitor


def outcome(monitor):
    """The first of the handshake's ends."""
    while monitor.poll(support.PATIENCE_S * 1000):
        message = recv_monitor_message(monitor)
        if message["event"] == zmq.EVENT_HANDSHAKE_SUCCEEDED:
            return "in"
        if message["event"] == zmq.EVENT_HANDSHAKE_FAILED_AUTH:
            return f"refused {message['value']}"
        if message["event"] in (zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL, zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL):
            return "hung up"
    raise AssertionError("the handshake does not end")


def drain(peer):
    count = 0
    while peer.poll(0):
        peer.recv_multipart()
        count += 1
    return count


def strangers(context, hub, seats):
    expect(outcome(connect(context, zmq.DEALER, hub.requests)[1]) == "hung up", "without a key")
    public_key, secret_key = (key.decode() for key in zmq.curve_keypair())
    made_up = {"public_key": public_key, "secret_key": secret_key, "hub_public_key": seats["wall"]["hub_public_key"]}
    for kind, endpoint in ((zmq.DEALER, hub.requests), (zmq.SUB, hub.feed)):
        peer, monitor = connect(context, kind, endpoint, made_up)
        expect(outcome(monitor) == "refused 400", "a key that nobody made")
        expect(drain(peer) == 0, "a stranger hears nothing")
    wrong_hub = dict(seats["wall"], hub_public_key=public_key)
    expect(outcome(connect(context, zmq.DEALER, hub.requests, wrong_hub)[1]) == "hung up", "another hub's key")
    expect(outcome(connect(context, zmq.SUB, hub.feed, seats["city"])[1]) == "refused 400",
           "a publisher's key does not see the feed")


def keys(stage, *arguments):
    done = subprocess.run([stage.gridwall, "keys", *arguments, "--folder", stage.path("keys")], capture_output=True,
                          text=True, timeout=support.PATIENCE_S)
    expect(done.returncode == 0, f"keys {arguments}: {done.stderr}")


def send(stage, endpoint, key_file, events):
    file = stage.path("facts.jsonl")
    with open(file, "w", encoding="utf-8") as out:
        out.writelines(json.dumps(one) + "\n" for one in events)
    sender = stage.run("send", file, "--connect", endpoint, "--key", key_file, "--json", "--patience", "10")
    sender.wait()
    return sender.lines[-1]


def simulates(stage, hub):
    """A simulated day comes in with the key of a seat that may publish and see the clock, and not with that of a desk."""
    arguments = ("simulate", "--connect", hub.requests, "--layers", stage.path("district.geojson"), "--rate", "600")
    simulator = stage.run(*arguments, "--key", stage.path("sim.key"), name="simulate")
    simulator.wait_line(lambda line: "publishing to" in line.get("text", ""), "to be let in")
    wait_until(lambda: status_of(stage, hub)["accepted"] > 1, "simulated events")
    expect(simulator.stop() == 0, "the simulator ends in order")
    said = simulator.lines[-1]["text"]
    expect(" 0 accepted" not in said and " 0 refused" in said, said)
    desk = stage.run(*arguments, "--key", stage.path("desk.key"), name="simulate as a desk")
    wait_until(lambda: status_of(stage, hub)["refused"] > 1, "its events to be refused")
    expect(desk.stop() == 0, "it ends in order")
    texts = [line["text"] for line in desk.lines]
    expect(" 0 accepted" in texts[-2] and "not_allowed" in texts[-1], f"{texts}")


def status_of(stage, hub):
    done = subprocess.run([stage.gridwall, "status", "--connect", hub.requests, "--key", stage.path("desk.key"),
                           "--json"], capture_output=True, text=True, timeout=support.PATIENCE_S)
    expect(done.returncode == 0, f"status: {done.stderr}")
    return json.loads(done.stdout)


def verify(stage, folder):
    return subprocess.run([stage.gridwall, "audit", "verify", folder, "--json"], capture_output=True, text=True,
                          timeout=support.PATIENCE_S)


def story(stage):
    os.environ.setdefault("GRIDWALL_ROOT", support.SOURCE)
    keys(stage, "new", "hub")
    for seat, role in (("wall", "viewer"), ("other", "viewer"), ("desk", "operator"), ("city", "publisher")):
        keys(stage, "new", "client", seat, "--role", role, "--out", stage.path(seat + ".key"))
    keys(stage, "new", "client", "sim", "--role", "publisher", "--role", "viewer", "--out", stage.path("sim.key"))
    seats = {seat: key_of(stage.path(seat + ".key")) for seat in ("wall", "other", "desk", "city")}
    audit = stage.path("audit")
    hub = stage.hub(arguments=("--keys", stage.path("keys"), "--audit", audit))
    context = zmq.Context()
    strangers(context, hub, seats)

    spy = Eavesdropper(hub.requests)
    feed_spy = Eavesdropper(hub.feed)
    wall, wall_monitor = connect(context, zmq.SUB, feed_spy.endpoint, seats["wall"])
    other, other_monitor = connect(context, zmq.SUB, hub.feed, seats["other"])
    expect(outcome(wall_monitor) == "in" and outcome(other_monitor) == "in", "viewers see the feed")
    wait_until(lambda: drain(wall), "the feed to reach the wall")
    listener = stage.run("listen", "--connect", hub.requests, "--key", stage.path("other.key"), "--json")
    listener.wait_state("live")
    sent = send(stage, spy.endpoint, stage.path("city.key"), [event("secret-incident-1")])
    expect(sent["accepted"] == 1, f"{sent}")
    listener.wait_line(lambda line: line.get("incident") == "secret-incident-1", "the event")
    wait_until(lambda: drain(wall), "the event to reach the wall")
    refused = send(stage, hub.requests, stage.path("wall.key"), [event("not-a-viewers-business")])
    expect(refused["accepted"] == 0 and refused["refused"] == 1, f"{refused}")
    for relay in (spy, feed_spy):
        expect(len(relay.heard) > 1000 and b"secret-incident-1" not in relay.heard and b"320281" not in relay.heard,
               "nothing travels in the clear")

    ask, ask_monitor = connect(context, zmq.DEALER, hub.requests, seats["wall"])
    expect(outcome(ask_monitor) == "in", "a viewer asks")
    ask.send(b'{"op":"hello"}')
    expect(ask.poll(support.PATIENCE_S * 1000), "an answer")
    ask.recv()
    keys(stage, "revoke", "wall")
    expect(outcome(wall_monitor) == "refused 400" and outcome(ask_monitor) == "refused 400", "its connections end")
    drain(wall)
    drain(other)
    for _ in range(5):
        wait_until(lambda: drain(other) > 0, "the others to go on")
    expect(drain(wall) == 0, "a revoked wall hears nothing")
    expect(set(listener.states()) <= {"connecting", "live"}, f"{listener.states()}")
    keys(stage, "revoke", "other")
    listener.wait_state("refused")

    simulates(stage, hub)
    expect(hub.stop() == 0, "the hub ends in order")
    checked = verify(stage, audit)
    expect(checked.returncode == 0, checked.stdout)
    file = os.path.join(audit, sorted(os.listdir(audit))[-1])
    with open(file, encoding="utf-8") as text:
        log = text.read()
    said = [json.loads(line) for line in log.splitlines()]
    expect(any(line.get("reason") == "unknown_key" for line in said), "strangers are in the audit log")
    expect(any(line.get("seat") == "wall" and line.get("outcome") == "refused" for line in said), "and refused requests")
    with open(file, "w", encoding="utf-8") as out:
        out.write(log.replace("unknown_key", "revoked_key", 1))
    expect(verify(stage, audit).returncode == 1, "a changed line is found")
    context.destroy(linger=0)


support.main(story)
