"""A delay of 5 s on the feed socket alone: the listener says behind by about 5 s, never live, until the delay ends."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import support
from support import event, expect

DELAY_S = 5.0


def story(stage):
    hub = stage.hub()
    proxy = support.DelayProxy(hub.feed)
    listener = stage.listener(hub, "--feed", proxy.endpoint)

    proxy.delay_s = DELAY_S
    seen = len(listener.lines)
    stage.send(hub, [event("late")])
    behind = listener.wait_state("behind", after=seen)

    def about_the_delay():
        lines = [line for line in listener.of_kind("state") if line["state"] == "behind"]
        return next((line for line in lines if DELAY_S - 1 <= line["behind_s"] <= DELAY_S + 2), None)

    support.wait_until(about_the_delay, f"behind by about {DELAY_S} s, not {behind}")
    listener.wait_line(lambda line: line.get("kind") == "event" and line["incident"] == "late", "the late event")
    expect("live" not in [line.get("state") for line in listener.lines[seen:]], "old data is never shown as live")

    proxy.delay_s = 0.0
    listener.wait_state("live", after=len(listener.lines))
    expect(listener.stop() == 0, "the listener ends in order")
    expect(listener.lines[-1]["gaps"] == 0, f"late is not lost: {listener.lines[-1]}")
    proxy.close()


support.main(story)
