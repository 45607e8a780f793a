"""The exercises of *Your own images*."""

from math import log

from .exercise import Exercise

__all__ = ["EXERCISES"]

EXERCISES: dict[str, Exercise] = {
    "ex-own-margin": Exercise(
        answer=(7, 4, 28),
        slips=[
            ((4, 7, 28), "First the width, then the height."),
            (
                (8, 5, 40),
                "You rounded up; a tile that juts out at a side is not cut.",
            ),
            ((7, 4, 11), "Rows and columns are multiplied, not added."),
        ],
    ),
    "ex-own-values": Exercise(
        answer=48,
        slips=[
            (
                16,
                "You counted the pixels of the tile; each has three values.",
            ),
            (1 / 48, "Divide what the tile has by what the code has."),
            (3072, "The code is a grid: count its places, too."),
            (192, "The code has four numbers at each place."),
        ],
        atol=1e-3,
    ),
    "ex-own-floor": Exercise(
        answer=log(2) / 3,
        slips=[
            (
                log(2),
                "That is the sum over the three values; Keras takes their mean.",
            ),
            (1 / 3, "That is in bits; take the natural logarithm."),
            (
                0,
                "Only values of 0 and 1 are free; ask what the one half costs.",
            ),
        ],
        atol=6e-4,
    ),
    "ex-own-neighbours": Exercise(
        answer=1 - 0.2**4,
        slips=[
            (
                0.2**4,
                "That is the chance that none of the four is in training.",
            ),
            (0.8**4, "That is the chance that all four are; one is enough."),
            (0.8, "That is the chance for one of them; it has four."),
        ],
        atol=6e-4,
    ),
    "ex-own-bits": Exercise(
        answer=0.5,
        slips=[
            (0.0625, "Those are bytes a pixel; a byte has eight bits."),
            (1 / 6, "That is for a value of a colour; ask for a pixel."),
            (16, "Divide bits by pixels, not pixels by bytes."),
        ],
        atol=1e-3,
    ),
}
