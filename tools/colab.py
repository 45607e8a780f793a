"""Copies of the notebooks that run alone, for Colab: ``make colab``.

The first cell of a copy carries the library itself, so that nothing has to be
installed; what only the book understands becomes plain Markdown.

    python -m tools.colab               write the copies into _build/colab
    python -m tools.colab --run PYTHON  execute them with another interpreter
"""

import base64
import functools
import io
import lzma
import re
import shutil
import subprocess
import sys
import tempfile
import zlib
from html import unescape
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import nbformat
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from pybtex.database import parse_file

from convae_lib.checks import write_whole
from tools.markdown import SPANS, replaced
from tools.notebooks import ROOT, TORCH, notebooks

COPIES = ROOT / "_build" / "colab"
ARCHIVE = "convolutional-autoencoders.zip"

TITLED = ("admonition", "dropdown")
BOXES = (*TITLED, "exercise", "note", "solution", "tip", "warning")
"""Directives that stand in a frame; the first ones bring their own title."""

# What any notebook shows as it is; a link that comes here is its own address.
PLAIN = {"fence", "code_block", "math_block", *(SPANS - {"myst_role"})}

COMMANDS = re.compile(r"convae_lib/(commands/|(data/)?__main__)|.+/entry_points.txt$")
"""Files of the command line, in a wheel."""

ELEMENT = re.compile(r'<conv-explorer\b(?: setting="(?P<setting>[^"]*)")?')
"""A cell that only a page of the book shows: a copy has the library's explorer there."""

EXPLORER = """\
from convae_lib.widgets.explorer import Explorer

Explorer("{}")"""

FIRST_CELL = '''\
#@title Run this first: it brings the library of the book
# The library of the book, so that this notebook runs with nothing else at hand.
# No preinstalled version is touched.
import base64, io, lzma, os, pathlib, sys, tempfile, zipfile

WHEEL = """
{wheel}
"""
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
folder = pathlib.Path(tempfile.mkdtemp())
wheel = io.BytesIO(lzma.decompress(base64.b64decode(WHEEL)))
zipfile.ZipFile(wheel).extractall(folder / "library")
sys.path.insert(0, str(folder / "library"))

{installs}{results}
import convae_lib, keras, numpy, tensorflow as tf

gpus = [tf.config.experimental.get_device_details(g).get("device_name", g.name)
        for g in tf.config.list_physical_devices("GPU")]
print("convae_lib", convae_lib.__version__, "on", gpus[0] if gpus else "the CPU")
print("Keras", keras.__version__, "TensorFlow", tf.__version__, "NumPy", numpy.__version__)
if keras.__version__.split(".")[0] != "3":
    print("This notebook needs Keras 3; the version above may not run it.")
'''

CODES = re.compile(r"\b(read|write)_codes\b")
INSTALLS = """\
# The entropy coder of the files of codes: Colab lacks it.
import importlib.util
if importlib.util.find_spec("constriction") is None:
    %pip install --quiet "constriction>=0.5,<0.6"

"""

RESULTS = """\
# The records that this notebook reads, where it looks for them.
import zlib
for place in ("chapters", "results"):
    (folder / place).mkdir()
os.chdir(folder / "chapters")
CARRIED = {{
{files}
}}
for file, text in CARRIED.items():
    text = zlib.decompress(base64.b64decode(text))
    (folder / "results" / file).write_bytes(text)
"""


def main(arguments):
    if arguments[:1] == ["--run"]:
        return run(Path(arguments[1]).absolute())
    COPIES.mkdir(parents=True, exist_ok=True)
    for old in [*COPIES.glob("*.ipynb"), COPIES / ARCHIVE]:
        old.unlink(missing_ok=True)
    wheel = library_wheel()
    cite = citations(ROOT / "references.bib")
    for path in notebooks():
        notebook = nbformat.read(path, as_version=4)
        copy = colab_copy(notebook, first_cell(notebook, wheel), cite)
        write_whole(COPIES / path.name, nbformat.writes(copy) + "\n")
        print(f"_build/colab/{path.name}")
    write_whole(COPIES / ARCHIVE, archive(sorted(COPIES.glob("*.ipynb"))))
    print(f"_build/colab/{ARCHIVE}: all of them in one file")


def archive(paths):
    """Return the bytes of a zip file of files, in one folder."""
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as file:
        for path in paths:
            file.write(path, f"{Path(ARCHIVE).stem}/{path.name}")
    return packed.getvalue()


