"""Polygons that nobody here drew: the world's countries and the counties of the United States load, with a hierarchy by
the prefix of their codes; every ring that was invalid is named with its feature, its fault and its place."""

import os

from layers_support import SOURCE, codes, expect, main, report_of

ATLAS = os.path.join(SOURCE, "tests", "data", "atlas")


def check_notes(report, features):
    for note in report["repairs"]:
        expect(note["code"] and note["feature"] >= 0 and note["reason"], f"a repair names its feature: {note}")
        if "elf-intersection" in note["reason"]:
            west, south = note["place_lonlat"]
            expect(-180 <= west <= 180 and -90 <= south <= 90, f"and its place: {note}")
    expect(report["area_error_worst"] < 1e-6, f"triangles differ by {report['area_error_worst']}")
    for layer in report["layers"]:
        expect(layer["crs_known_by"] == "given by the caller", "TopoJSON states no system, and none is guessed")
    expect(report["layers"][0]["features"] == features, f"{report['layers'][0]['features']} features")


def story(stage):
    counties = os.path.join(ATLAS, "us-counties-10m.json.gz")
    us = report_of(counties, "--layer", "counties", "--layer", "states", "--crs", "EPSG:4326")
    check_notes(us, 3231)
    expect(us["parent_rule"] == "longest known prefix", us["parent_rule"])
    expect([level["divisions"] for level in us["levels"]] == [1, 56, 3231], f"{us['levels']}")
    expect(us["orphans"] == [] and us["cycles"] == [] and us["duplicates"] == [], "FIPS codes make a whole tree")
    # 22 of them GEOS finds invalid as they stand; rounding to integers may add no more than it takes away.
    expect(len(set(codes(us["repairs"]))) == 22, f"{len(set(codes(us['repairs'])))} counties were invalid")
    expect({"02105", "53037", "22067", "24045"} <= set(codes(us["repairs"])), "known ones among them")
    expect(0.999 < us["levels"][1]["cover_mean"] < 1.001, "counties cover their states")

    world = report_of(os.path.join(ATLAS, "world-countries-10m.json.gz"), "--layer", "countries", "--crs", "EPSG:4326")
    check_notes(world, 255)
    expect(codes(world["duplicates"]) == ["036"], f"{world['duplicates']}")
    expect(len(set(codes(world["repairs"]))) >= 45, f"{len(world['repairs'])} countries were invalid")
    expect([level["divisions"] for level in world["levels"]] == [1, 254], "countries without a code nest in no other")


main(story)
