"""The Python that the explorer writes runs, and gives the explorer's numbers."""

from importlib.util import find_spec

import numpy as np
import pytest

from tests.library.widgets.settings import random_settings

SCRIPTS = (
    "convolution.js",
    "matrix.js",
    "setting.js",
    "presets.js",
    "model.js",
    "code.js",
)

WRITE = """
(settings, framework) => settings.map((given) => {
  const state = typeof given === "string"
    ? convae.readSetting(given) : {...convae.DEFAULT, ...given};
  try {
    const model = convae.makeModel(state);
    return {code: convae.codeFor(framework, model), y: model.y};
  } catch (error) {
    return null;
  }
})
"""


@pytest.fixture(scope="module")
def explorer(engine):
    return engine(*SCRIPTS)


def run(code):
    """Run a program; return its `y` as channels-last numbers in one row."""
    names = {"print": lambda *_: None}
    exec(compile(code, "<the explorer's code>", "exec"), names)
    y = np.asarray(names["y"])
    if "torch" in code:
        y = y.transpose(0, 2, 3, 1)
    return y.ravel()


@pytest.mark.parametrize("framework", ["convae_lib", "Keras", "PyTorch"])
def test_code_gives_the_numbers_that_are_shown(framework, explorer, request, seen):
    if framework == "PyTorch" and not find_spec("torch"):
        pytest.skip("needs PyTorch")
    presets = explorer.call("() => convae.PRESETS")
    shown = [step["setting"] for preset in presets for step in preset["steps"]]
    seed = int(request.config.option.hypothesis_seed)
    count = 300 if framework == "convae_lib" else 20
    settings = shown + random_settings(count, seed)
    for setting, written in zip(settings, explorer.call(WRITE, settings, framework)):
        if written is None:
            assert setting not in shown, f"a preset is refused: {setting}"
            seen["refused"] += 1
            continue
        y = run(written["code"])
        assert np.allclose(y, written["y"], atol=1e-4), (setting, written["code"])
        seen["run"] += 1
    assert seen["run"] > len(shown)
