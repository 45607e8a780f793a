"""Identities: what an id is made of, and what may never change."""

import dataclasses
import inspect

import numpy as np
import pytest

import convae_lib
from convae_lib.experiments import Experiment, LinearCode, Race, Training
from convae_lib.models import MODELS
from results.questions import QUESTIONS
from tests.library.experiments.trainings import SMALL


def test_identity_is_the_settings_and_not_the_labels():
    renamed = dataclasses.replace(SMALL, name="other", recipe="good")
    assert renamed.id == SMALL.id
    for change in ({"seed": 2}, {"loss": "sum"}, {"options": {"code_size": 6}}):
        assert dataclasses.replace(SMALL, **change).id != SMALL.id
    assert LinearCode(name="", patch=7, components=3).id != SMALL.id


def test_one_experiment_has_one_id_however_it_is_written():
    written = dict(learning_rate=1, batch_size=np.int64(32), measures=["test"])
    alike = dict(learning_rate=1.0, batch_size=32, measures=("test",))
    a, b = (dataclasses.replace(SMALL, **way) for way in (written, alike))
    assert a.id == b.id and a.settings == b.settings


# Ids are made of what differs from the defaults. A default that changes here would give
# old records a new meaning under their old id: add a field, or an argument, instead.
SETTINGS = {
    "training": dict(
        options={},
        batch_size=32,
        epochs=5,
        loss="mean",
        images=None,
        permuted=False,
        mixed=False,
        mirrored=False,
        damage=None,
        amount=None,
        seed=1,
        measures=[],
    ),
    "linear_code": dict(measures=[]),
    "lossless": dict(together=False),
    "odd by rule": {},
    "odd ones": {},
    "race": {},
    "repair by rule": {},
    "speed": dict(
        options={},
        optimizer="sgd",
        batch_sizes=[8, 32, 128, 512],
        backends=["tensorflow", "jax"],
    ),
}
ARGUMENTS = {
    "conv_autoencoder": dict(
        filters=(16, 32, 64),
        code_size=None,
        kernel_initializer="glorot_uniform",
        upsampling="transposed",
        upsampling_kernel_size=3,
        image_shape=(28, 28),
    ),
    "dense_autoencoder": dict(code_size=30, hidden=100, image_shape=(28, 28)),
    "residual_autoencoder": dict(
        channels=64,
        code_channels=11,
        code_size=None,
        patch=4,
        encoder_blocks=2,
        decoder_blocks=3,
        kernel_size=5,
        activation="gelu",
        image_shape=(28, 28),
    ),
    "small_conv_autoencoder": dict(code_size=30, image_shape=(28, 28)),
    "sparse_autoencoder": dict(code_size=30, keep=10, image_shape=(28, 28)),
    "strided_conv_autoencoder": dict(
        filters=(16, 8), strides=(2, 2), activation="relu", image_shape=(28, 28)
    ),
    "tied_conv_autoencoder": dict(image_shape=(28, 28)),
    "tied_dense_autoencoder": dict(code_size=30, hidden=100, image_shape=(28, 28)),
    "variational_autoencoder": dict(code_size=30, price=None, image_shape=(28, 28)),
    "KernelMuon": dict(
        learning_rate=0.03,
        adam_lr_ratio=0.1,
        weight_decay=None,
        adam_weight_decay=None,
        rms_rate=None,
    ),
    "WarmupLinearDecay": dict(warmup=0.05),
}


@pytest.mark.parametrize("kind", Experiment.kinds)
def test_the_defaults_of_settings_are_frozen(kind):
    of_all = {"images_from": None}
    assert Experiment.kinds[kind].filled({}) == SETTINGS[kind] | of_all


@pytest.mark.parametrize("name", ARGUMENTS)
def test_the_defaults_of_what_settings_name_are_frozen(name):
    parameters = inspect.signature(getattr(convae_lib, name)).parameters
    found = {key: parameters[key].default for key in ARGUMENTS[name]}
    assert found == ARGUMENTS[name]
    assert {*MODELS} <= ARGUMENTS.keys()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Grown(Training):
    noise: float = 0.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class GrownRace(Race):
    laps: int = 1
    rival: Training | None = None


def test_a_new_setting_with_a_default_changes_no_id():
    trainings = races = 0
    for experiment in (e for asked in QUESTIONS.values() for e in asked):
        own = {
            f.name: getattr(experiment, f.name) for f in dataclasses.fields(experiment)
        }
        if isinstance(experiment, Training):
            assert Grown(**own).id == experiment.id
            assert Grown(**own, noise=0.1).id != experiment.id
            trainings += 1
        if isinstance(experiment, Race):
            grown = {
                name: Grown(
                    **{
                        f.name: getattr(own[name], f.name)
                        for f in dataclasses.fields(Training)
                    }
                )
                for name in ("runner", "reference")
            }
            assert GrownRace(**(own | grown)).id == experiment.id
            assert GrownRace(**own, laps=2).id != experiment.id
            races += 1
    assert trainings > 300 and races == 3
