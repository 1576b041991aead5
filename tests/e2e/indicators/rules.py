"""The district's rules as the recomputation reads them: lifecycle, limits and working time, from the TOML files.

Written from the definitions, not from the program: nothing is shared with it. Times are whole nanoseconds of UTC.
"""

import bisect
import datetime
import os
import tomllib
import zoneinfo

SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def load(*path):
    with open(os.path.join(*path), "rb") as file:
        return tomllib.load(file)


def ns_of(moment):
    """Of an aware datetime."""
    delta = moment - EPOCH
    return (delta.days * 86400 + delta.seconds) * SECOND + delta.microseconds * 1000


def parse_time(text):
    """RFC 3339 with up to nine digits of a second's fraction."""
    fraction_ns = 0
    if "." in text:
        head, rest = text.split(".", 1)
        digits = ""
        while rest and rest[0].isdigit():
            digits, rest = digits + rest[0], rest[1:]
        text = head + rest
        fraction_ns = int((digits + "000000000")[:9])
    return ns_of(datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))) + fraction_ns


class Zone:
    def __init__(self, name):
        self.name = name
        self._zone = zoneinfo.ZoneInfo(name)

    def local(self, time_ns):
        """The local clock's reading, without fractions of a second."""
        moment = EPOCH + datetime.timedelta(seconds=time_ns // SECOND)
        return moment.astimezone(self._zone).replace(tzinfo=None)

    def instant(self, local):
        """Of a reading of the local clock (the zones here have no repeated ones in the tested months)."""
        return ns_of(local.replace(tzinfo=self._zone))

    def text(self, time_ns):
        moment = EPOCH + datetime.timedelta(seconds=time_ns // SECOND)
        return moment.astimezone(self._zone).isoformat(timespec="seconds")


def dates_of(entries):
    for entry in entries:
        first, _, last = entry.partition("..")
        day = datetime.date.fromisoformat(first)
        while day <= datetime.date.fromisoformat(last or first):
            yield day
            day += datetime.timedelta(days=1)


class Calendar:
    """Working time as a sorted list of windows, summed once, of the years around the tested ones."""

    def __init__(self, file, zone, first_year, last_year):
        spec = load(file)
        holidays, makeup_days = set(), set()
        for entry in spec.get("holiday", []):
            holidays.update(dates_of(entry.get("days", [])))
            makeup_days.update(dates_of(entry.get("makeup", [])))
        windows = []
        for text in spec["windows"]:
            begin, end = (datetime.time.fromisoformat(part) for part in text.split("-"))
            windows.append((begin, end))
        weekend = {WEEKDAYS.index(word) for word in spec["weekend"]}
        self.workday_ns = spec["workday_minutes"] * MINUTE
        self.begins, self.ends, self.before = [], [], []
        total = 0
        day = datetime.date(first_year, 1, 1)
        while day.year <= last_year:
            works = day in makeup_days or (day not in holidays and day.weekday() not in weekend)
            for begin, end in windows if works else []:
                self.begins.append(zone.instant(datetime.datetime.combine(day, begin)))
                self.ends.append(zone.instant(datetime.datetime.combine(day, end)))
                self.before.append(total)
                total += self.ends[-1] - self.begins[-1]
            day += datetime.timedelta(days=1)

    def worked_until(self, time_ns):
        i = bisect.bisect_right(self.begins, time_ns) - 1
        assert i >= 0, "a moment before the calendar"
        return self.before[i] + min(time_ns, self.ends[i]) - self.begins[i]

    def worked(self, begin_ns, end_ns):
        return max(0, self.worked_until(end_ns) - self.worked_until(begin_ns))

    def add_worked(self, begin_ns, amount_ns):
        """The earliest moment by which so much has been worked."""
        if amount_ns <= 0:
            return begin_ns
        wanted = self.worked_until(begin_ns) + amount_ns
        i = bisect.bisect_left(self.before, wanted) - 1  # the last window that begins with less than wanted
        return self.begins[i] + wanted - self.before[i]


UNITS = {"um": MINUTE, "uh": HOUR, "ud": DAY, "h": HOUR, "d": None}
RUNS_ON = {"um", "uh", "ud"}


class Limit:
    def __init__(self, text, calendar):
        digits = text.rstrip("umhd")
        self.unit = text[len(digits):]
        self.amount_ns = int(digits) * (UNITS[self.unit] or calendar.workday_ns)
        self.runs_on = self.unit in RUNS_ON
        self._calendar = calendar

    def used(self, begin_ns, end_ns):
        if end_ns <= begin_ns:
            return 0
        return end_ns - begin_ns if self.runs_on else self._calendar.worked(begin_ns, end_ns)

    def add(self, begin_ns, amount_ns):
        return begin_ns + amount_ns if self.runs_on else self._calendar.add_worked(begin_ns, amount_ns)

    def deadline(self, begin_ns):
        return self.add(begin_ns, self.amount_ns)


def parse_limit(text, calendar):
    """None: no limit can be read from it."""
    digits = text.rstrip("umhd")
    if not digits.isdigit() or text[len(digits):] not in UNITS or not 1 <= int(digits) <= 100_000:
        return None
    return Limit(text, calendar)


class Rules:
    """Everything that says how a case of the profile is judged."""

    def __init__(self, root, profile_id, first_year, last_year):
        profile = load(root, "config", "profiles", profile_id + ".toml")
        names = profile.get("rules", {})
        self.zone = Zone(profile["time_zone"])
        self.calendar = Calendar(os.path.join(root, "config", "calendars", names.get("calendar", "cn") + ".toml"),
                                 self.zone, first_year, last_year)
        self.events = {row["type"]: row for row in load(root, "config", "lifecycle.toml")["event"]}
        stages = load(root, "config", "stages", names.get("stages", "seven") + ".toml")
        self.stages = stages["stage"]
        for shortcut in stages.get("shortcut", []):
            row = self.events[shortcut["type"]]
            row["from"] = sorted(set(row["from"]) | set(shortcut["from"]))
        self._read_limits(load(root, "config", "limits", names.get("limits", "default") + ".toml"))
        self.rates = self._read_rates(root, names.get("indicators", "default"))
        self.recurrence = load(root, "config", "alerts.toml")["recurrence_share"]
        # The profile's own channels and classes beside the common ones.
        channels = load(root, "config", "channels.toml")["channel"] + profile.get("channel", [])
        self.public_channels = {row["id"] for row in channels if row.get("public")}
        classes = load(root, "config", "classes", "gbt30428.toml")["class"] + profile.get("class", [])
        self.severity_of_class = {row["code"]: row["severity"] for row in classes}
        self.sensitive_classes = {row["code"] for row in classes if row.get("sensitive")}

    def _read_limits(self, spec):
        self.stage_limits = {name: Limit(text, self.calendar) for name, text in spec["stages"].items()}
        self.fallback = Limit(spec["fallback"], self.calendar) if "fallback" in spec else None
        self.extensions_max = spec["extensions_max"]
        self.suspensions_max = spec["suspensions_max"]
        self.suspension_max_ns = spec["suspension_days_max"] * DAY
        self.runs_while_returned = spec["runs_while_returned"]
        self.warn_share = spec["warn_share"]
        self.warn_urgent_ns = spec["warn_urgent_minutes"] * MINUTE
        self._limits = {}  # code: rows in the file's order
        for row in spec["class"]:
            milestones = [Limit(text, self.calendar) for text in row.get("milestones", [])]
            limit = Limit(row["limit"], self.calendar) if "limit" in row else milestones[-1]
            self._limits.setdefault(row["code"], []).append((row.get("condition", ""), limit, milestones))

    def limit_of(self, class_code, condition):
        """(limit, milestones) of the class and condition; else of the class; else of its big class; else none."""
        for code in (class_code, class_code.split(".")[0]):
            rows = self._limits.get(code, [])
            for wanted in (condition, ""):
                for row_condition, limit, milestones in rows:
                    if row_condition == wanted:
                        return limit, milestones
            if rows:
                return rows[0][1], rows[0][2]
        return None, []

    @staticmethod
    def _read_rates(root, name):
        spec = load(root, "config", "indicators", name + ".toml")
        rates = {}
        if "base" in spec:
            rates = Rules._read_rates(root, spec["base"])
        for row in spec.get("rate", []):
            rates[row["id"]] = (read_sum(row["numerator"]), read_sum(row["denominator"]))
        return rates


def read_sum(text):
    """"a + b - c" as [(1, "a"), (1, "b"), (-1, "c")]."""
    sign, parts = 1, []
    for word in text.split():
        if word in "+-":
            sign = 1 if word == "+" else -1
        else:
            parts.append((sign, word))
    return parts


def value_of(parts, counts):
    return max(0, sum(sign * counts.get(word, 0) for sign, word in parts))
