"""What tells a person goes in at every door and comes out at none: telephone numbers, identity numbers, plates, doors and
names in each field of each foreign feed, of our own events and of the register. Then everything that a real hub leaves
behind is searched, byte for byte: the feed as any subscriber hears it, the journal's files and what is packed in them,
its audit log, its own output, a listener's, the wall's, the status, and every form of export."""

import ctypes
import ctypes.util
import datetime
import glob
import json
import os
import re
import sqlite3
import subprocess
import sys
import threading

import zmq

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import support
from support import event, expect

SEEDS = ["13812345678", "139-8765-4321", "0512-85012345", "32028119900101123X", "苏B54321", "苏BD12345", "3栋2单元501室",
         "12-3-402", "3202 8119 9001 0112 34", "１３７１２３４５６７８", "pat.ob@example.org"]
NAMES = ["王小明", "欧阳小明"]  # not in prose: names cannot be told there, as the input field says
FEEDS = [("egova", "egova.json"), ("nyc311", "nyc311.csv"), ("boston311", "boston311.csv"), ("open311", "open311.json"),
         ("open311", "open311.xml"), ("usgs", "usgs.geojson"), ("cap", "cap.xml"), ("eido", "eido.json")]
ROWS = 4  # of a table
PROSE = re.compile(r'(<(?:cap:)?(?:headline|description|instruction|event)>|"title": ?")$')
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


# --- what goes in ----------------------------------------------------------------------------------------------------


def values_of(text, name):
    """Where a feed's values stand: cells below the header, between tags, in quotes and not followed by a colon."""
    if name.endswith(".csv"):
        begin = text.index("\n") + 1
        return [match.span() for match in re.finditer(r"[^,\n\"]+", text) if match.start() >= begin]
    if name.endswith(".xml"):
        return [match.span(1) for match in re.finditer(r">([^<>]+)<", text) if match.group(1).strip()]
    return [match.span(1) for match in re.finditer(r'"([^"]*)"(\s*:)?', text) if match.group(1) and not match.group(2)]


def spoilt_feeds(stage):
    """Events of feeds in which one value at a time is a seed, as their maps let them through; and how many there are."""
    events, turn = [], 0
    for map_name, name in FEEDS:
        with open(os.path.join(support.SOURCE, "tests/data/feeds", name), encoding="utf-8") as file:
            text = file.read()
        if name.endswith(".csv"):
            text = "".join(text.splitlines(keepends=True)[: 1 + ROWS])
        before = len(events)
        for begin, end in values_of(text, name):
            seeds = SEEDS + ([] if PROSE.search(text[:begin]) else NAMES)
            seed = seeds[turn % len(seeds)]
            turn += 1
            spoilt, mapped = stage.path("spoilt-" + name), stage.path("mapped.jsonl")
            with open(spoilt, "w", encoding="utf-8") as out:
                out.write(text[:begin] + seed + text[end:])
            done = run(stage, "send", spoilt, "--map", map_name, "--dry-run", "-o", mapped)
            if done.returncode != 0:
                continue  # refused as a whole
            with open(mapped, encoding="utf-8") as lines:
                events += [json.loads(line) for line in lines]
        expect(len(events) - before > 8, f"{name}: most of it has to be mapped")
    return events


def own_events():
    """Each member of our own events, one at a time."""
    def entry(kind, **properties):
        made = event("s-1", kind)
        made["data"]["properties"] = {"crs": "EPSG:4326", "table": "stations", **properties}
        return made

    for seed in SEEDS + NAMES:
        yield event(seed)
        yield event("case", id=seed)
        yield event("case", source=f"/desk/{seed}")
        yield event("case", type=f"incident.{seed}")
        for member in ("class", "class_set", "channel", "department", "division", "reason", "description", "reporter",
                       "condition", "limit"):
            made = event("case-" + member)
            made["data"]["properties"][member] = seed
            yield made
        for kind in ("site.status", "metric.value", "task.step", "notice.posted"):
            for member in ("table", "entity", "column", "state", "tier", "step", "period", "checked", "contact"):
                yield entry(kind, **{member: [seed] if member == "checked" else seed})
            yield entry(kind, text="请联系 " + seed if seed not in NAMES else "请联系值班室")
            yield {**entry(kind), "subject": seed}


def as_new(events):
    """Of now and each of its own id, so that nothing is too old or known already."""
    now = datetime.datetime.now(datetime.timezone.utc).isoformat()
    for number, one in enumerate(events):
        one = dict(one, time=now)
        if one["id"] not in SEEDS + NAMES:
            one["id"] = f"{one['id']}#{number}"
        yield one


# --- what comes out --------------------------------------------------------------------------------------------------


class Feed(threading.Thread):
    """Everything that is published, as it comes over the socket."""

    def __init__(self, endpoint):
        super().__init__(daemon=True)
        self.bytes, self.messages, self._ended = bytearray(), 0, False
        self._socket = zmq.Context.instance().socket(zmq.SUB)
        self._socket.rcvtimeo, self._socket.linger = 100, 0
        self._socket.setsockopt(zmq.RCVHWM, 0)
        self._socket.connect(endpoint)
        self._socket.subscribe(b"")
        self._socket.subscribe(b"@hb/320281/@")
        self.start()

    def run(self):
        while not self._ended:
            try:
                self.bytes += b"\n".join(self._socket.recv_multipart())
                self.messages += 1
            except zmq.Again:
                pass

    def end(self):
        self._ended = True
        self.join()
        return bytes(self.bytes)


