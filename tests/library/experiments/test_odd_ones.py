"""One class of images is learned, and others are told from it."""

import dataclasses

import numpy as np
import pytest

from convae_lib import draw_garments
from convae_lib.data import Images
from convae_lib.experiments import OddByRule, OddOnes, Training
from convae_lib.scores.odd_ones import RULES, auroc, rule_scores

SMALL = Training(
    name="small",
    model="dense_autoencoder",
    options={"code_size": 4, "hidden": 16},
    optimizer="adam",
    learning_rate=0.003,
    schedule="constant",
    epochs=8,
)


@pytest.fixture(scope="module")
def drawn():
    x, labels, _ = draw_garments(2_000, seed=9)
    cuts = {"train": slice(1400), "valid": slice(1400, 1700), "test": slice(1700, None)}
    return Images(
        **{part: x[cut] for part, cut in cuts.items()},
        labels={part: labels[cut] for part, cut in cuts.items()},
        name="drawn",
    )


def test_trousers_are_told_from_other_garments(drawn):
    task = OddOnes(name="trousers", training=SMALL, class_label=1)
    row = task.run(drawn)
    assert row["images"] == np.count_nonzero(drawn.labels["train"] == 1)
    assert row["auroc_by_error"] > 0.9 and row["auroc_by_excess"] > 0.9
    assert 0.5 < row["auroc_by_likelihood"] <= 1
    assert row["seed"] == 1 if "seed" in row else task.seed == 1


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_scored_by_the_setting_that_validation_chooses(rule, drawn):
    row = OddByRule(name=rule, rule=rule, class_label=1).run(drawn)
    tried = rule_scores(rule, drawn.only(1))
    odd = drawn.labels["test"] != 1
    assert row["aurocs"] == pytest.approx([auroc(t["scores"], odd) for t in tried])
    losses = [t.get("val_loss", 0) for t in tried]
    assert row["setting"] == tried[int(np.argmin(losses))]["setting"]
    assert row["auroc"] == pytest.approx(row["aurocs"][int(np.argmin(losses))])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"training": "small"}, "training 'small' must be a Training"),
        ({"class_label": -1}, "class_label -1 must be a whole number from 0 up"),
    ],
)
def test_what_cannot_be_learned_is_refused(wrong, message):
    task = OddOnes(name="trousers", training=SMALL, class_label=1)
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(task, **wrong)
    with pytest.raises(ValueError, match="rule 'colour' is not one of"):
        OddByRule(name="colour", rule="colour", class_label=1)
