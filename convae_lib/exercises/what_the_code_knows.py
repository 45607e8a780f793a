"""The exercises of *What the code knows*."""

import numpy as np

from .exercise import Exercise

__all__ = ["EXERCISES"]


def nats(mean, variance):
    """Return the divergence of a normal distribution from the standard one."""
    return (mean**2 + variance - np.log(variance) - 1) / 2


EXERCISES: dict[str, Exercise] = {
    "ex-code-chance": Exercise(
        answer=1 - 0.9**10,
        slips=[
            (
                1.0,
                "Ten times one in ten is how many are right on average, but some searches "
                "have two and others none.",
            ),
            (0.1, "That is the precision; ask how often all ten are wrong."),
            (0.9**10, "In that share of the searches none of the ten is right."),
            (0.1**10, "In that share of the searches all ten are right."),
        ],
        atol=6e-3,
    ),
    "ex-code-linear": Exercise(
        answer=0.65,
        slips=[
            (0.5, "That is half-way, where both garments count alike."),
            (0.35, "After a quarter of the way the shirt still counts more."),
            (
                0.8,
                "That is the shirt itself; a quarter of the way the boot has begun to "
                "count.",
            ),
            (0.2, "That is the boot, where the walk ends."),
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
