"""The newcomer's command: one process shows Jiangyin's four levels of grids with incidents arriving live."""

import json

import wall_support
from png import Picture
from support import expect, main


def story(stage):
    picture_file, metrics_file = stage.path("wall.png"), stage.path("m.json")
    demo = stage.run("demo", "--history", "0", "--headless", "--frames", "60", "--size", "1280x720", "--screenshot",
                     picture_file, "--metrics-out", metrics_file, "--json")
    expect(demo.wait() == 0, "the demo ends in order")
    with open(metrics_file, encoding="utf-8") as file:
        metrics = json.load(file)
    expect([level["count"] for level in metrics["levels"]] == [1, 17, 271, 1558, 5453], f"{metrics['levels']}")
    expect(metrics["synthetic"] is True, "generated borders are marked")
    expect(metrics["frames"] == 60, f"{metrics['frames']}")
    expect(metrics["events_received"] > 100 and metrics["feed"]["gaps"] == 0, f"{metrics['feed']}")
    clock = {"mode": "simulated", "rate": 60}
    expect(metrics["feed"]["clock_rate"] == 60 and metrics["feed"]["clock"] == clock, "the clock is told")
    expect(metrics["feed"]["replay"] is False, "nothing is played back")
    expect(metrics["events_simulated"] == metrics["events_folded"], "all is marked as simulated")
    expect(metrics["events_out_of_order"] == 0, "the simulator keeps to the lifecycle")
    expect(metrics["draws"] > 0 and metrics["triangles"] > 1000, f"{metrics['draws']}, {metrics['triangles']}")
    expect(metrics["gl_messages"] == 0, "the driver has nothing to complain of")
    figures = metrics["figures"]
    expect(figures["open"] > 0 and sum(figures["open_by_severity"]) == figures["open"], f"{figures}")
    picture = Picture(picture_file)
    expect((picture.width, picture.height) == (1280, 720), "the size that was asked for")
    expect(len(set(picture.pixels((0.2, 0.7), (0.2, 0.8)))) > 50, "a map stands in the middle")
    expect(wall_support.brightest_figures(picture) > 50, "live figures are bright")


main(story)
