"""Signed distances of a few plain shapes, in pixels.

A signed distance is negative inside a shape and positive outside. The minimum
of two joins the shapes, the maximum intersects them. ``x`` points to the right
and ``y`` down.
"""

import numpy as np
from numpy import maximum, minimum

__all__ = ["between", "ellipse", "limb", "line", "trapezoid"]


def between(low, high, part):
    """Return ``low`` where ``part`` is 0, ``high`` where it is 1."""
    return low + (high - low) * part


def line(distance, width):
    """Return 1 where a distance is 0, falling to 0 at ``width``."""
    return np.clip(1 - np.abs(distance) / width, 0, 1)


def trapezoid(x, y, top, bottom, top_half_width, bottom_half_width):
    """Return the distance to a trapezoid that is symmetric about ``x = 0``."""
    slope = (bottom_half_width - top_half_width) / (bottom - top)
    side = np.abs(x) - top_half_width - slope * (y - top)
    return maximum(side / np.sqrt(1 + slope**2), maximum(top - y, y - bottom))


def ellipse(x, y, x_radius, y_radius):
    """Return roughly the distance to an ellipse, exact where it is a circle."""
    return (np.hypot(x / x_radius, y / y_radius) - 1) * minimum(x_radius, y_radius)


def limb(x, y, start, length, angle, start_radius, end_radius):
    """Return the distance to a tapered limb with a round start and a flat end.

    The angle, in radians, is turned from straight down towards the right.
    """
    right, down = np.sin(angle), np.cos(angle)
    along = (x - start[0]) * right + (y - start[1]) * down
    across = (x - start[0]) * down - (y - start[1]) * right
    radius = between(start_radius, end_radius, along / length)
    return maximum(np.hypot(across, minimum(along, 0)) - radius, along - length)
