"""Every indicator of every division of a simulated month, worked out anew from the raw events, is what the program tells.

16,475 cases over Jiangyin, at two moments in the middle of working days; at the second the events tell again nothing
but the filing condition that they have told before, as foreign feeds do. The recomputation shares no code with the program: it reads the events,
the rules' TOML files and the tree's attribute table, and goes by the definitions. With names of profiles behind the
program's: a few days of each of them, at one moment.
"""

import collections
import glob
import json
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import support
from support import expect

import cases as case_file
import figures
import rules as rule_file

CASES = 16_475
START = "2026-10-20T00:00:00+08:00"
MOMENTS = ["2026-11-05T10:20:30+08:00", "2026-11-18T15:47:11+08:00"]
SHOWN = 12  # differences that are printed
FEW_DAYS = {"days": 5, "cases": 1_200, "start": "2026-11-02T00:00:00+08:00", "moment": "2026-11-06T15:20:30+08:00"}
TREE_MAX = 10_000  # of a larger one not every division is told of, but chains from the top to the bottom
CHAINS = 3


class Comparison:
    def __init__(self):
        self.value_count, self.differences = 0, []

    def same(self, where, ours, theirs):
        """Numbers, texts, and dicts and lists of them; a key that one side lacks differs."""
        if isinstance(ours, dict) and isinstance(theirs, dict):
            for key in ours.keys() | theirs.keys():
                self.same(f"{where} {key}", ours.get(key), theirs.get(key))
            return
        self.value_count += len(ours) if isinstance(ours, list) else 1
        if ours != theirs:
            self.differences.append(f"{where}: recomputed {ours}, the program has {theirs}")

    def finish(self, what):
        print(f"{what}: {self.value_count:,} values compared, {len(self.differences)} differ", flush=True)
        kinds = collections.Counter(text.split(":")[0].split(" ", 1)[1] for text in self.differences)
        for kind, count in kinds.most_common(SHOWN):
            print(f"  {count} x {kind}")
        for text in self.differences[:SHOWN]:
            print("   ", text)
        expect(not self.differences, f"{what}: {len(self.differences)} values differ")


def call(stage, *arguments):
    """The lines of a program that must end well."""
    environment = dict(os.environ, XDG_CACHE_HOME=stage.path("cache"))
    environment.setdefault("GRIDWALL_ROOT", support.SOURCE)
    begun = time.monotonic()
    done = subprocess.run([stage.gridwall, *arguments], capture_output=True, text=True, env=environment, check=False)
    expect(done.returncode == 0, f"{arguments} ended with {done.returncode}: {done.stderr[-2000:]}")
    print(f"gridwall {arguments[0]}: {time.monotonic() - begun:.1f} s", flush=True)
    return done.stdout.splitlines()


def now_as_json(counter):
    """A counter of the recomputation in the form of the program's `now`."""
    out = {word: count for word, count in counter.items() if " " not in word}
    out["overdue_by_age"] = [counter[f"overdue age {age}"] for age in range(3)]
    out["open_by_severity"] = [counter[f"severity {grade}"] for grade in range(1, 5)]
    out["open_by_state"] = {word[6:]: count for word, count in counter.items() if word.startswith("state ")}
    return out


def without_stages(now, rules, comparison, where):
    """Takes `open_by_stage` out of the program's figures, after comparing it with its own states."""
    now = dict(now)
    stages = now.pop("open_by_stage")
    ours = collections.Counter()
    for stage in rules.stages:
        ours[stage["id"]] = sum(now["open_by_state"].get(str(state), 0) for state in stage["states"])
    comparison.same(where + " stages", {key: count for key, count in ours.items() if count}, stages)
    return now


def without_hidden(ours, told):
    """Both without the classes that the program may not tell (of some it tells the reports), after a look at its words."""
    if "suppressed" in told:
        return {}, {}
    ours, told = dict(ours), dict(told)
    for key in [key for key, row in told.items() if "suppressed" in row]:
        row = told.pop(key)
        reports = ours.pop(key, {}).get("counts", {}).get("report", 0)
        expect(row["suppressed"] != "small" or 1 <= reports <= 4, f"{key}: {row}, and {reports} were reported")
        expect(row.get("counts", {"report": reports}) == {"report": reports}, f"{key}: {row}, and not {reports}")
    return ours, told


