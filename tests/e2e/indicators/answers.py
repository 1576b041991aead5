"""What `gridwall indicators` answers to a few cases whose figures can be worked out by hand, and to wrong questions."""

import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import support
from support import event, expect

AT = "2026-11-18T15:45:00+08:00"


def at(day, clock):
    return f"2026-11-{day:02}T{clock}:00+08:00"


def course(name, day, lonlat, steps, **facts):
    """Reported at nine o'clock; `steps` are (type, clock)."""
    lines = []
    for kind, clock in [("reported", "09:00"), *steps]:
        line = event(name, f"incident.{kind}", lonlat=lonlat if kind == "reported" else None, time=at(day, clock))
        line["source"] = "/gridwall/simulator/small" if name.startswith("sim") else "e2e"
        line["data"]["properties"].update(facts)
        lines.append(line)
    return lines


# E04.06 has a limit of two hours, which run on.
CLOSED_IN_TIME = [("accepted", "09:10"), ("filed", "09:20"), ("dispatched", "09:30"), ("handling_started", "09:40"),
                  ("handled", "10:30"), ("check_requested", "10:35"), ("check_started", "10:40"),
                  ("check_passed", "10:50"), ("closed", "11:00")]
CLOSED_LATE = [(kind, clock.replace("10:", "12:").replace("11:", "13:")) for kind, clock in CLOSED_IN_TIME]
DISPATCHED = CLOSED_IN_TIME[:3]


def write_events(stage):
    lines = course("a", 16, (120.01, 31.01), CLOSED_IN_TIME, department="chengguan")
    lines += course("b", 17, (120.02, 31.01), CLOSED_LATE, department="shizheng")
    lines += course("c", 18, (120.03, 31.08), DISPATCHED, department="shizheng", severity=1)
    lines += course("sim-d", 18, None, [], division="320281002")
    lines[-1]["data"]["properties"]["class"] = "E05.05"
    lines.append({"specversion": "1.0", "id": "later", "source": "e2e", "type": "incident.reported",
                  "time": at(19, "09:00"), "subject": "z"})
    lines.sort(key=lambda line: line["time"])
    lines.append({**event("bad", time=at(18, "10:00")), "specversion": "9"})
    file = stage.path("events.jsonl")
    with open(file, "w", encoding="utf-8") as out:
        out.writelines(json.dumps(line) + "\n" for line in lines)
    layer = stage.path("district.geojson")
    support.write_district(layer)
    return ["--events", file, "--layers", layer, "--at", AT]


def ask(stage, *arguments):
    environment = dict(os.environ)
    environment.setdefault("GRIDWALL_ROOT", support.SOURCE)
    return subprocess.run([stage.gridwall, "indicators", *arguments], capture_output=True, text=True, env=environment,
                          check=False)


def answer(stage, *arguments):
    done = ask(stage, *arguments)
    expect(done.returncode == 0, f"{arguments}: {done.returncode} {done.stderr}")
    return done


def line_with(text, *words):
    found = [line for line in text.splitlines() if all(word in line for word in words)]
    expect(len(found) >= 1, f"no line with {words} in\n{text}")
    return found[0]


def check_json(stage, question):
    told = json.loads(answer(stage, *question, "--json", "--by", "department", "--scores").stdout)
    root, west, east = told["divisions"]
    expect([root["code"], west["code"], east["code"]] == ["320281", "320281001", "320281002"], f"{root['code']}")
    month = root["periods"]["month"]["current"]
    expect(month["period"] == "2026-11" and month["begin"] == "2026-11-01T00:00:00+08:00", f"{month['begin']}")
    counts = month["total"]["counts"]
    wanted = {"report": 4, "should_handle": 3, "dispose": 2, "in_time_dispose": 1, "overtime_dispose": 1,
              "to_dispose": 1, "to_dispose_overdue": 1, "archive": 2, "in_time_archive": 1, "unlocated": 1, "open": 2}
    expect({word: counts.get(word) for word in wanted} == wanted, f"{counts}")
    expect(month["total"]["rates"]["closing_on_time"] == [1, 2], f"{month['total']['rates']}")
    handle = month["total"]["handle"]
    expect(handle["count"] == 2 and handle["sum_ms"] == (60 + 180) * 60_000, f"{handle}")
    by = month["by"]["department"]
    expect(by["shizheng"]["counts"]["report"] == 2 and by["chengguan"]["counts"]["report"] == 1, f"{by}")
    expect(root["periods"]["month"]["previous"]["unknown"] == "before_events", "October is before the file")
    expect(root["now"]["open"] == 2 and root["now"]["overdue"] == 1 and root["now"]["overdue_by_age"] == [0, 1, 0],
           f"{root['now']}")
    expect(east["now"]["unlocated_open"] == 1 and "overdue" not in east["now"], f"{east['now']}")
    expect(told["events"]["simulated"] == 1 and told["events"]["refused"] == 1, f"{told['events']}")
    expect(":27: " in told["events"]["first_refusal"], f"{told['events']}")
    units = told["scores"][0]["units"]
    expect(all("rank" not in unit for unit in units), f"fewer than five cases have no rank: {units}")


