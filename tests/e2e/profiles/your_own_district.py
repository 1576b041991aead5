"""config/profiles/your-own-district.md does what it says: its command blocks run as they stand, in order, beside the hub
that it starts; a mistake is told; the pictures are there; the sensitive case is counted as moved to the middle."""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
PAGE = os.path.join(ROOT, "config", "profiles", "your-own-district.md")
PATIENCE_S = 240


def expect(condition, message):
    if not condition:
        raise AssertionError(message)


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [str(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports


def blocks_of(page):
    """The blocks of commands in order, those for the hub's terminal marked."""
    with open(page, encoding="utf-8") as file:
        text = file.read()
    return [(name == " hub", body) for name, body in re.findall(r"^```sh( hub)?\n(.*?)^```$", text, re.M | re.S)]


def main(gridwall):
    requests, feed = free_ports(2)
    with tempfile.TemporaryDirectory(prefix="gridwall-own-") as folder:
        work = os.path.join(folder, "work")
        tools = os.path.join(folder, "bin")
        os.mkdir(tools)
        os.symlink(os.path.abspath(gridwall), os.path.join(tools, "gridwall"))
        environment = dict(os.environ, WORK=work, GRIDWALL_ROOT=ROOT, XDG_CACHE_HOME=os.path.join(folder, "cache"),
                           PATH=tools + os.pathsep + os.environ["PATH"])
        said, hub = "", None
        try:
            for number, (is_hub, body) in enumerate(blocks_of(PAGE)):
                body = body.replace("5700", requests).replace("5701", feed)
                where = ROOT if number == 0 else work
                if is_hub:
                    hub = subprocess.Popen(["bash", "-ec", "exec " + body], cwd=where, env=environment,
                                           stdout=subprocess.PIPE, text=True)
                    expect(hub.stdout.readline().startswith("ready"), "the hub is ready")
                    continue
                done = subprocess.run(["bash", "-euo", "pipefail", "-c", body], cwd=where, env=environment,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=PATIENCE_S)
                expect(done.returncode == 0, f"block {number + 1} ended with {done.returncode}:\n{body}\n{done.stdout}")
                said += done.stdout
            expect("Nothing to complain of." in said, "the layer is clean")
            expect("1 files, 0 findings" in said, said)
            expect("did you mean world_crs?" in said and "not good yet" in said, said)
            for picture in ("map.png", "demo.png", "wall.png"):
                with open(os.path.join(work, picture), "rb") as file:
                    expect(file.read(8) == b"\x89PNG\r\n\x1a\n", f"{picture} is a picture")
            status = subprocess.run([gridwall, "status", "--connect", f"tcp://127.0.0.1:{requests}", "--json"],
                                    env=environment, stdout=subprocess.PIPE, text=True, timeout=PATIENCE_S, check=True)
            counts = json.loads(status.stdout)
            expect(counts["accepted"] == 1 and counts["coarsened"] == 1, status.stdout)
            expect(sum(counts["scrubbed"].values()) == 0, status.stdout)
        finally:
            if hub is not None:
                hub.terminate()
                hub.communicate(timeout=PATIENCE_S)


main(sys.argv[1])