def compare_periods(comparison, sheet, sheets, rules, by=False):
    code = sheet["code"]
    for kind, periods in sheet["periods"].items():
        for which, told in periods.items():
            where = f"{code} {kind} {which}"
            text, begin, end = sheets.periods[kind][which]
            comparison.same(where, {"period": text, "begin": rules.zone.text(begin), "end": rules.zone.text(end)},
                            {key: told[key] for key in ("period", "begin", "end")})
            if "unknown" in told:
                comparison.same(where + " unknown", (code, kind, which) in sheets.total, False)
                continue
            for name, ours in (("total", sheets.total), ("own", sheets.own)):
                found = ours.get((code, kind, which), figures.Figures())
                comparison.same(f"{where} {name}", found.as_json(rules.rates, rule_file.value_of), told[name])
            for dimension in figures.DIMENSIONS if by and kind != "hour" else []:  # hours have none
                keyed = {key[4]: found.as_json(rules.rates, rule_file.value_of) for key, found in sheets.by.items()
                         if key[:4] == (code, kind, which, dimension)}
                comparison.same(f"{where} by {dimension}", *without_hidden(keyed, told["by"][dimension]))


def compare_division(comparison, sheet, sheets, tree, rules, by=False):
    code = sheet["code"]
    comparison.same(code, {"parent": tree.parents[code], "level": tree.levels[code]},
                    {"parent": sheet.get("parent"), "level": sheet["level"]})
    for name, ours in (("now", sheets.now), ("own_now", sheets.own_now)):
        found = without_stages(sheet[name], rules, comparison, f"{code} {name}")
        comparison.same(f"{code} {name}", now_as_json(ours[code]), found)
    compare_periods(comparison, sheet, sheets, rules, by)


def compare_divisions(comparison, lines, sheets, tree, rules):
    told = {}
    for line in lines:
        sheet = json.loads(line)
        told[sheet["code"]] = {"now": sheet["now"], "own_now": sheet["own_now"], "periods": sheet["periods"]}
        compare_division(comparison, sheet, sheets, tree, rules)
    expect(set(told) == set(tree.parents), f"{len(told)} divisions told of, {len(tree.parents)} are there")
    return told


def numbers_of(told):
    """What adds up over divisions, of one division's `now` or figures."""
    out = collections.Counter()
    for key, value in told.items():
        if isinstance(value, dict) and key not in ("rates", "by"):
            for name, count in value.items():
                if not name.endswith("_ms") or name == "sum_ms":
                    out[f"{key} {name}"] += count
        elif isinstance(value, list):
            out.update({f"{key} {i}": count for i, count in enumerate(value) if count})
        elif isinstance(value, int):
            out[key] += value
    return out


def parents_add_up(comparison, told, tree):
    """Parent = own + children, within what the program says."""
    for code, sheet in told.items():
        children = [told[child] for child in tree.children[code]]
        sums = numbers_of(sheet["own_now"])
        for child in children:
            sums.update(numbers_of(child["now"]))
        comparison.same(f"{code} sums now", dict(+sums), dict(+numbers_of(sheet["now"])))
        for kind, periods in sheet["periods"].items():
            for which, period in periods.items():
                if "unknown" in period:
                    continue
                sums = numbers_of(period["own"])
                for child in children:
                    sums.update(numbers_of(child["periods"][kind][which]["total"]))
                comparison.same(f"{code} sums {kind} {which}", dict(+sums), dict(+numbers_of(period["total"])))


def thin(month, thinned):
    """A copy of the file in which no event of a case repeats what an earlier one has said."""
    said = collections.defaultdict(dict)
    with open(month, encoding="utf-8") as lines, open(thinned, "w", encoding="utf-8") as out:
        for line in lines:
            event = json.loads(line)
            facts, known = event["data"]["properties"], said[event["subject"]]
            for key in ("class", "class_set", "severity", "channel", "division", "department", "condition"):
                if key in facts and facts[key] == known.get(key):
                    del facts[key]
                elif key in facts:
                    known[key] = facts[key]
            out.write(json.dumps(event, ensure_ascii=False) + "\n")
    return thinned


