#!/usr/bin/env python3
"""The house rules as a test.

Reads the arrows between the rooms from the tables in src/README.md and compares them with what the sources include
and what CMake links; then sizes, words that must not reach main, and the places of outside libraries.
Usage: tidy.py ROOT; prints one finding a line and exits 1 when there is one.
"""
import pathlib
import re
import subprocess
import sys

FILE_LINES_MAX = 600
FUNCTION_LINES_MAX = 70
LINE_WIDTH_MAX = 120

# First part of an outside include -> the name in the README's column.
OUTSIDE_INCLUDES = {
    "spdlog": "spdlog", "zstd.h": "zstd", "xxhash.h": "xxhash", "toml++": "toml++", "gdal": "gdal", "ogr": "gdal",
    "cpl": "gdal", "proj.h": "proj", "geodesic.h": "proj", "geos_c.h": "geos", "simdjson.h": "simdjson",
    "date": "date", "pugixml": "pugixml", "csv.h": "csv", "sodium.h": "sodium", "sqlite3.h": "sqlite", "zmq": "zmq",
    "glad": "glad", "png.h": "png", "GLFW": "glfw", "EGL": "egl", "ft2build.h": "freetype",
    "freetype": "freetype", "imgui": "imgui", "backends": "imgui", "CLI": "CLI11", "fmt": "fmt",
}
TOP_LEVEL = {"CMakeLists.txt", "CMakePresets.json", "LICENSE", "README.md", "assets", "config", "run", "shaders",
             "src", "tests"}


def tracked_files(root):
    """Files git knows or would add; every file when the tree is no checkout."""
    listing = subprocess.run(["git", "-C", str(root), "ls-files", "-co", "--exclude-standard"],
                             capture_output=True, text=True)
    if listing.returncode == 0:
        names = listing.stdout.splitlines()
    else:
        names = [str(p.relative_to(root)) for p in root.rglob("*") if p.is_file()]
    return [root / name for name in names if (root / name).is_file()]


def read_rooms(readme):
    """room -> (rooms it may include, outside libraries that it alone may use)."""
    rooms = {}
    for line in readme.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == 4 and re.fullmatch(r"[a-z]+", cells[0]) and cells[0] != "room":
            outside = {name.strip() for name in cells[2].split(",") if name.strip()}
            rooms[cells[0]] = (cells[1].split(), outside)
    for allowed, _ in rooms.values():
        if allowed == ["all"]:
            allowed[:] = list(rooms)
    return rooms


def outside_library(include):
    for prefix, library in OUTSIDE_INCLUDES.items():
        if include == prefix or include.startswith((prefix + "/", prefix + "_", prefix + ".")):
            return library
    return None


def check_includes(path, room, rooms, text):
    allowed, outside = rooms[room]
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(r'\s*#\s*include\s+(["<])([^">]+)[">]', line)
        if not match:
            continue
        include = match.group(2)
        first = include.split("/")[0]
        if match.group(1) == '"' and first in rooms and first != room and first not in allowed:
            yield f"{path}:{number}: room '{room}' may not include '{first}' (src/README.md)"
        library = outside_library(include) if match.group(1) == "<" else None
        if library and library != "fmt" and library not in outside:
            yield f"{path}:{number}: <{include}> belongs to another room than '{room}' (src/README.md)"
        if include == "iostream" and room != "app":
            yield f"{path}:{number}: no iostream outside app; use base/log.hpp"


def check_links(root, rooms):
    for room, (allowed, _) in rooms.items():
        cmake = root / "src" / room / "CMakeLists.txt"
        if room == "app" or not cmake.exists():
            continue
        match = re.search(r"USES\s+([a-z\s]*?)(?:OUTSIDE|\))", cmake.read_text(encoding="utf-8"))
        for used in match.group(1).split() if match else []:
            if used not in allowed:
                yield f"{cmake}: links '{used}', which the row of '{room}' in src/README.md does not allow"


