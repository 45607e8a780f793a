"""The exercises of *Closer to the floor*."""

from .exercise import Exercise

__all__ = ["EXERCISES"]

STEPS = 8_595  # of five epochs, in batches of 32
CHANNELS, KERNEL = 79, 25

EXERCISES: dict[str, Exercise] = {
    "ex-floor-polynomial": Exercise(
        answer=4,
        slips=[
            (
                3,
                "Three rounds multiply by about 41, so compare that with the factor that "
                "leads from 0.01 to one half.",
            ),
            (
                5,
                "Five is how often the function repeats; look when it is above one half "
                "for the first time.",
            ),
            (
                6,
                "Doubling takes six rounds, but look at the number in front of s: each "
                "round does more than double.",
            ),
        ],
    ),
    "ex-floor-block": Exercise(
        answer=(
            (KERNEL + 1) * CHANNELS + CHANNELS**2 + CHANNELS,
            KERNEL * CHANNELS**2 + CHANNELS,
        ),
        slips=[
            (
                (KERNEL * CHANNELS + CHANNELS**2, KERNEL * CHANNELS**2),
                "These are the weights alone; every convolution has biases, too.",
            ),
            (
                (
                    KERNEL * CHANNELS**2 + CHANNELS + CHANNELS**2 + CHANNELS,
                    KERNEL * CHANNELS**2 + CHANNELS,
                ),
                "A depthwise convolution works in each channel by itself, so it has one "
                "5×5 kernel a channel and not one for each pair.",
            ),
            (
                (
                    KERNEL * CHANNELS**2 + CHANNELS,
                    (KERNEL + 1) * CHANNELS + CHANNELS**2 + CHANNELS,
                ),
                "Both numbers are there, but the block comes first.",
            ),
        ],
    ),
    "ex-floor-corner": Exercise(
        answer=400,
        slips=[
            (16, "That is the patch itself; its blocks look at the neighbours, too."),
            (
                144,
                "That is what one block sees; the second looks at places that have "
                "looked further already.",
            ),
            (784, "That holds for the place in the middle; the corner sees less far."),
            (
                1296,
                "That is more than the image has, because half of the window lies "
                "outside of it.",
            ),
        ],
    ),
    "ex-floor-rate": Exercise(
        answer=0.525 * STEPS,
        slips=[
            (STEPS / 2, "The fall begins where the rise ends, not at the first step."),
            (
                0.475 * STEPS,
                "That is half the length of the fall; add the steps before it begins.",
            ),
            (0.025 * STEPS, "That is half of the peak on the way up."),
        ],
        atol=5,
    ),
}
