"""Foreign files reach a hub through `send --map`: counts and quality told, the same file twice gives duplicates, a changed
record only its new events, alerts keep their id, personal data stays outside, bad files are one sentence."""

import csv
import datetime
import json
import subprocess
import sys
import zoneinfo

sys.path.insert(0, __file__.rsplit("/", 2)[0])
from support import PATIENCE_S, SOURCE, Stage, expect, wait_until  # noqa: E402

NEW_YORK = zoneinfo.ZoneInfo("America/New_York")
NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)


def american(time):
    return time.astimezone(NEW_YORK).strftime("%m/%d/%Y %I:%M:%S %p")


def write_requests(path, closed):
    created = NOW - datetime.timedelta(hours=5)
    rows = [["Unique Key", "Created Date", "Closed Date", "Status", "Due Date", "Complaint Type", "Incident Address", "Mood"],
            ["1", american(created), american(NOW) if closed else "", "Closed" if closed else "Open",
             american(created + datetime.timedelta(hours=1)), "Noise", "1 SECRET STREET", "bad"],
            ["2", american(created), "", "Open", "", "Noise", "2 SECRET STREET", "bad"],
            ["", american(created), "", "Open", "", "Noise", "3 SECRET STREET", "bad"]]
    with open(path, "w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(rows)


def cap(identifier, kind, references=""):
    return f"""<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>{identifier}</identifier><sender>qx</sender>
      <sent>{NOW.isoformat()}</sent><status>Actual</status><msgType>{kind}</msgType><scope>Public</scope>
      <references>{references}</references>
      <info><language>zh-CN</language><category>Met</category><event>暴雨</event><urgency>Immediate</urgency>
      <severity>Severe</severity><certainty>Observed</certainty><description>电话13812345678</description>
      <area><areaDesc>a</areaDesc><polygon>31.0,120.0 31.0,120.1 31.1,120.1 31.0,120.0</polygon></area></info></alert>"""


def send(stage, hub, arguments, expected_code=0):
    sender = stage.run("send", *arguments, "--connect", hub.requests, "--json", "--patience", str(PATIENCE_S))
    code = sender.wait()
    expect(code == expected_code, f"send ended with {code}: {sender.lines}")
    return sender.lines[-1]


def requests_twice_and_changed(stage, hub):
    path = stage.path("requests.csv")
    write_requests(path, closed=False)
    first = send(stage, hub, ["--map", "nyc311", path])
    mapped = first["mapped"]
    expect(mapped["records"] == 3 and mapped["events"] == 2 and mapped["skipped_records"] == 1, mapped)
    expect(mapped["skipped"][0]["line"] == 4 and "Unique Key" in mapped["skipped"][0]["reason"], mapped)
    expect(mapped["unknown_members"] == ["Mood"], mapped)
    expect(first["accepted"] == 2, first)
    again = send(stage, hub, ["--map", "nyc311", path])
    expect(again["accepted"] == 0 and again["duplicate"] == 2, again)
    write_requests(path, closed=True)
    changed = send(stage, hub, ["--map", "nyc311", path])
    expect(changed["accepted"] == 3 and changed["duplicate"] == 2, changed)


def alerts_keep_their_id(stage, hub, listener):
    path = stage.path("alert.xml")
    with open(path, "w", encoding="utf-8") as out:
        out.write(f"<all>{cap('A1', 'Alert')}{cap('A2', 'Update', 'qx,A1,' + NOW.isoformat())}</all>")
    sent = send(stage, hub, ["--map", "cap", "--lang", "zh", path])
    # Both say the same moment, and are the same step of the same alert.
    expect(sent["mapped"]["doubts"]["repeated_event"] == 1 and sent["accepted"] == 1, sent)
    wait_until(lambda: listener.poll_alive() and "alert.raised" in listener.text(), "the alert at the listener")
    expect("13812345678" not in listener.text(), "a telephone number passed the hub")
    expect("SECRET" not in listener.text(), "an address passed the map")


def dry_run_and_bad_files(stage):
    def run(*arguments):
        return subprocess.run([stage.gridwall, "send", *arguments], capture_output=True, text=True, timeout=PATIENCE_S,
                              env={"GRIDWALL_ROOT": SOURCE, "PATH": "/usr/bin"})

    out = stage.path("events.jsonl")
    sample = f"{SOURCE}/tests/data/feeds/boston311.csv"
    done = run("--map", "boston311", sample, "--dry-run", "-o", out)
    expect(done.returncode == 0 and done.stdout.startswith("36 records: "), done.stdout + done.stderr)
    with open(out, encoding="utf-8") as lines:
        events = [json.loads(line) for line in lines]
    expect(len({event["id"] for event in events}) == len(events) > 100, len(events))
    expect(any("deadline" in event["data"]["properties"] for event in events), "deadlines are written")
    bad = run("--map", "nyc311", sample, "--dry-run", "-o", out)
    expect(bad.returncode == 1 and bad.stderr.count("\n") == 1 and "boston311.csv: line 1:" in bad.stderr, bad.stderr)
    unknown = run("--map", "nyc312", sample)
    expect(unknown.returncode == 2 and "known: boston311, cap, egova, eido, nyc311" in unknown.stderr, unknown.stderr)
    alone = run(sample, "--dry-run")
    expect(alone.returncode == 2, alone.stderr)


def main(gridwall):
    with Stage(gridwall) as stage:
        dry_run_and_bad_files(stage)
        hub = stage.hub()
        listener = stage.listener(hub)
        listener.text = lambda: json.dumps(list(listener.lines))
        listener.poll_alive = lambda: listener.process.poll() is None
        requests_twice_and_changed(stage, hub)
        alerts_keep_their_id(stage, hub, listener)


if __name__ == "__main__":
    main(sys.argv[1])
