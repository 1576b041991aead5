"""Kill -9 at random moments under load: every acknowledged event is in the journal, none is doubled, and the walls that
stayed are in step again with equal digests. One publisher sends again whatever was not answered, with the same ids; the
other one, after each kill, everything that it sent of late, answered or not.

GRIDWALL_E2E_KILLS: how many kills (default 20). GRIDWALL_E2E_SEED repeats one run."""

import csv
import json
import os
import random
import signal
import sys
import time

import zmq

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import support
from support import event, expect, scattered

KILLS = int(os.environ.get("GRIDWALL_E2E_KILLS", "20"))
SEED = int(os.environ.get("GRIDWALL_E2E_SEED", str(random.randrange(1 << 30))))
BATCH = 20
NEW_PER_KILL = 60  # messages of new events; then earlier ones again, so that the state stays one of a district
OF_LATE = 200  # messages that the second publisher sends again; some of them went through several hubs


class Publisher:
    """Sends arrays of events; keeps what was durably accepted; sends again what was not answered."""

    def __init__(self, endpoint, name):
        self.name = name
        self.context = zmq.Context()
        self.endpoint = endpoint
        self.socket = None
        self.sent = []          # (ids, text) of every message
        self.accepted = {}      # id -> sequence, acknowledged as durable
        self.waiting = {}       # request -> (ids, text, when)
        self.next_request = 0
        self.connect()

    def connect(self):
        if self.socket is not None:
            self.socket.close(0)
        self.socket = self.context.socket(zmq.DEALER)
        self.socket.setsockopt(zmq.RECONNECT_IVL, 50)
        self.socket.connect(self.endpoint)

    def send_new(self, number):
        events = [event(f"{self.name}-{number * BATCH + i}", lonlat=scattered(number * BATCH + i)) for i in range(BATCH)]
        self.sent.append(([one["id"] for one in events], json.dumps(events).encode()))
        self.send_again(self.sent[-1])

    def send_again(self, message):
        self.next_request += 1
        self.waiting[self.next_request] = (*message, time.monotonic())
        self.socket.send_multipart([str(self.next_request).encode(), b"", message[1]])

    def hear(self, wait_ms):
        if not self.socket.poll(wait_ms):
            return
        while self.socket.poll(0):
            request, _, said = self.socket.recv_multipart()
            ids, text, _ = self.waiting.pop(int(request), (None, None, None))
            if ids is None:
                continue
            answers = json.loads(said)["answers"]
            again = False
            for one, answer in zip(ids, answers if len(answers) == len(ids) else answers * len(ids)):
                if answer["status"] in ("accepted", "duplicate"):
                    expect(answer["durable"], f"with a journal an answer comes when it is durable: {answer}")
                    known = self.accepted.setdefault(one, answer["sequence"])
                    expect(known == answer["sequence"], f"{one} was {known} and is {answer['sequence']}")
                else:
                    expect(answer["reason"] in ("not_stored", "rate_limited"), f"refused: {answer}")
                    again = True
            if again:
                self.send_again((ids, text))

    def resend_unanswered(self, older_than_s):
        now = time.monotonic()
        for request, (ids, text, when) in list(self.waiting.items()):
            if now - when > older_than_s:
                del self.waiting[request]
                self.send_again((ids, text))

    def resend_everything(self):
        """The answers that come twice must be the same."""
        self.resend_unanswered(0)
        for message in self.sent[-OF_LATE:]:
            self.send_again(message)


def once_each(stage, journal, publishers):
    """Of every event the journal has one, where it was acknowledged."""
    table = stage.path("events.csv")
    export = stage.run("recording", "export", journal, "--out", table, name="export")
    expect(export.wait() == 0, "the journal is exported")
    with open(table, encoding="utf-8", newline="") as text:
        stored = {}
        for row in csv.DictReader(text):
            if row["source"] == "e2e":
                expect(row["id"] not in stored, f"{row['id']} stands twice in the journal: {row}")
                stored[row["id"]] = int(row["sequence"])
    accepted = {key: sequence for publisher in publishers for key, sequence in publisher.accepted.items()}
    wrong = [(key, stored.get(key), accepted.get(key)) for key in stored.keys() | accepted.keys()
             if stored.get(key) != accepted.get(key)]
    expect(not wrong, f"{len(stored)} stored, {len(accepted)} acknowledged; {len(wrong)} differ, as {wrong[:3]}")


def story(stage):
    print(f"seed {SEED}: GRIDWALL_E2E_SEED={SEED} GRIDWALL_E2E_KILLS={KILLS} repeats it")
    dice = random.Random(SEED)
    journal = stage.path("journal")
    hub = stage.hub(arguments=("--journal", journal))
    wall = stage.run("listen", "--state", "--connect", hub.requests, "--json", "--layers", stage.path("district.geojson"),
                     "--prefix", "320281/", "--prefix", "320281/001/", "--prefix", "320281/002/001/", name="walls")
    publishers = [Publisher(hub.requests, name) for name in ("careful", "eager")]
    number = 0
    for kill in range(KILLS):
        until = time.monotonic() + dice.uniform(0.1, 0.8)
        while time.monotonic() < until:
            for publisher in publishers:
                if len(publisher.waiting) < 20 and number < (kill + 1) * NEW_PER_KILL:
                    publisher.send_new(number)
                    number += 1
                elif len(publisher.waiting) < 20 and publisher.sent:
                    publisher.send_again(dice.choice(publisher.sent))
                publisher.hear(1)
        hub.kill()
        hub = stage.hub(requests=hub.requests, feed=hub.feed, arguments=("--journal", journal))
        for publisher in publishers:
            publisher.connect()
        publishers[0].resend_unanswered(0)
        publishers[1].resend_everything()
    deadline = time.monotonic() + support.PATIENCE_S
    for publisher in publishers:
        while len(publisher.accepted) < len(publisher.sent) * BATCH:
            expect(time.monotonic() < deadline, f"{len(publisher.accepted)} of {len(publisher.sent)} x {BATCH} in time")
            publisher.hear(50)
            publisher.resend_unanswered(5)
    sent_count = sum(len(publisher.sent) for publisher in publishers) * BATCH
    expect(sent_count > KILLS * BATCH, "there was a load")

    # Twice the same is a duplicate with the sequence that was acknowledged, however many hubs died in between.
    first_ids = [dict(publisher.accepted) for publisher in publishers]
    for publisher in publishers:
        for message in publisher.sent:
            publisher.send_again(message)
            while len(publisher.waiting) > 10:
                publisher.hear(50)
        while publisher.waiting:
            publisher.hear(50)
            expect(time.monotonic() < deadline + support.PATIENCE_S, "answers to the repetition")
    expect([publisher.accepted for publisher in publishers] == first_ids, "a repetition changes nothing")
    sequences = sorted(sequence for accepted in first_ids for sequence in accepted.values())
    expect(len(set(sequences)) == len(sequences), "no two events share a sequence")

    def in_step():
        last = {line["prefix"]: line for line in wall.of_kind("state")}
        return len(last) == 3 and all(line["state"] == "live" for line in last.values())

    support.wait_until(in_step, "all walls in step")
    expect(wall.stop() == 0, "the walls end in step")
    whole = next(line for line in wall.of_kind("summary") if line["prefix"] == "320281/")
    expect(whole["incidents"] == sent_count, f"{whole['incidents']} cases of {sent_count}: {whole}")
    expect(whole["digests_compared"] > 0, f"{whole}")
    stage.check_journal(hub, journal, sent_count)
    once_each(stage, journal, publishers)


support.main(story)
