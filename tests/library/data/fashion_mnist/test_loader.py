"""Where Fashion-MNIST comes from, in which order, and how it is split."""

import numpy as np
import pytest

from convae_lib.data import FashionMNIST, Images, draw_garments, load_fashion_mnist
from convae_lib.data.fashion_mnist import sources
from convae_lib.data.fashion_mnist.reading import read_folder
from tests.library.data.examples import write


@pytest.fixture(scope="module")
def real_source():
    try:
        return sources.find_official(ways={}).folder
    except sources.NotAvailable:
        pytest.skip("the official files are not at hand; `make data` fetches them")


def test_the_real_files_in_the_official_order(real_source):
    data = load_fashion_mnist(real_source)
    raw = read_folder(real_source)
    assert data.x_train.shape == (55_000, 28, 28)
    assert data.x_valid.shape == (5_000, 28, 28)
    assert data.x_test.shape == (10_000, 28, 28)
    assert data.x_train.dtype == data.x_test.dtype == np.float32
    assert data.y_train.dtype == data.y_test.dtype == np.int64
    for part, images in (
        (data.x_train, raw["train_images"][:55_000]),
        (data.x_valid, raw["train_images"][55_000:]),
        (data.x_test, raw["test_images"]),
    ):
        assert np.array_equal(part[::50], images[::50].astype(np.float32) / 255)
    assert np.array_equal(data.y_valid, raw["train_labels"][-5_000:])
    assert data.class_names[data.y_train[0]] == "Ankle boot"
    labels = np.concatenate([data.y_train, data.y_valid])
    assert np.bincount(labels).tolist() == [6_000] * 10
    assert np.bincount(data.y_test).tolist() == [1_000] * 10
    assert str(data) == (
        "Fashion-MNIST: 55,000 training, 5,000 validation, 10,000 test images, "
        "28×28, grey, in [0, 1]"
    )
    assert not data.is_stand_in


def test_split_scale_and_text(tiny, tmp_path):
    data = load_fashion_mnist(write(tmp_path / "mine", tiny))
    pixels = np.frombuffer(tiny["train-images-idx3-ubyte.gz"][16:], np.uint8)
    pixels = pixels.reshape(12, 28, 28)
    labels = np.frombuffer(tiny["train-labels-idx1-ubyte.gz"][8:], np.uint8)
    assert np.array_equal(np.round(data.x_train * 255), pixels[:9])
    assert np.array_equal(np.round(data.x_valid * 255), pixels[9:])
    assert np.array_equal(data.y_train, labels[:9])
    assert np.array_equal(data.y_valid, labels[9:])
    assert data.x_test.shape == (4, 28, 28) and data.y_test.shape == (4,)
    assert 0 <= data.x_train.min() and data.x_train.max() <= 1
    assert str(tmp_path) in data.source and str(tmp_path) not in str(data)
    assert len(repr(data)) < 400
    with pytest.raises(AttributeError):
        data.x_train = None


def test_fashion_mnist_is_one(images):
    assert isinstance(images, FashionMNIST) and isinstance(images, Images)
    assert images.x_train is images.train and images.x_test is images.test
    assert images.y_valid is images.labels["valid"]
    assert images.name == ("stand-in" if images.is_stand_in else "Fashion-MNIST")
    fewer = images.first(10)
    assert isinstance(fewer, FashionMNIST)
    assert len(fewer.x_train) == len(fewer.y_train) == 10


def test_sources_come_in_order(tiny, places, tmp_path, monkeypatch):
    for folder in places.values():
        write(folder, tiny)
    argument = write(tmp_path / "argument", tiny)
    variable = write(tmp_path / "variable", tiny)
    monkeypatch.setenv("CONVAE_DATA_DIR", str(variable))
    assert str(argument) in load_fashion_mnist(argument).source
    assert str(variable) in load_fashion_mnist().source
    monkeypatch.delenv("CONVAE_DATA_DIR")
    for name in ("system", "local", "cache", "keras"):
        assert load_fashion_mnist().source == f"official files in {places[name]}"
        for path in places[name].iterdir():
            path.unlink()
    assert load_fashion_mnist().is_stand_in


