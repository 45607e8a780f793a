"""What the check under an exercise says, and that it knows the exercises of the book."""

import re
from inspect import signature

import numpy as np
import pytest

from convae_lib import check, load_fashion_mnist
from convae_lib.exercises import EXERCISES
from convae_lib.exercises.exercise import Exercise

POSTS = Exercise(
    answer=13,
    slips=[
        (14, "Count the steps between the posts."),
        (lambda: 13.5, "Only whole steps count."),
    ],
)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (..., "not answered yet"),
        (13, "right"),
        (14, "not yet: Count the steps between the posts."),
        (13.5, "not yet: Only whole steps count."),
        (15, "not yet: another number is expected"),
        ([14], "not yet: the shape is (1,), expected is one value"),
    ],
)
def test_a_known_slip_is_answered_with_its_sentence(answer, says):
    assert POSTS.says(answer) == says


def test_an_answer_may_be_made_of_what_the_notebook_gives():
    mean = Exercise(
        answer=lambda images: images.mean(),
        slips=[(lambda images: images.sum(), "Divide by the number of pixels.")],
        atol=0.01,
    )
    images = np.arange(4)
    assert mean.says(1.505, images=images) == "right"
    assert mean.says(6, images=images) == "not yet: Divide by the number of pixels."
    assert mean.says(..., images=images) == "not answered yet"


@pytest.mark.parametrize("label", ["ex-nope", 7, ...])
def test_an_unknown_exercise_is_refused(label):
    with pytest.raises(ValueError, match="is not one of .*give the label first"):
        check(label, 3)


@pytest.fixture(scope="module")
def given():
    """Return what notebooks hand to `check`, by its name there."""
    return {"images": load_fashion_mnist()}


def taken(exercise, given):
    """Return what the answer of an exercise is made of."""
    if not callable(exercise.answer):
        return {}
    return {name: given[name] for name in signature(exercise.answer).parameters}


def made(value, given):
    return value(**given) if callable(value) else value


@pytest.mark.parametrize("label", EXERCISES)
def test_each_slip_is_rejected_with_its_sentence_and_the_answer_accepted(label, given):
    exercise = EXERCISES[label]
    given = taken(exercise, given)
    assert exercise.says(made(exercise.answer, given), **given) == "right"
    assert exercise.slips, "say what people get wrong"
    for slip, sentence in exercise.slips:
        assert re.fullmatch(r"[A-Z“\"`].*[.?!]", sentence), sentence
        assert exercise.says(made(slip, given), **given) == f"not yet: {sentence}"


def test_check_prints_what_the_exercise_says(capsys):
    for label in EXERCISES:
        check(label, ...)
    assert set(capsys.readouterr().out.splitlines()) == {"not answered yet"}
