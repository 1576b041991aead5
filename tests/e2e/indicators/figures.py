"""Counts and times of cases by division, period and dimension, from the definitions in src/state/figures.hpp."""

import collections
import datetime
import sqlite3

KINDS = ["hour", "day", "week", "month", "year"]
DIMENSIONS = ["department", "channel", "class", "severity"]
EDGES_MIN = [1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1440, 2880, 4320, 5760, 7200, 14400,
             28800]
EDGES_MS = [0] + [minutes * 60_000 for minutes in EDGES_MIN]


class Tree:
    """Codes and parents of the generated city's attribute table."""

    def __init__(self, file):
        with sqlite3.connect(file) as database:
            rows = database.execute("select code, parent, level from divisions").fetchall()
        self.parents = {code: parent for code, parent, _ in rows}
        self.levels = {code: level for code, _, level in rows}
        self.root = next(code for code, parent, _ in rows if not parent)
        self.children = collections.defaultdict(list)
        for code, parent, _ in rows:
            if parent:
                self.children[parent].append(code)

    def upward(self, code):
        while code:
            yield code
            code = self.parents[code]


# --- periods: [begin, end) on the local clock ------------------------------------------------------------------------


def floor_to(kind, local):
    day = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if kind == "hour":
        return local.replace(minute=0, second=0, microsecond=0)
    if kind == "week":
        return day - datetime.timedelta(days=day.weekday())
    if kind == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if kind == "year" else day


def step_of(kind):
    return {"hour": datetime.timedelta(hours=1), "day": datetime.timedelta(days=1),
            "week": datetime.timedelta(days=7)}[kind]


def next_begin(kind, begin):
    if kind == "month":
        return begin.replace(year=begin.year + begin.month // 12, month=begin.month % 12 + 1)
    return begin.replace(year=begin.year + 1) if kind == "year" else begin + step_of(kind)


def previous_begin(kind, begin):
    if kind == "month":
        return floor_to("month", begin - datetime.timedelta(days=1))
    return begin.replace(year=begin.year - 1) if kind == "year" else begin - step_of(kind)


def last_year_begin(kind, begin):
    if kind == "week":
        return begin - datetime.timedelta(weeks=52)
    if (begin.month, begin.day) == (2, 29):
        begin = begin.replace(day=28)
    return begin.replace(year=begin.year - 1)


def period_text(kind, begin):
    if kind == "week":
        year, week, _ = begin.isocalendar()
        return f"{year}-W{week:02}"
    return begin.strftime({"hour": "%Y-%m-%d %H", "day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}[kind])


def periods_at(now, zone):
    """{kind: {which: (text, begin, end)}} of the periods that hold `now`, the ones before and those of last year."""
    local, out = zone.local(now), {}
    for kind in KINDS:
        begin = floor_to(kind, local)
        out[kind] = {}
        for which, first in (("current", begin), ("previous", previous_begin(kind, begin)),
                             ("last_year", last_year_begin(kind, begin))):
            out[kind][which] = (period_text(kind, first), zone.instant(first), zone.instant(next_begin(kind, first)))
    return out


# --- figures -----------------------------------------------------------------------------------------------------------


class Durations:
    def __init__(self):
        self.count, self.sum_ms, self.bins = 0, 0, [0] * len(EDGES_MS)

    def add(self, ms):
        self.count += 1
        self.sum_ms += ms
        self.bins[max(i for i, edge in enumerate(EDGES_MS) if ms >= edge)] += 1

    def quantile_ms(self, per_mille):
        rank = max(1, -(-per_mille * self.count // 1000))
        below = 0
        for i, count in enumerate(self.bins):
            if below + count >= rank:
                low = EDGES_MS[i]
                if i + 1 == len(EDGES_MS):
                    return low
                return low + (EDGES_MS[i + 1] - low) * (rank - below) // count
            below += count
        raise AssertionError("no rank")

    def as_json(self):
        return {"count": self.count, "sum_ms": self.sum_ms, "mean_ms": self.sum_ms // self.count,
                "median_ms": self.quantile_ms(500), "p90_ms": self.quantile_ms(900)}


class Figures:
    def __init__(self):
        self.counts = collections.Counter()
        self.accept, self.handle = Durations(), Durations()

    def add(self, measure):
        words, accept_ms, handle_ms = measure
        self.counts.update(words)
        if accept_ms is not None:
            self.accept.add(accept_ms)
        if handle_ms is not None:
            self.handle.add(handle_ms)

    def as_json(self, rates, value_of):
        """As the program's JSON has it: no counts of 0, no rates without cases."""
        out = {"counts": dict(self.counts), "rates": {}}
        for name, durations in (("accept", self.accept), ("handle", self.handle)):
            if durations.count:
                out[name] = durations.as_json()
        for name, (numerator, denominator) in rates.items():
            below = value_of(denominator, self.counts)
            if below:
                out["rates"][name] = [value_of(numerator, self.counts), below]
        return out


def key_of(case, dimension):
    return {"department": case.department, "channel": case.channel, "class": case.class_code,
            "severity": str(case.severity)}[dimension]


class Sheets:
    """All figures at one moment: total and own of every division, and by dimension down to level 1."""

    def __init__(self, cases, tree, rules, now):
        self.periods = periods_at(now, rules.zone)
        self.total = collections.defaultdict(Figures)  # (code, kind, which)
        self.own = collections.defaultdict(Figures)
        self.by = collections.defaultdict(Figures)  # (code, kind, which, dimension, key)
        self.now = collections.defaultdict(collections.Counter)  # code
        self.own_now = collections.defaultdict(collections.Counter)
        day_begin = self.periods["day"]["current"][1]
        for case in cases:
            measure = (case.counts_at(now, rules), case.accept_ms(), case.handle_ms())
            now_counts = case.now_counts(now, rules, day_begin)
            self.own_now[case.division].update(now_counts)
            slots = [(kind, which) for kind in KINDS for which, (_, begin, end) in self.periods[kind].items()
                     if begin <= case.stamps["reported"] < end]
            for kind, which in slots:
                self.own[case.division, kind, which].add(measure)
            for code in tree.upward(case.division):
                self.now[code].update(now_counts)
                for kind, which in slots:
                    self.total[code, kind, which].add(measure)
                    for dimension in DIMENSIONS if tree.levels[code] <= 1 else []:
                        self.by[code, kind, which, dimension, key_of(case, dimension)].add(measure)