def blank_comments_and_strings(text):
    """The same text, same lines, with comments and literals blanked."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'', re.S)
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m.group(0)), text)


def function_lengths(text):
    """(first line, lines) of each outermost function body, by braces."""
    stack, start_of_statement = [], 0
    for i, c in enumerate(text):
        if c == "{":
            head = text[start_of_statement:i].strip()
            inside = any(kind == "function" for kind, _ in stack)
            is_scope = re.match(r"(template.*?>\s*)?(inline\s+|export\s+)?(namespace|class|struct|enum|union|extern)\b",
                                head, re.S)
            is_function = not inside and not is_scope and "(" in head and not re.search(r"=\s*$", head)
            stack.append(("function" if is_function else "other", i))
            start_of_statement = i + 1
        elif c == "}":
            if stack:
                kind, begin = stack.pop()
                if kind == "function":
                    first = text.count("\n", 0, begin) + 1
                    yield first, text.count("\n", begin, i) + 1
            start_of_statement = i + 1
        elif c == ";":
            start_of_statement = i + 1


def check_sizes(path, text):
    lines = text.splitlines()
    if len(lines) > FILE_LINES_MAX:
        yield f"{path}: {len(lines)} lines, more than {FILE_LINES_MAX}: what is hiding in it?"
    for number, line in enumerate(lines, 1):
        if len(line) > LINE_WIDTH_MAX:
            yield f"{path}:{number}: {len(line)} columns, more than {LINE_WIDTH_MAX}"
    for first, count in function_lengths(blank_comments_and_strings(text)):
        if count > FUNCTION_LINES_MAX:
            yield f"{path}:{first}: a function of {count} lines, more than {FUNCTION_LINES_MAX}"


def check_words(path, room, text):
    for number, line in enumerate(text.splitlines(), 1):
        if re.search(r"\b(FIXME|XXX)\b", line) or re.search(r"\bTODO\b(?!\(#\d+\))", line):
            yield f"{path}:{number}: FIXME does not reach main; TODO carries an issue number: TODO(#12)"
        if re.search(r"\bcatch\s*\(\s*\.\.\.\s*\)", line):
            yield f"{path}:{number}: catch (...) hides what went wrong; catch what the library throws"
        if room and room != "gfx" and re.search(r"\bgl[A-Z]\w+\s*\(", line) and "//" not in line:
            yield f"{path}:{number}: raw GL outside gfx"
    if room in ("ui", "scene", "render", "wall"):
        code = re.sub(r"//[^\n]*", "", text)
        for match in re.finditer(r'"(?:\\.|[^"\\\n])*"', code):
            if re.search(r"[\u3400-\u9fff]", match.group(0)):
                number = code.count("\n", 0, match.start()) + 1
                yield f"{path}:{number}: Chinese in code; words of the wall live in assets/words"


def check_tests(path, text):
    for number, line in enumerate(text.splitlines(), 1):
        if re.search(r"GTEST_SKIP|DISABLED_|EXPECT_TRUE\(true\)|ASSERT_TRUE\(true\)", line):
            yield f"{path}:{number}: a test that cannot fail or is switched off"


def check_tree(root):
    rooms = read_rooms(root / "src" / "README.md")
    if len(rooms) < 5:
        yield f"{root}/src/README.md: the table of rooms was not found"
        return
    yield from check_links(root, rooms)
    for path in tracked_files(root):
        name = path.relative_to(root)
        if name.parts[0] not in TOP_LEVEL and not name.parts[0].startswith("."):
            yield f"{name}: not one of the places at the top level"
        if path.suffix not in (".cpp", ".hpp", ".glsl", ".vert", ".frag", ".comp"):
            continue
        text = path.read_text(encoding="utf-8")
        room = name.parts[1] if name.parts[0] == "src" and len(name.parts) > 2 else None
        if room and room not in rooms:
            yield f"{name}: room '{room}' has no row in src/README.md"
            continue
        if room:
            yield from check_includes(name, room, rooms, text)
        yield from check_sizes(name, text)
        yield from check_words(name, room, text)
        if name.parts[0] == "tests":
            yield from check_tests(name, text)


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    findings = list(check_tree(root))
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
