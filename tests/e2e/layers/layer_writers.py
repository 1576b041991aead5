"""Small layer files of several formats, written byte by byte, so that a test can say exactly what is wrong in them."""

import base64
import json
import os
import sqlite3
import struct
import zlib

# Two neighbouring rectangles: code, name, ring.
FEATURES = [
    ("320281", "江阴市", [(120.0, 31.0), (120.4, 31.0), (120.4, 31.2), (120.0, 31.2), (120.0, 31.0)]),
    ("320282", "宜兴市", [(120.4, 31.0), (120.8, 31.0), (120.8, 31.2), (120.4, 31.2), (120.4, 31.0)]),
]

# Written by GDAL 3.6: two features, no index.
_FLATGEOBUF = (
    "ZmdiA2ZnYgGEAgAAJAAAAAAAAAAAABoAIAAIAAwABQAAAAAAAAAAABAAGAAGABQAGgAAAAADAABMAAAAIAAAABAAAABUAAAAAgAA"
    "AAAAAAACAAAAIAIAAPQBAAAEAAAAAAAAAAAAXkAAAAAAAAA/QDMzMzMzM15AMzMzMzMzP0AAAAAAAQAAAGEADgAUAAQACAAMAAAA"
    "EAAOAAAApAEAAOYQAACQAQAABAAAAIABAABHRU9HQ1JTWyJXR1MgODQiLERBVFVNWyJXb3JsZCBHZW9kZXRpYyBTeXN0ZW0gMTk4"
    "NCIsRUxMSVBTT0lEWyJXR1MgODQiLDYzNzgxMzcsMjk4LjI1NzIyMzU2MyxMRU5HVEhVTklUWyJtZXRyZSIsMV1dXSxQUklNRU1b"
    "IkdyZWVud2ljaCIsMCxBTkdMRVVOSVRbImRlZ3JlZSIsMC4wMTc0NTMyOTI1MTk5NDMzXV0sQ1NbZWxsaXBzb2lkYWwsMl0sQVhJ"
    "U1siZ2VvZGV0aWMgbGF0aXR1ZGUgKExhdCkiLG5vcnRoLE9SREVSWzFdLEFOR0xFVU5JVFsiZGVncmVlIiwwLjAxNzQ1MzI5MjUx"
    "OTk0MzNdXSxBWElTWyJnZW9kZXRpYyBsb25naXR1ZGUgKExvbikiLGVhc3QsT1JERVJbMl0sQU5HTEVVTklUWyJkZWdyZWUiLDAu"
    "MDE3NDUzMjkyNTE5OTQzM11dLElEWyJFUFNHIiw0MzI2XV0AAAAABgAAAFdHUyA4NAAABAAAAEVQU0cAAAAA5v///wAAAAsIAAAA"
    "AAAAAAQAAABuYW1lAAAOABAACAAHAAAAAAAMAA4AAAAAAAAFCAAAAAAAAAAEAAAAY29kZQAAAACcAAAADAAAAAgADAAEAAgACAAA"
    "ADAAAAAEAAAAGQAAAAAAGeMEAAEADQAAAOaxn+mYtPCgrrfluIIAAAAIAAgAAAAEAAgAAAAEAAAACgAAAAAAAAAAAF5AAAAAAAAA"
    "P0CamZmZmRleQAAAAAAAAD9AmpmZmZkZXkAzMzMzMzM/QAAAAAAAAF5AMzMzMzMzP0AAAAAAAABeQAAAAAAAAD9AnAAAABAAAAAA"
    "AAAACAAMAAQACAAIAAAALAAAAAQAAAAVAAAAAAAa4wQAAQAJAAAA5a6c5YW05biCAAAACAAIAAAABAAIAAAABAAAAAoAAACamZmZ"
    "mRleQAAAAAAAAD9AMzMzMzMzXkAAAAAAAAA/QDMzMzMzM15AMzMzMzMzP0CamZmZmRleQDMzMzMzMz9AmpmZmZkZXkAAAAAAAAA/"
    "QA==")

GEODETIC = ('GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],'
            'UNIT["degree",0.0174532925199433]]')


def write(path, content):
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    return path


def geojson_features(features=FEATURES):
    return [{"type": "Feature", "properties": {"code": code, "name": name},
             "geometry": {"type": "Polygon", "coordinates": [ring]}} for code, name, ring in features]


def geojson(path):
    return write(path, json.dumps({"type": "FeatureCollection", "features": geojson_features()}, ensure_ascii=False))


