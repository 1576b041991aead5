"""`gridwall render --basemap` puts a raster below the divisions at its place; a raster that cannot be used gets one
sentence, and so does a profile's in `gridwall check`."""

import os
import struct
import subprocess
import sys
import zlib

import wall_support  # finds support and png
from png import Picture
from support import SOURCE, expect, main, write_district


def write_png(path, west, north, degrees, width, height, color):
    """An RGB picture with a world file beside it."""
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    rows = b"".join(b"\0" + b"".join(bytes(color(x, y)) for x in range(width)) for y in range(height))
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
                   chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
    with open(path[:-4] + ".pgw", "w", encoding="utf-8") as file:
        file.write("\n".join(str(n) for n in (degrees, 0, 0, -degrees, west + degrees / 2, north - degrees / 2)) + "\n")


def story(stage):
    def gridwall(*arguments):
        environment = dict(os.environ, GRIDWALL_ROOT=SOURCE)
        return subprocess.run([sys.argv[1], *arguments], capture_output=True, text=True, env=environment, timeout=240)

    layer, raster = stage.path("own.geojson"), stage.path("map.png")
    write_district(layer)
    # Red in the west of the district's middle, blue in the east of it, for a degree around.
    write_png(raster, MIDDLE[0] - 1, MIDDLE[1] + 1, 0.005, 400, 400, lambda x, y: (220, 0, 0) if x < 200 else (0, 0, 220))
    plain = ["render", "--layers", layer, "--code-field", "code", "--map-only", "--size", "480x270", "--m-per-px", "200",
             "--center", f"{MIDDLE[0]},{MIDDLE[1]}"]
    with_map = [*plain, "--basemap", raster, "--basemap-crs", "EPSG:4326"]
    for name, command in (("without.png", plain), ("a.png", with_map), ("b.png", with_map)):
        done = gridwall(*command, "-o", stage.path(name))
        expect(done.returncode == 0, done.stderr)
    picture, without = Picture(stage.path("a.png")), Picture(stage.path("without.png"))
    west, east = list(picture.pixels((0, 0.3))), list(picture.pixels((0.7, 1)))
    expect(all(r > 40 and r > 1.5 * b for r, g, b in west), f"the west is red: {sorted(set(west))[:5]}")
    expect(all(b > 40 and b > 1.5 * r for r, g, b in east), f"the east is blue: {sorted(set(east))[:5]}")
    expect(list(without.pixels((0, 0.3))) != west, "without it the ground is plain")
    with open(stage.path("a.png"), "rb") as a, open(stage.path("b.png"), "rb") as b:
        expect(a.read() == b.read(), "the same command gives the same bytes")

    for arguments, words in ((["--basemap", stage.path("absent.tif")], "absent.tif: there is no such file"),
                             (["--basemap", raster], "map.png: does not state its coordinate system"),
                             (["--basemap", layer], "own.geojson: "),
                             (["--basemap-crs", "EPSG:4326"], "--basemap-crs")):
        done = gridwall(*plain, *arguments, "-o", stage.path("x.png"))
        sentences = [line for line in done.stderr.splitlines() if "%" not in line]
        expect(done.returncode != 0, f"{arguments} is refused")
        expect(len(sentences) == 1 and words in sentences[0], f"{arguments}: one sentence with '{words}': {sentences}")
    _profile(stage, gridwall)


def _profile(stage, gridwall):
    with open(os.path.join(SOURCE, "config", "profiles", "jiangyin-2019.toml"), encoding="utf-8") as file:
        text = file.read()
    for table, findings in (("source = 'map.png'\ncrs = 'EPSG:4326'", 0), ("source = 'mop.png'\nbrightnes = 1", 2)):
        with open(stage.path("own.toml"), "w", encoding="utf-8") as file:
            file.write(text + f"\n[basemap]\n{table}\n")
        done = gridwall("check", stage.path("own.toml"))
        said = done.stdout + done.stderr
        expect((done.returncode == 0) == (findings == 0), f"{table}: {said}")
        expect(findings == 0 or ("basemap.brightnes" in said and "basemap.source" in said), f"{table}: {said}")


MIDDLE = (120.0, 31.0)

main(story)
