"""One case after the other through the lifecycle, up to a moment: what each adds to every count.

Written from the definitions (headers of src/model, the lifecycle's table), not from the program.
"""

import json

import geodesy
from rules import DAY, HOUR, parse_limit, parse_time

FIRST_WINS = {"reported", "verify_sent", "verified", "accepted", "filed", "dispatched"}
PATH = ["reported", "verify_sent", "verified", "accepted", "filed", "dispatched", "handle_begun", "handled",
        "check_sent", "checked", "closed", "evaluated"]
SETTLED = {50, 51, 60, 90, 91}
CLOSED = {50, 51, 60}
# Handled once, but the work goes on again.
AT_WORK = {30, 31, 32, 33, 43, 21, 13, 20, 70}


class Case:
    def __init__(self, key, order):
        self.key, self.order = key, order
        self.state = 10
        self.stamps, self.marks, self.flaws = {}, set(), set()
        self.counts = dict.fromkeys(("return", "rework", "extension", "suspension", "reopen"), 0)
        self.extensions_applied = 0
        self.solved_level = None
        self.limit, self.milestones = None, []
        self.deadline, self.said_deadline, self.said_limit = None, None, None
        self.clock = None  # the limit whose clock the case goes by
        self.paused_at, self.resume_due, self.pauses = None, None, []
        self.entered = {}  # state: when it was last entered
        self.class_code = self.condition = self.channel = self.department = self.division = ""
        self.severity = None
        self.point = None
        self.recurrent = self.duplicate = False
        self.closings = []

    # --- the clock -----------------------------------------------------------------------------------------------------

    def used(self, begin, end):
        """Used time on the case's clock, pauses out."""
        total = self._span(begin, end)
        pauses = self.pauses + ([(self.paused_at, end)] if self.paused_at is not None else [])
        for pause_begin, pause_end in pauses:
            total -= self._span(max(begin, pause_begin), min(end, pause_end))
        return max(0, total)

    def _span(self, begin, end):
        if end <= begin:
            return 0
        return self.clock.used(begin, end) if self.clock else end - begin

    def pause(self, at, due):
        self.paused_at, self.resume_due = at, due

    def go_on(self, at):
        """Ends the pause; what was left of the limit at its begin is left at its end."""
        begin, self.paused_at, self.resume_due = self.paused_at, None, None
        self.pauses.append((begin, at))
        if self.deadline is not None and self.deadline > begin:
            left = self._span(begin, self.deadline)
            self.deadline = self.clock.add(at, left) if self.clock else at + left

    def run_timer(self, now):
        """A suspension that is over by now has ended at its date."""
        if self.state == 33 and self.resume_due is not None and self.resume_due <= now:
            due = self.resume_due
            self.go_on(due)
            self.state = 31
            self.entered[31] = due

    # --- events --------------------------------------------------------------------------------------------------------

    def apply(self, row, event, rules):
        at, facts = event["at"], event["facts"]
        is_new = not self.stamps
        if is_new:
            self.stamps["reported"] = at
            self.entered[10] = at
        elif not row["from"] or self.state not in row["from"]:
            self.flaws.add("out_of_order")
        if row.get("reason") and not facts.get("reason"):
            self.flaws.add("reason_missing")
        self.take_facts(facts, rules)
        self.take_stamps(row.get("stamps", []), at)
        if "to" in row:
            self.move(row["to"], at, facts, rules)
        self.take_effect(row.get("effect"), at, facts, rules)
        if "dispatched" in row.get("stamps", []) and self.deadline is None:
            self.set_deadline(rules)

    def take_facts(self, facts, rules):
        self.class_code = facts.get("class") or self.class_code
        self.condition = facts.get("condition") or self.condition
        self.channel = self.channel or facts.get("channel", "")
        self.department = facts.get("department") or self.department
        self.solved_level = facts.get("solved_level", self.solved_level)
        self.severity = facts.get("severity", self.severity)
        if self.severity is None:
            self.severity = rules.severity_of_class.get(self.class_code)
        if facts.get("limit"):
            limit = parse_limit(facts["limit"], rules.calendar)
            if limit is None:
                self.flaws.add("limit_unreadable")
            else:
                self.said_limit = limit
        if facts.get("deadline"):
            self.said_deadline = parse_time(facts["deadline"])
            if self.deadline is not None:
                self.deadline = self.said_deadline

    def take_stamps(self, words, at):
        for word in words:
            if word in FIRST_WINS and word in self.stamps:
                continue
            step = PATH.index(word)
            if any(self.stamps.get(other, at) > at for other in PATH[:step]):
                self.flaws.add("stamps_backward")
            if word in ("accepted", "filed", "dispatched"):
                later = [other for other in PATH[step + 1:] if other not in ("verify_sent", "verified")]
                if any(self.stamps.get(other, at) < at for other in later):
                    self.flaws.add("stamps_backward")
            self.stamps[word] = at

    def set_deadline(self, rules):
        limit, self.milestones = rules.limit_of(self.class_code, self.condition)
        self.limit = self.said_limit or limit or rules.fallback
        self.clock = self.limit
        if self.said_deadline is not None:
            self.deadline = self.said_deadline
            if self.said_limit is None:
                self.limit = self.clock = None
        elif self.limit is not None:
            self.deadline = self.limit.deadline(self.stamps["dispatched"])

    def move(self, state, at, facts, rules):
        still = {33} if rules.runs_while_returned else {33, 21, 13}
        if self.paused_at is not None and (self.state != state or state not in still):
            self.go_on(at)
        if state in still and self.paused_at is None:
            due = facts.get("resume_at")
            self.pause(at, parse_time(due) if due and state == 33 else None)
        self.state = state
        self.entered[state] = at
        if state in (50, 51):
            self.closings.append(at)

    def take_effect(self, effect, at, facts, rules):
        if effect == "return":
            self.counts["return"] += 1
        elif effect == "rework":
            self.counts["rework"] += 1
        elif effect == "extension_decision" and facts.get("approved"):
            self.extend(at, rules)
        elif effect == "suspend":
            self.counts["suspension"] += 1
            due = facts.get("resume_at")
            too_long = due is not None and parse_time(due) - at > rules.suspension_max_ns
            if self.counts["suspension"] > rules.suspensions_max or too_long:
                self.flaws.add("suspension_rule")
        elif effect == "self_handle":
            self.marks.add("self_handled")
        elif effect == "force_close":
            self.marks.add("forced_close")
        elif effect == "reopen":
            self.counts["reopen"] += 1
            for word in ("handled", "check_sent", "checked", "closed", "evaluated"):
                self.stamps.pop(word, None)
            self.marks -= {"self_handled", "forced_close"}
        elif effect == "exempt":
            self.marks.add("exempt")
        elif effect == "satisfaction":
            self.marks.add("answered")
            self.marks.discard("satisfied")
            if facts.get("satisfied"):
                self.marks.add("satisfied")
        elif effect in ("appeal_open", "appeal_decide"):
            self.appeal(effect, facts)

    def extend(self, at, rules):
        self.counts["extension"] += 1
        overdue = self.deadline is not None and at > self.deadline
        if self.counts["extension"] > rules.extensions_max or overdue:
            self.flaws.add("extension_rule")
        elif self.deadline is not None and self.limit is not None:
            self.deadline = self.limit.add(self.deadline, self.limit.amount_ns)
            self.extensions_applied += 1

    def appeal(self, effect, facts):
        words = {"appeal_pending", "appeal_accepted", "appeal_rejected"}
        if effect == "appeal_open":
            if self.marks & words or self.state not in CLOSED:
                self.flaws.add("appeal_rule")
            else:
                self.marks.add("appeal_pending")
        elif "appeal_pending" not in self.marks:
            self.flaws.add("appeal_rule")
        else:
            self.marks.discard("appeal_pending")
            self.marks.add("appeal_accepted" if facts.get("approved") else "appeal_rejected")

    # --- how it stands -------------------------------------------------------------------------------------------------

    @property
    def spared(self):
        return bool(self.marks & {"exempt", "appeal_accepted"})

    def done(self):
        if self.state in SETTLED:
            return True
        return "handled" in self.stamps and self.state not in AT_WORK

    def standing(self, now, rules):
        """One of none, ok, warn, overdue, paused, exempt, done."""
        if self.deadline is None or self.state in (90, 91):
            return "none"
        if self.spared:
            return "exempt"
        if self.done():
            return "done"
        if self.paused_at is not None:
            return "paused"
        if now > self.deadline:
            return "overdue"
        return "warn" if self.little_left(now, rules) else "ok"

    def little_left(self, now, rules):
        if self.limit is None:
            whole = self.deadline - self.stamps["dispatched"]
            return (self.deadline - now) <= whole * rules.warn_share
        left = self._span(now, self.deadline)
        share = self.limit.amount_ns * (1 + self.extensions_applied) * rules.warn_share
        return left <= (rules.warn_urgent_ns if self.limit.unit == "uh" else share)

    def milestone_missed(self, now):
        if not self.milestones or "dispatched" not in self.stamps or self.state in SETTLED or self.done():
            return False
        return now > self.milestones[0].deadline(self.stamps["dispatched"])

    def late_waiting(self, now, rules):
        """The stage in which it waits above the stage's limit, or None."""
        stage = {10: "accept", 11: "verify", 20: "dispatch", 21: "dispatch", 70: "dispatch", 41: "check"}.get(self.state)
        if stage is None:
            return None
        return stage if now > rules.stage_limits[stage].deadline(self.entered[self.state]) else None

    def in_time(self, word):
        return self.deadline is None or self.spared or self.stamps[word] <= self.deadline

    def counts_at(self, now, rules):
        """The words of all counts that it adds to."""
        has, out = self.stamps, {"report"}

        def put(word, truth):
            if truth:
                out.add(word)

        def within(stage, begin, end):
            return begin is not None and end <= rules.stage_limits[stage].deadline(begin)

        handled, closed = "handled" in has, self.state in CLOSED
        should = "dispatched" in has and self.state not in (90, 91)
        put("self_handled", "self_handled" in self.marks)
        put("valid_report", "filed" in has or "self_handled" in self.marks)
        put("accept", "accepted" in has)
        put("register", "filed" in has)
        put("in_time_register", "filed" in has and within("file", has.get("accepted", has["reported"]), has["filed"]))
        put("dispatch", "dispatched" in has)
        put("in_time_dispatch", "dispatched" in has and
            within("dispatch", has.get("filed", has["reported"]), has["dispatched"]))
        put("should_handle", should)
        put("dispose", should and handled)
        put("in_time_dispose", should and handled and self.in_time("handled"))
        put("overtime_dispose", should and handled and not self.in_time("handled"))
        put("to_dispose", should and not handled)
        put("to_dispose_overdue", should and not handled and self.standing(now, rules) == "overdue")
        put("need_archive", should and (handled or closed))
        put("need_archive_suspended", should and not handled and not closed and self.state == 33)
        put("archive", should and closed)
        put("in_time_archive", should and closed and "closed" in has and self.in_time("closed"))
        put("forced_closed", "forced_close" in self.marks)
        put("rework", self.counts["rework"] > 0)
        put("return", self.counts["return"] > 0)
        put("extension", self.counts["extension"] > 0)
        put("suspend", self.counts["suspension"] > 0)
        put("accurate_dispatch", "dispatched" in has and self.counts["return"] == 0)
        put("verify", "verified" in has)
        put("in_time_verify", "verified" in has and within("verify", has.get("verify_sent"), has["verified"]))
        put("check", "checked" in has)
        put("in_time_check", "checked" in has and within("check", has.get("check_sent"), has["checked"]))
        put("rejected", self.state == 90)
        put("cancelled", self.state == 91)
        put("reopened", self.counts["reopen"] > 0)
        put("unlocated", self.point is None)
        put("public_register", "filed" in has and self.channel in rules.public_channels)
        put("recurrent", self.recurrent)
        put("suspected_duplicate", self.duplicate)
        put("answered", "answered" in self.marks)
        put("satisfied", "satisfied" in self.marks)
        put("returned_twice", self.counts["return"] >= 2)
        put("first_milestone_missed", self.milestone_missed(now))
        put("flawed", bool(self.flaws))
        put("open", self.state not in SETTLED)
        solved = (should and closed) or "self_handled" in self.marks
        put(f"solved{self.solved_level}", solved and self.solved_level is not None and self.solved_level <= 7)
        return out

    def accept_ms(self):
        if "accepted" not in self.stamps:
            return None
        return max(0, self.stamps["accepted"] - self.stamps["reported"]) // 1_000_000

    def handle_ms(self):
        """Of the handled ones that are to be handled."""
        if "handled" not in self.stamps or "dispatched" not in self.stamps or self.state in (90, 91):
            return None
        return self.used(self.stamps["dispatched"], self.stamps["handled"]) // 1_000_000

    def now_counts(self, now, rules, day_begin):
        """What it adds to the figures of this moment."""
        out = {}
        if self.stamps["reported"] >= day_begin:
            out["reported_today"] = 1
            if self.state in CLOSED:
                out["closed_of_reported_today"] = 1
        if self.state in CLOSED and self.stamps.get("closed", 0) >= day_begin:
            out["closed_today"] = 1
        if self.state in SETTLED:
            return out
        out["open"] = 1
        out[f"state {self.state}"] = 1
        out[f"severity {self.severity}"] = 1
        if self.point is None:
            out["unlocated_open"] = 1
        standing = self.standing(now, rules)
        if standing in ("warn", "overdue", "paused"):
            out[standing] = 1
        if standing == "overdue":
            late = now - self.deadline
            out[f"overdue age {0 if late <= 4 * HOUR else 1 if late <= DAY else 2}"] = 1
        late_stage = self.late_waiting(now, rules)
        if late_stage:
            out[late_stage + "_late"] = 1
        if self.milestone_missed(now):
            out["milestone_missed"] = 1
        if self.counts["return"] >= 2:
            out["returned_twice"] = 1
        if self.state == 33:
            begin = self.entered[33]
            overrun = now - begin > rules.suspension_max_ns or (self.resume_due is not None and now > self.resume_due)
            if overrun:
                out["suspension_overrun"] = 1
        return out


