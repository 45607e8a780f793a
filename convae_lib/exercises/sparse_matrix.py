"""The exercises of *Convolution is a sparse matrix*."""

from .exercise import Exercise

__all__ = ["EXERCISES"]

EXERCISES: dict[str, Exercise] = {
    "ex-matrix-plain": Exercise(
        answer=(0.5, 0, 4),
        slips=[
            (
                (0.5, 0, 8),
                "The third number is the sum of the weights alone; each of them is "
                "still to be multiplied by the grey under it.",
            ),
            (
                (1, 0, 8),
                "These are the sums of the weights, as if the cloth were white; "
                "multiply by its grey.",
            ),
            (
                (4.5, 0, 4),
                "You have added nine pixels, but the blur weighs each of them by a "
                "ninth.",
            ),
            (
                (0.5, 0.5, 4),
                "The kernel for edges compares right with left; what does it find where "
                "both sides are alike?",
            ),
        ],
    ),
    "ex-matrix-shape": Exercise(
        answer=(16, 60, 288),
        slips=[
            (
                (24, 60, 432),
                "You have rounded up along the six pixels, where the third window "
                "would reach over the edge.",
            ),
            (
                (4, 30, 36),
                "You have counted positions; how many numbers does each of them hold, "
                "going in and coming out?",
            ),
            (
                (16, 60, 144),
                "You have counted the places of one window; an output sums over the "
                "channels that go in, too.",
            ),
            (
                (48, 60, 864),
                "You have moved the window by one pixel at a time.",
            ),
        ],
    ),
    "ex-matrix-same": Exercise(
        answer=(1, 3, 5),
        slips=[
            (
                (0, 2, 4),
                "Row 0 starts on a zero before the first pixel; does the strided layer "
                "have a zero there?",
            ),
            (
                (2, 4, 6),
                "You have counted from 1; the rows are called 0 to 5.",
            ),
        ],
    ),
    "ex-matrix-shift": Exercise(
        answer=(1, 0),
        slips=[
            (
                (1, 2),
                "That moves the image to the other side: ask which pixel an output has "
                "to fetch, not where a pixel goes.",
            ),
            ((1, 1), "A 1 in the middle leaves every pixel where it is."),
            (
                (0, 1),
                "You have given the column first, or moved the image down.",
            ),
            ((2, 1), "That moves the image up."),
        ],
    ),
}
