"""What src/wire/INTEGRATORS.md shows is what runs: each program stands in it to the letter, at most 20 lines of 120
columns; the table of types names what config/lifecycle.toml has; every word of a refusal is explained."""

import pathlib
import re
import sys
import tomllib
import unittest

ROOT = pathlib.Path(sys.argv.pop(1))
PAGE = (ROOT / "src/wire/INTEGRATORS.md").read_text(encoding="utf-8")
PROGRAMS = sorted(file for file in (ROOT / "tests/integrators").iterdir()
                  if file.stem.lower() in ("publish", "subscribe", "keyed"))


class Page(unittest.TestCase):
    def test_each_program_stands_in_the_page_to_the_letter(self):
        blocks = re.findall(r"^```\w+\n(.*?)^```$", PAGE, re.M | re.S)
        self.assertEqual(len(PROGRAMS), 11)
        for program in PROGRAMS:
            self.assertIn(program.read_text(encoding="utf-8"), blocks, program.name)

    def test_a_program_has_at_most_20_lines_of_120_columns(self):
        for program in PROGRAMS:
            lines = program.read_text(encoding="utf-8").splitlines()
            self.assertLessEqual(len(lines), 20, program.name)
            self.assertLessEqual(max(map(len, lines)), 120, program.name)

    def test_the_table_of_types_is_the_lifecycles(self):
        rows = tomllib.loads((ROOT / "config/lifecycle.toml").read_text(encoding="utf-8"))["event"]
        for row in rows:
            name_en = row["name_en"]
            self.assertRegex(PAGE, rf"(?m)^\| `{re.escape(row['type'])}` \| {row['name_zh']} \| {name_en} \|")

    def test_every_word_of_a_refusal_is_explained(self):
        codec = (ROOT / "src/wire/event_codec.cpp").read_text(encoding="utf-8")
        words = set(re.findall(r'case RefusalReason::\w+:\s+return "(\w+)";', codec))
        for name in ("intake", "hub_service"):
            text = (ROOT / f"src/hub/{name}.cpp").read_text(encoding="utf-8")
            words |= set(re.findall(r'constexpr std::string_view k\w+ = "([a-z_]+)";', text))
        self.assertGreater(len(words), 25)
        for word in sorted(words):
            self.assertIn(f"`{word}`", PAGE)

    def test_every_link_leads_to_a_file(self):
        prose = re.sub(r"^```.*?^```$", "", PAGE, flags=re.M | re.S)
        for link in re.findall(r"\]\(([^)#]+)\)", prose):
            self.assertTrue((ROOT / "src/wire" / link).exists(), link)


unittest.main()