def geojson_lines(path):
    return write(path, "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in geojson_features()))


def topojson(path):
    return write(path, json.dumps({
        "type": "Topology", "arcs": [ring for _, _, ring in FEATURES],
        "objects": {"cities": {"type": "GeometryCollection", "geometries": [
            {"type": "Polygon", "id": code, "properties": {"name": name}, "arcs": [[n]]}
            for n, (code, name, _) in enumerate(FEATURES)]}}}, ensure_ascii=False))


def wkt(ring):
    return "POLYGON((" + ",".join(f"{x} {y}" for x, y in ring) + "))"


def csv(path):
    return write(path, "code,name,WKT\n" + "".join(f'{code},{name},"{wkt(ring)}"\n' for code, name, ring in FEATURES))


def kml(path):
    marks = "".join(
        f"<Placemark><name>{name}</name><ExtendedData><SchemaData schemaUrl='#s'><SimpleData name='code'>{code}"
        "</SimpleData></SchemaData></ExtendedData><Polygon><outerBoundaryIs><LinearRing><coordinates>"
        + " ".join(f"{x},{y}" for x, y in ring) + "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
        for code, name, ring in FEATURES)
    return write(path, "<?xml version='1.0' encoding='UTF-8'?><kml xmlns='http://www.opengis.net/kml/2.2'><Document>"
                 "<Schema name='s' id='s'><SimpleField name='code' type='string'/></Schema>"
                 f"<Folder><name>grids</name>{marks}</Folder></Document></kml>")


GML_HEAD = ("<?xml version='1.0' encoding='UTF-8'?><c:FeatureCollection xmlns:c='http://www.opengis.net/wfs' "
            "xmlns:g='http://www.opengis.net/gml' xmlns:a='http://example.org/a'{extra}>")


def gml_member(code, name, ring):
    places = " ".join(f"{y} {x}" for x, y in ring)
    return (f"<g:featureMember><a:grid g:id='f{code}'><a:code>{code}</a:code><a:name>{name}</a:name><a:geom>"
            f"<g:Polygon srsName='urn:ogc:def:crs:EPSG::4490'><g:exterior><g:LinearRing><g:posList>{places}"
            "</g:posList></g:LinearRing></g:exterior></g:Polygon></a:geom></a:grid></g:featureMember>")


def gml(path, extra=""):
    return write(path, GML_HEAD.format(extra=extra) + "".join(gml_member(*one) for one in FEATURES)
                 + "</c:FeatureCollection>")


def flatgeobuf(path):
    return write(path, base64.b64decode(_FLATGEOBUF))


def wkb_ring(ring):
    return struct.pack("<I", len(ring)) + b"".join(struct.pack("<dd", x, y) for x, y in ring)


def wkb_polygon(ring):
    return struct.pack("<BII", 1, 3, 1) + wkb_ring(ring)


def gpkg_geometry(wkb):
    return b"GP\x00\x01" + struct.pack("<i", 4490) + wkb


def gpkg(path, geometries=None, before_close=None):
    """`geometries`: what to put into the geometry column instead of the features' own."""
    database = sqlite3.connect(path)
    database.executescript(f"""
        PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF;
        PRAGMA application_id = 1196444487; PRAGMA user_version = 10300;
        CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT,
          organization_coordsys_id INTEGER, definition TEXT, description TEXT);
        INSERT INTO gpkg_spatial_ref_sys VALUES ('CGCS2000', 4490, 'EPSG', 4490, '{GEODETIC}', '');
        CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, identifier TEXT, description TEXT,
          last_change TEXT, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER);
        INSERT INTO gpkg_contents VALUES ('grids','features','grids','','2026-01-01T00:00:00Z',120,31,120.8,31.2,4490);
        CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER,
          z TINYINT, m TINYINT);
        INSERT INTO gpkg_geometry_columns VALUES ('grids', 'geom', 'GEOMETRY', 4490, 0, 0);
        CREATE TABLE grids (fid INTEGER PRIMARY KEY AUTOINCREMENT, geom BLOB, code TEXT, name TEXT);""")
    for n, (code, name, ring) in enumerate(FEATURES):
        geometry = geometries[n] if geometries and n < len(geometries) else gpkg_geometry(wkb_polygon(ring))
        database.execute("INSERT INTO grids (geom, code, name) VALUES (?, ?, ?)", (geometry, code, name))
    if before_close:
        before_close(database)
    database.commit()
    database.close()
    return path


def shp_record(ring, parts=1, points=None):
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return (struct.pack("<i4dii", 5, min(xs), min(ys), max(xs), max(ys), parts,
                        len(ring) if points is None else points)
            + struct.pack("<i", 0) + b"".join(struct.pack("<dd", x, y) for x, y in reversed(ring)))


def shapefile(path, records=None, encoding="utf-8", cpg="UTF-8", ldid=0, names=None):
    """Beside `path` also .shx, .dbf, .prj and, unless `cpg` is None, .cpg."""
    stem = os.path.splitext(path)[0]
    records = records or [shp_record(ring) for _, _, ring in FEATURES]
    body, index, offset = b"", b"", 50
    for n, record in enumerate(records):
        body += struct.pack(">ii", n + 1, len(record) // 2) + record
        index += struct.pack(">ii", offset, len(record) // 2)
        offset += 4 + len(record) // 2

    def head(length):
        return struct.pack(">7i", 9994, 0, 0, 0, 0, 0, length) + struct.pack("<2i8d", 1000, 5, 120, 31, 120.8, 31.2, 0,
                                                                             0, 0, 0)

    write(path, head(offset) + body)
    write(stem + ".shx", head(50 + len(index) // 2) + index)
    widths = [("code", 12), ("name", 40)]
    size = 1 + sum(width for _, width in widths)
    dbf = struct.pack("<BBBBIHH16xBBxx", 3, 126, 1, 1, len(records), 32 + 32 * len(widths) + 1, size, 0, ldid)
    dbf += b"".join(struct.pack("<11sc4xBB14x", name.encode(), b"C", width, 0) for name, width in widths) + b"\r"
    for n in range(len(records)):
        code, name, _ = FEATURES[n % len(FEATURES)]
        texts = [code.encode(), (names[n] if names else name.encode(encoding))]
        dbf += b" " + b"".join(text[:width].ljust(width) for text, (_, width) in zip(texts, widths))
    write(stem + ".dbf", dbf + b"\x1a")
    write(stem + ".prj", GEODETIC)
    if cpg is not None:
        write(stem + ".cpg", cpg)
    return path


def png_of_nothing():
    return b"\x89PNG\r\n\x1a\n" + zlib.compress(b"\0" * 1000)
