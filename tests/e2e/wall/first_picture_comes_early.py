"""While a wall loads its layers it shows them coarsely, and says so; it can be ended at any time; then it is a wall like
any other. Where a source does not say how far it reaches, nothing is shown before all is there."""

import signal

import wall_support
from support import event, expect, main, scattered


def story(stage):
    hub = stage.hub()
    stage.send(hub, [event(f"case-{n}", lonlat=scattered(n)) for n in range(9)])

    # A district as a GeoPackage, which states its extent.
    city = stage.path("city.gpkg")
    made = stage.run("city", "--profile", "lufeng", "-o", city)
    expect(made.wait() == 0, "a city is made")
    early = stage.run("wall", "--connect", hub.requests, "--layers", city, "--no-cache", "--first-picture", "0",
                      "--headless", "--json", "--size", "960x540", name="early")
    first = early.wait_line(lambda line: line.get("kind") == "picture" and not line["whole"], "a first picture")
    whole = early.wait_line(lambda line: line.get("kind") == "picture" and line["whole"], "the whole resolution")
    expect(first["divisions"] == whole["divisions"] > 100, f"{first} {whole}")
    expect(0 < first["after_s"] < whole["after_s"], f"{first} {whole}")
    early.wait_line(lambda line: line.get("kind") == "state", "its feed's state")
    early.send_signal(signal.SIGTERM)
    expect(early.wait() == 0, "it ends in order")

    # Nobody has to wait for what is not wanted any more.
    ended = stage.run("wall", "--connect", hub.requests, "--layers", city, "--no-cache", "--first-picture", "0",
                      "--headless", "--json", "--size", "960x540", name="ended")
    ended.wait_line(lambda line: line.get("kind") == "picture" and not line["whole"], "a first picture")
    ended.send_signal(signal.SIGTERM)
    expect(ended.wait() == 0, "it ends in order while it loads")

    # A file without a stated extent: no first picture, and the same wall.
    wall = wall_support.Wall(stage, hub, "wall", "--first-picture", "0")
    wall.wait_state("live")
    drawn = wall.program.wait_line(lambda line: line.get("kind") == "drawn" and line["open"] == 9, "all drawn")
    metrics, _ = wall.finish()
    expect(metrics["figures"]["open"] == drawn["open"] == 9, f"{metrics['figures']}")
    expect(metrics["gl_messages"] == 0, "the driver has nothing to complain of")


main(story)
