"""Finds the shared support and runs `gridwall layers`."""

import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import SOURCE, expect, main  # noqa: E402,F401


def gridwall(*arguments, timeout_s=600):
    environment = dict(os.environ, GRIDWALL_ROOT=SOURCE)
    return subprocess.run([sys.argv[1], *arguments], capture_output=True, text=True, env=environment, timeout=timeout_s)


def report_of(*arguments):
    done = gridwall("layers", *arguments, "--json")
    expect(done.returncode == 0, f"{arguments}: exit {done.returncode}: {done.stderr}")
    return json.loads(done.stdout)


def codes(notes):
    return [note["code"] for note in notes]


def box(west, south, east, north):
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def write_geojson(path, features):
    """features: (properties, polygon coordinates or None)"""
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": properties,
             "geometry": coordinates and {"type": "Polygon", "coordinates": coordinates}}
            for properties, coordinates in features]}, file, ensure_ascii=False)
