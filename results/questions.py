"""What the book asks, as lists of experiments: one file in results/ each.

A record belongs to one question; chapters that compare across questions read
several files.
"""

from convae_lib.experiments import (
    LinearCode,
    Lossless,
    OddByRule,
    OddOnes,
    Race,
    RepairByRule,
    Speed,
    Training,
)

# Recipes. "published" is the textbook's, for either kind of model; "good" is the
# same for all.
PUBLISHED = dict(recipe="published", optimizer="sgd", schedule="constant")
PUBLISHED_CONV = dict(**PUBLISHED, learning_rate=1.0, epochs=5)
PUBLISHED_DENSE = dict(**PUBLISHED, learning_rate=1.5, epochs=20)
GOOD = dict(
    recipe="good", optimizer="muon", learning_rate=0.03, schedule="linear", epochs=5
)
LARGE = GOOD | dict(learning_rate=0.05)  # better for the large residual network
CONSTANT = LARGE | dict(schedule="constant")

# Models, and their options for each code size. The convolutional and residual
# ones stay within the published 46,529 parameters. The residual grid has 49
# places, so that its codes of 144 and 576 numbers become 98 and 539.
DENSE = {
    30: dict(code_size=30, hidden=100),
    64: dict(code_size=64, hidden=128),
    144: dict(code_size=144, hidden=288),
    576: dict(code_size=576, hidden=None),
}
CONV = {
    30: dict(filters=(16, 32, 32), code_size=30),
    64: dict(filters=(16, 32, 20), code_size=64),
    144: dict(filters=(16, 32, 16)),
    576: dict(),
}
RESIDUAL = {
    30: dict(channels=72, code_channels=2, code_size=30),
    64: dict(channels=64, code_channels=2, code_size=64),
    144: dict(channels=79, code_channels=2),
    576: dict(channels=79, code_channels=11),
}
KINDS = {
    "dense": ("dense_autoencoder", DENSE),
    "dense, tied": ("tied_dense_autoencoder", DENSE),
    "convolutional": ("conv_autoencoder", CONV),
    "residual": ("residual_autoencoder", RESIDUAL),
}
CODES = (2, 4, 8, 16, 30, 64)
NO_BLOCKS = dict(encoder_blocks=0, decoder_blocks=0)
PLAIN_DENOISER = dict(filters=(32, 32, 32), strides=(2, 1, 1))
RESIDUAL_DENOISER = dict(channels=128, code_channels=128)
SMALLEST = dict(channels=48, code_channels=11, **NO_BLOCKS)  # 2,700 parameters


BITS = ("bits",)
LOOKED_AT = dict(measures=("weave",))
ASKED_FOR_CLASSES = dict(measures=("neighbours",))


def seeds(count=3, **settings):
    """Return the same training with several seeds: five where means lie close."""
    return [Training(seed=seed, **settings) for seed in range(1, count + 1)]


def sized(kind, size, recipe, **more):
    """Return trainings of one kind of model with a code of one size."""
    model, options = KINDS[kind]
    if kind.startswith("dense") and size == 576 and recipe is GOOD:
        more["batch_size"] = 128  # a step of Muon costs more here than all else
    return seeds(name=kind, model=model, options=options[size], **recipe, **more)


def few(numbers, recipe, **more):
    """Return trainings of the residual network with a code of few numbers."""
    options = RESIDUAL[30] | dict(code_size=numbers)
    model = "residual_autoencoder"
    return seeds(name="residual", model=model, options=options, **recipe, **more)


def variant(name, recipe, model="conv_autoencoder", **more):
    """Return trainings of the published model with something changed."""
    return seeds(count=5, name=name, model=model, **(recipe | more))


def flat(lists):
    return [task for tasks in lists for task in tasks]


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


def lossless():
    return [Lossless(name=name, format=name.lower()) for name in ("raw", "PNG", "gzip")]


