"""The exercises of *What it is good for*."""

from .exercise import Exercise

__all__ = ["EXERCISES"]

FOUND, ACCUSED = 0.9 * 0.001, 0.05 * 0.999  # of all parcels

EXERCISES: dict[str, Exercise] = {
    "ex-good-psnr": Exercise(
        answer=20,
        slips=[
            (10, "That is for a mean squared error of 0.1; square the error first."),
            (
                -20,
                "Look at the sign in front of the logarithm, which is negative here.",
            ),
            (2, "A decibel is a tenth: look at the factor before the logarithm."),
            (0, "Signs do not cancel, because each error is squared first."),
        ],
    ),
    "ex-good-auroc": Exercise(
        answer=5 / 6,
        slips=[
            (
                1 / 6,
                "You counted the pairs that are the wrong way round; strangers should "
                "have the larger score.",
            ),
            (1.0, "Look for a garment of the class that seems odder than a stranger."),
            (
                0.5,
                "That is the share of strangers that are ahead of all garments; count "
                "pairs.",
            ),
            (5 / 9, "Each stranger is set against each garment: count these pairs."),
        ],
        atol=6e-3,
    ),
    "ex-good-alarms": Exercise(
        answer=FOUND / (FOUND + ACCUSED),
        slips=[
            (
                0.9,
                "That is the share of odd parcels that are found; ask what share of the "
                "alarms they are.",
            ),
            (
                0.95,
                "That is the share of good parcels left in peace; but good parcels are "
                "very many.",
            ),
            (
                0.9 / 0.95,
                "That would be right if every second parcel were odd; here one of a "
                "thousand is.",
            ),
            (0.001, "That is the share of all parcels, not of those that are accused."),
        ],
        atol=6e-4,
    ),
    "ex-good-pay": Exercise(
        answer=2_000,
        slips=[
            (6_000, "You divided by what a code takes; divide by what it saves."),
            (1_500, "The codes take bytes as well; ask what each image saves."),
            (1_200, "The two sizes are not added; ask what each image saves."),
        ],
        atol=1,
    ),
}
