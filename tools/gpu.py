"""What a graphics card makes of the book's trainings: ``make gpu``.

The published network and the best one train on the card, and a row for each goes to
results/gpu.jsonl: the time of an epoch, the time to the loss that the post ends with, the
share of the card's peak, and what makes the training faster there. Without a card nothing
is measured or written.

    python -m tools.gpu                 train and write
    python -m tools.gpu --peak TFLOPS   on a card that the library does not know
"""

import argparse
import json
import sys

from convae_lib.checks import write_whole
from convae_lib.commands.screen import silent
from convae_lib.experiments.records import digest
from tools.notebooks import ROOT

PLACE = ROOT / "results" / "gpu.jsonl"
TARGET = 0.2673
"""Validation loss after the last epoch of the post."""


NETWORKS = ("published", "residual_539")
"""The published network and the best one, by their names among those that ship."""


def trainings():
    """Return how the networks are trained, by their names."""
    from results.questions import QUESTIONS

    there = {training.name: training for training in QUESTIONS["weights"]}
    return {name: there[name] for name in NETWORKS}


def main(arguments=None):
    """Measure and write; return 0, or 1 without a card or the images."""
    parser = argparse.ArgumentParser("tools.gpu", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--peak", type=float, metavar="TFLOPS", help="of the card, for float32 or TF32"
    )
    parser.add_argument("--epochs", type=int, default=5, help="from 2 up (default: 5)")
    chosen = parser.parse_args(arguments)
    if chosen.epochs < 2:
        parser.error(f"--epochs {chosen.epochs}: 2 at least, as the first compiles")
    with silent():
        import keras

        from convae_lib.data import load_fashion_mnist
        from convae_lib.training.cards import peak_of
        from convae_lib.training.devices import graphics_cards

        cards = graphics_cards()
    backend = keras.backend.backend()
    if not cards:
        return failed(
            f"{backend} finds no GPU here: nothing is measured or written (pages/commands.md "
            "says what to install where there is one)"
        )
    try:
        peak = peak_of(cards[0], chosen.peak)
    except ValueError as error:
        return failed(f"{error}: python -m tools.gpu --peak TFLOPS")
    images = load_fashion_mnist()
    if images.is_stand_in:
        return failed("Fashion-MNIST is not here, and the stand-in tells no times")
    for name, training in trainings().items():
        row = measured(training, images, peak, chosen.epochs)
        row = {"network": name, "device": cards[0], "backend": backend, **row}
        write(row)
        print(json.dumps(row), flush=True)
    return 0


def failed(line):
    """Say why nothing was done."""
    print(f"tools.gpu: {line}", file=sys.stderr)
    return 1


def measured(training, images, peak, epochs):
    """Return the times of one network, and its share of the peak."""
    from convae_lib.training.cards import share_of_peak, time_on_card
    from convae_lib.training.devices import describe_versions
    from convae_lib.training.profile import profile_training

    def build():
        return training.build(images)

    times = time_on_card(
        build,
        images,
        recipe=training.recipe_settings,
        batch_size=training.batch_size,
        epochs=epochs,
        target=TARGET,
    )
    model = build()

    def share(rate):
        return share_of_peak(model, rate, peak)

    ways = profile_training(
        build, optimizer=training.optimizer, batch_size=training.batch_size
    )
    for way in ways:
        del way["device"]
        way["share_of_peak"] = share(way["images_per_second"])
    return {
        **times,
        "epochs": epochs,
        "batch_size": training.batch_size,
        "target": TARGET,
        "peak_tflops": peak / 1e12,
        "share_of_peak": share(times["images_per_second"]),
        "ways": ways,
        "versions": describe_versions(),
    }


def write(row):
    """Put a row in the place of the same network's on the same card and backend."""
    lines = PLACE.read_text().splitlines() if PLACE.is_file() else []
    kept = [line for line in lines if key(json.loads(line)) != key(row)]
    kept.append(json.dumps({**row, "digest": digest(row)}, ensure_ascii=False))
    write_whole(PLACE, "\n".join(kept) + "\n")


def key(row):
    return row["network"], row["device"], row["backend"]


if __name__ == "__main__":
    sys.exit(main())
