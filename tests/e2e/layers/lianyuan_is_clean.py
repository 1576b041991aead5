"""Lianyuan's six levels with 25,173 neighbour groups are generated, load, and pass every report with nothing to complain
of."""

from layers_support import expect, gridwall, main, report_of


def story(stage):
    file = stage.path("lianyuan.gpkg")
    done = gridwall("city", "--profile", "lianyuan", "-o", file)
    expect(done.returncode == 0, done.stderr)
    report = report_of(file)
    counts = [level["divisions"] for level in report["levels"]]
    expect(len(counts) == 6 and counts[2:] == [506, 2381, 9449, 25173], f"{counts}")
    for kind in ("warnings", "duplicates", "cycles", "orphans", "overlaps", "gaps", "repairs", "area_differences"):
        expect(report[kind] == [], f"{kind}: {report[kind][:3]} and more of {len(report[kind])}")
    expect(report["clean"] and report["synthetic"] and report["added_root"] == "", "clean, and says it is made up")
    expect(report["area_error_worst"] < 1e-9, f"triangles differ by {report['area_error_worst']}")
    for level in report["levels"][:-1]:
        expect(abs(level["cover_worst"] - 1) < 1e-9, f"children tile their parents: {level}")


main(story)
