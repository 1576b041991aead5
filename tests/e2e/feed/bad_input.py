"""Garbage, oversized and parted messages, raw bytes on both ports, and events that are refused: the hub goes on, counts
each kind, and a listener never notices."""

import json
import os
import socket
import sys

import zmq

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import support
from support import event, expect

MEBIBYTE = 1 << 20


def raw_bytes(endpoint):
    host, port = endpoint.removeprefix("tcp://").split(":")
    for data in (b"GET / HTTP/1.1\r\n\r\n", bytes(range(256)) * 64, b"\xff" * 100_000):
        with socket.create_connection((host, int(port))) as connection:
            try:
                connection.sendall(data)
            except OSError:
                pass  # the other end may hang up on us at any time


def ask(context, hub, *parts):
    """One message from a fresh connection; the answer, or None when the hub hangs up."""
    dealer = context.socket(zmq.DEALER)
    dealer.linger = 0
    dealer.connect(hub.requests)
    dealer.send_multipart(list(parts))
    answered = dealer.poll(support.PATIENCE_S * 1000)
    expect(answered, "the hub answers")
    answer = json.loads(dealer.recv())
    dealer.close()
    return answer


def hang_up(context, hub):
    """Ten mebibytes in one message: more than the socket takes, so there is no answer."""
    dealer = context.socket(zmq.DEALER)
    dealer.linger = 0
    monitor = dealer.get_monitor_socket(zmq.EVENT_DISCONNECTED)
    dealer.connect(hub.requests)
    dealer.send(b"x" * (10 * MEBIBYTE))
    expect(monitor.poll(support.PATIENCE_S * 1000), "the hub hangs up")
    dealer.close()


def story(stage):
    hub = stage.hub()
    listener = stage.listener(hub)
    raw_bytes(hub.requests)
    raw_bytes(hub.feed)
    context = zmq.Context()
    hang_up(context, hub)
    for message in (b"", b"\xff\xfe\x00", b"[" * 5000, b"{}", b"[]", b"x" * (2 * MEBIBYTE)):
        answer = ask(context, hub, message)["answers"][0]
        expect(answer["status"] == "refused" and answer["reason"], f"{message[:20]} got {answer}")
    expect("error" in ask(context, hub, b'{"op":"format the disk"}'), "an operation that nobody knows")
    expect("error" in ask(context, hub, b"one", b"two"), "a message of two parts")

    wrong_crs = event("baidu-metres")
    wrong_crs["data"]["properties"]["crs"] = "BD09MC"
    no_crs = event("no-crs")
    del no_crs["data"]["properties"]["crs"]
    old = event("old", time="2001-01-01T00:00:00Z")
    refused = stage.send(hub, ["not json", wrong_crs, no_crs, old, event("good"), "x" * (2 * MEBIBYTE)],
                         expected_code=1)
    expect(refused["accepted"] == 1 and refused["refused"] == 5, f"{refused}")
    by_line = {refusal["line"]: refusal["reason"] for refusal in refused["refusals"]}
    expect(by_line[2] == "crs_unsupported" and by_line[3] == "crs_missing", f"{by_line}")
    expect(by_line[4] == "too_old" and by_line[6] == "too_large", f"{by_line}")

    listener.wait_line(lambda line: line.get("incident") == "good", "the good event")
    expect(set(listener.states()) <= {"connecting", "live"}, f"{listener.states()}")
    expect(listener.stop() == 0 and hub.stop() == 0, "all end in order")
    counts = hub.of_kind("counts")[0]
    expect(counts["accepted"] == 1 and counts["bad_requests"] == 2, f"{counts}")
    expect(counts["refused"] == 6 + 4, f"{counts}")
    expect(counts["refused_by_reason"]["too_large"] == 1, f"{counts}")
    expect(listener.lines[-1]["bad"] == 0 and listener.lines[-1]["gaps"] == 0, f"{listener.lines[-1]}")
    context.destroy(linger=0)


support.main(story)
