"""The live autoencoder's scripts as the build writes them, and its notebook output."""

import json

import numpy as np
import pytest

from convae_lib import draw_garments, live_autoencoder, load_trained
from convae_lib.widgets.elements import ELEMENTS, source
from convae_lib.widgets.weights import HELD, LEARNED, SEED


@pytest.fixture(scope="module")
def v8(engine):
    found = engine("network.js")
    for name in ("networks.js", "garments.js"):
        found.context.eval(source(name))
    return found


def test_garments_arrive_to_the_last_level(v8):
    images, labels, _ = draw_garments(HELD + LEARNED, SEED)
    sent = v8.call("() => convae.garments.labels")
    assert sent == labels.tolist() and {*sent[:HELD]} == {*range(10)}
    levels = v8.call("() => [...convae.engine.bytes(convae.garments.levels)]")
    assert levels == np.round(255 * images).ravel().tolist()


def test_directions_stand_upright_on_each_other_and_are_the_leading_ones(v8):
    found = {k: np.array(v) for k, v in v8.call("() => convae.directions").items()}
    np.testing.assert_allclose(
        found["directions"] @ found["directions"].T, np.eye(5), atol=1e-3
    )
    assert 0.5 < found["shares"].sum() < 1
    encoder, _ = load_trained("residual_30").layers
    codes = encoder.predict(draw_garments(1_000, seed=9)[0], verbose=0)
    along = (codes - found["mean"]) @ found["directions"].T
    assert along.std(axis=0) == pytest.approx(found["deviations"], rel=0.15)
    assert (np.abs(codes) < found["limit"]).mean() > 0.98


def test_most_codes_of_two_numbers_lie_on_the_map(v8):
    found = {k: np.array(v) for k, v in v8.call("() => convae.map").items()}
    encoder, _ = load_trained("residual_2").layers
    codes = encoder.predict(draw_garments(500, seed=9)[0], verbose=0)
    inside = (codes > found["low"]) & (codes < found["high"])
    assert inside.all(axis=1).mean() > 0.9


def test_scripts_are_classic_and_short():
    for name in ELEMENTS["live-autoencoder"]:
        text = source(name)
        if name in ("networks.js", "garments.js"):
            assert len(text) < 700_000
        else:
            assert len(text.splitlines()) < 290
        assert "http:" not in text.replace("http://www.w3.org/2000/svg", "")
        assert "https:" not in text and "import " not in text


def test_a_notebook_gets_everything_in_one_output():
    html = live_autoencoder()._repr_html_()
    assert html.count("<script>") == html.count("</script>") == 1
    assert html.count("</live-autoencoder>") == 1
    for name in ELEMENTS["live-autoencoder"]:
        assert source(name) in html
    assert "src=" not in html and json.dumps("live-autoencoder") in html
