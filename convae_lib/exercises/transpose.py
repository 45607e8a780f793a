"""The exercises of *The transpose gives back the shape*."""

from .exercise import Exercise

__all__ = ["EXERCISES"]

EXERCISES: dict[str, Exercise] = {
    "ex-transpose-stamp": Exercise(
        answer=[[0, 0, 0, 0], [1, 2, 0, 0], [0, 1, 3, 0], [0, 0, 1, 0]],
        slips=[
            (
                [[0, 1, 2, 0], [0, 0, 1, 3], [0, 0, 0, 1], [0, 0, 0, 0]],
                "That is the stamp of another number: fold the four numbers into two "
                "rows of two and see where the 1 stands.",
            ),
            (
                [[0, 0, 0, 0], [1, 0, 0, 0], [3, 1, 0, 0], [0, 2, 1, 0]],
                "The place is right, but you have flipped the kernel; does a stamp do so?",
            ),
            (
                [[0, 0, 0, 0], [0, 1, 2, 0], [0, 0, 1, 3], [0, 0, 0, 1]],
                "That is the stamp of the last number; count the four from 0.",
            ),
        ],
    ),
    "ex-transpose-probe": Exercise(
        answer=0,
        slips=[
            (
                3,
                "Random vectors would do that; with ones on both sides, ask what each "
                "side of the test adds up.",
            ),
            (
                2,
                "Write down what each side of the test adds up when all numbers are "
                "ones, and what each pretender does to this sum.",
            ),
            (
                1,
                "Moving rows, flipping and transposing have something in common: what "
                "do they do to the sum of all entries?",
            ),
        ],
    ),
    "ex-transpose-worth": Exercise(
        answer=16,
        slips=[
            (1, "That is what the first layer adds, but there are layers behind it."),
            (4, "That holds for three layers; here more of them follow the first."),
            (32, "The first layer does not double the pixel that it adds itself."),
            (
                5,
                "The layers do not add a pixel each: those behind the first double "
                "what they get.",
            ),
        ],
    ),
    "ex-transpose-coverage": Exercise(
        answer=[3, 6],
        slips=[
            (
                [1, 3, 6],
                "With kernel 1 the stamps stand alone: count what the two pixels "
                "between them get.",
            ),
            ([3], "Stamps may overlap, if they do so in the same way everywhere."),
            (
                [3, 4, 5, 6, 7],
                "These kernels leave no hole, but does every pixel get as many stamps "
                "as its neighbour?",
            ),
            (
                [3, 5, 7],
                "It is not a matter of odd and even: draw the stamps of width 5 below "
                "each other and count.",
            ),
        ],
    ),
}
