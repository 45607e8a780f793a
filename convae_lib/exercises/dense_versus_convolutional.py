"""The exercises of *Dense versus convolutional*."""

from ..scores.losses import binary_crossentropy
from .exercise import Exercise

__all__ = ["EXERCISES"]

GREYS = (0.1, 0.3, 0.6)


def best_grey(images):
    """Return the best of three greys by cross-entropy; two of them round alike."""
    return min(GREYS, key=lambda grey: binary_crossentropy(images.x_valid, grey)), 0.0


EXERCISES: dict[str, Exercise] = {
    "ex-dense-squeeze": Exercise(
        answer=1024,
        slips=[
            (
                576,
                "That is the code of a 28×28 image, whose grid ends at another size.",
            ),
            (16, "You counted the places of the grid; each holds several numbers."),
            (
                64,
                "You counted the channels; there are as many at each place of the grid.",
            ),
            (4096, "Count the poolings again: each of them halves the grid."),
        ],
    ),
    "ex-dense-floor": Exercise(
        answer=0.34657359,
        atol=6e-4,
        slips=[
            (
                0.693147,
                "That is what a grey pixel costs; only some of the pixels are grey.",
            ),
            (
                0.0,
                "A perfect copy is free for a black pixel, but what of the grey ones?",
            ),
            (
                0.562335,
                "You took the entropy of the mean pixel; take the mean of the entropies.",
            ),
            (
                0.5,
                "You seem to have used logarithms to the base 2; a nat wants natural ones.",
            ),
        ],
    ),
    "ex-dense-grey": Exercise(
        answer=best_grey,
        slips=[
            (
                (0.1, 0.0),
                "Black is the most frequent pixel, but cross-entropy looks at the mean.",
            ),
            (
                (0.6, 0.0),
                "Most of the pixels are darker than that; look at their mean.",
            ),
        ],
    ),
    "ex-dense-tied": Exercise(
        answer=82_414,
        slips=[
            (81_907, "You halved everything, but not every parameter is shared."),
            (85_414, "The encoder has two kernels, and the decoder shares both."),
            (81_400, "You counted the kernels only; the biases are parameters, too."),
            (81_530, "The decoder's biases are its own, so they are not saved."),
        ],
    ),
}
