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
    "ex-train-valid": Exercise(
        answer=38,
        slips=[
            (
                31,
                "That is the height with kernels of 3 by 3; ask how many rows more a "
                "larger stamp reaches.",
            ),
            (
                24,
                'That is the height with "same" in all three layers; ask what "valid" '
                "makes of 3.",
            ),
            (18, "That is after two layers, and there are three."),
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
        answer=1,
        slips=[
            (
                4,
                "The mean divides by four times as much, but how many more places does "
                "the gradient sum over?",
            ),
            (
                1 / 4,
                "That would do for a loss that is the sum over the pixels; Keras takes "
                "the mean.",
            ),
            (
                2,
                "You compared the sides of the images, but both the sum and the mean run "
                "over all pixels.",
            ),
        ],
        atol=0.1,
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
