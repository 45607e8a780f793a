"""The exercises of *What the code knows*."""

import numpy as np

from .exercise import Exercise

__all__ = ["EXERCISES"]


def nats(mean, variance):
    """Return the divergence of a normal distribution from the standard one."""
    return (mean**2 + variance - np.log(variance) - 1) / 2


EXERCISES: dict[str, Exercise] = {
    "ex-code-chance": Exercise(
        answer=0.1,
        slips=[
            (1.0, "That is how many of the ten are right; precision is their share."),
            (
                0.01,
                "The ten results are averaged, so their number does not matter; what is "
                "the chance of each of them?",
            ),
            (0.5, "There are ten classes, and chance knows nothing of the query's."),
        ],
    ),
    "ex-code-linear": Exercise(
        answer=0.5,
        slips=[
            (
                0.0,
                "A network may draw something else half-way, but PCA's decoder is a "
                "weighted sum.",
            ),
            (0.8, "Half-way the boot counts as much as the shirt."),
            (0.2, "Half-way the shirt counts as much as the boot."),
            (1.0, "You added both pictures, but a half-way code is a mean."),
        ],
    ),
    "ex-code-tsne": Exercise(
        answer=1,
        slips=[
            (
                10,
                "That would be a map that keeps distances; ask what t-SNE measures them "
                "by.",
            ),
            (
                0.1,
                "The wide group is not drawn narrower either; ask what t-SNE measures "
                "distances by.",
            ),
            (0, "Both groups are drawn, and neither becomes a single point."),
        ],
    ),
    "ex-code-nats": Exercise(
        answer=nats(1, 0.25),
        slips=[
            (nats(1, 0.5), "You put in the standard deviation; square it first."),
            (2 * nats(1, 0.25), "Look at the fraction in front of the bracket."),
            (
                nats(0, 0.25),
                "That is what being narrow costs; this number lies off the middle, too.",
            ),
            (0.5, "That is what the mean costs; the distribution is narrow, too."),
        ],
        atol=6e-4,
    ),
    "ex-code-price": Exercise(
        answer=1 / 3072,
        slips=[
            (
                1 / 1024,
                "You counted pixels; Keras averages over all values of an image.",
            ),
            (1 / 784, "That is the price for images of 28×28 pixels in grey."),
            (3 / 1024, "More values in the mean make a nat of it cheaper, not dearer."),
            (3072, "A nat of the code costs a share of the loss, which is a mean."),
        ],
    ),
}
