"""The package as a whole: what it exports, and what importing it costs."""

import ast
import json
import os
import pkgutil
import re
import subprocess
import sys
from importlib import import_module
from inspect import getdoc
from pathlib import Path

import keras
import numpy as np
import pytest

import convae_lib
from tools.notebooks import ROOT

HEAVY = ("keras", "tensorflow", "matplotlib", "sklearn", "PIL")


@pytest.mark.parametrize("name", convae_lib.__all__)
def test_every_name_is_there_and_documented(name):
    value = getattr(convae_lib, name)
    assert value.__doc__
    assert name in dir(convae_lib)


@pytest.fixture(scope="module")
def on_the_page():
    """Return the functions and classes of the library's page, by their paths."""
    found, module = {}, ""
    for what, name in re.findall(
        r"^\.\. (currentmodule|autofunction|autoclass):: (\S+)",
        (ROOT / "pages" / "api.md").read_text(),
        re.MULTILINE,
    ):
        if what == "currentmodule":
            module = name
        else:
            found[f"{module}.{name}"] = getattr(import_module(module), name)
    return found


def test_every_name_has_an_example_or_says_where_one_is(on_the_page):
    for name in convae_lib.__all__:
        if callable(value := getattr(convae_lib, name)):
            assert on_the_page[f"convae_lib.{name}"] is value
    docs = {path.split(".")[-1]: getdoc(value) for path, value in on_the_page.items()}
    own = {name for name, doc in docs.items() if "\n>>> " in doc}
    for name in docs.keys() - own:
        assert own & set(re.findall(r"\nSee `(\w+)`", docs[name])), name


def test_the_stub_tells_type_checkers_and_editors_the_same():
    stub = Path(convae_lib.__file__).with_suffix(".pyi")
    tree = ast.parse(stub.read_text())
    homes = {
        name.name: node.module
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for name in node.names
        if name.asname == name.name  # else a checker takes the name for private
    }
    assert homes == convae_lib._HOME
    (listed,) = (node.value for node in tree.body if isinstance(node, ast.Assign))
    assert ast.literal_eval(listed) == convae_lib.__all__


MISSPELT = """
from convae_lib import conv_matrix, conv_matrx
C = conv_matrix([1, 2], 5, strides=2)
C = conv_matrix([1, 2], 5, stride=2)
"""


def test_a_type_checker_finds_what_is_misspelt(tmp_path):
    file = tmp_path / "misspelt.py"
    file.write_text(MISSPELT)
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file=", "--cache-dir", tmp_path]
        + ["--follow-imports=silent", "--ignore-missing-imports", file],
        env={**os.environ, "MYPYPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    first, second, *_ = run.stdout.splitlines()
    assert 'py:2: error: Module "convae_lib" has no attribute "conv_matrx"' in first
    assert 'py:4: error: Unexpected keyword argument "stride"' in second
    assert "Found 2 errors" in run.stdout


def test_unknown_names_are_attribute_errors():
    with pytest.raises(AttributeError, match="no attribute 'deconvolution'"):
        _ = convae_lib.deconvolution


@pytest.mark.parametrize(
    "use",
    [
        "import convae_lib",
        "from convae_lib import conv_matrix; conv_matrix([1, 2], (3,))",
        "from convae_lib import conv_output_shape; conv_output_shape((5,), 3)",
        "from convae_lib import entropy_floor; entropy_floor([0.5])",
        "from convae_lib import draw_garments; draw_garments(1)",
        "from convae_lib.data import Images, ImageFiles",
        "import convae_lib.scores.measures",
        "from convae_lib.experiments import read_records; read_records('none')",
    ],
)
def test_light_parts_import_nothing_heavy(use):
    code = f"import sys; {use}; print([m for m in {HEAVY} if m in sys.modules])"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"


def test_the_data_is_light_to_import():
    heavy = "{'keras', 'tensorflow', 'matplotlib', 'scipy', 'requests'}"
    code = f"import sys, convae_lib.data; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(
    ("name", "missing", "extra"),
    [
        ("conv_autoencoder", "keras", "models"),
        ("show_matrix", "matplotlib", "plots"),
        ("PatchPCA", "sklearn", "experiments"),
    ],
)
def test_a_missing_extra_is_named(name, missing, extra):
    code = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        f"try:\n    from convae_lib import {name}\n"
        "except ModuleNotFoundError as error:\n    print(error)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert f"{name} needs {missing}" in run.stdout
    assert f"'.[{extra}]'" in run.stdout


@pytest.fixture(scope="module")
def saved_model(tmp_path_factory):
    """Return the file of a trained model that has all that Keras must be told of."""
    image = keras.Input((6, 6, 1))
    conv, dense = keras.layers.Conv2D(3, 3, activation="relu"), keras.layers.Dense(4)
    code = dense(keras.layers.Flatten()(conv(image)))
    back = convae_lib.DenseTranspose(dense)(code)
    back = keras.layers.Reshape((4, 4, 3))(back)
    back = convae_lib.Conv2DTiedTranspose(conv, activation="sigmoid")(back)
    model = keras.Model(image, back)
    rate = convae_lib.WarmupLinearDecay(0.02, steps=50, warmup=0.3)
    model.compile(
        convae_lib.KernelMuon(rate, momentum=0.9),
        "binary_crossentropy",
        metrics=[convae_lib.rounded_accuracy],
    )
    x = np.ones((2, 6, 6, 1), "float32")
    model.fit(x, x, verbose=0)
    path = tmp_path_factory.mktemp("saved") / "model.keras"
    model.save(path)
    return path, model.get_compile_config(), model.count_params()


LOAD = """
import json, sys
{imports}
model = keras.saving.load_model(sys.argv[1])
known = [name for name in keras.saving.get_custom_objects() if "convae_lib" in name]
compiled = model.get_compile_config()
print(json.dumps([sorted(known), compiled, model.count_params()]))
"""


@pytest.mark.parametrize(
    "imports",
    [
        "import convae_lib, keras",
        pytest.param("import keras, convae_lib", marks=pytest.mark.slow),
        # Keras is imported from inside of a module that is not ready itself.
        *(
            pytest.param(f"import convae_lib.{module}, keras", marks=pytest.mark.slow)
            for module in ("models", *convae_lib._REGISTERED)
        ),
    ],
)
def test_a_saved_model_is_loaded_in_a_new_process(imports, saved_model):
    path, compiled, parameters = saved_model
    done = subprocess.run(
        [sys.executable, "-c", LOAD.format(imports=imports), path],
        env={**os.environ, "KERAS_BACKEND": "jax"},  # it starts fastest
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    known, *loaded = json.loads(done.stdout.splitlines()[-1])
    assert loaded == [compiled, parameters]
    for module in pkgutil.walk_packages(convae_lib.__path__, "convae_lib."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    everything = [
        name for name in keras.saving.get_custom_objects() if "convae" in name
    ]
    assert known == sorted(everything)  # else a module is missing in _REGISTERED
