"""The exercises of *The matrix at speed*."""

from .exercise import Exercise

__all__ = ["EXERCISES"]

EXERCISES: dict[str, Exercise] = {
    "ex-speed-indptr": Exercise(
        answer=1499,
        slips=[
            (1500, "You gave every row three entries; look at the first one."),
            (1502, "Row 500 itself comes after the place where it begins."),
            (1496, "Rows are counted from 0, so 500 rows stand before row 500."),
        ],
    ),
    "ex-speed-full": Exercise(
        answer=1024,
        slips=[
            (784, 'That is "same", where there are as many windows as pixels.'),
            (576, 'That is "valid", where the window stays inside the image.'),
            (900, "A kernel of 5 reaches further over the edge than one of 3."),
            (1089, "With five pixels over the edge the window touches nothing."),
            (32, "That is one axis; the window moves along two."),
        ],
    ),
    "ex-speed-depthwise": Exercise(
        answer=25_600,
        slips=[
            (
                28_224,
                "At the border the window hangs over, and no entry stands for zeros.",
            ),
            (409_600, "That layer lets every channel see all 16."),
            (144, "Those are the weights; the matrix has a copy for each window."),
            (1_600, "That is one channel."),
        ],
    ),
    "ex-speed-ring": Exercise(
        answer=2,
        slips=[
            (4, "Four are enough, but on a ring both ends share what lies between."),
            (1, "Then the first window still reaches the last pixel."),
            (5, "That is the whole kernel; how much of it hangs over one end?"),
        ],
    ),
}
