"""The networks that ship: each is that of its record, and all are small."""

import pytest

from convae_lib import binary_crossentropy, load_trained, trained_networks
from convae_lib.experiments import read_records
from convae_lib.models.trained import FOLDER
from results.questions import QUESTIONS
from tools.reproduce import REAL

NETWORKS = {experiment.name: experiment for experiment in QUESTIONS["weights"]}
BYTES = 1_500_000


def test_each_network_of_the_list_ships_and_no_other():
    assert trained_networks().keys() == NETWORKS.keys()
    assert sum(len(file.read_bytes()) for file in FOLDER.iterdir()) < BYTES


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_is_that_of_its_record(name, images):
    made, experiment = trained_networks()[name], NETWORKS[name]
    assert made["record"] == experiment.id and made["images_from"] == "Fashion-MNIST"
    assert made["build"] == experiment.model
    model = load_trained(name)
    assert model.predict(images.x_test[:2], verbose=0).shape == (2, 28, 28)


@pytest.mark.parametrize("name", NETWORKS)
def test_its_loss_is_that_of_the_very_run(name, real_data):
    rows = {row["id"]: row for row in read_records(REAL / "weights.jsonl")}
    y = load_trained(name).predict(real_data.x_valid, batch_size=500, verbose=0)
    loss = binary_crossentropy(real_data.x_valid, y)
    assert loss == pytest.approx(rows[NETWORKS[name].id]["val_loss"], abs=1e-4)
