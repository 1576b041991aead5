#!/usr/bin/env python3
"""Shows that tidy finds what it promises: each rule is broken once in a small tree."""
import pathlib
import tempfile
import unittest

import tidy

README = """
| room | may include | outside libraries, nowhere else | must not know |
| --- | --- | --- | --- |
| base | | spdlog | anything |
| model | base | toml++ | GL |
| geo | base model | gdal | GL |
| wire | base model | simdjson | sockets |
| gfx | base | glad | divisions |
| ui | base model | imgui | GL calls |
"""


class TidyFindsTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)
        self.write("src/README.md", README)

    def tearDown(self):
        self.folder.cleanup()

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def findings(self):
        return "\n".join(tidy.check_tree(self.root))

    def test_accepts_a_clean_tree(self):
        self.write("src/model/a.cpp", '#include "base/b.hpp"\n#include <vector>\nint f() {\n  return 1;\n}\n')
        self.assertEqual(self.findings(), "")

    def test_finds_an_arrow_that_points_up(self):
        self.write("src/base/a.cpp", '#include "model/b.hpp"\n')
        self.assertIn("'base' may not include 'model'", self.findings())

    def test_finds_a_neighbour_of_the_same_level(self):
        self.write("src/geo/a.cpp", '#include "wire/b.hpp"\n')
        self.assertIn("'geo' may not include 'wire'", self.findings())

    def test_finds_a_link_that_the_table_forbids(self):
        self.write("src/model/CMakeLists.txt", "cc_room(model\n  SOURCES a.cpp\n  USES base geo\n  OUTSIDE x)\n")
        self.assertIn("links 'geo'", self.findings())

    def test_finds_an_outside_library_in_a_foreign_room(self):
        self.write("src/wire/a.cpp", "#include <ogr_api.h>\n")
        self.assertIn("<ogr_api.h> belongs to another room", self.findings())

    def test_finds_long_functions_and_files(self):
        self.write("src/model/a.cpp", "int f() {\n" + "  g();\n" * 70 + "}\n")
        self.write("src/model/b.cpp", "int x;\n" * 601)
        self.assertIn("a function of 72 lines", self.findings())
        self.assertIn("601 lines", self.findings())

    def test_finds_words_in_code_raw_gl_and_swallowed_errors(self):
        self.write("src/ui/a.cpp", 'const char* t = "江阴";\nvoid f() { glClear(1); }\n')
        self.write("src/geo/a.cpp", "void f() { try { g(); } catch (...) {} }\n// FIX" + "ME later\n")
        found = self.findings()
        for sign in ("Chinese in code", "raw GL outside gfx", "catch (...)", "does not reach main"):
            self.assertIn(sign, found)

    def test_finds_tests_that_cannot_fail(self):
        self.write("tests/unit/a_test.cpp", "TEST(A, b) { EXPECT_TRUE(" + "true); }\n")
        self.assertIn("cannot fail", self.findings())

    def test_finds_rooms_and_top_level_places_that_nobody_announced(self):
        self.write("src/util/a.cpp", "int x;\n")
        self.write("stray/a.txt", "")
        self.assertIn("room 'util' has no row", self.findings())
        self.assertIn("stray/a.txt: not one of the places", self.findings())


if __name__ == "__main__":
    unittest.main()