def equal_sizes():
    lists = []
    for size in DENSE:
        published = BITS if size == 576 else ()  # not the run whose weights ship
        lists += [
            sized("dense", size, PUBLISHED_DENSE, count=5),
            sized("dense, tied", size, PUBLISHED_DENSE, count=5),
            sized("convolutional", size, PUBLISHED_CONV, count=5, measures=published),
            sized(
                "dense", size, GOOD, count=5 if size in (30, 576) else 3, measures=BITS
            ),
            sized("dense, tied", size, GOOD, count=5 if size == 30 else 3),
            sized(
                "convolutional",
                size,
                GOOD,
                count=5 if size == 576 else 3,
                measures=BITS,
            ),
            sized("residual", size, GOOD, measures=BITS),
        ]
    return flat(lists)


def equal_parameters():
    """Dense networks of 46,529 parameters at most, without hidden layers and with."""
    networks = (
        ("dense", dict(code_size=29, hidden=None)),
        ("dense, tied", dict(code_size=58, hidden=None)),
        ("dense", dict(code_size=28, hidden=28)),
        ("dense, tied", dict(code_size=54, hidden=54)),
    )
    return flat(
        seeds(name=kind, model=KINDS[kind][0], options=options, count=5, **recipe)
        for recipe in (PUBLISHED_DENSE, GOOD)
        for kind, options in networks
    )


def permutation():
    return flat(
        sized(kind, size, GOOD, count=5 if kind == "dense" else 3, permuted=True)
        for size in (30, 576)
        for kind in ("dense", "convolutional", "residual")
    )


def tied_kernels():
    tied = dict(name="tied kernels", model="tied_conv_autoencoder")
    return flat(
        [variant(recipe=PUBLISHED_CONV, **tied)]
        + [variant(recipe=GOOD, **LOOKED_AT, **tied)]
    )


def loss_scale():
    return flat(
        variant("sum", PUBLISHED_CONV, loss="sum", learning_rate=rate)
        for rate in (1.0, 1 / 784)
    )


def initialisation():
    lecun = dict(kernel_initializer="lecun_normal")
    return flat(
        variant("LeCun-normal", recipe, options=lecun)
        for recipe in (PUBLISHED_CONV, GOOD)
    )


def upsampling():
    """The pattern of each way of doubling the size; the first is the published one."""
    ways = {
        "transposed 3x3": {},
        "transposed 4x4": dict(upsampling_kernel_size=4),
        "resize, then convolve": dict(upsampling="resize"),
    }
    good = [
        variant(name, GOOD, options=options, **LOOKED_AT)
        for name, options in ways.items()
    ]
    first, *others = ways
    published = [variant(first, PUBLISHED_CONV, **LOOKED_AT)]
    published += [variant(name, PUBLISHED_CONV, options=ways[name]) for name in others]
    return flat(published + good)


def learning_rates():
    """Whether one rate, 0.03, suits all kinds: three times less, and more."""
    return flat(
        sized(kind, 30, GOOD | dict(learning_rate=rate))
        for rate in (0.01, 0.1)
        for kind in KINDS
    )


def equal_time():
    """As long as the best five epochs take, about: the published network, and the
    dense and the convolutional one with 30 numbers for those of the residual one.
    """
    return flat(
        [
            sized("convolutional", 576, GOOD | dict(epochs=14)),
            sized("convolutional", 576, PUBLISHED_CONV | dict(epochs=14)),
            sized("dense", 30, GOOD | dict(epochs=17)),
            sized("convolutional", 30, GOOD | dict(epochs=10)),
        ]
    )


def few_images():
    """As many steps as five epochs of all images have, about, and fewer."""
    return flat(
        sized(kind, 30, GOOD | dict(epochs=epochs), images=images)
        for images, epochs in (
            (1_000, 268),
            (1_000, 9),
            (1_000, 18),
            (1_000, 36),
            (1_000, 72),
            (10_000, 27),
        )
        for kind in ("dense", "convolutional", "residual")
    )


def code_sizes():
    """Five seeds below eight numbers, where those of the dense network lie apart."""
    counts = {2: 5, 4: 5, 8: 3, 16: 3}
    dense = [
        seeds(
            name="dense",
            model="dense_autoencoder",
            options=dict(code_size=size, hidden=100),
            count=count,
            **GOOD,
        )
        for size, count in counts.items()
    ]
    return flat([few(size, GOOD, count=counts[size]) for size in counts] + dense)


