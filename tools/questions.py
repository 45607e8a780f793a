"""What the book asks, as lists of experiments: one file in results/ each.

A record belongs to one question; chapters that compare across questions read
several files.
"""

from convae_lib.experiments import LinearCode, Lossless, Training


# Recipes. "published" is the textbook's, for either kind of model.
PUBLISHED = dict(recipe="published", optimizer="sgd", schedule="constant")
PUBLISHED_CONV = dict(**PUBLISHED, learning_rate=1.0, epochs=5)
PUBLISHED_DENSE = dict(**PUBLISHED, learning_rate=1.5, epochs=20)
GOOD = dict(
    recipe="good", optimizer="muon", learning_rate=0.03, schedule="linear", epochs=5
)

# Models of equal code size. Muon's step on the two 784x576 matrices of the
# largest dense model costs more than all else, so that it gets larger batches.
DENSE = {
    30: dict(options=dict(code_size=30, hidden=100)),
    64: dict(options=dict(code_size=64, hidden=128)),
    144: dict(options=dict(code_size=144, hidden=288)),
    576: dict(options=dict(code_size=576, hidden=None)),
}
CONV = {
    30: dict(options=dict(filters=(16, 32, 32), code_size=30)),
    64: dict(options=dict(filters=(16, 32, 20), code_size=64)),
    144: dict(options=dict(filters=(16, 32, 16))),
    576: dict(),
}


def seeds(count=3, **settings):
    """Return the same training with several seeds."""
    return [Training(seed=seed, **settings) for seed in range(1, count + 1)]


def dense(size, recipe, **more):
    large = dict(batch_size=128) if size == 576 and recipe is GOOD else {}
    return seeds(
        name="dense",
        model="dense_autoencoder",
        **DENSE[size],
        **recipe,
        **large,
        **more,
    )


def tied_dense(size, recipe):
    large = dict(batch_size=128) if size == 576 and recipe is GOOD else {}
    return seeds(
        name="dense, tied",
        model="tied_dense_autoencoder",
        **DENSE[size],
        **recipe,
        **large,
    )


def conv(size, recipe, **more):
    return seeds(
        name="convolutional", model="conv_autoencoder", **CONV[size], **recipe, **more
    )


def variant(name, recipe, model="conv_autoencoder", options=None, **more):
    return seeds(
        name=name,
        model=model,
        options=options or {},
        **(recipe | more),
        measures=("checkerboard",),
    )


def linear_codes():
    kept = {
        28: (2, 4, 8, 16, 24, 30, 58, 64, 144, 392, 539, 576),
        14: (1, 2, 4, 7, 16, 36, 98, 144),
        7: (1, 2, 4, 9, 24, 36),
        4: (1, 2, 4, 8, 11),
        2: (1, 2),
    }
    return [
        LinearCode(
            name="PCA" if patch == 28 else f"PCA of {patch}×{patch} patches",
            patch=patch,
            components=count,
        )
        for patch, counts in kept.items()
        for count in counts
    ]


def equal_sizes():
    tasks = []
    for size in DENSE:
        extra = ("bits", "checkerboard") if size == 576 else ("bits",)
        tasks += [
            *dense(size, PUBLISHED_DENSE),
            *tied_dense(size, PUBLISHED_DENSE),
            *conv(size, PUBLISHED_CONV, measures=extra[1:]),
            *dense(size, GOOD, measures=("bits",)),
            *tied_dense(size, GOOD),
            *conv(size, GOOD, measures=extra),
        ]
    return tasks


def equal_parameters():
    narrow = dict(options=dict(code_size=29, hidden=None))
    tied = dict(options=dict(code_size=58, hidden=None))
    return [
        task
        for recipe in (PUBLISHED_DENSE, GOOD)
        for task in (
            *seeds(name="dense", model="dense_autoencoder", **narrow, **recipe),
            *seeds(
                name="dense, tied", model="tied_dense_autoencoder", **tied, **recipe
            ),
        )
    ]


def permutation():
    return [
        task
        for size in (30, 576)
        for kind in (dense, conv)
        for task in kind(size, GOOD, permuted=True)
    ]


def tied_kernels():
    return [
        task
        for recipe in (PUBLISHED_CONV, GOOD)
        for task in variant("tied kernels", recipe, model="tied_conv_autoencoder")
    ]


def loss_scale():
    return [
        task
        for rate in (1.0, 1 / 784)
        for task in variant("sum", PUBLISHED_CONV, loss="sum", learning_rate=rate)
    ]


def initialisation():
    return [
        task
        for recipe in (PUBLISHED_CONV, GOOD)
        for task in variant(
            "LeCun-normal", recipe, options=dict(kernel_initializer="lecun_normal")
        )
    ]


def upsampling():
    return [
        task
        for recipe in (PUBLISHED_CONV, GOOD)
        for way in ("transposed 4x4", "resize, then convolve")
        for task in variant(way, recipe, options=dict(upsampling=way))
    ]


def few_images():
    return [
        task
        for images, epochs in ((1_000, 268), (10_000, 27))
        for kind in (dense, conv)
        for task in kind(30, GOOD | dict(epochs=epochs), images=images)
    ]


def lossless():
    return [Lossless(name=name, format=name.lower()) for name in ("raw", "PNG", "gzip")]


QUESTIONS = {
    "linear_codes": linear_codes(),
    "lossless": lossless(),
    "equal_sizes": equal_sizes(),
    "equal_parameters": equal_parameters(),
    "permutation": permutation(),
    "tied_kernels": tied_kernels(),
    "loss_scale": loss_scale(),
    "initialisation": initialisation(),
    "upsampling": upsampling(),
    "few_images": few_images(),
}
"""Name of the file in results/ without its ending, and its experiments."""

QUICK = [
    *QUESTIONS["linear_codes"][5:6],
    *[
        task
        for task in QUESTIONS["equal_sizes"]
        if task.options == DENSE[30]["options"]
    ][6:7],
]
"""Short ones: what ``make reproduce-quick`` repeats."""
