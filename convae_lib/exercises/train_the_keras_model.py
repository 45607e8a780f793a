"""The exercises of *Train the Keras model*."""

from .exercise import Exercise

__all__ = ["EXERCISES"]

EXERCISES: dict[str, Exercise] = {
    "ex-train-steps": Exercise(
        answer=60_000,
        slips=[
            (
                469 * 128,
                "You took every batch to be full, but the last one may be smaller, and "
                "the number is a multiple of 10,000.",
            ),
            (
                50_000,
                "Divide your number by 128 and compare the steps with those of the log.",
            ),
            (
                55_000,
                "That is what this chapter trains on; divide it by 128 to see how many "
                "steps it would take.",
            ),
        ],
    ),
    "ex-train-same": Exercise(
        answer=24,
        slips=[
            (
                28,
                'That is the height with "valid" in the first layer, where 3 becomes 7; '
                'ask what "same" makes of 3.',
            ),
            (12, "That is after two layers, and there are three."),
            (
                3,
                'With strides of 2 even a "same" transposed layer does not keep the size '
                "of what comes in; it multiplies it.",
            ),
        ],
    ),
    "ex-train-larger": Exercise(
        answer=4 * 4 * 32 * 16 + 16,
        slips=[
            (4 * 4 * 32 * 16, "Those are the weights; what else does a layer learn?"),
            (
                4 * 4 * 32 * 16 + 32,
                "A bias belongs to each channel that goes out, not to each that comes in.",
            ),
            (
                3 * 3 * 32 * 16 + 16,
                "That is the layer as published, whose kernel has 3 by 3 positions.",
            ),
        ],
    ),
    "ex-train-sum": Exercise(
        answer=64 * 64 / (28 * 28),
        slips=[
            (
                28 * 28 / (64 * 64),
                "The mean divides by more pixels now; must the rate grow or shrink to make "
                "up for it?",
            ),
            (
                64 / 28,
                "You compared the sides of the images, but the mean runs over all pixels.",
            ),
            (1.0, "With the same rate the gradient of the sum is divided by 4,096."),
            (
                1 / (64 * 64),
                "That is the rate for the sum itself; Keras takes the mean here.",
            ),
        ],
        atol=0.01,
    ),
    "ex-train-switches": Exercise(
        answer=7 * 7 * 16 * 4,
        slips=[
            (
                7 * 7 * 16,
                "That counts the switches; how many bits does each of them take?",
            ),
            (
                7 * 7 * 16 * 2,
                "Two bits tell four places apart, but a window has more than four.",
            ),
            (
                7 * 7 * 16 * 16,
                "A number from 0 to 15 takes fewer bits than there are places.",
            ),
            (7 * 7 * 4, "That is for one channel, and there are 16 of them."),
        ],
    ),
}