def read_events(file):
    """In the file's order."""
    events = []
    with open(file, encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            data = event.get("data") or {}
            geometry = data.get("geometry")
            events.append({"at": parse_time(event["time"]), "type": event["type"], "subject": event["subject"],
                           "facts": data.get("properties") or {}, "point": geometry and geometry["coordinates"]})
    return events


def fold(events, until, rules, tree):
    """All cases as they stand at the moment."""
    cases = {}
    for event in events:
        if event["at"] > until:
            continue
        case = cases.get(event["subject"])
        if case is None:
            case = cases[event["subject"]] = Case(event["subject"], len(cases))
        case.run_timer(event["at"])
        case.apply(rules.events[event["type"]], event, rules)
        code = event["facts"].get("division")
        if code in tree.parents:
            case.division = code
        if event["point"] is not None and case.point is None:
            case.point = event["point"]
    for case in cases.values():
        case.run_timer(until)
        case.division = case.division or tree.root
    return list(cases.values())


def mark_neighbours(cases, rules):
    """Recurrence: with two earlier ones of the class within 50 m and 30 d, a case and these are marked, for ever.
    Suspected duplicate: an earlier one within 50 m and 24 h marks the new one. Returns how many pairs lie so near to the
    limit that the rounding of positions decides.

    Cases of sensitive classes take no part: whether two people quarrel at the same door is nobody's business.
    """
    limit_mm, near_mm = rules.recurrence["distance_m"] * 1000, rules.recurrence["duplicate_distance_m"] * 1000
    window, duplicate_window = rules.recurrence["window_days"] * DAY, rules.recurrence["duplicate_hours"] * HOUR
    doubtful, grid = 0, {}
    for case in sorted(cases, key=lambda case: case.order):
        if case.point is None or case.class_code in rules.sensitive_classes:
            continue
        place = geodesy.world_mm(*case.point)
        x, y = place[0] // limit_mm, place[1] // limit_mm
        at, near = case.stamps["reported"], []
        for cell in [(case.class_code, x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]:
            for other, other_place in grid.get(cell, []):
                d2 = (place[0] - other_place[0]) ** 2 + (place[1] - other_place[1]) ** 2
                age = at - other.stamps["reported"]
                if not 0 <= age <= window:
                    continue
                if (limit_mm - 3) ** 2 <= d2 <= (limit_mm + 3) ** 2:
                    doubtful += 1
                if d2 <= limit_mm ** 2:
                    near.append(other)
                case.duplicate = case.duplicate or (age <= duplicate_window and d2 <= near_mm ** 2)
        if len(near) + 1 >= rules.recurrence["together_min"]:
            for one in near + [case]:
                one.recurrent = True
        grid.setdefault((case.class_code, x, y), []).append((case, place))
    return doubtful
