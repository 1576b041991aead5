"""Keys and audit logs from the command line: what is made, listed, revoked and refused, with which exit code, and what
others may read."""

import hashlib
import json
import os
import stat
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import support
from support import expect


def run(stage, *arguments, code=0):
    done = subprocess.run([stage.gridwall, *arguments], capture_output=True, text=True, timeout=support.PATIENCE_S)
    expect(done.returncode == code, f"{arguments} ended with {done.returncode}, not {code}: {done.stdout}{done.stderr}")
    return done


def keys_story(stage):
    folder = stage.path("keys")
    desk = stage.path("desk.key")
    run(stage, "keys", "new", "hub", "--folder", folder)
    run(stage, "keys", "new", "client", "desk-1", "--role", "operator", "--out", desk, "--folder", folder)
    for file in (os.path.join(folder, "hub.key"), desk):
        expect(stat.S_IMODE(os.stat(file).st_mode) == 0o600, f"{file} is its owner's alone")
    with open(desk, encoding="utf-8") as text:
        before = text.read()

    again = run(stage, "keys", "new", "hub", "--folder", folder, code=1)
    expect("never overwritten" in again.stderr, again.stderr)
    taken = run(stage, "keys", "new", "client", "desk-2", "--role", "viewer", "--out", desk, "--folder", folder, code=1)
    expect(desk in taken.stderr, taken.stderr)
    in_force = run(stage, "keys", "new", "client", "desk-1", "--role", "viewer", "--out", stage.path("x"), "--folder",
                   folder, code=1)
    expect("keys revoke" in in_force.stderr, in_force.stderr)
    with open(desk, encoding="utf-8") as text:
        expect(text.read() == before, "the key file is as it was")

    for wrong in (["new"], ["new", "hub", "more"], ["new", "client"], ["new", "client", "a"], ["revoke"], ["bless", "a"],
                  ["new", "client", "a", "--role", "king"], ["list", "--role", "viewer"], []):
        refused = run(stage, "keys", *wrong, "--folder", folder, code=2)
        expect("keys --help" in refused.stderr, refused.stderr)
    expect("Example" in run(stage, "keys", "--help").stdout, "help has an example")

    listed = json.loads(run(stage, "keys", "list", "--json", "--folder", folder).stdout)
    expect([(client["seat"], client["roles"]) for client in listed["clients"]] == [("desk-1", ["operator"])], f"{listed}")
    expect("revoked" not in listed["clients"][0], f"{listed}")
    run(stage, "keys", "revoke", "desk-1", "--folder", folder)
    run(stage, "keys", "revoke", "desk-1", "--folder", folder, code=1)
    listed = json.loads(run(stage, "keys", "list", "--json", "--folder", folder).stdout)
    expect("revoked" in listed["clients"][0], f"{listed}")
    expect("desk-1" in run(stage, "keys", "list", "--folder", folder).stdout, "the list names the seat")


def audit_line(body, previous):
    """As src/hub/audit_chain.hpp describes it, made by other means."""
    text = f'{{{body},"previous":"{previous}"'
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f'{text},"hash":"{digest}"}}\n', digest


def audit_story(stage):
    folder = stage.path("audit")
    os.mkdir(folder)
    previous, continues = "0" * 64, ""
    for day in ("2026-11-21", "2026-11-22"):
        name = f"audit-{day}.jsonl"
        with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
            line, previous = audit_line(
                f'"time":"{day}T08:00:00Z","op":"audit.begins","version":1,"continues":"{continues}"', previous)
            out.write(line)
            for number in range(3):
                line, previous = audit_line(
                    f'"time":"{day}T08:00:0{number}Z","op":"command","seat":"席{number}","outcome":"accepted"', previous)
                out.write(line)
        continues = name
    good = json.loads(run(stage, "audit", "verify", folder, "--json").stdout)
    expect(good["fits"] and good["lines"] == 8 and good["last_hash"] == previous, f"{good}")
    run(stage, "audit", "verify", os.path.join(folder, continues))
    run(stage, "audit", "verify", folder, "--expect", previous)
    run(stage, "audit", "verify", folder, "--expect", "0" * 64, code=1)
    run(stage, "audit", "verify", folder, "--expect", "short", code=2)
    run(stage, "audit", code=2)
    run(stage, "audit", "verify", stage.path("nowhere"), code=1)

    first = os.path.join(folder, "audit-2026-11-21.jsonl")
    with open(first, encoding="utf-8") as text:
        lines = text.readlines()
    with open(first, "w", encoding="utf-8") as out:
        out.writelines(lines[:2] + lines[3:])
    bad = run(stage, "audit", "verify", folder, code=1)
    expect(f"{first}:3: " in bad.stdout, bad.stdout)


def story(stage):
    os.environ.setdefault("GRIDWALL_ROOT", support.SOURCE)
    keys_story(stage)
    audit_story(stage)


support.main(story)