def chains(cases, tree):
    """Divisions to ask for: those of some cases and all above them."""
    codes = {}
    for case in cases[:: max(1, len(cases) // CHAINS)][:CHAINS]:
        codes.update(dict.fromkeys(reversed(list(tree.upward(case.division)))))
    return list(codes)


def compare_at(stage, month, events, moment, rules, tree, profile="jiangyin-2019"):
    now = rule_file.parse_time(moment)
    begun = time.monotonic()
    cases = case_file.fold(events, now, rules, tree)
    doubtful = case_file.mark_neighbours(cases, rules)
    sheets = figures.Sheets(cases, tree, rules, now)
    root = sheets.now[tree.root]
    print(f"recomputed {len(cases):,} cases at {moment}: {time.monotonic() - begun:.1f} s; {dict(root)}; "
          f"{doubtful} pairs at 50 m to 3 mm", flush=True)
    words = ["open", "overdue"]
    if tree.root != "431382":  # Lianyuan's four steps know no suspension
        words.append("paused")
    for word in words:
        expect(root[word] > 0, f"no case is {word} at {moment}: the comparison would show little")

    common = ["indicators", "--profile", profile, "--events", month, "--at", moment, "--json"]
    for kind in figures.KINDS:
        common += ["--period", kind]
    dimensions = [word for dimension in figures.DIMENSIONS for word in ("--by", dimension)]
    if len(tree.parents) > TREE_MAX:
        comparison = Comparison()
        for code in chains(cases, tree):
            sheets_told = json.loads("\n".join(call(stage, *common, *dimensions, "--division", code)))["divisions"]
            expect([sheet["code"] for sheet in sheets_told] == [code], f"asked for {code} alone")
            for sheet in sheets_told:
                compare_division(comparison, sheet, sheets, tree, rules, by=tree.levels[code] <= 1)
        comparison.finish(f"chains of {profile} at {moment}")
        return
    head, *lines = call(stage, *common, "--all")
    head = json.loads(head)
    expect(head["kind"] == "head" and head["events"]["refused"] == 0, f"{head['events']}")
    expect(head["events"]["simulated"] == head["events"]["accepted"], f"all are simulated: {head['events']}")
    comparison = Comparison()
    told = compare_divisions(comparison, lines, sheets, tree, rules)
    comparison.finish(f"every division at {moment}")

    comparison = Comparison()
    parents_add_up(comparison, told, tree)
    comparison.finish(f"parent = own + children at {moment}")

    sheets_told = json.loads("\n".join(call(stage, *common, *dimensions)))["divisions"]
    expect([sheet["level"] for sheet in sheets_told] == [0] + [1] * len(tree.children[tree.root]),
           "the root and its children are told of")
    comparison = Comparison()
    for sheet in sheets_told:
        compare_periods(comparison, sheet, sheets, rules, by=True)
    comparison.finish(f"by department, channel, class and severity at {moment}")


def few_days(stage, profile):
    file = stage.path(profile + ".jsonl")
    call(stage, "simulate", "--profile", profile, "--days", str(FEW_DAYS["days"]), "--cases", str(FEW_DAYS["cases"]),
         "--start", FEW_DAYS["start"], "--seed", "11", "-o", file)
    city, = glob.glob(stage.path(f"cache/gridwall/city-{profile}-[0-9a-f]*.gpkg"))
    tree = figures.Tree(city)
    rules = rule_file.Rules(support.SOURCE, profile, 2026, 2027)
    compare_at(stage, file, case_file.read_events(file), FEW_DAYS["moment"], rules, tree, profile)


def story(stage):
    if len(sys.argv) > 2:
        for profile in sys.argv[2:]:
            few_days(stage, profile)
        return
    month = stage.path("month.jsonl")
    call(stage, "simulate", "--days", "30", "--cases", str(CASES), "--start", START, "--seed", "11", "-o", month)
    city, = glob.glob(stage.path("cache/gridwall/city-jiangyin-2019-*.gpkg"))
    tree = figures.Tree(city)
    rules = rule_file.Rules(support.SOURCE, "jiangyin-2019", 2026, 2027)
    with open(month, encoding="utf-8") as lines:
        reported = sum('"incident.reported"' in line for line in lines)
    expect(reported == CASES, f"{reported} cases were simulated, {CASES} asked for")
    compare_at(stage, month, case_file.read_events(month), MOMENTS[0], rules, tree)
    thinned = thin(month, stage.path("thinned.jsonl"))
    compare_at(stage, thinned, case_file.read_events(thinned), MOMENTS[1], rules, tree)


support.main(story)