@pytest.mark.parametrize("name", ["system", "local", "cache", "keras"])
def test_an_incomplete_or_bad_source_is_passed_over_for_a_good_one_only(
    tiny, places, capsys, name
):
    labels = "t10k-labels-idx1-ubyte.gz"
    folder = write(places[name], tiny)
    for kind in (ValueError, FileNotFoundError):
        if kind is ValueError:
            (folder / labels).write_bytes(b"")
        else:
            (folder / labels).unlink()
        with pytest.raises(kind, match=f"{labels}.*CONVAE_DATA=stand-in"):
            load_fashion_mnist()
    if name == "keras":
        return
    write(places["keras"], tiny)
    assert load_fashion_mnist().source == f"official files in {places['keras']}"
    assert f"{labels}. It is passed over." in capsys.readouterr().err


@pytest.mark.parametrize("how", ["argument", "variable"])
def test_a_folder_asked_for_must_hold_the_files(
    tiny, places, tmp_path, monkeypatch, how
):
    write(places["system"], tiny)
    empty = tmp_path / "empty"
    empty.mkdir()
    for folder in (empty, tmp_path / "absent"):
        argument = folder if how == "argument" else None
        if how == "variable":
            monkeypatch.setenv("CONVAE_DATA_DIR", str(folder))
        missing = how == "variable" and folder.name == "absent"
        says = "absent' is no folder" if missing else f"{folder.name} holds no Fashion"
        with pytest.raises(FileNotFoundError, match=says):
            load_fashion_mnist(argument)


def test_convae_data_asks_for_the_stand_in(tiny, places, monkeypatch, capsys):
    folder = write(places["system"], tiny)
    monkeypatch.setenv("CONVAE_DATA", "stand-in")
    monkeypatch.setenv("CONVAE_DATA_DIR", str(folder))
    data = load_fashion_mnist()
    assert data.is_stand_in and str(data).startswith("STAND-IN images")
    assert "not Fashion-MNIST" in str(data) and "\n" not in str(data)
    assert (len(data.x_train), len(data.x_valid), len(data.x_test)) == (9, 3, 4)
    assert data.x_train.dtype == np.float32 and data.y_train.dtype == np.int64
    assert capsys.readouterr().err == ""
    assert not load_fashion_mnist(folder).is_stand_in
    monkeypatch.setenv("CONVAE_DATA", "")
    assert not load_fashion_mnist().is_stand_in


def test_the_stand_in_has_three_parts_and_says_what_it_is(tiny, monkeypatch):
    monkeypatch.setenv("CONVAE_DATA", "stand-in")
    data = load_fashion_mnist()
    drawn, labels, _ = draw_garments(16)
    parts = [data.x_train, data.x_valid, data.x_test]
    np.testing.assert_array_equal(np.concatenate(parts), drawn)
    np.testing.assert_array_equal(
        np.concatenate([data.y_train, data.y_valid, data.y_test]), labels
    )
    assert len({image.tobytes() for image in np.concatenate(parts)}) == 16
    assert data.name == "stand-in" and data.is_stand_in
    assert data.first(2).is_stand_in and data.map(np.square).is_stand_in
    for said in (str(data), repr(data), data.title):
        assert "STAND-IN" in said and "not Fashion-MNIST" in said
    assert data.source.startswith("stand-in images drawn by convae_lib with seed 0")


@pytest.mark.parametrize("value", ["standin", "STAND-IN", "/data"])
def test_another_value_of_convae_data_is_an_error(tiny, places, monkeypatch, value):
    monkeypatch.setenv("CONVAE_DATA", value)
    with pytest.raises(ValueError, match=f"{value}.*'stand-in'"):
        load_fashion_mnist(write(places["system"], tiny))
