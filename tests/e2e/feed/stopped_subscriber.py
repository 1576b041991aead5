"""Many listeners, one stopped: the hub and the others do not notice, and it catches up or knows its gap."""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import support
from support import event, expect, scattered

LISTENERS = 8
EVENTS = 3000


def own(listener):
    """What was sent, without what the hub itself says of it (cases that recur)."""
    return [line for line in listener.of_kind("event") if line["source"] != "/gridwall/hub"]


def story(stage):
    hub = stage.hub()
    listeners = [stage.listener(hub, name=f"listen {i}") for i in range(LISTENERS)]
    stopped, others = listeners[0], listeners[1:]
    stopped.send_signal(signal.SIGSTOP)
    batches = [[event(f"case-{i}-{k}", lonlat=scattered(i + k)) for k in range(10)] for i in range(EVENTS // 10)]
    sent = stage.send(hub, batches)
    expect(sent["accepted"] == EVENTS, f"{sent}")
    for listener in others:
        support.wait_until(lambda: len(own(listener)) == EVENTS, f"{listener.name} to hear all")
    expect(len(stopped.of_kind("event")) == 0, "the stopped one hears nothing")

    seen = len(stopped.lines)
    stopped.send_signal(signal.SIGCONT)
    stopped.wait_line(lambda line: line.get("kind") == "event", "to hear again")
    support.wait_until(lambda: len(own(stopped)) == EVENTS or
                       any(line.get("state") == "live" for line in stopped.lines[seen:]), "it to recover")
    for listener in others:
        expect(listener.stop() == 0, f"{listener.name} ends in order")
        summary = listener.lines[-1]
        expect(summary["received"] == summary["last_sequence"] and summary["gaps"] == 0, f"{listener.name}: {summary}")
    expect(stopped.stop() == 0, "the stopped one ends in order")
    last = stopped.lines[-1]
    expect(len(own(stopped)) == EVENTS or last["gaps"] > 0, f"nothing is lost in silence: {last}")
    expect(hub.stop() == 0, "the hub ends in order")


support.main(story)
