"""Execute the notebooks and store their outputs: ``make notebooks``.

Every notebook runs twice: once to be stored, once on one thread and with
TensorFlow's oneDNN switched the other way. A compared output that differs
between the two would fail on another machine, so it is refused, and nothing is
written. What is stored carries a seal over code, outputs and tags, and
``chapters/cells.txt`` lists all cells in order; the tests find anything that was
edited, moved or removed afterwards.

    python -m tools.notebooks [chapters/NAME.ipynb ...]
"""

import base64
import hashlib
import io
import json
import os
import platform
import re
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from PIL import Image

from convae_lib import load_fashion_mnist
from convae_lib.checks import write_whole

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = ROOT / "chapters"
CELLS = CHAPTERS / "cells.txt"

TORCH = CHAPTERS / "D_the_same_in_pytorch.ipynb"
"""The notebook that needs PyTorch, which is no part of the book's environment: executed
by `make notebooks-torch`, compared by `make test-torch`, and by nobody else."""

TRAINED = "nbval-ignore-output"
"""Tag of a cell whose output depends on trained weights: never compared."""

IMAGES = "image-output"
"""Tag of a cell whose output depends on the images: not compared on the stand-in."""

FOLDED = "hide-input"
"""Tag of a cell whose code the page folds away; it is executed and compared as any."""

SLIDE = "slide"
"""Tag of a cell that `make slides` shows. It changes nothing else, so that no seal covers
it: slides are chosen without executing anything."""

VECTORS = "image/svg+xml"
PICTURES = {VECTORS: "svg", "image/png": "png"}
"""Formats of a stored picture, the better one first, and the ends of their names."""

AS_VECTORS = [
    "--InlineBackend.figure_formats={'svg'}",
    # No margins and no date; what is drawn as points has as many as a good screen.
    "--InlineBackend.print_figure_kwargs="
    "{'bbox_inches': 'tight', 'dpi': 150, 'metadata': {'Date': None}}",
]
"""What the kernel is told: figures are stored so that they are sharp at each size."""

STORED = {"TF_NUM_INTRAOP_THREADS": "2", "TF_ENABLE_ONEDNN_OPTS": "1"}
OTHER = {
    "TF_NUM_INTRAOP_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_ENABLE_ONEDNN_OPTS": "0",
}

_HEAD = """\
All code cells of the chapters, in order; `make notebooks` writes this list.
A tag stands in brackets: such a cell is not compared, or not on the stand-in."""

# What TensorFlow's C++ code writes to standard error when it starts.
_START_UP = re.compile(r"^(WARNING: All log messages|[IWE]\d{4} |To enable the follo)")


def main(arguments):
    if load_fashion_mnist().is_stand_in:
        return "outputs are stored from the real images only: `make data` fetches them"
    executed = []
    for path in asked(arguments):
        print(f"{path.name}: executing, to be stored", flush=True)
        stored = execute(path, STORED)
        print(f"{path.name}: executing again, one thread, oneDNN off", flush=True)
        changed = unstable_cells(stored, execute(path, OTHER))
        if changed:
            return (
                f"{path.name}: nothing stored, for the output of these cells changes "
                f"with the number of threads or with oneDNN:\n\n{changed}\n\n"
                f"Print fewer digits or a yes/no; or tag the cell {TRAINED!r} if it "
                "depends on trained weights."
            )
        executed.append((path, stored))
    for path, stored in executed:
        stored.metadata["convae_made"] = made(stored, read(path))
        stored.metadata["convae_seal"] = seal(stored)
        write_whole(path, nbformat.writes(stored) + "\n")
        print(f"{path.name}: stored")
    write_whole(CELLS, listed({path: read(path) for path in notebooks()}))


def asked(arguments):
    """Return the paths that a call names, or those of all chapters but `TORCH`."""
    named = [Path(name).resolve() for name in arguments]
    return named or [path for path in notebooks() if path != TORCH]


def notebooks():
    """Return the paths of all chapters, in order."""
    return sorted(CHAPTERS.glob("*.ipynb"))


def read(path):
    return nbformat.read(path, as_version=4)


def execute(path, environment):
    """Return the notebook, executed in its own folder and cleaned of noise."""
    notebook = read(path)
    client = NotebookClient(
        notebook,
        timeout=None,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=AS_VECTORS,
        resources={"metadata": {"path": path.parent}},
    )
    client.execute(env={**os.environ, **environment})
    for cell in code_cells(notebook):
        cell.metadata = {k: cell.metadata[k] for k in sorted(cell.metadata)}
        cell.outputs = [kept for kept in map(_quiet, cell.outputs) if kept]
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {
                "display_name": "Python 3",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
        }
    )
    return notebook


