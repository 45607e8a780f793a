"""The exercises of *The same in PyTorch*."""

from math import sqrt

from .exercise import Exercise

__all__ = ["EXERCISES"]

EXERCISES: dict[str, Exercise] = {
    "ex-torch-reshape": Exercise(
        answer=4,
        slips=[
            (
                96,
                "The shape is right, but reshaping does not move a number: it cuts the "
                "same row of numbers at other places.",
            ),
            (
                0,
                "A few stand right by chance, such as the very first one.",
            ),
            (
                2,
                "That is one image, and there are two.",
            ),
            (
                32,
                "The first channel does not stay in place as a whole: its numbers lie 3 "
                "apart in the row.",
            ),
        ],
    ),
    "ex-torch-cut": Exercise(
        answer=(-1, -2, -1, -2),
        slips=[
            (
                (-2, -1, -2, -1),
                "The odd one goes to the end: to the right and below.",
            ),
            (
                (0, -3, 0, -3),
                "The cut is shared out between both ends, as the zeros of the convolution "
                "are.",
            ),
            (
                (1, 2, 1, 2),
                "Positive numbers add zeros; the canvas is too large already.",
            ),
            (
                (-1, -1, -2, -2),
                "The order is left, right, above, below.",
            ),
            (
                (0, -1, 0, -1),
                "That is for kernel 3; this canvas is larger by 3 than what is kept.",
            ),
        ],
    ),
    "ex-torch-start": Exercise(
        answer=1 / sqrt(64 * 4 * 4),
        slips=[
            (
                1 / sqrt(32 * 4 * 4),
                "That counts what comes in. In a transposed layer PyTorch reads the "
                "second axis of the kernel.",
            ),
            (
                sqrt(6 / ((32 + 64) * 4 * 4)),
                "That is Keras's start.",
            ),
            (
                1 / sqrt(64),
                "Each channel has a weight at each of the 4 · 4 positions.",
            ),
            (
                1 / (64 * 4 * 4),
                "Take the square root of the count.",
            ),
        ],
    ),
    "ex-torch-zero": Exercise(
        answer=0.6,
        slips=[
            (
                0.3,
                "That is with `zero_grad`. Without it, the gradient of the second step "
                "is added to that of the first.",
            ),
            (
                0.9,
                "The three gradients are not all there from the beginning: the first "
                "step has one of them.",
            ),
            (
                0.7,
                "The sums of gradients grow by 1 a step; they do not double.",
            ),
            (-0.6, "How far, not in which direction."),
        ],
    ),
}