def library_wheel():
    """Return the bytes of the library's wheel."""
    with tempfile.TemporaryDirectory() as folder:
        source = copy_of_the_library(Path(folder) / "source")
        subprocess.run(
            [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
            + ["--disable-pip-version-check", "--wheel-dir", folder, str(source)],
            check=True,
        )
        (wheel,) = Path(folder).glob("*.whl")
        return wheel.read_bytes()


def copy_of_the_library(folder):
    """Copy what a wheel is built of: setuptools also takes what an old build/ holds."""
    shutil.copytree(
        ROOT / "convae_lib",
        folder / "convae_lib",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    return folder


def with_weights(wheel, source):
    """Return a wheel without weights, scripts and styles that a source does not load.

    Neither has it what a notebook cannot use, the command line. Its files are stored as
    they are: packed together, they need less room than each by itself.
    """
    named = re.findall(r'"((?:{\w+}_)?\w+(?:_{\w+})?)"', source)
    # A field of an f-string, as in f"residual_{size}", may be anything.
    patterns = [re.sub(r"{\w+}", r"\\w+", name) for name in named]
    networks = re.compile("|".join(patterns) if "load_trained" in source else "")
    shown = re.search(r"\b(explorer|live_autoencoder)\(", source) or any(
        map(ELEMENT.match, source.splitlines())
    )
    kept = io.BytesIO()
    with ZipFile(io.BytesIO(wheel)) as whole, ZipFile(kept, "w") as part:
        for file in whole.infolist():
            if COMMANDS.match(file.filename):
                continue
            of = re.match(r"convae_lib/weights/(.+)\.npz", file.filename)
            of_a_page = re.search(r"\.(npz|js|css)$", file.filename)
            if networks.fullmatch(of[1]) if of else shown or not of_a_page:
                part.writestr(file, whole.read(file), ZIP_STORED)
    return kept.getvalue()


def first_cell(notebook, wheel):
    """Return the source of the cell that carries the library, and what is read."""
    source = "\n".join(cell.source for cell in notebook.cells)
    wheel = lzma.compress(with_weights(wheel, source), preset=9)
    wheel = base64.encodebytes(wheel).decode().strip()
    lines = []
    for path in sorted(set(re.findall(r'"(?:\.\./results/)?(\w+\.jsonl?)"', source))):
        content = zlib.compress((ROOT / "results" / path).read_bytes(), 9)
        lines.append(f'    "{path}": """\n{base64.encodebytes(content).decode()}""",')
    results = RESULTS.format(files="\n".join(lines)) if lines else ""
    installs = INSTALLS if CODES.search(source) else ""
    return FIRST_CELL.format(wheel=wheel, installs=installs, results=results)


def colab_copy(notebook, first, cite):
    """Return a notebook without outputs, in plain Markdown, the library in front."""
    cells = [nbformat.v4.new_code_cell(first, id="convae-lib")]
    cells[0].metadata["cellView"] = "form"
    shown = [c.metadata.get("mystnb", {}).get("figure") for c in notebook.cells]
    names = enumerate(drawn(notebook), start=1)
    figures = elsewhere() | {name: f"Figure {place}" for place, name in names}
    for cell, figure in zip(notebook.cells, shown):
        if element := ELEMENT.match(cell.source):
            source = EXPLORER.format(unescape(element["setting"] or ""))
            cells.append(nbformat.v4.new_code_cell(source, id=cell.id))
            continue
        if cell.cell_type == "markdown":
            text = plain_markdown(cell.source, cite, figures)
            if text:
                cells.append(nbformat.v4.new_markdown_cell(text, id=cell.id))
            continue
        cells.append(nbformat.v4.new_code_cell(cell.source, id=cell.id))
        if figure:
            text = f"*{figures[figure['name']]}.* {figure['caption']}"
            text = plain_markdown(text, cite, figures)
            cells.append(nbformat.v4.new_markdown_cell(text, id=f"{cell.id}-caption"))
    source = "".join(cell.source for cell in notebook.cells)
    cited = [
        entry
        for key, entry in cite.items()
        if f"{key}`" in source or f"{key}," in source
    ]
    lines = [f"- {who} ({year}). *{title}*" for who, year, title in cited]
    if lines:
        text = "\n".join(["## References", "", *lines])
        cells.append(nbformat.v4.new_markdown_cell(text, id="references"))
    return nbformat.v4.new_notebook(
        cells=cells,
        metadata={**notebook.metadata, "colab": {"provenance": []}},
    )


def drawn(notebook):
    """Return the names of the figures of a notebook, in order."""
    cells = [cell.metadata.get("mystnb", {}) for cell in notebook.cells]
    return [cell["figure"]["name"] for cell in cells if "figure" in cell]


@functools.cache
def elsewhere():
    """Return what a copy says for each figure of the book that it does not have."""
    found = {}
    for path in notebooks():
        notebook = nbformat.read(path, as_version=4)
        title = re.search(r"^# (.+)", notebook.cells[0].source, re.MULTILINE)[1]
        found |= dict.fromkeys(drawn(notebook), f"a figure of *{title}*")
    return found


def citations(bibliography):
    """Return, for each key of a .bib file, what a reader sees: author, year, title."""
    found = {}
    for key, entry in parse_file(str(bibliography)).entries.items():
        people = entry.persons["author"]
        names = [" ".join(person.last_names) or str(person) for person in people]
        names = [re.sub(r"[{}]", "", name) for name in names]
        who = names[0] if len(names) == 1 else f"{names[0]} and {names[1]}"
        if len(names) > 2:
            who = f"{names[0]} et al."
        title = re.sub(r"[{}]", "", entry.fields["title"])
        found[key] = (who, entry.fields["year"], title)
    return found


def plain_markdown(text, cite, figures):
    """Return MyST text as Markdown that any notebook shows.

    Raises
    ------
    ValueError
        If a directive or role is left that this function does not know.
    """

    def plain(token, source):
        match token.type, token.meta.get("name"):
            case "directive", _ if source[0] not in "`:~":
                pass  # refused below: it is in a list or a quotation
            case ("myst_target", _) | ("directive", "solution-end"):
                return ""
            case "directive", "solution-start":
                return "**Solution**, in the next cells.\n"
            case "directive", "math":
                return f"$$\n{token.content}$$\n"
            case "directive", name if name in BOXES:
                title = token.meta["argument"]
                if name not in TITLED:
                    title = f"{name.capitalize()}{title and f': {title}'}"
                if name == "solution":  # its argument is a label
                    title = "Solution"
                box = f"**{title}**\n\n{token.content.strip()}"
                lines = replaced(box, plain).splitlines()
                return "".join(f"> {line}".rstrip() + "\n" for line in lines)
            case "myst_role", "cite" | "cite:t" as name:
                entries = [cite[key.strip()] for key in token.content.split(",")]
                if name == "cite:t":
                    return ", ".join(f"{who} ({year})" for who, year, _ in entries)
                cited = "; ".join(f"{who}, {year}" for who, year, _ in entries)
                return f"({cited})"
            case "myst_role", "ref" if "<" in token.content:
                return token.content.partition("<")[0].rstrip()
            case "myst_role", "term":
                return token.content.partition(" <")[0]
            case "myst_role", "numref":
                return figures[token.content]
            case "link_open", _ if token.markup != "autolink":
                shown, _, address = source[1:].rpartition("](")
                shown = replaced(shown, plain)
                page = re.match(r"[^:]*\.(?:ipynb|md)(?:#|$)", token.attrs["href"])
                return f"*{shown}*" if page else f"[{shown}]({address}"
            case kind, _ if kind in PLAIN:
                return source
        raise ValueError(f"not plain Markdown yet: {source.splitlines()[0]!r}")

    return replaced(text, plain).strip()


def run(interpreter):
    """Execute the copies with another interpreter, outside the repository."""
    for path in sorted(COPIES.glob("*.ipynb")):
        if path.name == TORCH.name and not has_torch(interpreter):
            print(f"{path.name} was left out: there is no PyTorch, as Colab has")
            continue
        notebook = nbformat.read(path, as_version=4)
        with tempfile.TemporaryDirectory() as folder:
            manager = AsyncKernelManager()
            manager._kernel_spec = KernelSpec(
                argv=[str(interpreter), "-m", "ipykernel_launcher", "-f"]
                + ["{connection_file}"],
                language="python",
            )
            client = NotebookClient(
                notebook,
                km=manager,
                timeout=None,
                resources={"metadata": {"path": folder}},
            )
            client.execute()
        first = next(cell for cell in notebook.cells if cell.cell_type == "code")
        says = [o.text for o in first.outputs if o.get("name") == "stdout"]
        if "convae_lib" not in "".join(says):
            return f"{path.name}: the first output does not name the device: {says}"
        print(f"{path.name} ran: {says[0].splitlines()[0]}", flush=True)


def has_torch(interpreter):
    look = "import importlib.util, sys; sys.exit(not importlib.util.find_spec('torch'))"
    return not subprocess.run([interpreter, "-c", look], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
