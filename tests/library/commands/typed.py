"""Commands as they are typed, in a folder of their own, and pictures to give them."""

import os
import random
import re
import subprocess
import sys

from PIL import Image, ImageDraw

from convae_lib.commands import main
from tools.notebooks import ROOT

SIDE = 8


def started(*arguments, cwd, backend="jax", **options):
    """Start a command in a process of its own; JAX starts fastest."""
    return subprocess.Popen(
        [sys.executable, "-m", "convae_lib", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "KERAS_BACKEND": backend},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def typed(*arguments, cwd, **options):
    """Run a command to its end; return its exit code, what it printed, what it told."""
    process = started(*arguments, cwd=cwd, **options)
    out, told = process.communicate(timeout=300)
    # A busy machine takes so long that progress is told, as "[30 s] scoring".
    told = re.sub(r"^\[[^]]+ s\] .*\n", "", told, flags=re.MULTILINE)
    return process.returncode, out, told


def inside(capsys, *arguments):
    """Run a command in this process, where Keras is loaded already."""
    code = main([str(argument) for argument in arguments])
    out, told = capsys.readouterr()
    return code, out, told


def draw_pictures(folder, count=12, colour=True, size=(20, 16)):
    """Draw ellipses into a folder and one in it, in several formats."""
    rng = random.Random(0)
    (folder / "more").mkdir(parents=True)
    for number in range(count):
        shades = [tuple(rng.choices(range(256), k=3)) for _ in range(2)]
        picture = Image.new("RGB", size, shades[0])
        ImageDraw.Draw(picture).ellipse([3, 3, 9 + number % 8, 12], fill=shades[1])
        picture = picture if colour else picture.convert("L")
        place = folder / "more" if number % 3 else folder
        ending = ("png", "jpg", "webp")[number % 3]
        picture.save(place / f"{number:03d}.{ending}")
    return folder


def files_in(folder):
    """Return the paths of all files below a folder, hidden ones, too."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return sorted(path.relative_to(folder).as_posix() for path in paths)
