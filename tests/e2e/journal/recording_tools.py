"""What `gridwall recording` does with a real hub's journal: digests equal the live wall's, a piece and a copy fold to the
same state, exports hold every event, bookmarks name places. And what it refuses: places that are not there, files that are
there already, a file that is cut, changed or no recording; it says which, and leaves nothing half-made behind."""

import contextlib
import csv
import json
import os
import sqlite3
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import support
from support import event, expect, scattered

TYPES = ["incident.reported", "incident.accepted", "incident.filed", "incident.dispatched"]
EVENTS = 400
REFUSED = (1, 2)  # could not, or was asked wrongly


class Tool:
    def __init__(self, stage):
        self.stage = stage
        self.environment = {**os.environ, "GRIDWALL_ROOT": support.SOURCE}

    def run(self, *arguments):
        return subprocess.run([self.stage.gridwall, "recording", *arguments], capture_output=True, text=True,
                              timeout=support.PATIENCE_S, env=self.environment)

    def lines(self, *arguments):
        done = self.run(*arguments, "--json")
        expect(done.returncode == 0, f"recording {arguments}: {done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def one(self, *arguments):
        return self.lines(*arguments)[-1]

    def refused(self, says, *arguments):
        """It ends with a sentence that names what was wrong, and prints no result."""
        done = self.run(*arguments)
        expect(done.returncode in REFUSED, f"recording {arguments} ended with {done.returncode}: {done.stderr}")
        expect(says in done.stderr, f"recording {arguments} says: {done.stderr}")
        return done

    def digest(self, recording, *arguments):
        return self.one("digest", recording, *arguments)["digests"]


def record(stage, journal):
    """A day's beginning, and the digest of a wall that followed it."""
    hub = stage.hub(arguments=("--journal", journal))
    wall = stage.run("listen", "--state", "--connect", hub.requests, "--json", "--layers", stage.path("district.geojson"),
                     "--prefix", "320281/", "--prefix", "320281/001/", name="wall")
    wall.wait_state("live")
    sent = stage.send(hub, [event(f"case-{i // 4}", TYPES[i % 4], lonlat=scattered(i // 4)) for i in range(EVENTS)])
    expect(sent["accepted"] == EVENTS, f"{sent}")
    support.wait_until(lambda: wall.of_kind("state")[-1]["state"] == "live", "the wall in step")
    expect(hub.stop() == 0, "the hub ends in order")
    wall.stop()
    return {line["prefix"]: line for line in wall.of_kind("summary")}


def pieces_and_copies(tool, journal, whole):
    stage = tool.stage
    piece, copy = stage.path("piece.gwr"), stage.path("copy")
    expect(tool.run("bookmark", journal, "--at", "100", "--name", "water main").returncode == 0, "a bookmark is set")
    marks = tool.one("bookmark", journal)["bookmarks"]
    expect([(mark["sequence"], mark["name"]) for mark in marks] == [(100, "water main")], f"{marks}")

    cut = tool.one("cut", journal, "--from", "50", "--to", "150", "--out", piece)
    expect((cut["first_sequence"], cut["last_sequence"], cut["bookmarks"]) == (50, 150, 1), f"{cut}")
    expect(tool.one("verify", piece)["whole"] is True, "the piece is whole")
    at_mark = tool.digest(journal, "--at", "water main", "--prefix", "320281/001/")
    expect(tool.digest(piece, "--at", "100", "--prefix", "320281/001/") == at_mark, "the piece folds to the same state")

    listed = tool.one("backup", journal, "--out", copy)["files"]
    expect([os.path.basename(file) for file in listed] == [name for name in sorted(os.listdir(journal))
                                                           if name.endswith(".gwr")], f"{listed}")
    expect(tool.digest(copy) == whole and tool.one("verify", copy)["whole"] is True, "the copy is the same")
    expect(tool.one("bookmark", copy)["bookmarks"] == marks, "with its bookmarks")
    return piece, copy


def exports(tool, journal, piece):
    stage = tool.stage
    table, points, layer = stage.path("all.csv"), stage.path("all.geojson"), stage.path("piece.gpkg")
    expect(tool.one("export", journal, "--out", table)["events"] == tool.last, "every event")
    with open(table, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    expect([int(row["sequence"]) for row in rows] == list(range(1, tool.last + 1)), f"{rows[:1]}")
    expect(tool.one("export", journal, "--from", "water main", "--out", points)["events"] == tool.last - 99, "from a place")
    with open(points, encoding="utf-8") as file:
        expect(len(json.load(file)["features"]) == tool.last - 99, "as many points")
    expect(tool.one("export", piece, "--out", layer)["events"] == 101, "a piece")
    expect(os.path.getsize(layer) > 0, "as a layer")


def refusals(tool, journal, piece, copy):
    stage = tool.stage
    new = stage.path("new")
    tool.refused("no event is there", "digest", journal, "--at", str(tool.last + 1))
    tool.refused("no division", "digest", journal, "--prefix", "999/")
    tool.refused("bookmark's name", "cut", journal, "--from", "no such place", "--out", new + ".gwr")
    tool.refused("no event is there", "bookmark", journal, "--at", str(tool.last + 1), "--name", "beyond")
    before = os.path.getsize(piece)
    tool.refused("piece.gwr", "cut", journal, "--out", piece)
    expect(os.path.getsize(piece) == before, "what was there is not touched")
    tool.refused(".shp", "export", journal, "--out", new + ".shp")
    tool.refused("all.csv", "export", journal, "--out", stage.path("all.csv"))
    tool.refused(".gwr", "backup", journal, "--out", copy)
    tool.refused("absent.gwr", "digest", stage.path("absent.gwr"))
    left = [name for name in os.listdir(stage.path("")) if name.startswith("new")]
    expect(not left, f"nothing is left behind: {left}")


def blobs(recording, table, name):
    """Of a recording that nobody writes to."""
    with contextlib.closing(sqlite3.connect(f"file:{recording}?immutable=1", uri=True)) as database:
        return database.execute(f"SELECT {name}, zstd FROM {table}").fetchall()


def changed(whole, blob):
    """With one byte of the blob another one; a page that was given up may hold it once more."""
    content, at = bytearray(whole), whole.find(blob[:40])
    expect(at >= 0, "the blob is found in the file")
    while at >= 0:
        content[at + 24] ^= 0xff
        at = whole.find(blob[:40], at + 1)
    return bytes(content)


def damaged(tool, piece):
    """A byte of the events changed, the file cut, another file: told by each, and no piece is made of what was not read."""
    stage = tool.stage
    with open(piece, "rb") as file:
        whole = file.read()
    bad, new = stage.path("bad.gwr"), stage.path("from-bad")

    def write(content):
        for ending in ("", "-wal", "-shm"):
            if os.path.exists(bad + ending):
                os.remove(bad + ending)
        with open(bad, "wb") as file:
            file.write(content)

    write(b"no database at all " * 500)
    for action in (("info",), ("verify",), ("digest",), ("bookmark",), ("cut", "--out", new + ".gwr"),
                   ("export", "--out", new + ".csv"), ("backup", "--out", new)):
        tool.refused("bad.gwr", action[0], bad, *action[1:])
    for table, names in (("chunk", "first_sequence"), ("content", "id"), ("keyframe_part", "prefix")):
        rows = blobs(piece, table, names)
        expect(rows, f"{table}s are there")
        for name, blob in rows:
            write(changed(whole, blob))
            verify = tool.run("verify", bad, "--json")
            expect(verify.returncode == 1 and "bad.gwr" in verify.stdout, f"{table} {name}: {verify.stdout}{verify.stderr}")
            if table == "chunk":
                tool.refused(f"events {name} to", "digest", bad, "--at", "150")
                tool.refused(f"events {name} to", "cut", bad, "--out", new + ".gwr")
                tool.refused(f"events {name} to", "export", bad, "--out", new + ".csv")
    write(whole[:len(whole) // 2])
    told = tool.run("verify", bad, "--json")
    expect(told.returncode == 1, f"half a file is not whole: {told.stdout} {told.stderr}")
    left = [name for name in os.listdir(stage.path("")) if name.startswith("from-bad")
            and (os.path.isfile(stage.path(name)) or os.listdir(stage.path(name)))]
    expect(not left, f"nothing is made of a damaged file: {left}")


def story(stage):
    tool = Tool(stage)
    journal = stage.path("journal")
    live = record(stage, journal)
    tool.last = tool.one("info", journal)["segments"][-1]["last_sequence"]
    expect(tool.last >= EVENTS, "every event is in the journal")
    whole = tool.digest(journal)
    expect(whole["320281/"] == live["320281/"]["digest"] or live["320281/"]["sequence"] == tool.last, f"{whole} {live}")
    piece, copy = pieces_and_copies(tool, journal, whole)
    exports(tool, journal, piece)
    refusals(tool, journal, piece, copy)
    damaged(tool, piece)


support.main(story)
