"""The exercises of *A fair fight*."""

from .exercise import Exercise

__all__ = ["EXERCISES"]


EXERCISES: dict[str, Exercise] = {
    "ex-fair-pca": Exercise(
        answer=(320, 1029),
        slips=[
            ((20, 1029), "An image has more than one patch, and each has its numbers."),
            ((320, 980), "Something is taken off each patch first and added again."),
            ((320, 16_464), "All patches of the image share one rule."),
            ((20, 980), "Count the patches of an image, and the mean of a patch."),
        ],
    ),
    "ex-fair-largest": Exercise(
        answer=31,
        slips=[
            (
                28,
                "That is the largest code of use, but more numbers would be paid for.",
            ),
            (61, "A number of the code is paid for on the way out, too."),
            (32, "A layer has a bias for each of its outputs as well."),
        ],
    ),
    "ex-fair-dense": Exercise(
        answer=(30, 10, 40, 20),
        slips=[
            (
                (10, 20, 30, 40),
                "With these each pixel meets the weight of another pixel.",
            ),
            (
                (20, 40, 10, 30),
                "That is the way back: ask which pixel stands at each place now.",
            ),
        ],
    ),
    "ex-fair-bits": Exercise(
        answer=4063 / 384,
        atol=0.05,
        slips=[
            (384 / 4063, "Turn the ratio round: how many codes fill one PNG file?"),
            (4063 / 64, "Each of the 64 numbers takes more than one bit."),
            (6272 / 384, "That is against the raw image, not against its PNG file."),
            (4063 / (64 * 32), "The numbers are kept with 6 bits, not with 32."),
        ],
    ),
}
"""Label of an exercise, and what is known of it."""
