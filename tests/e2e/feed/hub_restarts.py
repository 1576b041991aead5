"""A hub dies by kill -9: its listener goes stale and says since when. A new hub on the same ports: live again, another
epoch, figures from zero."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import support
from support import event, expect, scattered


def story(stage):
    hub = stage.hub()
    listener = stage.listener(hub)
    stage.send(hub, [event(f"before-{i}", lonlat=scattered(i)) for i in range(50)])
    support.wait_until(lambda: len(listener.of_kind("event")) == 50, "the first hub's events")
    first_epoch = listener.of_kind("state")[-1]["epoch"]

    seen = len(listener.lines)
    hub.kill()
    stale = listener.wait_state("stale", after=seen)
    expect("T" in stale["stale_since"], f"stale since when? {stale}")

    seen = len(listener.lines)
    hub = stage.hub(requests=hub.requests, feed=hub.feed)
    live = listener.wait_state("live", after=seen)
    expect(live["epoch"] != first_epoch, f"the epoch is new: {live}")
    stage.send(hub, [event(f"after-{i}", lonlat=scattered(i)) for i in range(20)])
    support.wait_until(lambda: len(listener.of_kind("event")) == 70, "the second hub's events")
    expect(listener.stop() == 0, "the listener ends in order")
    summary = listener.lines[-1]
    expect(summary["restarts"] == 1 and summary["incidents"] == 20, f"figures start anew: {summary}")
    expect(summary["last_sequence"] == 20 and summary["gaps"] == 0, f"{summary}")


support.main(story)
