"""A publisher that keeps a steady rate until it is told to end, then prints how it went: cases through their courses all
over a district, some that move, some that name a division and no place. Its places are a file of crowd_support.

load.py ENDPOINT PLACES RATE SEED. A JSON line a second with what was answered; SIGTERM ends it."""

import json
import random
import signal
import sys
import time

import zmq

STEPS_A_SECOND = 100
WAITING_MAX = 50  # messages without an answer; then the hub is behind and the load waits for it
OPEN_CASES = 2000
COURSE = ["reported", "accepted", "filed", "dispatched", "handling_started", "handled", "closed"]
TEMPLATE = ('{"specversion":"1.0","id":"%s-%d","source":"/e2e/load","type":"incident.%s","time":"%s","subject":"%s",'
            '"data":{"type":"Feature","geometry":%s,"properties":{%s"class_set":"GB/T 30428.2-2013","class":"E04.06",'
            '"severity":3,"channel":"collector","department":"Urban management"}}}')


class Cases:
    """The next event of some case, as text."""

    def __init__(self, places, seed):
        self.dice = random.Random(seed)
        self.name = f"L{seed}"
        self.points, self.codes = places["points"], places["codes"]
        self.open = [None] * OPEN_CASES
        self.case_count = 0
        self.event_count = 0

    def place(self):
        """Geometry and what stands with it. One in ten names a division of any level and no point."""
        if self.dice.random() < 0.1:
            return "null", f'"division":"{self.dice.choice(self.codes)}",'
        x, y = self.dice.choice(self.points)
        return f'{{"type":"Point","coordinates":[{x:.6f},{y:.6f}]}}', '"crs":"EPSG:4326",'

    def next(self, now):
        at = self.dice.randrange(OPEN_CASES)
        case = self.open[at]
        if case is None or case["step"] == len(COURSE):
            self.case_count += 1
            case = self.open[at] = {"id": f"{self.name}-{self.case_count}", "step": 0, "place": self.place()}
        elif self.dice.random() < 0.02:
            case["place"] = self.place()
        step = COURSE[case["step"]]
        case["step"] += 1
        self.event_count += 1
        return TEMPLATE % (self.name, self.event_count, step, now, case["id"], *case["place"])


class Publisher:
    def __init__(self, endpoint):
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.connect(endpoint)
        self.waiting = {}  # number of a message -> its text and how many events it has
        self.next_number = 0
        self.sent = self.accepted = self.again = 0
        self.refused = {}

    def send(self, texts):
        self._send("[" + ",".join(texts) + "]", len(texts))
        self.sent += len(texts)

    def _send(self, text, count):
        self.next_number += 1
        self.waiting[self.next_number] = (text, count)
        self.socket.send_multipart([str(self.next_number).encode(), b"", text.encode()])

    def hear(self, wait_s):
        if not self.socket.poll(max(0, wait_s) * 1000):
            return
        while self.socket.poll(0):
            number, _, text = self.socket.recv_multipart()
            message, count = self.waiting.pop(int(number))
            answers = json.loads(text)["answers"]
            if len(answers) != count:  # one for the whole message: too much at once
                self.again += 1
                time.sleep(0.01)
                self._send(message, count)
                continue
            for answer in answers:
                if answer["status"] == "accepted":
                    self.accepted += 1
                else:
                    reason = answer.get("reason", answer["status"])
                    self.refused[reason] = self.refused.get(reason, 0) + 1

    def tell(self, kind, seconds):
        print(json.dumps({"kind": kind, "sent": self.sent, "accepted": self.accepted, "refused": self.refused,
                          "again": self.again, "seconds": seconds}), flush=True)


def main():
    endpoint, places_file, rate, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    ended = []
    signal.signal(signal.SIGTERM, lambda *_: ended.append(True))
    with open(places_file, encoding="utf-8") as text:
        cases = Cases(json.load(text), seed)
    publisher = Publisher(endpoint)
    batch = max(1, rate // STEPS_A_SECOND)
    started = told = due = time.monotonic()
    while not ended:
        now = time.monotonic()
        if now >= due and len(publisher.waiting) < WAITING_MAX:
            due = max(due + batch / rate, now - 1)  # what the hub held up is made good, at most a second of it
            stamp = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
            publisher.send([cases.next(stamp) for _ in range(batch)])
        publisher.hear(min(0.05, due - time.monotonic()) if len(publisher.waiting) < WAITING_MAX else 0.05)
        if now - told >= 1:
            told = now
            publisher.tell("load", now - started)
    seconds = time.monotonic() - started
    deadline = time.monotonic() + 60
    while publisher.waiting and time.monotonic() < deadline:
        publisher.hear(0.05)
    publisher.tell("summary", seconds)
    return 0 if not publisher.waiting else 1


if __name__ == "__main__":
    sys.exit(main())
