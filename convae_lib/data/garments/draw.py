"""Garment-like images drawn from known factors: a stand-in for Fashion-MNIST."""

from operator import index

import numpy as np

from ...checks import read_array
from .outlines import GARMENTS

__all__ = ["FACTORS", "draw_garments", "render_garments", "sample_factors"]

FACTORS = {
    "label": "class, a place in CLASS_NAMES",
    "width": "of the body; of a shoe's sole",
    "length": "of the garment; height of a heel, of a sneaker's collar",
    "flare": "how much it widens downwards",
    "fit": "how loose sleeves, legs and toes are",
    "sleeve": "length; a bag's handle, a boot's shaft, a sandal's ankle",
    "sleeve_angle": "how far sleeves stand off; slant of straps",
    "neckline": "depth; place of a bag's flap, a boot's zip",
    "neck_width": "width of the opening",
    "v_neck": "below 0.3 a V; a bag's flap is curved below 0.5",
    "detail": "logo, band, pocket, laces: whether and where",
    "accent": "how the details and the sole stand out",
    "tilt": "-4 to 4 degrees",
    "shift_x": "1 pixel left to 1 pixel right",
    "shift_y": "1 pixel up to 1 pixel down",
    "shade": "dark to light",
    "light": "from the left to from the right",
    "fold": "how strong the folds are",
    "fold_phase": "where the folds run",
    "pattern": "stripes, checks and prints below 0.35, else plain",
    "frequency": "2 to 7 periods of the pattern across the image",
    "phase": "place of the pattern",
    "contrast": "strength of the pattern",
}
SIZE = 28
CHUNK_IMAGES = 1_000  # drawn at a time
PATTERNED = 0.35
PATTERN_DIRECTIONS = np.array(
    [
        # first wave x, y; second wave x, y
        (0, 1, 0, 0),  # horizontal stripes
        (1, 0, 0, 0),  # vertical stripes
        (1, 0, 0, 1),  # checks
        (0.8, 0.6, -0.6, 0.8),  # a print
    ],
    np.float32,
)


def draw_garments(n, seed=0):
    """Draw garment-like images in the ten classes of Fashion-MNIST.

    Each picture is a few signed-distance shapes with smooth edges, grey on
    black, shaded and patterned: a function of the returned factors and nothing
    else. They resemble Fashion-MNIST in format, in the names of the classes
    and roughly in statistics (half the pixels are 0). They are **not**
    Fashion-MNIST and not photographs: a number measured on them says nothing
    about the real images. They keep the training chapters running where the
    real images cannot be had, and serve where known factors are wanted.

    Parameters
    ----------
    n : int
        How many, 0 or more.
    seed : int, default 0
        Seed of the factors. The first images do not depend on ``n``.

    Returns
    -------
    images : ndarray of float32, shape (n, 28, 28)
        Grey values in [0, 1], multiples of 1/255.
    labels : ndarray of int64, shape (n,)
        Labels 0 to 9, the places in ``CLASS_NAMES``.
    factors : dict of str to ndarray, shape (n,)
        ``label`` (int64), and float32 factors in [0, 1] as described in
        ``FACTORS``. A class that has no use for a factor ignores it, or gives
        it another part: ``sleeve`` is a bag's handle.

    Raises
    ------
    ValueError
        If ``n`` is negative.

    Examples
    --------
    >>> images, labels, factors = draw_garments(100, seed=1)
    >>> images.shape, labels.shape, factors["sleeve"].shape
    ((100, 28, 28), (100,), (100,))
    """
    factors = sample_factors(n, seed)
    return render_garments(factors), factors["label"], factors


def sample_factors(n, seed=0):
    """Return random factors for ``n`` garments, as ``draw_garments`` does.

    Parameters
    ----------
    n : int
        How many, 0 or more.
    seed : int, default 0
        Seed of the random numbers.

    Returns
    -------
    dict of str to ndarray, shape (n,)
        The ten labels are equally likely (int64); every other factor is
        uniform in [0, 1) (float32).

    Raises
    ------
    ValueError
        If ``n`` is negative.

    Examples
    --------
    >>> sorted(sample_factors(2)) == sorted(FACTORS)
    True
    """
    if index(n) < 0:
        raise ValueError(f"n={n} garments cannot be drawn; n must be 0 or more")
    uniform = np.random.default_rng(seed).random((n, len(FACTORS)), np.float32)
    factors = dict(zip(FACTORS, uniform.T.copy(), strict=True))
    factors["label"] = (factors["label"] * len(GARMENTS)).astype(np.int64)
    return factors


