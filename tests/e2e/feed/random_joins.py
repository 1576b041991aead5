"""Walls that join a loaded hub at random moments, with random prefixes from the district down to a grid, several in one
process: each one's digest equals the hub's, at heartbeats under load and again when all has become quiet.

GRIDWALL_E2E_JOINS: how many moments (default 50); also GRIDWALL_E2E_RATE and GRIDWALL_E2E_SEED (crowd_support)."""

import os
import random
import time

import crowd_support as crowd
import support
from support import expect, wait_until

JOINS = int(os.environ.get("GRIDWALL_E2E_JOINS", "50"))
TOGETHER = 5     # processes at one moment; the last ones stay to the end
BEATS_EACH = 2   # proofs under load before a wall may leave
LEADING = 3000   # events before the first one joins


def proven(walls, prefixes, witness):
    compared = witness.check(walls)
    return all(compared[prefix] >= BEATS_EACH for prefix in prefixes)


def story(stage):
    crowd.say_seed("random_joins")
    dice = random.Random(crowd.SEED)
    district = crowd.District(stage)
    hub = stage.hub(arguments=("--journal", stage.path("journal")))
    witness = crowd.Witness(hub)
    # Somebody follows the whole district all the time, so that the hub beats and the witness hears.
    first = crowd.start_walls(stage, hub, district, [f"{crowd.ROOT}/"], "first")
    load = crowd.start_load(stage, hub, district)
    crowd.wait_for_load(witness, LEADING)

    present, joined_at = [(first, [f"{crowd.ROOT}/"])], []
    joined_walls = 0

    def leave():
        """One that has proven itself goes; true if there is room again."""
        for at, (walls, prefixes) in enumerate(present):
            if walls is not first and proven(walls, prefixes, witness):
                walls.stop()
                witness.check(walls)
                del present[at]
                break
        return len(present) < TOGETHER

    for join in range(JOINS):
        moment = time.monotonic() + dice.uniform(0, 0.6)  # when one comes is random, and not what is waited for
        wait_until(lambda: time.monotonic() >= moment and (len(present) < TOGETHER or leave()), f"room for join {join}")
        prefixes = sorted({dice.choice(district.paths[dice.randrange(4)]) for _ in range(dice.randint(1, 3))})
        joined_at.append(witness.feed_sequence)
        joined_walls += len(prefixes)
        present.append((crowd.start_walls(stage, hub, district, prefixes, f"join {join} {prefixes}"), prefixes))
    wait_until(lambda: all(proven(walls, prefixes, witness) for walls, prefixes in present), "the last ones to be proven")

    sent = crowd.end_load(load)
    end = crowd.status(stage, hub)
    for walls, prefixes in present:
        def quiet_and_equal():
            lines = crowd.newest(walls, ("beat",))
            return all(lines[prefix]["state"] == "live" and lines[prefix]["last_sequence"] >= witness.sequences[prefix] and
                       (prefix, lines[prefix]["state_time_ns"]) in witness.digests for prefix in prefixes)
        wait_until(quiet_and_equal, f"{walls.name} to have all")
        expect(walls.stop() == 0, f"{walls.name} ends in step")
        witness.check(walls)
        expect(all(line["digests_differ"] == 0 for line in walls.of_kind("summary")), f"{walls.lines[-1]}")
    expect(joined_at[-1] > joined_at[0] + JOINS, f"they joined while events came: {joined_at}")
    expect(end["sync"]["finished"] >= joined_walls, f"each has been given the state: {end['sync']}")
    witness.end()
    stage.check_journal(hub, stage.path("journal"), sent["sent"])
    print(f"{JOINS} joins, {joined_walls} walls, between events {joined_at[0]} and {joined_at[-1]}; load "
          f"{sent['sent'] / sent['seconds']:.0f}/s; {end['sync']}")


support.main(story)
