"""A district of its own kind: a profile that names its layers, their odd fields, their swapped axes and an overlay. The
report, the picture and the hub's side all take it from there."""

import json

from layers_support import box, expect, gridwall, main, write_geojson


def swapped(rings):
    return [[[y, x] for x, y in ring] for ring in rings]


PROFILE = r"""
name_zh = "试验区"
name_en = "Trial district"
system_zh = "试验区指挥中心"
system_en = "Trial command centre"
district = "jiangyin"
county_code = "320281"
outline_crs = "EPSG:4490"
world_crs = "EPSG:4549"

[[level]]
name_zh = "区"
name_en = "district"
count = 1

[[level]]
name_zh = "网格"
name_en = "grid"
kind = "social_grid"
count = 2

[source]
files = ["网格 2026.geojson"]
crs = "EPSG:4490"
axes = "yx"
where = "\"状态\" <> '撤销'"
code_field = "网格号"
name_field = "叫法"
parent_field = "上级"
area_field = "亩数"
area_unit_m2 = 666.6667

[[overlay]]
id = "police"
name_zh = "警务网格"
name_en = "Police grids"
[overlay.source]
files = ["police.geojson"]
parents = "containment"
"""


def story(stage):
    def feature(code, name, parent, rings, mu, state=""):
        return ({"网格号": code, "叫法": name, "上级": parent, "亩数": mu, "状态": state}, swapped(rings))

    half_mu = 95.45 * 1108.7 / 666.6667  # 0.001 by 0.01 degrees at 31 north
    write_geojson(stage.path("网格 2026.geojson"), [
        feature("D", "试验区", "", box(120.0, 31.0, 120.002, 31.01), 2 * half_mu),
        feature("D1", "一号", "D", box(120.0, 31.0, 120.001, 31.01), half_mu),
        feature("D2", "二号", "D", box(120.001, 31.0, 120.002, 31.01), 2 * half_mu),
        feature("D3", "三号", "D", box(120.0, 31.0, 120.001, 31.01), half_mu, "撤销"),
    ])
    write_geojson(stage.path("police.geojson"), [
        ({"code": "P1", "name": "东"}, box(120.001, 31.0, 120.002, 31.01)),
        ({"code": "P", "name": "警区"}, box(120.0, 31.0, 120.002, 31.01)),
        ({"code": "P2", "name": "西"}, box(120.0, 31.0, 120.001, 31.01)),
    ])
    profile = stage.path("trial.toml")
    with open(profile, "w", encoding="utf-8") as file:
        file.write(PROFILE)

    done = gridwall("layers", "--profile", profile, "--json")
    expect(done.returncode == 0, done.stderr)
    report = json.loads(done.stdout)
    expect([level["divisions"] for level in report["levels"]] == [1, 2], f"the withdrawn grid is left out: {report}")
    expect(report["levels"][1]["name_zh"] == "网格", "levels have the profile's words")
    west, south, east, north = report["layers"][0]["extent_lonlat"]
    expect(119.99 < west < 120.01 and 30.99 < south < 31.01, "axes are swapped back")
    expect([note["code"] for note in report["area_differences"]] == ["D2"], f"{report['area_differences']}")
    expect(report["stated_area"]["compared"] == 3, f"{report['stated_area']}")
    overlay = report["overlays"][0]
    expect(overlay["overlay"] == "警务网格 (Police grids)" and overlay["parent_rule"] == "containment", f"{overlay}")
    expect([level["divisions"] for level in overlay["levels"]] == [1, 2], f"parents by containment: {overlay['levels']}")

    done = gridwall("render", "--profile", profile, "--map-only", "--size", "480x270", "-o", stage.path("map.png"),
                    "--metrics-out", stage.path("m.json"))
    expect(done.returncode == 0, done.stderr)
    done = gridwall("layers", "--profile", "jiangyin-2019")
    expect(done.returncode == 2 and "gridwall city" in done.stderr, "a generated district has no layers to look into")
    done = gridwall("layers", "--profile", profile, stage.path("police.geojson"))
    expect(done.returncode == 2, "a profile or files, not both")


main(story)
