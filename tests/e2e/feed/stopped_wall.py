"""Of three walls one stands still under load (SIGSTOP), then goes on. The hub's memory grows no more than a bounded amount
beyond what the same load costs without that; the other walls miss nothing and recover from nothing; the stopped one says
that it is not in step, until it has everything again.

The hub's queue for each wall is small here, so that a bound which does not hold shows within seconds.

GRIDWALL_E2E_STOP: how many seconds (default 20); GRIDWALL_E2E_QUEUE: MiB of the queue (default 8; the hub's own default
is 48, and together with what the kernel holds it must stay below 64); also GRIDWALL_E2E_RATE and GRIDWALL_E2E_SEED (crowd_support)."""

import os
import signal
import time

import crowd_support as crowd
import support
from support import expect, wait_until

STOP_S = float(os.environ.get("GRIDWALL_E2E_STOP", "20"))
QUEUE_MIB = int(os.environ.get("GRIDWALL_E2E_QUEUE", "8"))
GROWTH_MAX_MIB = QUEUE_MIB + 16
RECOVERY_MAX_MIB = 64  # a snapshot and what came since
LEADING = 5000  # events before anything is measured
PREFIX = f"{crowd.ROOT}/"


def one_run(stage, district, journal, with_stop):
    """The same load, with and without somebody who stands still. Returns by how many MiB the hub grew until he went on, and
    until he was in step again, and how many events that was of."""
    hub = stage.hub(arguments=("--journal", stage.path(journal), "--feed-queue", str(QUEUE_MIB)))
    witness = crowd.Witness(hub)
    walls = [crowd.start_walls(stage, hub, district, [PREFIX], f"wall {i}") for i in range(3)]
    load = crowd.start_load(stage, hub, district)
    for wall in walls:
        wall.wait_state("live")
    crowd.wait_for_load(witness, LEADING)
    memory = crowd.MemoryWatch(hub)
    told = [len(wall.lines) for wall in walls]
    resyncs = [crowd.newest(wall)[PREFIX]["resyncs"] for wall in walls]
    stopped, others = walls[0], walls[1:]
    if with_stop:
        stopped.send_signal(signal.SIGSTOP)
        told[0] = len(stopped.lines)
    first = witness.feed_sequence
    time.sleep(STOP_S)  # how long he stands still, not a wait for something
    last, growth = witness.feed_sequence, memory.growth_mib()
    told_of_it = crowd.status(stage, hub)
    if with_stop:
        stopped.send_signal(signal.SIGCONT)
        says_what_it_is(stopped, told[0], last)
    memory.end()
    sent = crowd.end_load(load)
    for wall in walls:
        wait_until(lambda: crowd.newest(wall)[PREFIX]["state"] == "live" and
                   crowd.newest(wall)[PREFIX]["sequence"] >= witness.sequences[PREFIX], f"{wall.name} to have all")
        # Under load each beat may come together with an event, and prove nothing; now no event comes any more.
        wait_until(lambda: witness.check(wall)[PREFIX] > 0, f"{wall.name} to be compared with the hub")
        expect(wall.stop() == 0, f"{wall.name} ends in step")
    for wall, at, before in list(zip(walls, told, resyncs))[1 if with_stop else 0:]:
        states = {line["state"] for line in wall.lines[at:]}
        summary = wall.lines[-1]
        # A machine that stands still makes every wall late; none may miss anything for it.
        expect("recovering" not in states and summary["gaps"] == 0 and summary["resyncs"] == before,
               f"{wall.name} noticed it: {states} {summary}")
        if states != {"live"}:
            print(f"{wall.name} was late once: {states}")
    expect(others[0].lines[-1]["digest"] == stopped.lines[-1]["digest"], "all end with one state")
    witness.end()
    stage.check_journal(hub, stage.path(journal), sent["sent"])
    print(f"{'one stopped' if with_stop else 'none stopped'}: {last - first} events in {STOP_S:g} s, the hub grew from "
          f"{memory.first_mib:.1f} by {growth:.1f} MiB, with the recovery {memory.growth_mib():.1f}; own account: {told_of_it['memory']}; stopped wall: "
          f"gaps {stopped.lines[-1]['gaps']}, resyncs {stopped.lines[-1]['resyncs']}, states "
          f"{[line['state'] for line in stopped.of_kind('state')]}", flush=True)
    return growth, memory.growth_mib(), last - first


def says_what_it_is(stopped, at, last):
    """From where it goes on: no line says live before it has everything that was published while it stood."""
    stopped.wait_line(lambda line: line.get("kind") == "state" and line["state"] == "live" and line["sequence"] >= last,
                      "to be in step again")
    after = [line for line in stopped.lines[at:] if line.get("kind") in ("state", "beat", "differs")]
    hole = [line for line in after if line["sequence"] < last]
    # The one line that may have been on its way when it was stopped is not known from the others: its state was true.
    early = [line for line in hole if line["state"] == "live"]
    expect(len(early) <= 1 and early == hole[:len(early)], f"in step with a hole: {early}")
    said = {line["state"] for line in hole if line["kind"] == "state"}
    expect(said and said <= {"behind", "recovering", "stale"}, f"it says what it is: {said}")


def story(stage):
    crowd.say_seed(f"stopped_wall of GRIDWALL_E2E_STOP={STOP_S:g}")
    district = crowd.District(stage)
    without, without_all, events_without = one_run(stage, district, "without", False)
    growth, growth_all, events = one_run(stage, district, "with", True)
    # A hub remembers something of each event (cases, ids that may come twice): at 20,000 a second a tenth more of them,
    # as no two runs send the same number, would weigh as much as what is looked for.
    without, without_all = without * events / events_without, without_all * events / events_without
    print(f"a stopped wall costs the hub {growth - without:.1f} MiB, its recovery {growth_all - growth:.1f} more")
    expect(growth - without < GROWTH_MAX_MIB, f"the hub grew by {growth:.1f} MiB, without a stop by {without:.1f}")
    expect(growth_all - without_all < GROWTH_MAX_MIB + RECOVERY_MAX_MIB, f"the recovery takes the hub to {growth_all:.1f} MiB more")


support.main(story)
