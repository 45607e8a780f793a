"""The exercises of *Many workers*."""

from .exercise import Exercise

__all__ = ["EXERCISES"]

GRADIENT = 4 * 46_529  # bytes

EXERCISES: dict[str, Exercise] = {
    "ex-workers-unequal": Exercise(
        answer=(24 * 1 + 8 * 3) / 32,
        slips=[
            (2, "That is the plain mean; one part has three times as many images."),
            (4, "That is the sum; the loss of a batch is a mean over its images."),
            (2.5, "You gave the small part the large weight."),
        ],
    ),
    "ex-workers-rate": Exercise(
        answer=1 / 8,
        slips=[
            (8, "The sum is longer than the mean, so the rate has to be smaller."),
            (
                1,
                "With the same rate the steps are as many times longer as there are workers.",
            ),
            (1 / 64, "Divide once: the sum is eight times the mean."),
        ],
    ),
    "ex-workers-ring": Exercise(
        answer=2 * 7 / 8 * GRADIENT,
        slips=[
            (
                7 / 8 * GRADIENT,
                "That is the first way round; the sums have to travel, too.",
            ),
            (
                2 * 7 * GRADIENT,
                "In each turn a worker sends a piece, not the whole gradient.",
            ),
            (2 * 7 / 8 * 46_529, "Those are numbers; each takes four bytes."),
            (
                2 * GRADIENT,
                "That is for infinitely many workers; count the turns of eight.",
            ),
            (
                GRADIENT,
                "Count the turns, seven for each way round, and a piece in each.",
            ),
        ],
        atol=2,
    ),
    "ex-workers-pay": Exercise(
        answer=7.4 / 8.2,
        slips=[
            (
                2,
                "That is without the sum, and without what takes the same time anyway.",
            ),
            (7.4 / 4.2, "The sum of the gradients takes its time in every step."),
            (
                8.2 / 7.4,
                "That is the other way round: the time of two over that of one.",
            ),
            (
                7.4 / 7.7,
                "The millisecond that does not depend on the batch is not shared.",
            ),
        ],
        atol=6e-3,
    ),
    "ex-workers-most": Exercise(
        answer=13,
        slips=[
            (32, "With one image each the messages take longer than the images."),
            (18, "There are two turns for each worker but one, not one."),
            (12, "Nearly: look at the next number, too."),
        ],
    ),
}
