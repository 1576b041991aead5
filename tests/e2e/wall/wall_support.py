"""A wall as a process: headless, small, telling its states; its picture and its figures at the end."""

import json
import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
sys.path.insert(0, os.path.dirname(__file__))
from png import Picture
from support import expect


class Wall:
    def __init__(self, stage, hub, name, *arguments):
        self.picture_file = stage.path(f"{name}.png")
        self.metrics_file = stage.path(f"{name}.json")
        self.program = stage.run(
            "wall", "--connect", hub.requests, "--layers", stage.path("district.geojson"), "--headless", "--json",
            "--size", "960x540", "--screenshot", self.picture_file, "--metrics-out", self.metrics_file, *arguments,
            name=name)

    def wait_state(self, state, after=0):
        return self.program.wait_state(state, after)

    def finish(self):
        """Ends the wall as a service manager does; returns its figures and its last picture."""
        self.program.send_signal(signal.SIGTERM)
        code = self.program.wait()
        expect(code == 0, f"{self.program.name} ended with {code}")
        with open(self.metrics_file, encoding="utf-8") as file:
            return json.load(file), Picture(self.picture_file)


def brightest_figures(picture):
    """How many pixels of the left column are as bright as figures that may be believed."""
    return sum(1 for r, g, b in picture.pixels((0.0, 0.15), (0.08, 0.45)) if min(r, g, b) > 190)
