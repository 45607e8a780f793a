"""The exercises of *Sizes and frameworks*."""

from .exercise import Exercise

__all__ = ["EXERCISES"]

EXERCISES: dict[str, Exercise] = {
    "ex-sizes-thirteen": Exercise(
        answer=[26, 25, 27],
        slips=[
            (
                [26, 26, 27],
                "For “same”, leaving `output_padding` out and setting it to 0 ask for "
                "two different sizes.",
            ),
            (
                [26, 25, 26],
                "“Valid” crops nothing, so draw 13 stamps and count all they cover.",
            ),
            (
                [26, 25, 28],
                "For “valid”, count where the last of the 13 stamps starts, and add its "
                "width.",
            ),
            (
                [25, 25, 27],
                "For “same”, `output_padding=None` is not 0.",
            ),
        ],
    ),
    "ex-sizes-design": Exercise(
        answer=3,
        slips=[
            (
                2,
                "That canvas is one pixel too short, and only `output_padding=1` would "
                "fill it up.",
            ),
            (
                1,
                "That is the number of pixels by which 11 exceeds twice 5, but the last "
                "of five stamps starts at pixel 8.",
            ),
            (
                4,
                "Count where the last stamp starts: five stamps make four steps of 2.",
            ),
        ],
    ),
    "ex-sizes-shift": Exercise(
        answer=15,
        slips=[
            (
                4,
                "Each layer shifts by one pixel of its own output, and the layers behind "
                "it enlarge what they receive.",
            ),
            (
                3,
                "That is the book's decoder, where two layers say “same”; here four do.",
            ),
            (
                8,
                "That is the first layer's share at the end; the others shift, too.",
            ),
            (
                16,
                "Do not double once more: the last layer's own pixel stays one pixel.",
            ),
        ],
    ),
    "ex-sizes-layout": Exercise(
        answer=(2, 3, 5, 8),
        slips=[
            (
                (2, 3, 8, 5),
                "That is how a `Conv2D` orders its channels; a transposed layer keeps the "
                "kernel of the convolution that it transposes.",
            ),
            (
                (8, 5, 2, 3),
                "That is PyTorch's own order, and Keras puts height and width first.",
            ),
            (
                (5, 8, 2, 3),
                "Keras puts height and width first.",
            ),
            (
                (3, 2, 5, 8),
                "Height comes before width, in Keras as in PyTorch.",
            ),
        ],
    ),
}
