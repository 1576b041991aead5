"""131 subscribers with the prefixes of a district's 1 + 16 + 114 command sites: each hears exactly its own messages and its
ancestors', as a filter of the hub's journal says, and a wall of each has the hub's digest.

Also GRIDWALL_E2E_RATE and GRIDWALL_E2E_SEED (crowd_support)."""

import csv
import threading

import crowd_support as crowd
import support
import zmq
from support import expect, wait_until

EVENTS = 10_000
HEADER_SEQUENCE_AT = 32  # of the feed header, 8 bytes little-endian (src/wire/README.md)


def ancestors(path):
    segments = path.split("/")[:-2]
    return ["/".join(segments[:i + 1]) + "/" for i in range(len(segments))]


class Site:
    """A plain SUB socket that follows a path, and the sequences that it heard."""

    def __init__(self, hub, path):
        self.path = path
        self.heard = []
        self.beats = {}
        self.socket = zmq.Context.instance().socket(zmq.SUB)
        self.socket.linger = 0
        self.socket.rcvhwm = 0
        followed = [path, *(f"{ancestor}~" for ancestor in ancestors(path))]
        for prefix in followed:
            self.socket.subscribe(prefix.encode())
            self.socket.subscribe(f"@hb/{prefix}@".encode())
        self.socket.connect(hub.feed)

    def take(self, parts):
        if len(parts) == 3:
            self.heard.append(int.from_bytes(parts[1][HEADER_SEQUENCE_AT:HEADER_SEQUENCE_AT + 8], "little"))
        else:
            self.beats[parts[0].decode()] = parts[1]

    def is_mine(self, topic):
        return topic.startswith(self.path) or topic in {f"{ancestor}~" for ancestor in ancestors(self.path)}


class Sites:
    """All sites on one thread."""

    def __init__(self, hub, paths):
        self.sites = [Site(hub, path) for path in paths]
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._hear, daemon=True)
        self._thread.start()

    def _hear(self):
        poller = zmq.Poller()
        by_socket = {site.socket: site for site in self.sites}
        for socket in by_socket:
            poller.register(socket, zmq.POLLIN)
        while not self._ended.is_set():
            for socket, _ in poller.poll(50):
                for _ in range(1000):
                    try:
                        by_socket[socket].take(socket.recv_multipart(zmq.NOBLOCK))
                    except zmq.Again:
                        break

    def ready(self):
        """Each has heard the heartbeats of all that it follows."""
        return all(len(site.beats) == 1 + len(ancestors(site.path)) for site in self.sites)

    def end(self):
        self._ended.set()
        self._thread.join()
        for site in self.sites:
            site.socket.close()


def story(stage):
    crowd.say_seed("command_sites")
    district = crowd.District(stage)
    journal = stage.path("journal")
    hub = stage.hub(arguments=("--journal", journal))
    paths = [path for level in district.paths[:3] for path in level]
    expect(len(paths) == 1 + 16 + 114, f"{len(paths)} sites")
    witness = crowd.Witness(hub)
    sites = Sites(hub, paths)
    wait_until(sites.ready, "all sites to be subscribed")
    # Of every third path one process, so that each has all levels.
    groups = [crowd.start_walls(stage, hub, district, paths[i::3], f"walls {i}") for i in range(3)]
    for i, group in enumerate(groups):
        wait_until(lambda: {p for p, line in crowd.newest(group).items() if line["state"] == "live"} == set(paths[i::3]),
                   f"{group.name} to be in step")
    load = crowd.start_load(stage, hub, district)
    crowd.wait_for_load(witness, EVENTS)
    sent = crowd.end_load(load)
    last = crowd.status(stage, hub)["last_sequence"]
    for i, group in enumerate(groups):
        def all_equal():
            lines = crowd.newest(group, ("beat",))
            return all(path in lines and lines[path]["state"] == "live" and lines[path]["state_time_ns"] > quiet_since and
                       (path, lines[path]["state_time_ns"]) in witness.digests for path in paths[i::3])
        wait_until(lambda: witness.feed_sequence >= last, "the newest heartbeat")
        quiet_since = max(at for _, at in list(witness.digests))
        wait_until(all_equal, f"{group.name} to have all")
        expect(group.stop() == 0, f"{group.name} ends in step")
        compared = witness.check(group)
        expect(all(compared[path] > 0 for path in paths[i::3]), f"{group.name}: each was compared")
    # A later heartbeat comes after every event on the same connection.
    for site in sites.sites:
        site.beats.clear()
    wait_until(sites.ready, "a last heartbeat for every site")
    sites.end()
    witness.end()
    stage.check_journal(hub, journal, sent["sent"])

    table = stage.path("events.csv")
    export = stage.run("recording", "export", journal, "--out", table, name="export")
    expect(export.wait() == 0, "the journal is exported")
    with open(table, encoding="utf-8", newline="") as text:
        rows = [(int(row["sequence"]), row["path"]) for row in csv.DictReader(text)]
    expect([sequence for sequence, _ in rows] == list(range(1, last + 1)), f"the journal has all {last} events, once")
    summaries = {line["prefix"]: line for group in groups for line in group.of_kind("summary")}
    heard = 0
    for site in sites.sites:
        mine = [sequence for sequence, path in rows if site.is_mine(path)]
        expect(site.heard == mine, f"{site.path} heard {len(site.heard)}, of the journal {len(mine)} are its: "
               f"{sorted(set(mine) ^ set(site.heard))[:5]}")
        expect(mine, f"{site.path} has events")
        told = summaries[site.path]
        expect(told["restores"] > 1 or told["events"] == len(mine), f"a wall folds the same: {told}")
        heard += len(mine)
    print(f"131 sites heard {heard} messages of {last} events; the district alone {len(sites.sites[0].heard)}")


support.main(story)
