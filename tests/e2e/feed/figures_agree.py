"""What send sends, what the hub counts and what two listeners hear are the same figures; a script can publish too."""

import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import support
from support import event, expect, scattered

INCIDENTS = 400


def story(stage):
    hub = stage.hub()
    whole = stage.listener(hub, name="listen to all")
    town = stage.listener(hub, "--prefix", "320281/001/", name="listen to a town")

    events = []
    for i in range(INCIDENTS):
        lonlat = None if i % 40 == 0 else scattered(i)
        events.append(event(f"case-{i}", lonlat=lonlat))
        if i % 2 == 0:
            events.append(event(f"case-{i}", "incident.filed", lonlat=None))
        if i % 4 == 0:
            events.append([event(f"case-{i}", "incident.dispatched", lonlat=None),
                           event(f"case-{i}", "incident.closed", lonlat=None)])  # closed from there: out of order
    total = INCIDENTS + INCIDENTS // 2 + 2 * (INCIDENTS // 4)
    sent = stage.send(hub, events)
    expect(sent["accepted"] == total and sent["refused"] == 0, f"sent {sent}, expected {total}")
    again = stage.send(hub, events)
    expect(again["duplicate"] == total and again["accepted"] == 0, f"sent again {again}")

    script = os.path.join(os.path.dirname(__file__), "publisher.py")
    answer = json.loads(subprocess.run(["/usr/bin/python3", script, hub.requests, "script-1"], check=True,
                                       capture_output=True, text=True, timeout=support.PATIENCE_S).stdout)
    answer = answer["answers"][0]
    expect(answer["status"] == "accepted" and answer["path"] == "320281/001/001/", f"script's answer {answer}")
    expect(answer["durable"] is False, f"nothing is durable yet: {answer}")
    total += 1

    support.wait_until(lambda: len(whole.of_kind("event")) >= total, "all events")
    in_town = [line for line in whole.of_kind("event")
               if line["path"].startswith("320281/001/") or line["path"] == "320281/~"]
    support.wait_until(lambda: len(town.of_kind("event")) >= len(in_town), "the town's events")
    expect(whole.stop() == 0 and town.stop() == 0 and hub.stop() == 0, "all end in order")

    summary, part = whole.lines[-1], town.lines[-1]
    counts = hub.of_kind("counts")[0]
    expect(summary["received"] == total == counts["accepted"], f"{summary} {counts}")
    expect(summary["last_sequence"] == total == counts["last_sequence"], f"{summary} {counts}")
    expect(summary["gaps"] == 0 and part["gaps"] == 0 and summary["bad"] == 0, f"{summary} {part}")
    expect(summary["incidents"] == INCIDENTS + 1, f"{summary}")
    expect(summary["by_state"] == {"10": INCIDENTS // 2 + 1, "20": INCIDENTS // 4, "50": INCIDENTS // 4}, f"{summary}")
    expect(summary["open"] == INCIDENTS * 3 // 4 + 1, f"{summary}")
    expect(counts["out_of_order"] == INCIDENTS // 4, f"{counts}")
    expect(counts["unlocated"] == INCIDENTS // 40, f"{counts}")
    expect(0 < part["received"] == len(in_town) < total, f"{part} {len(in_town)}")


support.main(story)