def unpacked(frame):
    """A zstd frame's bytes; None where it is none."""
    library = ctypes.CDLL(ctypes.util.find_library("zstd") or "libzstd.so.1")
    library.ZSTD_getFrameContentSize.restype = ctypes.c_ulonglong
    library.ZSTD_decompress.restype = ctypes.c_size_t
    size = library.ZSTD_getFrameContentSize(frame, ctypes.c_size_t(len(frame)))
    if size >= 1 << 40:
        return None
    room = ctypes.create_string_buffer(max(1, size))
    got = library.ZSTD_decompress(room, ctypes.c_size_t(size), frame, ctypes.c_size_t(len(frame)))
    return room.raw[:got] if got == size else None


def journal_bytes(folder):
    """Each file as it lies there, and each value of each table, unpacked where it is packed."""
    out, frames = {}, 0
    for file in glob.glob(os.path.join(folder, "**"), recursive=True):
        if not os.path.isfile(file):
            continue
        with open(file, "rb") as content:
            out[file] = content.read()
        if not file.endswith(".gwr"):
            continue
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
            tables = [row[0] for row in database.execute("select name from sqlite_master where type = 'table'")]
            for table in tables:
                for row in database.execute(f'select * from "{table}"'):
                    for value in row:
                        if isinstance(value, bytes) and value.startswith(ZSTD_MAGIC):
                            content = unpacked(value)
                            expect(content is not None, f"{file} {table}: a frame that cannot be unpacked")
                            frames += 1
                            out[f"{file} {table} {frames}"] = content
    expect(frames > 0, "the journal's chunks are found")
    return out


def run(stage, *arguments):
    environment = {**os.environ, "GRIDWALL_ROOT": support.SOURCE}
    return subprocess.run([stage.gridwall, *arguments], capture_output=True, timeout=support.PATIENCE_S, env=environment)


def exported(stage, journal):
    out = {}
    for ending in ("csv", "geojson", "gpkg"):
        file = stage.path("export." + ending)
        done = run(stage, "recording", "export", journal, "--out", file)
        expect(done.returncode == 0, f"export: {done.stderr}")
        with open(file, "rb") as content:
            out[file] = content.read() + done.stdout + done.stderr
        expect(len(out[file]) > 1000, f"{file} holds the events")
    for what in ("info", "verify", "digest"):
        done = run(stage, "recording", what, journal, "--json")
        out["recording " + what] = done.stdout + done.stderr
    return out


def search(places):
    for where, content in places.items():
        for seed in SEEDS + NAMES:
            at = content.find(seed.encode())
            expect(at < 0, f"{seed} stands in {where}: ...{content[max(0, at - 200):at + 80]!r}")


def story(stage):
    journal, log, wall_log = stage.path("journal"), stage.path("hub.log"), stage.path("wall.log")
    shell = ["/bin/sh", "-c", 'log="$1"; shift; exec "$@" 2>"$log"', "sh"]
    real, stage.gridwall = stage.gridwall, shell[0]
    plain_run = stage.run
    stage.run = lambda *arguments, name=None: plain_run(*shell[1:], log, real, *arguments, name=name or arguments[0])
    hub = stage.hub(arguments=("--journal", journal))
    stage.run, stage.gridwall = plain_run, real
    feed = Feed(hub.feed)
    listener = stage.listener(hub, "--prefix", "320281/")
    picture = stage.path("wall.png")
    stage.gridwall = shell[0]
    wall = stage.run(*shell[1:], wall_log, real, "wall", "--connect", hub.requests, "--layers",
                     stage.path("district.geojson"), "--headless", "--json", "--size", "960x540", "--screenshot",
                     picture, "--metrics-out", stage.path("wall.json"), name="wall")
    stage.gridwall = real
    wall.wait_state("live")

    expect(b"13812345678" in b"..13812345678..", "the search finds what is there")
    sent = list(as_new(spoilt_feeds(stage) + list(own_events())))
    answer = stage.send(hub, sent, expected_code=1)
    print({key: answer[key] for key in ("lines", "accepted", "refused", "duplicate")}, flush=True)
    expect(answer["accepted"] > len(sent) * 0.6, f"most of it goes through, without what tells a person: {answer}")
    expect(answer["unanswered"] == 0, f"{answer}")
    support.wait_until(lambda: feed.messages >= answer["accepted"] * 0.9, "the feed to have told them")
    wall.wait_line(lambda line: line.get("kind") == "drawn" and line["open"] > 0, "the cases drawn")

    status = run(stage, "status", "--connect", hub.requests, "--json").stdout
    scrubbed = json.loads(status)["hub"]["scrubbed"] if "hub" in json.loads(status) else json.loads(status)["scrubbed"]
    print(scrubbed, flush=True)
    expect(sum(scrubbed.values()) > 500, f"what was masked is counted: {scrubbed}")

    wall.send_signal(15)
    expect(wall.wait() == 0 and listener.stop() == 0 and hub.stop() == 0, "all end in order")
    places = {"the feed": feed.end(), "status": status}
    for name, program in (("hub", hub), ("wall", wall), ("listener", listener)):
        places["what the " + name + " says"] = "\n".join(
            json.dumps(line, ensure_ascii=False) for line in program.lines).encode()
    for file in (log, wall_log, stage.path("wall.json"), picture):
        with open(file, "rb") as content:
            places[file] = content.read()
    places.update(journal_bytes(journal))
    places.update(exported(stage, journal))
    search(places)
    print(f"{len(places)} places, {sum(len(content) for content in places.values()):,} bytes searched", flush=True)


support.main(story)
