"""What the tests of the pages' JavaScript share: an engine that runs it, no browser."""

import json

import pytest

from tools.notebooks import ROOT

STATIC = ROOT / "convae_lib" / "widgets" / "static"


class Engine:
    """V8 with some of our scripts in it; values go in and come out as JSON."""

    def __init__(self, *scripts):
        from py_mini_racer import MiniRacer

        self.context = MiniRacer()
        for script in scripts:
            self.context.eval((STATIC / script).read_text())

    def call(self, function, *arguments):
        """Call a function, a name or an expression, and return what it returns."""
        written = ", ".join(json.dumps(argument) for argument in arguments)
        return json.loads(
            self.context.eval(f"JSON.stringify(({function})({written})) ?? 'null'")
        )


@pytest.fixture(scope="session")
def engine():
    """Return a maker of engines; the test is skipped where there is no V8."""
    pytest.importorskip("py_mini_racer", reason="needs mini-racer, a JavaScript engine")
    return Engine
