"""A recording is played by `gridwall replay` and steered by `gridwall ctl`: a wall that follows it comes to the same digest
at the same event as the one that followed the live hub; facts are refused; everything says replay. An imported history
is a recording too."""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import support
from support import event, expect, scattered

TYPES = ["incident.reported", "incident.accepted", "incident.filed", "incident.dispatched"]


def story(stage):
    journal = stage.path("journal")
    hub = stage.hub(arguments=("--journal", journal))
    layers = ("--layers", stage.path("district.geojson"))
    walls = stage.run("listen", "--state", "--connect", hub.requests, "--json", *layers, "--prefix", "320281/",
                      "--prefix", "320281/002/", name="live walls")
    events = [event(f"case-{i // 4}", TYPES[i % 4], lonlat=scattered(i // 4)) for i in range(800)]
    # Some move to another grid with a later event.
    events += [event(f"case-{i}", "incident.handled", lonlat=scattered(i + 7)) for i in range(0, 200, 5)]
    # And what stands beside incidents.
    for i in range(40):
        properties = {"table": "board", "period": f"2026-{1 + i % 12:02}", "value": i / 8, "crs": "EPSG:4326"}
        entry = event(f"metric-{i % 9}", "metric.value", lonlat=scattered(i % 9))
        entry["data"]["properties"] = properties
        events.append(entry)
    sent = stage.send(hub, events)
    expect(sent["accepted"] == len(events), f"{sent}")

    def ends_in_step():
        last = {line["prefix"]: line for line in walls.of_kind("state")}
        return len(last) == 2 and all(line["state"] == "live" for line in last.values())

    support.wait_until(ends_in_step, "the live walls in step")
    expect(walls.stop() == 0, "the live walls end in step")
    live = {line["prefix"]: line for line in walls.of_kind("summary")}
    expect(all(line["digests_differ"] == 0 and line["digests_compared"] > 0 for line in live.values()), f"{live}")
    expect(all(line["replay"] is False and line["clock"] == {"mode": "live", "rate": 1} for line in live.values()),
           f"{live}")
    expect(hub.stop() == 0, "the hub ends")
    moved = hub.lines[-1]["moved"]
    expect(moved > 10, f"incidents moved: {hub.lines[-1]}")
    verify = stage.run("recording", "verify", journal, "--json", name="verify")
    expect(verify.wait() == 0, f"the journal is whole: {verify.lines[-1:]}")

    replay = stage.run("replay", journal, "--requests", "tcp://127.0.0.1:*", "--feed", "tcp://127.0.0.1:*", "--json")
    ready = replay.wait_line(lambda line: line.get("kind") == "ready", "to be ready")
    expect(ready["last_sequence"] == live["320281/"]["sequence"], f"{ready} {live}")
    replay.requests = ready["requests"]
    again = stage.run("listen", "--state", "--connect", replay.requests, "--json", *layers, "--prefix", "320281/",
                      "--prefix", "320281/002/", "--beats", name="replay walls")
    in_step = again.wait_state("live")
    expect(in_step["replay"] is True and in_step["clock"]["mode"] == "replay", f"not taken for live: {in_step}")

    def ctl(*arguments):
        asked = stage.run("ctl", *arguments, "--connect", replay.requests, "--json", name="ctl")
        expect(asked.wait() == 0, f"ctl {arguments}: {asked.lines}")
        return asked.lines[-1]

    def comes_to(sequence):
        def there():
            last = {}
            for line in again.of_kind("beat"):
                last[line["prefix"]] = line
            at = {(line["epoch"], line["state_time"]) for line in last.values()}
            in_step = all(line["state"] == "live" for line in last.values())
            return len(last) == 2 and len(at) == 1 and in_step and last["320281/"]["sequence"] == sequence and last
        return support.wait_until(there, f"the replay walls at event {sequence}")

    ctl("seek", str(ready["last_sequence"]))
    at_end = comes_to(ready["last_sequence"])
    for prefix, line in at_end.items():
        expect(line["digest"] == live[prefix]["digest"], f"{prefix}: live {live[prefix]}, replay {line}")
    ctl("seek", "100")
    comes_to(100)
    ctl("step", "1")
    comes_to(101)
    ctl("max")
    ctl("play")
    at_end = comes_to(ready["last_sequence"])
    for prefix, line in at_end.items():
        expect(line["digest"] == live[prefix]["digest"], f"{prefix} as fast as possible: {line}")
    refused = stage.send(replay, [event("new")], expected_code=1)
    expect("replaying" in json.dumps(refused), f"facts are refused: {refused}")
    expect(again.stop() == 0 and replay.stop() == 0, "all end in order")

    history = stage.path("history.jsonl")
    with open(history, "w", encoding="utf-8") as out:
        for i in range(50):
            old = event(f"old-{i}", lonlat=scattered(i), time=f"2021-03-{1 + i % 28:02}T08:00:00+08:00")
            out.write(json.dumps(old) + "\n")
    imported = stage.path("history.gwr")
    sender = stage.run("send", history, "--import", imported, *layers, "--json", name="import")
    expect(sender.wait() == 0, f"imported: {sender.lines}")
    info = stage.run("recording", "info", imported, "--json", name="info")
    expect(info.wait() == 0, f"{info.lines}")
    verify = stage.run("recording", "verify", imported, "--json", name="verify")
    expect(verify.wait() == 0, f"the import is whole: {verify.lines[-1:]}")


support.main(story)
