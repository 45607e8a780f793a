"""The check under every exercise of the book, and what it knows of each of them.

A module for each chapter holds its exercises by their labels.
"""

from . import (
    closer_to_the_floor,
    dense_versus_convolutional,
    fair_fight,
    many_workers,
    matrix_at_speed,
    network_as_one_matrix,
    same_in_pytorch,
    sizes_and_frameworks,
    sparse_matrix,
    train_the_keras_model,
    transpose,
    what_it_is_good_for,
    what_the_code_knows,
    your_own_images,
)

__all__ = ["EXERCISES", "check"]

EXERCISES = (
    dense_versus_convolutional.EXERCISES
    | sparse_matrix.EXERCISES
    | transpose.EXERCISES
    | train_the_keras_model.EXERCISES
    | what_the_code_knows.EXERCISES
    | fair_fight.EXERCISES
    | closer_to_the_floor.EXERCISES
    | what_it_is_good_for.EXERCISES
    | your_own_images.EXERCISES
    | many_workers.EXERCISES
    | network_as_one_matrix.EXERCISES
    | matrix_at_speed.EXERCISES
    | sizes_and_frameworks.EXERCISES
    | same_in_pytorch.EXERCISES
)
"""Label of an exercise, as on its page, and what is known of it."""


def check(exercise, answer, **given):
    """Say whether an answer to an exercise of the book is right.

    Parameters
    ----------
    exercise : str
        Its label, which stands in the cell under it.
    answer : object
        A number, string, bool, array (sparse, too) or tensor; ``...`` means that
        the exercise has not been tried yet.
    **given
        What the answer depends on, such as the images, by the names that the cell has.

    Returns
    -------
    None
        It prints one line: ``not answered yet``, ``right`` or ``not yet`` with a
        sentence that helps, if the slip is a known one, or with what is wrong.

    Raises
    ------
    ValueError
        If the book has no such exercise.

    Examples
    --------
    >>> from convae_lib import check
    >>> check("ex-matrix-plain", ...)
    not answered yet
    """
    if not isinstance(exercise, str) or exercise not in EXERCISES:
        raise ValueError(
            f"exercise {exercise!r:.60} is not one of {', '.join(EXERCISES)}; give the "
            "label first, then the answer"
        )
    print(EXERCISES[exercise].says(answer, **given))