def _quiet(output):
    """Return an output without TensorFlow's start-up lines; None if empty then."""
    if VECTORS in output.get("data", {}):
        output.data[VECTORS] = compact(output.data[VECTORS])
    if output.output_type == "stream" and output.name == "stderr":
        lines = output.text.splitlines(keepends=True)
        output.text = "".join(line for line in lines if not _START_UP.match(line))
        if not output.text.strip():
            return None
        raise SystemExit(f"a cell wrote to standard error:\n{output.text}")
    return output


def compact(svg):
    """Return the text of a figure without what no reader sees.

    Matplotlib indents, says when and by what a file was made, and keeps grey pixels in
    four numbers each. The picture stays the same.
    """
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"(?<=base64,)[^\"]+", lambda png: _in_grey(png[0]), svg)
    # A group a line is enough for whoever compares two versions.
    return re.sub(r"\s*\n\s*(?!<g )", " ", re.sub(r"\n\s*(?=<g )", "\n", svg)).strip()


def _in_grey(png):
    """Return a PNG in base64, with one number a pixel where that is enough."""
    with Image.open(io.BytesIO(base64.b64decode(png))) as picture:
        *colours, alpha = picture.convert("RGBA").split()
    if len({part.tobytes() for part in colours}) > 1:
        return png
    opaque = alpha.getextrema() == (255, 255)
    grey = colours[0] if opaque else Image.merge("LA", [colours[0], alpha])
    grey.save(file := io.BytesIO(), "PNG", optimize=True)
    return base64.b64encode(file.getvalue()).decode()


def made(notebook, before, today=None):
    """Return when outputs were made, and with which versions, as metadata.

    An execution that brings nothing new, neither outputs nor versions, keeps the date of
    the one before: no notebook changes by its date alone.
    """
    now = {"date": (today or datetime.now(UTC).date()).isoformat()}
    now["python"] = platform.python_version()
    now |= {name.lower(): version(name.lower()) for name in VERSIONS}
    if any(re.search(r"^import torch$", c.source, re.M) for c in code_cells(notebook)):
        now["pytorch"] = version("torch").partition("+")[0]
    old = before.metadata.get("convae_made", {})
    if seal(notebook) == seal(before) and now | {"date": old.get("date")} == old:
        return old
    return now


def made_in_words(made):
    """Return the metadata of `made` as a sentence."""
    year, month, day = made["date"].split("-")
    names = [name for name in ("Python", *VERSIONS, "PyTorch") if name.lower() in made]
    *most, last = (f"{name} {made[name.lower()]}" for name in names)
    return (
        f"The outputs were made on {int(day)} {MONTHS[int(month) - 1]} {year} "
        f"with {', '.join(most)} and {last}."
    )


VERSIONS = ("Keras", "TensorFlow", "NumPy")
MONTHS = (
    "January February March April May June July August September October November "
    "December"
).split()


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def tags(cell):
    return cell.metadata.get("tags", [])


def sealed_tags(cell):
    return [tag for tag in tags(cell) if tag != SLIDE]


def picture(data):
    """Return the format of the picture in an output's data, and its bytes; or None."""
    for kind in PICTURES:
        if kind in data:
            text = data[kind]
            return kind, text.encode() if "+xml" in kind else base64.b64decode(text)
    return None


def compared_text(cell):
    """Return what nbval compares of a cell: its text, not its pictures."""
    return [
        output.text
        if output.output_type == "stream"
        else {
            kind: text
            for kind, text in output.get("data", {}).items()
            if not kind.startswith("image/")
        }
        for output in cell.outputs
    ]


def unstable_cells(first, second):
    """Return, as text, the compared cells whose outputs differ between two runs."""
    return "\n\n".join(
        f"{a.source}\n--- printed\n{compared_text(a)}\n--- then\n{compared_text(b)}"
        for a, b in zip(code_cells(first), code_cells(second))
        if TRAINED not in tags(a) and compared_text(a) != compared_text(b)
    )


def seal(notebook):
    """Return a digest of all code, outputs and tags but SLIDE of a notebook, in order."""
    cells = [
        [cell.id, cell.source, sealed_tags(cell), cell.execution_count, cell.outputs]
        for cell in code_cells(notebook)
    ]
    text = json.dumps(cells, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def listed(chapters):
    """Return a line for each code cell of notebooks by path: id, tags, how it begins."""
    lines = []
    for path, notebook in chapters.items():
        lines += ["", path.stem]
        for cell in code_cells(notebook):
            begins = cell.source.partition("\n")[0]
            marks = map("[{}]".format, sealed_tags(cell))
            lines.append(" ".join([cell.id, *marks, begins]))
    return "\n".join([_HEAD, *lines, ""])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
