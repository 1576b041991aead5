"""A WFS on loopback gives its layer; servers that stall, hang up or talk nonsense get one sentence in bounded time."""

import http.server
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
sys.path.insert(0, os.path.dirname(__file__))
from layer_writers import FEATURES
from support import PATIENCE_S, SOURCE, expect, main

CAPABILITIES = """<?xml version="1.0" encoding="UTF-8"?>
<wfs:WFS_Capabilities version="1.1.0" xmlns:wfs="http://www.opengis.net/wfs" xmlns:ows="http://www.opengis.net/ows"
  xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:a="http://example.org/a">
  <ows:OperationsMetadata>{operations}</ows:OperationsMetadata>
  <wfs:FeatureTypeList><wfs:FeatureType><wfs:Name>a:grids</wfs:Name><wfs:Title>grids</wfs:Title>
    <wfs:DefaultSRS>urn:ogc:def:crs:EPSG::4490</wfs:DefaultSRS>
    <ows:WGS84BoundingBox><ows:LowerCorner>120 31</ows:LowerCorner><ows:UpperCorner>120.8 31.2</ows:UpperCorner>
    </ows:WGS84BoundingBox></wfs:FeatureType></wfs:FeatureTypeList></wfs:WFS_Capabilities>"""

OPERATION = """<ows:Operation name="{name}"><ows:DCP><ows:HTTP><ows:Get xlink:href="{address}?"/></ows:HTTP></ows:DCP>
  </ows:Operation>"""

SCHEMA = """<?xml version="1.0" encoding="UTF-8"?>
<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:gml="http://www.opengis.net/gml"
  xmlns:a="http://example.org/a" targetNamespace="http://example.org/a" elementFormDefault="qualified">
  <xsd:import namespace="http://www.opengis.net/gml"/>
  <xsd:complexType name="gridsType"><xsd:complexContent><xsd:extension base="gml:AbstractFeatureType"><xsd:sequence>
    <xsd:element name="code" type="xsd:string" minOccurs="0"/><xsd:element name="name" type="xsd:string" minOccurs="0"/>
    <xsd:element name="geom" type="gml:SurfacePropertyType" minOccurs="0"/>
  </xsd:sequence></xsd:extension></xsd:complexContent></xsd:complexType>
  <xsd:element name="grids" type="a:gridsType" substitutionGroup="gml:_Feature"/></xsd:schema>"""


def features():
    members = "".join(
        f"<gml:featureMember><a:grids gml:id='grids.{n}'><a:code>{code}</a:code><a:name>{name}</a:name><a:geom>"
        "<gml:Polygon srsName='urn:ogc:def:crs:EPSG::4490'><gml:exterior><gml:LinearRing><gml:posList>"
        + " ".join(f"{y} {x}" for x, y in ring) + "</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></a:geom>"
        "</a:grids></gml:featureMember>" for n, (code, name, ring) in enumerate(FEATURES))
    return ("<?xml version='1.0' encoding='UTF-8'?><wfs:FeatureCollection xmlns:wfs='http://www.opengis.net/wfs' "
            f"xmlns:gml='http://www.opengis.net/gml' xmlns:a='http://example.org/a' numberOfFeatures='{len(FEATURES)}'>"
            f"{members}</wfs:FeatureCollection>")


class Service(http.server.BaseHTTPRequestHandler):
    features_are = None  # what GetFeature answers instead

    def do_GET(self):
        query = {key.lower(): value[0] for key, value in
                 urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query).items()}
        request = query.get("request", "").lower()
        if request == "getcapabilities":
            address = f"http://127.0.0.1:{self.server.server_address[1]}/wfs"
            operations = "".join(OPERATION.format(name=name, address=address)
                                 for name in ("GetCapabilities", "DescribeFeatureType", "GetFeature"))
            text = CAPABILITIES.format(operations=operations)
        elif request == "describefeaturetype":
            text = SCHEMA
        elif query.get("resulttype") == "hits":
            text = ("<?xml version='1.0'?><wfs:FeatureCollection xmlns:wfs='http://www.opengis.net/wfs' "
                    f"numberOfFeatures='{len(FEATURES)}'/>")
        else:
            text = features() if self.features_are is None else self.features_are
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def serve(handler):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"127.0.0.1:{server.server_address[1]}"


class BadServer:
    """Takes connections and treats them as `treat(connection)` says; each keeps its own thread."""

    def __init__(self, treat):
        self._treat, self._kept = treat, []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            connection, _ = self._listener.accept()
            self._kept.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            self._treat(connection)
        except OSError:  # the program has hung up, as it should
            pass


def stall(connection):
    connection.recv(1 << 16)
    connection.recv(1 << 16)  # returns when the program gives up


def stall_within_answer(connection):
    connection.recv(1 << 16)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 100000\r\n\r\n<?xml version=")
    connection.recv(1 << 16)


def hang_up(connection):
    connection.recv(1 << 16)
    connection.close()


def nonsense(connection):
    connection.recv(1 << 16)
    connection.sendall(bytes(range(256)) * 400)
    connection.close()


def no_service(connection):
    connection.recv(1 << 16)
    page = "<html>你好, no service of features here</html>".encode()
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(page) + page)
    connection.close()


def failing(connection):
    connection.recv(1 << 16)
    connection.sendall(b"HTTP/1.1 500 broken\r\nContent-Length: 0\r\n\r\n")
    connection.close()


def story(stage):
    def layers(source):
        # Less patience than the program has by itself: the test waits for it.
        environment = dict(os.environ, GRIDWALL_ROOT=SOURCE, GDAL_HTTP_LOW_SPEED_TIME="2")
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
            environment.pop(name, None)
        return subprocess.run([sys.argv[1], "layers", source, "--json"], capture_output=True, text=True, env=environment,
                              timeout=PATIENCE_S)

    _, address = serve(Service)
    done = layers(f"WFS:http://{address}/wfs?token=hidden-one")
    expect(done.returncode == 0, done.stderr)
    found = json.loads(done.stdout)["layers"][0]
    expect(found["driver"] == "WFS" and found["features"] == found["polygons"] == 2, found)
    expect("EPSG:4490" in found["crs"] and "stated by the service" in found["crs_known_by"], found)
    expect(abs(found["extent_lonlat"][0] - 120) < 1e-9 and abs(found["extent_lonlat"][3] - 31.2) < 1e-9, found)
    expect("hidden-one" not in done.stdout and "token=***" in done.stdout, "the token is hidden")

    class Broken(Service):
        features_are = features()[:400]

    _, broken = serve(Broken)
    sources = [f"WFS:http://{broken}/wfs"]
    for treat in (stall, stall_within_answer, hang_up, nonsense, no_service, failing):
        sources.append(f"WFS:http://user:hidden-one@{BadServer(treat).address}/{treat.__name__}")
    closed = socket.create_server(("127.0.0.1", 0))
    sources.append(f"WFS:http://127.0.0.1:{closed.getsockname()[1]}/closed")
    closed.close()
    slowest_s = 0.0
    for source in sources:
        started = time.monotonic()
        done = layers(source)
        slowest_s = max(slowest_s, time.monotonic() - started)
        lines = done.stderr.splitlines()
        expect(done.returncode == 1, f"{source}: exit code {done.returncode}: {done.stdout}{done.stderr}")
        expect(len(lines) == 1 and "127.0.0.1" in lines[0] and "hidden-one" not in done.stderr, f"{source}: {done.stderr}")
    print(f"{len(sources)} bad servers, the slowest answer after {slowest_s:.1f} s")


main(story)
