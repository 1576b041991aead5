"""What the end-to-end tests share: real processes that are always ended, a small district, a proxy that delays.

A test waits for a condition with a generous patience, never for a fixed time. Standard library only.
"""

import collections
import datetime
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

PATIENCE_S = 120
SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def wait_until(condition, what, patience_s=PATIENCE_S):
    deadline = time.monotonic() + patience_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {patience_s} s for {what}")
        time.sleep(0.02)


def expect(condition, message):
    if not condition:
        raise AssertionError(message)


class Program:
    """One gridwall process; its JSON lines are read as they come."""

    def __init__(self, arguments, name):
        self.name = name
        environment = dict(os.environ)
        environment.setdefault("GRIDWALL_ROOT", SOURCE)
        self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=environment)
        self.lines = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(json.loads(line) if line.startswith("{") else {"kind": "text", "text": line})

    def of_kind(self, kind):
        return [line for line in list(self.lines) if line.get("kind") == kind]

    def states(self):
        return [line["state"] for line in self.of_kind("state")]

    def wait_line(self, condition, what):
        def found():
            for line in list(self.lines):
                if condition(line):
                    return line
            expect(self.process.poll() is None or self._reader.is_alive(), f"{self.name} ended before {what}")
            return None

        return wait_until(found, f"{self.name}: {what}")

    def wait_state(self, state, after=0):
        """The first line with that state behind the first `after` lines."""
        return wait_until(
            lambda: next((line for line in list(self.lines)[after:] if line.get("state") == state), None),
            f"{self.name} to be {state}")

    def send_signal(self, number):
        self.process.send_signal(number)

    def stop(self):
        """Asks it to end in order; returns the exit code, with all its lines read."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self):
        try:
            code = self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"{self.name} did not end") from None
        self._reader.join(PATIENCE_S)
        return code

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


class Stage:
    """Owns every process and file of one test; leaves nothing behind, whatever happens."""

    def __init__(self, gridwall):
        self.gridwall = gridwall
        self.programs = []
        self._folder = tempfile.TemporaryDirectory(prefix="gridwall-e2e-")

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        for program in self.programs:
            if error is not None:
                print(f"--- {program.name}: the last of {len(program.lines)} lines", file=sys.stderr)
                for line in program.lines[-5:]:
                    print("   ", json.dumps(line), file=sys.stderr)
            program.kill()
        self._folder.cleanup()

    def path(self, name):
        return os.path.join(self._folder.name, name)

    def run(self, *arguments, name=None):
        program = Program([self.gridwall, *arguments], name or arguments[0])
        self.programs.append(program)
        return program

    def hub(self, requests="tcp://127.0.0.1:*", feed="tcp://127.0.0.1:*", arguments=()):
        layer = self.path("district.geojson")
        if not os.path.exists(layer):
            write_district(layer)
        hub = self.run("hub", "--layers", layer, "--requests", requests, "--feed", feed, "--json", *arguments)
        ready = hub.wait_line(lambda line: line.get("kind") == "ready", "to be ready")
        hub.requests, hub.feed = ready["requests"], ready["feed"]
        return hub

    def listener(self, hub, *arguments, name="listen"):
        listener = self.run("listen", "--connect", hub.requests, "--json", *arguments, name=name)
        listener.wait_state("live")
        return listener

    def check_journal(self, hub, journal, acknowledged):
        """Ends the hub and has its journal verified, with no fewer events than were acknowledged; what verify said."""
        expect(hub.stop() == 0, "the hub ends in order")
        verify = self.run("recording", "verify", journal, "--json", name="verify")
        expect(verify.wait() == 0, f"the journal is whole: {verify.lines[-1:]}")
        said = verify.lines[-1]
        expect(said["events"] >= acknowledged, f"{said['events']} events of {acknowledged} acknowledged: {said}")
        return said

    def send(self, hub, events, expected_code=0):
        file = self.path(f"events-{len(self.programs)}.jsonl")
        with open(file, "w", encoding="utf-8") as out:
            for event in events:
                out.write(event if isinstance(event, str) else json.dumps(event))
                out.write("\n")
        sender = self.run("send", file, "--connect", hub.requests, "--json", "--patience", str(PATIENCE_S))
        code = sender.wait()
        expect(code == expected_code, f"send ended with {code}, expected {expected_code}: {sender.lines}")
        return sender.lines[-1]


def write_district(path):
    """Four grids of 0.05 degrees in two towns of one district, from 120.0 east, 31.0 north."""

    def square(x, y, width, height):
        return [[[x, y], [x + width, y], [x + width, y + height], [x, y + height], [x, y]]]

    features = [("320281", "District", square(120.0, 31.0, 0.1, 0.1))]
    for town in range(2):
        code = f"320281{town + 1:03d}"
        features.append((code, f"Town {town + 1}", square(120.0 + 0.05 * town, 31.0, 0.05, 0.1)))
        for grid in range(2):
            features.append((f"{code}{grid + 1:03d}", f"Grid {town + 1}.{grid + 1}",
                             square(120.0 + 0.05 * town, 31.0 + 0.05 * grid, 0.05, 0.05)))
    layer = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"code": code, "name": name},
         "geometry": {"type": "Polygon", "coordinates": rings}} for code, name, rings in features]}
    with open(path, "w", encoding="utf-8") as out:
        json.dump(layer, out)


_next_id = iter(range(1, 1 << 60))


def event(incident, type="incident.reported", lonlat=(120.01, 31.01), **changes):
    """One event now; `lonlat` None sends it without a place. Its id is none that could be read as a telephone number."""
    result = {
        "specversion": "1.0", "id": f"event{next(_next_id)}of{os.getpid()}", "source": "e2e", "type": type,
        "time": datetime.datetime.now(datetime.timezone.utc).isoformat(), "subject": incident,
        "data": {"type": "Feature", "geometry": None, "properties": {"class": "E04.06", "channel": "collector"}},
    }
    if lonlat is not None:
        result["data"]["geometry"] = {"type": "Point", "coordinates": list(lonlat)}
        result["data"]["properties"]["crs"] = "EPSG:4326"
    result.update(changes)
    return result


def scattered(number):
    """A point of the small district, by number."""
    return (120.0005 + 0.099 * (number * 37 % 101) / 101, 31.0005 + 0.099 * (number * 53 % 97) / 97)


class DelayProxy:
    """A TCP relay to `target`; what comes back is held for `delay_s`, in order. It may change as it runs."""

    def __init__(self, target):
        self.delay_s = 0.0
        host, port = target.removeprefix("tcp://").split(":")
        self._target = (host, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._relay, args=(client,), daemon=True).start()

    def _relay(self, client):
        held = collections.deque()  # (when to pass it on, bytes)
        try:
            server = socket.create_connection(self._target)
        except OSError:  # the target is gone: so are we
            client.close()
            return
        with client, server:
            while True:
                now = time.monotonic()
                while held and held[0][0] <= now:
                    client.sendall(held.popleft()[1])
                wait_s = max(0.0, min(0.05, held[0][0] - now)) if held else 0.05
                readable, _, _ = select.select([client, server], [], [], wait_s)
                for source in readable:
                    data = source.recv(1 << 16)
                    if not data:
                        return
                    if source is client:
                        server.sendall(data)
                    else:
                        held.append((time.monotonic() + self.delay_s, data))

    def close(self):
        self._listener.close()


def main(story):
    """Runs `story(stage)` with the program that the command line names."""
    with Stage(sys.argv[1]) as stage:
        story(stage)
    print("ok")
