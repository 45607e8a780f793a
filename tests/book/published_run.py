"""What the chapter on the published run prints when it is executed, within bounds.

nbval executes the chapter anyway; its numbers depend on trained weights and are not
compared with the stored ones, but held to those that were published.
"""

import re

CHAPTER = "train_the_keras_model"

# A line that the chapter prints, the published value (the post's log), how far ours may be.
BOUNDS = {
    "validation loss, epoch 1": (r"^ *1 +0\S+ +(\S+)", 0.2847, 0.02),
    "validation loss, epoch 5": (r"^ *5 +0\S+ +(\S+)", 0.2673, 0.004),
    "rounded accuracy, epoch 5": (r"^ *5(?: +0\S+){3} +(\S+)$", 0.9506, 0.006),
    "training loss, epoch 5": (r"^training, averaged .* (\S+)$", 0.2664, 0.004),
}


def said(output):
    """Return the text of an output: what was printed, or a table as text."""
    return output.get("text") or output.get("data", {}).get("text/plain", "")


def found(text):
    """Return the numbers in the text of an output, by the names in `BOUNDS`."""
    lines = {
        name: re.search(line, text, re.MULTILINE)
        for name, (line, _, _) in BOUNDS.items()
    }
    return {name: float(match[1]) for name, match in lines.items() if match}


def beyond(text):
    """Return what in the text of an output is beyond its bounds, as sentences."""
    return [
        f"{name} is {value}, published {published}, ± {allowed} allowed"
        for name, value in found(text).items()
        for _, published, allowed in [BOUNDS[name]]
        if not abs(value - published) <= allowed
    ]
