"""The first minute of a demonstration: the months before it are there, made once, and the next day only a day is added."""

import glob
import json
import os

import wall_support
from support import expect, main

PROFILE = "lianyuan"


def history_files(stage):
    return sorted(glob.glob(os.path.join(stage.path("cache"), "gridwall", "history-*.gwr")))


def figures_of(stage, recording, at):
    """All that `indicators` says of its cases; what stands beside them is told in other words by either way."""
    program = stage.run("indicators", "--recording", recording, "--at", at, "--json", name="indicators")
    expect(program.wait() == 0, "indicators of the history")
    said = program.lines[-1]
    expect(said["events"].pop("accepted") > 10_000 and said["events"].pop("simulated") > 10_000, f"{said['events']}")
    return said


def solved(metrics):
    return sum(metrics["figures"]["solved_this_month_by_level"])


def demo(stage, start, name):
    metrics_file = stage.path(f"{name}.json")
    program = stage.run("demo", "--profile", PROFILE, "--start", start, "--headless", "--frames", "40", "--size",
                        "1280x720", "--metrics-out", metrics_file, "--json", name=name)
    expect(program.wait() == 0, f"{name} ends in order")
    with open(metrics_file, encoding="utf-8") as file:
        return json.load(file)


def story(stage):
    os.environ["XDG_CACHE_HOME"] = stage.path("cache")
    recording = stage.path("year.gwr")
    made = stage.run("simulate", "--profile", PROFILE, "--months", "13", "--start", "2026-11-23T08:00:00+08:00", "-o",
                     recording, "--json", name="simulate")
    expect(made.wait() == 0, "thirteen months are made")
    said = made.lines[-1]
    expect(said["first_time"] < "2025-10-02" and "2026-11-21" < said["last_time"] < "2026-11-22T16:00:00Z", f"{said}")
    verify = stage.run("recording", "verify", recording, "--json", name="verify")
    expect(verify.wait() == 0 and verify.lines[-1]["whole"], f"{verify.lines[-1:]}")

    first = demo(stage, "2026-11-23T14:00:00+08:00", "first")
    expect(len(history_files(stage)) == 1, f"{history_files(stage)}")
    made_at = os.stat(history_files(stage)[0]).st_mtime_ns
    expect(first["events_simulated"] == first["events_folded"], "all of it says that it is simulated")
    expect(first["feed"]["gaps"] == 0 and first["events_out_of_order"] == 0, f"{first['feed']}")
    expect(solved(first) > 200, f"a month's cases are known at once: {first['figures']}")

    again = demo(stage, "2026-11-23T14:00:00+08:00", "again")
    expect(os.stat(history_files(stage)[0]).st_mtime_ns == made_at, "the second time it is there already")
    expect(abs(solved(again) - solved(first)) <= 5, f"and says the same: {solved(again)}, {solved(first)}")

    next_day = demo(stage, "2026-11-24T14:00:00+08:00", "next-day")
    files = history_files(stage)
    expect(len(files) == 1 and files[0].endswith("-20261124.gwr"), f"a day was added, the old one is gone: {files}")
    expect(solved(next_day) > solved(first), f"{next_day['figures']}")

    # Continued day by day or made in one piece: the same cases.
    whole = stage.path("whole.gwr")
    made = stage.run("simulate", "--profile", PROFILE, "--months", "13", "--start", "2026-11-24T08:00:00+08:00", "-o",
                     whole, name="simulate")
    expect(made.wait() == 0, "thirteen months and a day")
    at = "2026-11-24T00:00:00+08:00"
    expect(figures_of(stage, files[0], at) == figures_of(stage, whole, at), "the same figures")

    for kind in ("quiet", "storm"):
        events = stage.path(f"{kind}.jsonl")
        program = stage.run("simulate", "--profile", PROFILE, "--days", "1", "--start", "2026-03-11T08:00:00+08:00",
                            "--day", kind, "--exercise", "-o", events, "--json", name=kind)
        expect(program.wait() == 0, kind)
        with open(events, encoding="utf-8") as lines:
            told = [json.loads(line) for line in lines]
        beside = [one for one in told if one["type"] in ("site.status", "metric.value", "task.step", "notice.posted")]
        marked = [one for one in beside if one["data"]["properties"].get("exercise") is True]
        expect(len(beside) == len(marked) > 10, f"{len(marked)} of {len(beside)} are marked as an exercise")
        expect(sum(one["type"] == "notice.posted" for one in told) == 2, "an exercise begins and ends with a notice")
        flooded = sum(one["type"] == "incident.reported" and one["data"]["properties"]["class"] == "E05.06"
                      for one in told)
        expect((flooded >= 4) == (kind == "storm"), f"{kind}: {flooded} flooded roads")


main(story)
