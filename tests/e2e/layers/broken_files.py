"""Some 300 files broken on purpose: one clear sentence each or the whole layer, in bounded memory, never a crash.

The times are patience, not measurements: the slowest is printed. RLIMIT_AS bounds the memory except under an address
sanitizer, which reserves more than any bound; the peak of resident memory is looked at in either case.
"""

import concurrent.futures
import json
import os
import resource
import stat
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
sys.path.insert(0, os.path.dirname(__file__))
import layer_writers
from broken_cases import Case, all_cases
from support import SOURCE, expect, main

ADDRESS_SPACE_MAX_BYTES = 3 << 30
RESIDENT_MAX_KIB = 1_500_000
PATIENCE_S = 60
NOBODY = 65534


def is_sanitized(program):
    with open(program, "rb") as file:
        return b"__asan_init" in file.read()


class Runner:
    def __init__(self, program):
        self.program = program
        self.bounded = not is_sanitized(program)

    def _prepare(self, as_nobody):
        if self.bounded:
            resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE_MAX_BYTES, ADDRESS_SPACE_MAX_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if as_nobody:
            os.setgid(NOBODY)
            os.setuid(NOBODY)

    def run(self, path, as_nobody=False):
        """(exit code, negative for a signal; stdout; stderr; seconds; peak resident KiB)"""
        started = time.monotonic()
        child = subprocess.Popen(
            [self.program, "layers", path, "--json", "--crs", "EPSG:4490"], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, env=dict(os.environ, GRIDWALL_ROOT=SOURCE),
            preexec_fn=lambda: self._prepare(as_nobody))
        errors = []
        reader = threading.Thread(target=lambda: errors.append(child.stderr.read()))
        reader.start()
        killer = threading.Timer(PATIENCE_S, child.kill)
        killer.start()
        out = child.stdout.read()
        reader.join()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        killer.cancel()
        return child.returncode, out, errors[0], time.monotonic() - started, usage.ru_maxrss


def plain_name(path):
    """As the program shows it: on one line, without control characters."""
    return os.path.basename(path).replace("\n", " ").replace("\x01", "")


def complaint(case, done):
    """What is wrong with how the program took the file; empty when nothing."""
    code, out, errors, seconds, peak_kib = done
    if code not in (0, 1) or (case.code is not None and code != case.code):
        return f"exit code {code}, expected {case.code if case.code is not None else '0 or 1'} after {seconds:.1f} s"
    if peak_kib > RESIDENT_MAX_KIB:
        return f"{peak_kib} KiB of memory"
    try:
        text, printed = errors.decode("utf-8"), out.decode("utf-8")
    except UnicodeDecodeError:
        return "prints what is no UTF-8"
    lines = text.splitlines()
    if code == 1 and (len(lines) != 1 or plain_name(case.path) not in text):
        return f"{len(lines)} lines on stderr"
    if code == 1 and out:
        return "prints a layer and fails"
    if code == 0:
        if lines:
            return "complains and succeeds"
        json.loads(printed)
    if case.says not in text + printed:
        return f"does not say '{case.says}'"
    return ""


def story(stage):
    runner = Runner(sys.argv[1])
    os.mkdir(stage.path("files"))
    cases = all_cases(stage.path("files"))
    expect(len(cases) >= 200, f"only {len(cases)} files")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda case: runner.run(case.path), cases))
    bad = []
    for case, done in zip(cases, results):
        what = complaint(case, done)
        if what:
            bad.append(f"{os.path.relpath(case.path, stage.path('files'))!r}: {what}: {done[2].decode(errors='replace')}")
        elif os.environ.get("GRIDWALL_SHOW_ALL"):
            print(os.path.relpath(case.path, stage.path("files")), done[0], f"{done[3]:.2f} s", f"{done[4] >> 10} MiB",
                  done[2].decode().strip())
    slowest = max(zip(results, cases), key=lambda pair: pair[0][3])
    largest = max(zip(results, cases), key=lambda pair: pair[0][4])
    print(f"{len(cases)} files, {sum(1 for done in results if done[0] == 0)} loaded, the slowest "
          f"{os.path.basename(slowest[1].path)} {slowest[0][3]:.1f} s, the most memory "
          f"{os.path.basename(largest[1].path)} {largest[0][4] >> 10} MiB")
    expect(not bad, "\n".join([f"{len(bad)} of them", *bad]))
    no_permission(runner, stage)


def no_permission(runner, stage):
    path = layer_writers.gpkg(stage.path("files/secret.gpkg"))
    os.chmod(path, 0)
    as_nobody = os.geteuid() == 0  # root reads everything
    for folder in (os.path.dirname(stage.path("files")), stage.path("files")):
        os.chmod(folder, stat.S_IRWXU | stat.S_IROTH | stat.S_IXOTH)
    try:
        done = runner.run(path, as_nobody)
    except PermissionError:
        print("no permission: not tried, nobody else may run the program here")
        return
    what = complaint(Case(path, 1), done)
    expect(not what, f"no permission: {what}: {done[2]}")


main(story)
