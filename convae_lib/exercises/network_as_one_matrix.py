"""The exercises of *The network as one matrix*."""

from .exercise import Exercise

__all__ = ["EXERCISES"]

EXERCISES: dict[str, Exercise] = {
    "ex-network-reach": Exercise(
        answer=36,
        slips=[
            (22, "This is the reach with kernels of size 3, so start the rule again."),
            (29, "The windows of the three poolings add to the reach as well."),
            (
                16,
                "A step to the next pixel of a pooled grid is a longer step in the "
                "image, so the distance has to grow on the way.",
            ),
            (28, "Think of an image that is larger than ours."),
        ],
    ),
    "ex-network-by-hand": Exercise(
        answer=[[-1, 1, 0, 0, 0], [0, 0, 0, -1, 1]],
        slips=[
            (
                [[-1, 1, 0, 0, 0], [0, 0, -1, 1, 0]],
                "Look at the second pair again and ask which of the two is larger.",
            ),
            (
                [[1, -1, 0, 0, 0], [0, 0, 0, 1, -1]],
                "The kernel stands in the rows as it is written, without a flip.",
            ),
            (
                [[-3, 3, 0, 0, 0], [0, 0, 0, -3, 3]],
                "ReLU multiplies by its slope, which is not the number it passes on.",
            ),
            (
                [[3, 0, 0, 0, 0], [0, 0, 0, 0, 3]],
                "A Jacobian has derivatives by the pixels, not outputs.",
            ),
        ],
    ),
    "ex-network-scale": Exercise(
        answer=(True, False),
        slips=[
            (
                (True, True),
                "One of the two activations is curved, so its slope depends on how "
                "large a sum is and not only on its sign.",
            ),
            (
                (False, False),
                "One of the two has slopes that depend on the sign of a sum only, and "
                "doubling changes no sign.",
            ),
            ((False, True), "It is the other way round: draw both activations."),
        ],
    ),
    "ex-network-damping": Exercise(
        answer="transpose",
        slips=[
            (
                "sharp",
                "The wish for a small image outweighs the fit here, so little can have "
                "been undone.",
            ),
            (
                "blurred",
                "The first step of a solver is a product, so ask which matrix takes a "
                "photograph to a guess.",
            ),
            (
                "noise",
                "Noise comes up where the damping is too small, and here it is large.",
            ),
        ],
    ),
}
