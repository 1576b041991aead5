"""A PostGIS table gives the same report as a GeoPackage of the same polygons; its password is never shown.

The server is private: a cluster in a temporary folder that listens on a Unix socket only.
"""

import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
sys.path.insert(0, os.path.dirname(__file__))
import layer_writers
from support import PATIENCE_S, SOURCE, expect, main

PASSWORD = "top-secret-9"


class Server:
    """A PostgreSQL of one's own; it refuses to run as root, so then as the user that its package made."""

    def __init__(self):
        found = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
        expect(found, "PostgreSQL is not installed; './run setup' installs it")
        self.programs = found[-1]
        self.folder = tempfile.mkdtemp(prefix="gridwall-pg-")
        self.prefix = []
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
            self.prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        self.data = os.path.join(self.folder, "data")

    def call(self, program, *arguments, text=None):
        done = subprocess.run([*self.prefix, os.path.join(self.programs, program), *arguments], input=text, text=True,
                              capture_output=True, timeout=PATIENCE_S, cwd=self.folder)
        expect(done.returncode == 0, f"{program} {arguments}: {done.stdout}{done.stderr}")
        return done.stdout

    def __enter__(self):
        self.call("initdb", "-D", self.data, "-U", "keeper", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C")
        self.call("pg_ctl", "-D", self.data, "-w", "-l", os.path.join(self.folder, "log"), "-o",
                  f"-c listen_addresses='' -c unix_socket_directories='{self.folder}' -c fsync=off", "start")
        return self

    def __exit__(self, kind, error, trace):
        subprocess.run([*self.prefix, os.path.join(self.programs, "pg_ctl"), "-D", self.data, "-m", "immediate", "stop"],
                       capture_output=True, timeout=PATIENCE_S, cwd=self.folder)
        shutil.rmtree(self.folder, ignore_errors=True)

    def sql(self, text):
        return self.call("psql", "-h", self.folder, "-U", "keeper", "-d", "postgres", "-v", "ON_ERROR_STOP=1", "-q", "-f",
                         "-", text=text)

    def address(self, more=""):
        return f"PG:host={self.folder} user=keeper dbname=postgres password={PASSWORD}{more}"


def story(stage):
    def layers(source, *arguments):
        done = subprocess.run([sys.argv[1], "layers", source, "--json", *arguments], capture_output=True, text=True,
                              env=dict(os.environ, GRIDWALL_ROOT=SOURCE), timeout=PATIENCE_S)
        expect(PASSWORD not in done.stdout + done.stderr, f"the password is shown: {done.stdout}{done.stderr}")
        return done

    with Server() as server:
        rows = "".join(f"INSERT INTO grids (code, name, geom) VALUES ('{code}', '{name}', "
                       f"ST_GeomFromText('{layer_writers.wkt(ring)}', 4490));"
                       for code, name, ring in layer_writers.FEATURES)
        server.sql("CREATE EXTENSION postgis; CREATE TABLE grids (fid serial PRIMARY KEY, code text, name text, "
                   f"geom geometry(Polygon, 4490)); {rows} CREATE TABLE notes (a text); "
                   "CREATE TABLE \"网格 二\" AS SELECT * FROM grids WHERE code = '320281';")
        done = layers(server.address(), "--layer", "grids")
        expect(done.returncode == 0, done.stderr)
        from_server = json.loads(done.stdout)
        from_file = json.loads(layers(layer_writers.gpkg(stage.path("same.gpkg"))).stdout)
        ours, theirs = from_server["layers"][0], from_file["layers"][0]
        expect(ours["driver"] == "PostgreSQL", ours)
        expect("stated by the service" in ours["crs_known_by"], ours)
        for key in ("crs", "features", "polygons", "area_m2", "extent_lonlat", "code_field", "name_field"):
            expect(ours[key] == theirs[key], f"{key}: {ours[key]} and {theirs[key]}")
        for key in ("levels", "vertices", "triangles", "orphans"):
            expect(from_server[key] == from_file[key], f"{key}: {from_server[key]} and {from_file[key]}")

        done = layers(server.address(), "--layer", "网格 二")
        expect(done.returncode == 0 and json.loads(done.stdout)["layers"][0]["features"] == 1, done.stderr)
        done = layers(server.address())
        expect(json.loads(done.stdout)["layers"][0]["layer"] in ("grids", "网格 二"), "every layer with geometry")

        for source, says in ((server.address(" port=1"), "cannot be opened"), ("PG:host=/none dbname=x", "cannot be opened"),
                             (server.address().replace("dbname=postgres", "dbname=nosuch"), "nosuch")):
            done = layers(source)
            lines = done.stderr.splitlines()
            expect(done.returncode == 1 and len(lines) == 1 and says in lines[0], f"{source}: {done.stderr}")
        done = layers(server.address(), "--layer", "absent")
        expect("no layer 'absent'" in done.stderr and "grids" in done.stderr, done.stderr)


main(story)
