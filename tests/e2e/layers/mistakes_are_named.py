"""A layer with one mistake of each kind: `gridwall layers` names exactly those divisions, the worst kind first; exit 0
with warnings told, 1 when nothing can be loaded, 2 for wrong usage."""

from layers_support import box, codes, expect, gridwall, main, report_of, write_geojson


def town(number, west):
    return ({"code": f"32028100{number}", "name": f"镇{number}", "parent": "320281"}, box(west, 31.0, west + 0.1, 31.1))


def grid(town_number, number, west, south, east, north, **more):
    properties = {"code": f"32028100{town_number}00{number}", "name": f"格{number}", "parent": f"32028100{town_number}"}
    properties.update(more)
    return (properties, box(west, south, east, north))


def clean_features():
    features = [({"code": "320281", "name": "市", "parent": ""}, box(120.0, 31.0, 120.3, 31.1))]
    features += [town(n, 119.9 + n / 10) for n in (1, 2, 3)]
    for n in (1, 2, 3):
        west = 119.9 + n / 10
        features.append(grid(n, 1, west, 31.0, west + 0.05, 31.1))
        features.append(grid(n, 2, west + 0.05, 31.0, west + 0.1, 31.1))
    return features


def story(stage):
    layer = stage.path("格.geojson")
    write_geojson(layer, clean_features())
    report = report_of(layer)
    expect(report["clean"], f"nothing to complain of, but: {report}")
    done = gridwall("layers", layer)
    expect(done.returncode == 0 and done.stdout.startswith("Nothing to complain of."), done.stdout)
    expect("coordinates: WGS 84 (EPSG:4326), GeoJSON is WGS 84 (RFC 7946)" in done.stdout, done.stdout)

    features = clean_features()
    features[4] = grid(1, 1, 120.0, 31.0, 120.06, 31.1)            # overlaps its neighbour by 0.01 degrees
    features[9] = grid(3, 2, 120.25, 31.0, 120.3, 31.05)           # leaves half of its place open
    features.append(grid(2, 1, 120.1, 31.0, 120.15, 31.1, name="again"))
    features.append(grid(9, 7, 120.4, 31.0, 120.45, 31.1, parent="320281999"))
    features.append(grid(8, 8, 120.5, 31.0, 120.55, 31.1, parent="320281008009"))
    features.append(grid(8, 9, 120.55, 31.0, 120.6, 31.1, parent="320281008008"))
    features.append(({"code": "320281003003", "name": "结", "parent": "320281003"},
                     [[[120.26, 31.06], [120.29, 31.09], [120.29, 31.06], [120.26, 31.09], [120.26, 31.06]]]))
    write_geojson(layer, features)
    report = report_of(layer)
    expect(not report["clean"], "it has mistakes")
    expect(codes(report["duplicates"]) == ["320281002001"], f"{report['duplicates']}")
    expect(codes(report["orphans"]) == ["320281009007"], f"{report['orphans']}")
    expect(len(report["cycles"]) == 1 and report["cycles"][0]["code"] in ("320281008008", "320281008009"),
           f"{report['cycles']}")
    expect(codes(report["repairs"]) == ["320281003003"], f"{report['repairs']}")
    expect(any("320281001002" in note["reason"] or note["code"] == "320281001002" for note in report["overlaps"]),
           f"{report['overlaps']}")
    expect("320281003" in codes(report["gaps"]), f"{report['gaps']}")
    done = gridwall("layers", layer)
    kinds = [done.stdout.index(text) for text in ("duplicate codes", "rings of parents", "orphans", "overlap", "gaps")]
    expect(done.returncode == 0 and kinds == sorted(kinds), done.stdout)

    done = gridwall("layers", stage.path("absent.shp"))
    expect(done.returncode == 1 and "no such file" in done.stderr and done.stderr.count("\n") == 1, done.stderr)
    by_lengths = report_of("--layer", "格", layer, "--parents", "lengths", "--code-lengths", "6,9,12")
    expect(by_lengths["parent_rule"] == "code lengths", "options before the file swallow nothing")
    for wrong in (["--axes", "xz"], ["--parents", "magic"], ["--no-such-option"], ["--code-lengths", "9,6"],
                  ["--parents", "lengths"]):
        done = gridwall("layers", layer, *wrong)
        expect(done.returncode == 2, f"{wrong}: exit {done.returncode}")
    done = gridwall("layers")
    expect(done.returncode == 2, f"no file: exit {done.returncode}")


main(story)
