"""What a wall shows is what `gridwall listen` heard: the figures of its last picture against the listener's counts."""

import wall_support
from support import event, expect, main, scattered, wait_until


def story(stage):
    hub = stage.hub()
    listener = stage.listener(hub)
    wall = wall_support.Wall(stage, hub, "wall")
    wall.wait_state("live")

    events = [event(f"case-{n}", lonlat=scattered(n) if n % 9 else None) for n in range(40)]
    events += [event(f"case-{n}", "incident.closed", lonlat=None) for n in range(0, 40, 4)]
    answered = stage.send(hub, events)
    expect(answered["accepted"] == 50, f"all accepted: {answered}")
    wait_until(lambda: len(listener.of_kind("event")) == 50, "the listener to hear all")
    drawn = wall.program.wait_line(lambda line: line.get("kind") == "drawn" and line["sequence"] == 50, "all drawn")
    metrics, picture = wall.finish()
    listener.stop()
    heard = listener.lines[-1]

    figures = metrics["figures"]
    expect(metrics["events_received"] == heard["received"] == 50, f"{metrics['events_received']} / {heard}")
    expect(figures["open"] == drawn["open"] == 30, f"40 reported, 10 closed: {figures}")
    expect(figures["closed_today"] == 10 and figures["reported_today"] == 40, f"{figures}")
    expect(sum(figures["open_by_severity"]) == figures["open"], f"parts and sum: {figures}")
    expect(figures["unlocated_open"] == sum(1 for n in range(40) if n % 9 == 0 and n % 4), f"{figures}")
    expect(metrics["feed"]["gaps"] == 0 and metrics["feed"]["state"] == "live", f"{metrics['feed']}")
    expect(metrics["gl_messages"] == 0, "the driver has nothing to complain of")
    expect([level["count"] for level in metrics["levels"]] == [1, 2, 4], f"{metrics['levels']}")
    expect((picture.width, picture.height) == (960, 540), "the size that was asked for")
    expect(wall_support.brightest_figures(picture) > 50, "live figures are bright")


main(story)
