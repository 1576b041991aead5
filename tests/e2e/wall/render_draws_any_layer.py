"""`gridwall render` draws the bundled outlines and somebody else's districts; a broken file gets one clear sentence."""

import json
import os
import subprocess
import sys

import wall_support  # finds support and png
from png import Picture
from support import SOURCE, event, expect, main, scattered, write_district


def story(stage):
    def gridwall(*arguments):
        environment = dict(os.environ, GRIDWALL_ROOT=SOURCE)
        return subprocess.run([sys.argv[1], *arguments], capture_output=True, text=True, env=environment, timeout=240)

    districts = os.path.join(SOURCE, "assets", "districts")
    outlines = [os.path.join(districts, name, "boundary.geojson")
                for name in ("jiangyin", "wujin", "lufeng", "qingjiangpu", "lianyuan")]
    for outline in outlines:
        picture_file = stage.path("outline.png")
        done = gridwall("render", "--layers", outline, "--map-only", "--size", "480x270", "-o", picture_file)
        expect(done.returncode == 0, f"{outline}: {done.stderr}")
        expect(len(set(Picture(picture_file).pixels())) > 5, f"{outline}: something is drawn")
    together = [part for outline in outlines for part in ("--layers", outline)]
    done = gridwall("render", *together, "--map-only", "--size", "480x270", "-o", stage.path("all.png"))
    expect(done.returncode == 0, f"the five together: {done.stderr}")

    layer, events = stage.path("own.geojson"), stage.path("events.jsonl")
    write_district(layer)
    with open(events, "w", encoding="utf-8") as file:
        for n in range(25):
            late = {"time": "2026-11-22T12:00:00+08:00"} if n >= 20 else {"time": "2026-11-22T09:00:00+08:00"}
            file.write(json.dumps(event(f"case-{n}", lonlat=scattered(n), **late)) + "\n")
    command = ["render", "--layers", layer, "--code-field", "code", "--events", events, "--at",
               "2026-11-22T10:00:00+08:00", "--size", "960x540", "--metrics-out", stage.path("m.json")]
    for name in ("a.png", "b.png"):
        done = gridwall(*command, "-o", stage.path(name))
        expect(done.returncode == 0, done.stderr)
    with open(stage.path("m.json"), encoding="utf-8") as file:
        figures = json.load(file)["figures"]
    expect(figures["open"] == figures["reported_today"] == 20, f"events after --at are left out: {figures}")
    with open(stage.path("a.png"), "rb") as a, open(stage.path("b.png"), "rb") as b:
        plain = a.read()
        expect(plain == b.read(), "the same command gives the same bytes")
    measured = []
    for points in (scattered(1), scattered(2)), (scattered(1),):
        option = ";".join(f"{longitude},{latitude}" for longitude, latitude in points)
        done = gridwall(*command, "--measure", option, "-o", stage.path("measured.png"))
        expect(done.returncode == 0, done.stderr)
        with open(stage.path("measured.png"), "rb") as file:
            measured.append(file.read())
    expect(len({plain, *measured}) == 3, "a measured line and rings lie on the picture")
    done = gridwall(*command, "--measure", "120.2,31.8;120.3", "-o", stage.path("measured.png"))
    expect(done.returncode == 2 and "--measure 120.3: expected LONGITUDE,LATITUDE" in done.stderr, done.stderr)

    done = gridwall(*command, "--select", "none-such", "-o", stage.path("selected.png"))
    expect(done.returncode == 1 and "--select none-such: " in done.stderr, done.stderr)

    _refuses_what_is_broken(stage, gridwall, layer)


def _refuses_what_is_broken(stage, gridwall, layer):
    with open(layer, "rb") as file:
        whole = file.read()
    broken = {"cut.geojson": whole[:len(whole) // 2], "empty.gpkg": b"", "no_geometry.geojson":
              b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"1"},"geometry":null}]}'}
    for name, content in broken.items():
        with open(stage.path(name), "wb") as file:
            file.write(content)
    for name in [*broken, ".", "absent.gpkg"]:
        for command in (["layers", stage.path(name)], ["render", "--layers", stage.path(name), "-o", stage.path("x.png")]):
            done = gridwall(*command)
            sentences = [line for line in done.stderr.splitlines() if "%" not in line]
            expect(done.returncode == 1, f"{command}: exit {done.returncode}, {done.stderr}")
            expect(len(sentences) == 1 and os.path.basename(stage.path(name)) in sentences[0],
                   f"{command}: one sentence that names the file: {done.stderr}")
    expect(gridwall("render").returncode == 2, "wrong usage")


main(story)