def check_text(stage, question):
    done = answer(stage, *question, "--scores", "--by", "severity")
    expect("1 events left out" in done.stderr and "events.jsonl:27:" in done.stderr, done.stderr)
    text = done.stdout
    expect("SIMULATED: 1 of" in text, text)
    expect("50.0 % (1 of 2)" in line_with(text, "on-time closing rate = closed in time ÷ due to be closed"), text)
    expect("no record" in line_with(text, "reported", "4"), "October is not known")
    expect("overdue 1 (up to 4 h 0, up to 24 h 1, longer 0)" in text, text)
    expect("not ranked" in line_with(text, "320281002", "too few cases"), text)
    chinese = answer(stage, *question, "--lang", "zh", "--division", "320281001", "--period", "day").stdout
    expect("按期结案率 = 按期结案数 ÷ 应结案数" in chinese and "模拟数据" in chinese, chinese)
    expect("320281002" not in chinese, "one division was asked for")
    day = line_with(chinese, "上报数", "  1  ")
    expect("0.0 %" in day, f"one on the 17th, one on the 18th: {day}")


def check_all(stage, question):
    lines = [json.loads(line) for line in answer(stage, *question, "--json", "--all").stdout.splitlines()]
    expect(lines[0]["kind"] == "head" and [line["kind"] for line in lines[1:]] == ["division"] * 7, f"{len(lines)}")
    expect(lines[0]["rates"]["closing"]["numerator_zh"] == "结案数", f"{lines[0]['rates']['closing']}")


def check_small_cells(stage, question):
    """Three disputes are people: neither their row nor the one that would give them away is told; bins are bins."""
    lines = []
    for code, count in (("G01.01", 3), ("E05.05", 7), ("E04.06", 12), ("E04.05", 2)):
        for i in range(count):
            lines += course(f"{code}-{i}", 16, (120.01, 31.01), [])
            lines[-1]["data"]["properties"]["class"] = code
    file = stage.path("small.jsonl")
    with open(file, "w", encoding="utf-8") as out:
        out.writelines(json.dumps(line) + "\n" for line in lines)
    question = ["--events", file, *question[2:], "--by", "class"]
    for sheet in json.loads(answer(stage, *question, "--json").stdout)["divisions"][:2]:
        month = sheet["periods"]["month"]["current"]
        told = month["by"]["class"]
        expect(month["total"]["counts"]["report"] == 24, f"totals are told: {month['total']}")
        expect(told["G01.01"] == {"suppressed": "small"} and told["E05.05"] == {"suppressed": "covered"}, f"{told}")
        expect(told["E04.06"]["counts"]["report"] == 12 and told["E04.05"]["counts"]["report"] == 2, f"{told}")
    text = answer(stage, *question).stdout
    expect("‹5" in line_with(text, "G01.01") and "3" not in line_with(text, "G01.01"), text)
    expect("⋯" in line_with(text, "E05.05") and "7" not in line_with(text, "E05.05"), text)


def check_wrong_questions(stage, question):
    for arguments, code, words in (
            (["--events", "x.jsonl"], 2, "--at"),
            ([*question[:-1], "yesterday"], 2, "--at"),
            ([*question, "--period", "decade"], 2, "hour, day, week, month or year"),
            ([*question, "--by", "colour"], 2, "department, channel, class or severity"),
            ([*question, "--division", "999"], 2, "no division of these layers has that code"),
            ([*question, "--all"], 2, "--json"),
            ([*question, "--all", "--json", "--division", "320281"], 2, "--all or --division"),
            ([*question, "--lang", "fr"], 2, "fr"),
            (["--events", stage.path("none.jsonl"), *question[2:]], 1, "none.jsonl"),
    ):
        done = ask(stage, *arguments)
        expect(done.returncode == code and words in done.stderr, f"{arguments}: {done.returncode} {done.stderr}")


def story(stage):
    question = write_events(stage)
    check_json(stage, question)
    check_text(stage, question)
    check_all(stage, question)
    check_small_cells(stage, question)
    check_wrong_questions(stage, question)


support.main(story)
