"""The files that broken_files.py shows to the program, each broken on purpose. The same seed gives the same files."""

import gzip
import os
import random
import sqlite3
import struct
import zipfile

import layer_writers as w

SEED = 20261122
TWO_GIB = 2 << 30
FORMATS = {"geojson": w.geojson, "geojsonl": w.geojson_lines, "topojson": w.topojson, "csv": w.csv, "kml": w.kml,
           "gml": w.gml, "fgb": w.flatgeobuf, "gpkg": w.gpkg, "shp": w.shapefile}


class Case:
    """One command line: `code` is the exit code that it must have, None: 0 or 1. `says`: part of what it prints."""

    def __init__(self, path, code=None, says=""):
        self.path, self.code, self.says = path, code, says


class Cases:
    def __init__(self, folder):
        self.folder, self.cases, self.random = folder, [], random.Random(SEED)

    def path(self, name):
        """Each in a folder of its own: a Shapefile is several files."""
        own = os.path.join(self.folder, f"{len(self.cases):03d}")
        os.makedirs(own, exist_ok=True)
        return os.path.join(own, name)

    def add(self, path, code=None, says=""):
        self.cases.append(Case(path, code, says))

    def bytes(self, name, content, code=1, says=""):
        self.add(w.write(self.path(name), content), code, says)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def cut_and_flipped(cases):
    rng = cases.random
    for ending, writer in FORMATS.items():
        def fresh():
            path = writer(cases.path("a." + ending))
            return path, read(path)

        for _ in range(5):
            path, whole = fresh()
            cases.add(w.write(path, whole[:rng.randrange(1, len(whole))]))
        for limit in (100, 100, 100, None, None, None):
            path, whole = fresh()
            changed = bytearray(whole)
            for _ in range(rng.randrange(1, 4)):
                changed[rng.randrange(min(limit or len(whole), len(whole)))] = rng.randrange(256)
            cases.add(w.write(path, bytes(changed)))
        path, whole = fresh()
        at = rng.randrange(len(whole))
        cases.add(w.write(path, whole[:at] + whole[at // 2:]))
    for companion in (".dbf", ".shx"):
        for _ in range(4):
            path = w.shapefile(cases.path("a.shp"))
            beside = os.path.splitext(path)[0] + companion
            whole = bytearray(read(beside))
            if rng.random() < 0.5:
                whole = whole[:rng.randrange(1, len(whole))]
            else:
                whole[rng.randrange(min(64, len(whole)))] = rng.randrange(256)
            w.write(beside, bytes(whole))
            cases.add(path)


def strange_numbers(cases):
    nan, infinite, huge = float("nan"), float("inf"), 1e308
    ring = w.FEATURES[0][2]
    for number in (nan, infinite, huge, -huge):
        odd = [*ring[:2], (number, 31.1), *ring[2:]]
        cases.add(w.gpkg(cases.path("a.gpkg"), [w.gpkg_geometry(w.wkb_polygon(odd))]), 0, "left out")
        cases.add(w.shapefile(cases.path("a.shp"), [w.shp_record(odd), w.shp_record(w.FEATURES[1][2])]), 0, "left out")
        all_odd = [(number, number)] * 5
        cases.add(w.gpkg(cases.path("a.gpkg"), [w.gpkg_geometry(w.wkb_polygon(all_odd))] * 2), 1)
    text = read(w.geojson(cases.path("a.geojson"))).decode()
    for number in ("1e308", "-1e308", "1e999", "NaN", "Infinity", "1e", "--1", "1" * 5000):
        cases.bytes("a.geojson", text.replace("120.4", number), None)
    for number in ("nan", "inf", "1e308"):
        cases.bytes("a.csv", f'code,WKT\n1,"POLYGON((0 0,{number} 1,1 1,1 0,0 0))"\n', None)


def wkb_lies(cases):
    billion, most = 1_000_000_000, 0xFFFFFFFF
    ring = w.FEATURES[0][2]
    lies = [struct.pack("<BII", 1, 3, billion), struct.pack("<BII", 1, 3, most), struct.pack("<BIII", 1, 3, 1, billion),
            struct.pack("<BIII", 1, 3, 1, most), struct.pack("<BII", 1, 6, billion), struct.pack("<BII", 1, 7, most),
            struct.pack("<BII", 1, 10, billion), struct.pack("<BIIBII", 1, 10, 1, 1, 8, most),
            struct.pack("<BII", 1, 12, most), struct.pack("<BII", 1, 15, most), struct.pack("<BII", 1, 16, billion),
            struct.pack("<BII", 1, 99, 1), struct.pack("<BII", 7, 3, 1), b"\x01", b"",
            struct.pack("<BII", 1, 7, 1) * 100_000 + w.wkb_polygon(ring),
            struct.pack("<BII", 1, 3, 1) + w.wkb_ring(ring)[:-9],
            struct.pack("<BII", 1, 0x20000003, 4490) + struct.pack("<I", billion)]
    for lie in lies:
        cases.add(w.gpkg(cases.path("a.gpkg"), [w.gpkg_geometry(lie), w.gpkg_geometry(lie)]), 1)
    for blob in (b"", b"GP", b"no geometry at all", "text", 42, b"GP\x00\xff" + b"\xff" * 60):
        cases.add(w.gpkg(cases.path("a.gpkg"), [blob, blob]), 1)


def record_lies(cases):
    ring = w.FEATURES[0][2]
    for parts, points in ((1_000_000_000, None), (1, 1_000_000_000), (-1, None), (1, -5), (0x7FFFFFFF, 0x7FFFFFFF)):
        cases.add(w.shapefile(cases.path("a.shp"), [w.shp_record(ring, parts, points)] * 2), 1)
    for at, value in ((4, 4_000_000_000), (8, 0), (8, 33), (8, 65535), (10, 0), (10, 1), (10, 65535)):
        path = w.shapefile(cases.path("a.shp"))
        dbf = bytearray(read(path[:-4] + ".dbf"))
        dbf[at:at + (4 if at == 4 else 2)] = struct.pack("<I" if at == 4 else "<H", value)
        w.write(path[:-4] + ".dbf", bytes(dbf))
        cases.add(path)
    for values in ((0, 0), (0x7FFFFFFF, 0x7FFFFFFF), (-1, -1), (50, 0x40000000)):
        path = w.shapefile(cases.path("a.shp"))
        index = read(path[:-4] + ".shx")
        w.write(path[:-4] + ".shx", index[:100] + struct.pack(">ii", *values) * 2)
        cases.add(path)
    for missing in (".shx", ".dbf"):
        path = w.shapefile(cases.path("a.shp"))
        os.remove(path[:-4] + missing)
        cases.add(path)
    whole = read(w.flatgeobuf(cases.path("a.fgb")))
    header = 12 + struct.unpack("<I", whole[8:12])[0]
    for at, number in ((8, 0xFFFFFFFF), (8, 0x7FFFFFF0), (8, 1), (header, 0xFFFFFFFF), (header, 0x7FFFFFF0), (header, 1),
                       (header, 0)):
        cases.bytes("a.fgb", whole[:at] + struct.pack("<I", number) + whole[at + 4:])


def databases(cases):
    def sabotage(script):
        def run(database):
            database.executescript(script)
        cases.add(w.gpkg(cases.path("a.gpkg"), before_close=run))

    for script in ("DROP TABLE gpkg_contents", "DROP TABLE gpkg_geometry_columns", "DROP TABLE grids",
                   "DROP TABLE gpkg_spatial_ref_sys", "UPDATE gpkg_geometry_columns SET column_name = 'none'",
                   "UPDATE gpkg_contents SET srs_id = 99999", "UPDATE gpkg_contents SET table_name = x'00ff'",
                   "DROP TABLE grids; CREATE VIEW grids AS WITH RECURSIVE n(fid) AS (SELECT 1 UNION ALL SELECT fid + 1 "
                   "FROM n LIMIT 100000) SELECT fid, NULL AS geom, 'x' AS code FROM n",
                   "CREATE TABLE gpkg_ogr_contents (table_name TEXT PRIMARY KEY, feature_count INTEGER); "
                   "INSERT INTO gpkg_ogr_contents VALUES ('grids', 1000000000)",
                   "UPDATE grids SET name = x'ff00fe01', code = NULL"):
        sabotage(script)
    path = cases.path("plain.gpkg")
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE a (b)")
    database.commit()
    database.close()
    cases.add(path, 1)


def nested(cases):
    million = 1_000_000
    cases.bytes("deep.geojson", b"[" * (50 * million))
    cases.bytes("deep2.geojson", b'{"type":"FeatureCollection","features":' + b"[" * (50 * million))
    cases.bytes("deep3.geojson", b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":'
                + b'{"a":' * million + b"1" + b"}" * million + b',"geometry":null}]}')
    inner = '{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}'
    for depth in (10, 1000, 100_000):
        text = '{"type":"GeometryCollection","geometries":[' * depth + inner + "]}" * depth
        cases.bytes("collections.geojson", '{"type":"FeatureCollection","features":[{"type":"Feature","properties":'
                    '{"code":"1"},"geometry":' + text + "}]}", None)
        text = "GEOMETRYCOLLECTION(" * depth + "POLYGON((0 0,1 0,1 1,0 0))" + ")" * depth
        cases.bytes("collections.csv", f'code,WKT\n1,"{text}"\n', None)
    cases.bytes("deep.topojson", '{"type":"Topology","objects":' + '{"a":' * 100_000)
    for ending, root in (("gml", w.GML_HEAD.format(extra="")), ("kml", "<?xml version='1.0'?><kml "
                                                                "xmlns='http://www.opengis.net/kml/2.2'>")):
        cases.bytes("deep." + ending, root + "<a>" * 200_000)
        laughs = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
        cases.bytes("laughs." + ending, root.replace("?>", f"?><!DOCTYPE x [<!ENTITY a0 'ha'>{laughs}]>", 1) + "&a9;")
    cases.bytes("long.csv", "code,WKT\n1," + "x" * (30 * million), None)
    cases.bytes("many.csv", ",".join(f"c{n}" for n in range(50_000)) + "\n1\n", None)


def sparse(path, size=TWO_GIB):
    with open(path, "wb") as file:
        file.truncate(size)
    return path


def not_what_they_say(cases):
    for ending in (*FORMATS, "tab", "mif", "zip", "gz", "json", "sqlite", "kmz", "dxf", "gpx", "xyz"):
        cases.bytes("empty." + ending, b"", 1, "empty")
        cases.bytes("text." + ending, "这不是图层文件, only some words.\n" * 50)
    for ending in ("gpkg", "geojson", "shp", "fgb", "csv", "gml", "kml", "topojson", "zip", "gz", "xyz"):
        cases.add(sparse(cases.path("zeros." + ending)), 1)
    folder = cases.path("folder.gpkg")
    os.mkdir(folder)
    cases.add(folder, 1, "folder")
    for content in (b"", b"\0" * 4096):
        geodatabase = cases.path("a.gdb")
        os.mkdir(geodatabase)
        w.write(os.path.join(geodatabase, "a00000001.gdbtable"), content)
        cases.add(geodatabase, 1)
    pipe = cases.path("pipe.geojson")
    os.mkfifo(pipe)
    cases.add(pipe, 1, "no ordinary file")
    loop = cases.path("loop.gpkg")
    os.symlink(loop, loop)
    cases.add(loop, 1)
    dangling = cases.path("dangling.gpkg")
    os.symlink(dangling + ".not", dangling)
    cases.add(dangling, 1)
    cases.add(cases.path("absent.gpkg"), 1, "no such file")
    cases.add("/dev/zero", 1, "no ordinary file")
    cases.bytes("picture.gpkg", w.png_of_nothing())
    cases.bytes("control\x01name\n.geojson", b"{")


def archives(cases):
    def zipped(name, members, cut=None):
        path = cases.path(name)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in members:
                if isinstance(content, int):
                    with archive.open(member, "w", force_zip64=True) as out:
                        for _ in range(content >> 20):
                            out.write(bytes(1 << 20))
                else:
                    archive.writestr(member, content)
        if cut:
            w.write(path, read(path)[:cut])
        return path

    whole = read(w.geojson(cases.path("a.geojson")))
    cases.add(zipped("bomb.zip", [("zeros.geojson", TWO_GIB)]), 1)
    cases.add(zipped("bomb2.zip", [("zeros.csv", 64 << 20)]), 1)
    cases.add(zipped("many.zip", [(f"{n}.txt", "") for n in range(5_100)]), 1)
    cases.add(zipped("inner.zip", [("inner.zip", b"PK\x05\x06" + bytes(18))]), 1)
    cases.add(zipped("up.zip", [("../../a.geojson", whole)]))
    cases.add(zipped("cut.zip", [("a.geojson", whole)], 60), 1)
    cases.add(zipped("broken.zip", [("a.geojson", whole[:200])]), 1, "a.geojson")
    cases.bytes("cut.geojson.gz", gzip.compress(whole)[:80])
    bomb = gzip.compress(bytes(64 << 20))
    cases.bytes("bomb.geojson.gz", bomb * 32)
    cases.bytes("spaces.geojson.gz", gzip.compress(b'{"type":"FeatureCollection","features":[' + b" " * (64 << 20)))


def all_cases(folder):
    cases = Cases(folder)
    for part in (cut_and_flipped, strange_numbers, wkb_lies, record_lies, databases, nested, not_what_they_say, archives):
        part(cases)
    return cases.cases