def neighbours():
    """How often the nearest neighbours in a code are of the same class.

    All principal components together turn the images only: their neighbours are those
    of the pixels.
    """
    linear = [
        LinearCode(name=name, patch=28, components=count, **ASKED_FOR_CLASSES)
        for name, counts in (("PCA", (2, 4, 8, 16, 30, 64)), ("pixels", (784,)))
        for count in counts
    ]
    return linear + flat(
        of_numbers(kind, count) for kind in ("dense", "residual") for count in CODES
    )


def of_numbers(kind, count):
    """Return trainings of a network with a code of so many numbers."""
    model, options = KINDS[kind]
    options = options[count if count == 64 else 30] | dict(code_size=count)
    return seeds(name=kind, model=model, options=options, **GOOD, **ASKED_FOR_CLASSES)


def family():
    """The same network with codes that are asked for more, and the convolutional one.

    The dense and the residual one with 30 numbers are among the neighbours.
    """
    options = RESIDUAL[30]
    members = {
        "convolutional": ("conv_autoencoder", CONV[30], {}),
        "denoising": (
            "residual_autoencoder",
            options,
            dict(damage="gaussian", amount=0.2),
        ),
        "sparse": ("sparse_autoencoder", options, {}),
        "variational": ("variational_autoencoder", options, {}),
    }
    return flat(
        seeds(
            name=name, model=model, options=options, **GOOD, **more, **ASKED_FOR_CLASSES
        )
        for name, (model, options, more) in members.items()
    )


GAUSSIAN = {
    "gaussian 0.2": dict(damage="gaussian", amount=0.2),
    "gaussian 0.5": dict(damage="gaussian", amount=0.5),
}
OTHER = {
    "salt and pepper": dict(damage="salt and pepper", amount=0.2),
    "missing block": dict(damage="block", amount=0.36),
}


def denoising():
    """What repairs damaged images: rules, a tutorial's network, and two of ours.

    Neither of ours has a narrow code. Damage that is no Gaussian noise is learned by one
    network of a kind.
    """
    rules = ("Gaussian filter", "median filter", "PCA", "linear regression")
    ruled = [RepairByRule(name="nothing", rule="nothing", damage="gaussian", amount=0)]
    ruled += [
        RepairByRule(name=rule, rule=rule, **damage)
        for damage in (GAUSSIAN | OTHER).values()
        for rule in rules
    ]
    plain = ("strided_conv_autoencoder", PLAIN_DENOISER)
    residual = ("residual_autoencoder", RESIDUAL_DENOISER)
    tutorial = ("strided_conv_autoencoder", {})
    asked = (
        ("plain", plain, GAUSSIAN, 3),
        ("residual", residual, GAUSSIAN, 3),
        ("TensorFlow's", tutorial, GAUSSIAN, 3),
        ("plain", plain, OTHER, 1),
        ("TensorFlow's", tutorial, OTHER, 1),
    )
    repair = dict(**GOOD, measures=("repair", "test repair"))
    return ruled + flat(
        seeds(count, name=name, model=model, options=options, **damage, **repair)
        for name, (model, options), damages, count in asked
        for damage in damages.values()
    )


CLASSES = range(10)


def odd_ones():
    """What tells the images of one class from all others, when only these are known."""
    rules = ("brightness", "mean image", "PCA", "covariance", "kernel density")
    options = dict(channels=64, code_channels=4, code_size=32)
    networks = seeds(
        name="one class",
        model="residual_autoencoder",
        options=options,
        **GOOD | dict(epochs=15),
    )
    return [
        OddByRule(name=rule, rule=rule, class_label=label)
        for rule in rules
        for label in CLASSES
    ] + [
        OddOnes(name="residual", training=training, class_label=label)
        for training in networks
        for label in CLASSES
    ]


