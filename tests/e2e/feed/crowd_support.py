"""What the stories with many walls share: a district of Qingjiangpu's size, a steady load, every heartbeat of a hub as an
independent witness of its digests, and a hub's memory.

GRIDWALL_E2E_RATE: events a second (default 2,000). GRIDWALL_E2E_SEED repeats one run."""

import calendar
import collections
import json
import os
import random
import subprocess
import sys
import threading
import time

import zmq

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import support
from support import expect, wait_until

RATE = int(os.environ.get("GRIDWALL_E2E_RATE", "2000"))
SEED = int(os.environ.get("GRIDWALL_E2E_SEED", str(random.randrange(1 << 30))))
ROOT = "320812"
TOWNS, COMMUNITIES, GRIDS = 16, 114, 554


def say_seed(story):
    print(f"seed {SEED}: GRIDWALL_E2E_SEED={SEED} GRIDWALL_E2E_RATE={RATE} repeats {story}", flush=True)


def shares(total, count):
    """`total` in `count` parts, as equal as can be."""
    return [total // count + (1 if i < total % count else 0) for i in range(count)]


class District:
    """1 district, 16 towns in columns, 114 communities one above the other in them, 554 grids side by side in those."""

    def __init__(self, stage):
        self.layer, self.places = stage.path("district.geojson"), stage.path("places.json")
        self.paths = [[f"{ROOT}/"], [], [], []]  # by level
        features = [(ROOT, (118.9, 33.4, 119.22, 33.6))]
        points, codes = [], [ROOT]
        rows_of = shares(COMMUNITIES, TOWNS)
        grids_of = iter(shares(GRIDS, COMMUNITIES))
        for town, rows in enumerate(rows_of):
            town_code, west = f"{ROOT}{town + 1:03}", 118.9 + 0.02 * town
            features.append((town_code, (west, 33.4, west + 0.02, 33.6)))
            self.paths[1].append(f"{ROOT}/{town + 1:03}/")
            for row in range(rows):
                code, south, north = f"{town_code}{row + 1:03}", 33.4 + 0.2 * row / rows, 33.4 + 0.2 * (row + 1) / rows
                features.append((code, (west, south, west + 0.02, north)))
                self.paths[2].append(f"{self.paths[1][-1]}{row + 1:03}/")
                columns = next(grids_of)
                for column in range(columns):
                    left, right = west + 0.02 * column / columns, west + 0.02 * (column + 1) / columns
                    features.append((f"{code}{column + 1:02}", (left, south, right, north)))
                    self.paths[3].append(f"{self.paths[2][-1]}{column + 1:02}/")
                    points.append(((left + right) / 2, (south + north) / 2))
                    codes.append(features[-1][0])
                codes.append(code)
            codes.append(town_code)
        # A tenth of the load names a division: the upper ones often enough to be heard.
        codes += [ROOT] * 20 + [code for code in codes if len(code) == 9] * 2
        self._write(features, {"points": points, "codes": codes})

    def _write(self, features, places):
        layer = {"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {"code": code, "name": f"Division {code}"},
             "geometry": {"type": "Polygon", "coordinates": [
                 [[w, s], [e, s], [e, n], [w, n], [w, s]]]}} for code, (w, s, e, n) in features]}
        with open(self.layer, "w", encoding="utf-8") as out:
            json.dump(layer, out)
        with open(self.places, "w", encoding="utf-8") as out:
            json.dump(places, out)


def start_load(stage, hub, district, rate=RATE, seed=SEED):
    load = support.Program([sys.executable, "-B", os.path.join(os.path.dirname(__file__), "load.py"), hub.requests,
                            district.places, str(rate), str(seed)], "load")
    stage.programs.append(load)
    return load


def end_load(load):
    """What it sent; every event was accepted."""
    expect(load.stop() == 0, "the load ends with all answers")
    summary = load.lines[-1]
    expect(summary["accepted"] == summary["sent"] and not summary["refused"], f"all accepted: {summary}")
    return summary


def start_walls(stage, hub, district, prefixes, name):
    prefixed = [part for prefix in prefixes for part in ("--prefix", prefix)]
    return stage.run("listen", "--state", "--beats", "--connect", hub.requests, "--layers", district.layer, "--json",
                     *prefixed, name=name)


def newest(walls, kinds=("state", "beat", "differs")):
    """The newest line of each prefix."""
    return {line["prefix"]: line for line in list(walls.lines) if line.get("kind") in kinds}


def status(stage, hub):
    done = subprocess.run([stage.gridwall, "status", "--connect", hub.requests, "--json"], capture_output=True,
                          text=True, timeout=support.PATIENCE_S, check=True)
    return json.loads(done.stdout)


def memory_mib(program):
    with open(f"/proc/{program.process.pid}/status", encoding="ascii") as text:
        return next(int(line.split()[1]) for line in text if line.startswith("VmRSS")) / 1024


def nanoseconds(text):
    """Of an RFC 3339 time in UTC, exactly: datetime knows microseconds only."""
    second, _, fraction = text.removesuffix("Z").partition(".")
    return calendar.timegm(time.strptime(second, "%Y-%m-%dT%H:%M:%S")) * 10**9 + int(fraction.ljust(9, "0"))


class MemoryWatch:
    """The most that a program held, looked at twenty times a second."""

    def __init__(self, program):
        self.first_mib = self.peak_mib = memory_mib(program)
        self._program, self._ended = program, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self):
        while not self._ended.wait(0.05):
            self.peak_mib = max(self.peak_mib, memory_mib(self._program))

    def growth_mib(self):
        return self.peak_mib - self.first_mib

    def end(self):
        self._ended.set()
        self._thread.join()


class Witness:
    """Hears all heartbeats of a hub: what its digests were, told by nobody in between."""

    def __init__(self, hub):
        self.digests = {}  # (prefix, state time in ns) -> digest
        self.sequences = {}  # prefix -> its last sequence
        self.feed_sequence = 0
        self._ended = threading.Event()
        self._socket = zmq.Context.instance().socket(zmq.SUB)
        self._socket.linger = 0
        self._socket.rcvhwm = 0
        self._socket.subscribe(b"@hb/")
        self._socket.connect(hub.feed)
        self._thread = threading.Thread(target=self._hear, daemon=True)
        self._thread.start()

    def _hear(self):
        while not self._ended.is_set():
            if not self._socket.poll(50):
                continue
            beat = json.loads(self._socket.recv_multipart()[-1])
            self.digests[beat["prefix"], nanoseconds(beat["state_time"])] = beat["digest"]
            self.sequences[beat["prefix"]] = int(beat["last_sequence"])
            self.feed_sequence = int(beat["feed_sequence"])
        self._socket.close()

    def end(self):
        self._ended.set()
        self._thread.join()

    def check(self, walls):
        """How many beats of each prefix could be compared with what the hub said; none may differ. A line tells the
        state after all that came with a beat: where an event came too, it is of another moment and proves nothing."""
        compared = collections.Counter()
        for line in list(walls.lines):
            kind = line.get("kind")
            expect(kind != "differs", f"{walls.name}: a digest differs: {line}")
            said = self.digests.get((line.get("prefix"), line.get("state_time_ns"))) if kind == "beat" else None
            if said is None:
                continue
            expect(said == line["digest"], f"{walls.name}: the hub says {said}: {line}")
            compared[line["prefix"]] += 1
        return compared


def wait_for_load(witness, events):
    wait_until(lambda: witness.feed_sequence >= events, f"{events} events on the feed")
