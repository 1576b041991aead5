"""A trainer's first minute: a generated storm day with bookmarks plays back, and says on its face what it is."""

import json

import wall_support  # sets the path
from png import Picture
from support import expect, main


def run(stage, name, *arguments):
    picture_file, metrics_file = stage.path(f"{name}.png"), stage.path(f"{name}.json")
    demo = stage.run("demo", "--replay", "--headless", "--frames", "60", "--size", "1280x720", "--screenshot",
                     picture_file, "--metrics-out", metrics_file, "--json", *arguments, name=name)
    expect(demo.wait() == 0, "the demo ends in order")
    with open(metrics_file, encoding="utf-8") as file:
        return json.load(file), Picture(picture_file)


def story(stage):
    metrics, picture = run(stage, "first")
    feed, replay = metrics["feed"], metrics["hub"]["replay"]
    expect(metrics["hub"]["problem"] == "", f"{metrics['hub']}")
    expect(replay["playing"] is True and replay["rate"] == 120 and feed["clock_rate"] == 120, f"{replay} {feed}")
    expect(replay["bookmarks"] == 6, f"{replay}")
    expect(replay["density_events"] == replay["last_sequence"] > 5000, "the strip holds every event, and no other")
    expect(metrics["state_time"].startswith("2026-07-14T0"), f"the afternoon of the storm: {metrics['state_time']}")
    expect(feed["state"] == "live" and feed["gaps"] == 0, f"{feed}")
    expect(feed["replay"] is True and feed["clock"] == {"mode": "replay", "rate": 120}, f"not taken for live: {feed}")
    expect(metrics["events_out_of_order"] == 0, "the storm keeps to the lifecycle")
    figures = metrics["figures"]
    expect(sum(figures["open_by_severity"]) == figures["open"] > 100, f"{figures}")
    expect(figures["closed_of_reported_today"] <= figures["reported_today"], f"{figures}")
    strip = set(picture.pixels((0.3, 0.7), (0.90, 0.93)))
    expect(len(strip) > 3, "a strip of bars stands below the map")
    # The second time the recording is there, and another rate is taken.
    again, _ = run(stage, "again", "--rate", "900", "--lang", "zh")
    expect(again["hub"]["replay"]["rate"] == 900, f"{again['hub']}")
    expect(again["hub"]["replay"]["last_sequence"] == replay["last_sequence"], "the same recording")


main(story)