def few_labels():
    """How far 10 to 1,000 labels go on a code: alone, and spread over a graph."""
    asked = ("few labels", "graph")
    linear = [
        LinearCode(name=name, patch=28, components=count, measures=asked)
        for name, count in (("pixels", 784), ("PCA", 30))
    ]
    networks = {
        "residual": ("residual_autoencoder", {}, (*asked, "fine tuning")),
        "denoising": ("residual_autoencoder", GAUSSIAN["gaussian 0.2"], asked),
        "variational": ("variational_autoencoder", {}, asked),
    }
    return linear + [
        Training(
            name=name,
            model=model,
            options=RESIDUAL[30],
            measures=measures,
            **GOOD,
            **more,
        )
        for name, (model, more, measures) in networks.items()
    ]


def files():
    """Codes as files: rate against distortion. Seeds differ less than sizes do."""
    asked = dict(measures=("files",))
    linear = [
        LinearCode(name="PCA", patch=28, components=count, **asked)
        for count in (8, 16, 30, 64, 144, 392)
    ]
    networks = [few(count, GOOD, count=1, **asked) for count in (8, 16, 30)]
    networks += [sized("residual", 64, GOOD, count=1, **asked)]
    networks += [sized("residual", 576, LARGE, count=1, **asked)]
    together = Lossless(name="PNG of all", format="png", together=True)
    return [together] + linear + flat(networks)


ON_PHOTOGRAPHS = dict(images_from="photographs")
TILES_OF = {1: 54, 3: 178}  # of the first photographs; all six have 366
GRID = dict(channels=64, patch=8, image_shape=[64, 64, 3])