def render_garments(factors):
    """Draw the garments that the factors describe.

    Parameters
    ----------
    factors : dict of str to array_like, shape (n,)
        As returned by ``sample_factors``; change one and draw again to see
        what it does.

    Returns
    -------
    ndarray of float32, shape (n, 28, 28)
        Grey values in [0, 1], multiples of 1/255.

    Raises
    ------
    ValueError
        If a factor is missing or of another length, or a label is not 0 to 9.

    Examples
    --------
    >>> factors = sample_factors(3)
    >>> factors["shade"][:] = 1
    >>> render_garments(factors).shape
    (3, 28, 28)
    """
    missing = sorted(set(FACTORS) - set(factors))
    if missing:
        raise ValueError(f"factors lack {', '.join(missing)}")
    factors = {name: read_array(name, factors[name]) for name in FACTORS}
    label = factors["label"]
    for name, values in factors.items():
        if label.ndim != 1 or values.shape != label.shape:
            raise ValueError(
                f"{name} has shape {values.shape} and label {label.shape}; each must be "
                "(n,)"
            )
    wrong = label[~np.isin(label, range(len(GARMENTS)))]
    if wrong.size:
        raise ValueError(f"label {wrong[0]} is not one of 0 to {len(GARMENTS) - 1}")
    images = np.empty((len(label), SIZE, SIZE), np.float32)
    for kind in range(len(GARMENTS)):
        rows = np.flatnonzero(label == kind)
        for start in range(0, len(rows), CHUNK_IMAGES):
            some = rows[start : start + CHUNK_IMAGES]
            chosen = {
                name: factors[name][some, None, None].astype(np.float32)
                for name in FACTORS
                if name != "label"
            }
            images[some] = _render(GARMENTS[kind], chosen)
    return images


def _render(garment, f):
    """Return the pictures of one class for factors of shape (n, 1, 1)."""
    x, y = _coordinates(f)
    distance, tone = garment(f, x, y)
    inside = np.clip(0.5 - distance, 0, 1)
    grey = inside * tone * _cloth(f, x, y) * (0.2 + 0.8 * np.sqrt(f["shade"]))
    return np.round(255 * np.clip(grey, 0, 1)) / np.float32(255)


def _coordinates(f):
    """Return pixel centres, turned by the tilt and moved by the shifts."""
    centres = np.arange(SIZE, dtype=np.float32) - np.float32((SIZE - 1) / 2)
    across = centres[None, None, :] - 2 * (f["shift_x"] - 0.5)
    down = centres[None, :, None] - 2 * (f["shift_y"] - 0.5)
    angle = np.radians(8 * (f["tilt"] - 0.5))
    cos, sin = np.cos(angle), np.sin(angle)
    return cos * across + sin * down, cos * down - sin * across


def _cloth(f, x, y):
    """Return the brightness of the cloth: light, folds and pattern, near 1."""
    light = 1 + (f["light"] - 0.5) * x / 28 - 0.15 * (x / 14) ** 2
    turn = 2 * np.pi * f["fold_phase"]
    folds = np.sin(0.55 * (np.cos(turn) * x + np.sin(turn) * y) + 3 * turn)
    cloth = light + 0.15 * f["fold"] * folds
    rows = np.flatnonzero(f["pattern"][:, 0, 0] < PATTERNED)
    kind = (f["pattern"][rows] / PATTERNED * len(PATTERN_DIRECTIONS)).astype(int)
    first_x, first_y, second_x, second_y = np.moveaxis(PATTERN_DIRECTIONS[kind], -1, 0)
    cycles = 2 * np.pi * (2 + 5 * f["frequency"][rows]) / SIZE
    phase = 2 * np.pi * f["phase"][rows]
    x, y = x[rows], y[rows]
    wave = np.cos(cycles * (first_x * x + first_y * y) + phase)
    wave *= np.cos(cycles * (second_x * x + second_y * y))
    cloth[rows] *= 1 + 0.6 * f["contrast"][rows] * wave
    return cloth
