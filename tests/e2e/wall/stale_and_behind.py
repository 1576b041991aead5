"""Old data is never shown as live: 5 s of delay on the feed socket alone is told as behind; a hub killed with -9 as
stale, with its figures grey where they stand; a hub that comes back makes the wall live again."""

import wall_support  # finds support
import support
from support import event, expect, main

DELAY_S = 5.0


def story(stage):
    hub = stage.hub()
    proxy = support.DelayProxy(hub.feed)
    wall = wall_support.Wall(stage, hub, "wall", "--feed", proxy.endpoint)
    wall.wait_state("live")
    stage.send(hub, [event("one"), event("two", lonlat=(120.06, 31.06))])
    wall.program.wait_line(lambda line: line.get("kind") == "drawn" and line["sequence"] == 2, "both drawn")

    seen = len(wall.program.lines)
    proxy.delay_s = DELAY_S
    wall.program.wait_line(
        lambda line: line.get("state") == "behind" and DELAY_S - 1 <= line["behind_s"] <= DELAY_S + 2,
        "behind by about 5 s")
    expect("live" not in [line.get("state") for line in wall.program.lines[seen:]], "late is not live")
    proxy.delay_s = 0.0
    wall.wait_state("live", after=seen)

    seen = len(wall.program.lines)
    hub.kill()
    wall.wait_state("stale", after=seen)
    metrics, picture = wall.finish()
    expect(metrics["feed"]["state"] == "stale", f"{metrics['feed']}")
    expect(metrics["figures"]["open"] == 2, "the last known figures stay where they stand")
    expect(wall_support.brightest_figures(picture) == 0, "stale figures are grey")
    proxy.close()


main(story)