def photographs():
    """Ten photographs: what a code of their tiles is worth, and what few of them cost."""
    asked = dict(measures=("test", "train", "photographs"), **ON_PHOTOGRAPHS)
    linear = [
        LinearCode(
            name="PCA of 8×8 patches",
            patch=8,
            components=count,
            measures=("photographs",),
            **ON_PHOTOGRAPHS,
        )
        for count in (4, 12)
    ]

    def grids(name, count=12, epochs=20, **more):
        return seeds(
            name=name,
            model="residual_autoencoder",
            options=GRID | dict(code_channels=count),
            **(GOOD | dict(batch_size=16, epochs=epochs)),
            **asked,
            **more,
        )

    few_images = [  # as many steps
        grids(f"residual, {count}", images=tiles, epochs=20 * 366 // tiles)
        for count, tiles in TILES_OF.items()
    ]
    return linear + flat(
        [
            grids("residual"),
            grids("residual, split by tile", mixed=True),
            *few_images,
            grids("residual, mirrored", mirrored=True, epochs=10),
            grids("residual", count=4),
        ]
    )


def records():
    """The runs that beat the published one; each looks at the test images, once."""
    final = dict(measures=("test",))
    return flat(
        [
            sized("convolutional", 576, PUBLISHED_CONV, **final),
            sized("convolutional", 576, GOOD, **final),
            sized("residual", 576, LARGE, **final),
            few(30, GOOD, **final),
            few(24, GOOD, **final),
            few(23, GOOD, **final),
            few(22, GOOD, **final),
            few(30, GOOD | dict(epochs=2), **final),
        ]
    )


def thirty_epochs():
    """How far six times the epochs carry: a large code, and a small one.

    The recipe of five epochs does not bear so many steps at its rate; larger
    batches are fewer steps.
    """
    longer = dict(epochs=30, measures=("test",))
    calmer = longer | dict(batch_size=64)
    return flat(
        [
            sized("residual", 576, LARGE | longer),
            sized("residual", 576, LARGE | calmer | dict(learning_rate=0.02)),
            few(19, GOOD | calmer),
        ]
    )


def batch_sizes():
    """Batches of four times the size, as four workers bring them: the same rate, or two
    or four times the rate."""
    four = PUBLISHED_CONV | dict(batch_size=128, epochs=10)
    return flat(
        seeds(
            name="batches of 128",
            model="conv_autoencoder",
            **(four | dict(learning_rate=rate)),
        )
        for rate in (1.0, 2.0, 4.0)
    )


def ablation():
    """The best five epochs, with one thing changed at a time."""
    best = RESIDUAL[576]
    changes = {
        "no blocks": (best | NO_BLOCKS, LARGE),
        "blocks that look at one place": (best | dict(kernel_size=1), LARGE),
        "blocks of 3x3": (best | dict(kernel_size=3), LARGE),
        "ReLU": (best | dict(activation="relu"), LARGE),
        "Adam": (best, LARGE | dict(optimizer="adam", learning_rate=0.003)),
        "constant rate": (best, CONSTANT),
        "constant 0.02": (best, CONSTANT | dict(learning_rate=0.02)),
    }
    close = ("blocks that look at one place", "blocks of 3x3", "ReLU", "constant rate")
    return flat(
        seeds(
            name=name,
            model="residual_autoencoder",
            options=options,
            count=5 if name in close else 3,
            **recipe,
        )
        for name, (options, recipe) in changes.items()
    )


def time_to_quality():
    steep = dict(optimizer="muon", learning_rate=0.1, schedule="constant", epochs=1)
    return [
        Race(
            name="2,700 parameters",
            runner=Training(
                name="runner",
                model="residual_autoencoder",
                options=SMALLEST,
                seed=seed,
                **steep,
            ),
            reference=Training(
                name="published", model="conv_autoencoder", seed=seed, **PUBLISHED_CONV
            ),
            target=0.2673,
            every=10,
        )
        for seed in (1, 2, 3)
    ]


def weights():
    """The networks that ship with their weights, under these names."""
    residual = "residual_autoencoder"
    networks = {
        "published": ("conv_autoencoder", {}, PUBLISHED_CONV),
        # Asked less than in denoising: a record belongs to one question.
        "denoiser": (
            "strided_conv_autoencoder",
            PLAIN_DENOISER,
            GOOD | GAUSSIAN["gaussian 0.5"] | dict(measures=("repair",)),
        ),
        "dense_30": ("dense_autoencoder", DENSE[30], GOOD),
        # Its bits are asked for, too, as the same run without is among code_sizes.
        "residual_2": (
            residual,
            RESIDUAL[30] | dict(code_size=2),
            GOOD | dict(measures=BITS),
        ),
        "residual_22": (residual, RESIDUAL[30] | dict(code_size=22), GOOD),
        "residual_30": (residual, RESIDUAL[30], GOOD),
        "residual_539": (residual, RESIDUAL[576], LARGE),
        "smallest": (residual, SMALLEST, GOOD),
        "variational": ("variational_autoencoder", RESIDUAL[30], GOOD),
    }
    return [
        Training(name=name, model=model, options=options, **recipe)
        for name, (model, options, recipe) in networks.items()
    ]


def speed():
    models = {
        "dense": ("dense_autoencoder", {}),
        "published": ("conv_autoencoder", {}),
        "residual": ("residual_autoencoder", RESIDUAL[576]),
        "2,700 parameters": ("residual_autoencoder", SMALLEST),
    }
    return [
        Speed(name=name, model=model, options=options)
        for name, (model, options) in models.items()
    ]


ASKED = (
    linear_codes,
    lossless,
    equal_sizes,
    equal_parameters,
    permutation,
    tied_kernels,
    loss_scale,
    initialisation,
    upsampling,
    learning_rates,
    equal_time,
    few_images,
    code_sizes,
    neighbours,
    family,
    denoising,
    odd_ones,
    few_labels,
    files,
    photographs,
    records,
    thirty_epochs,
    batch_sizes,
    ablation,
    time_to_quality,
    weights,
    speed,
)
QUESTIONS = {question.__name__: question() for question in ASKED}
"""Name of the file in results/ without its ending, and its experiments."""

QUICK = [
    LinearCode(name="PCA", patch=28, components=30),
    LinearCode(name="PCA of 2×2 patches", patch=2, components=2),
    sized("dense, tied", 30, GOOD)[0],
    time_to_quality()[0],
]
"""Short ones: what ``make reproduce-quick`` repeats."""
