"""Outlines and details of ten garments, as signed-distance shapes.

Every garment is a function of the coordinates ``x`` and ``y`` in pixels from the
middle of the image, of shape (n, 28, 28), and of the factors ``f``, a dict of
arrays of shape (n, 1, 1) with values in [0, 1]. It returns the signed distance
and the tone, a brightness near 1 by which the cloth's shade is multiplied.
"""

import numpy as np
from numpy import maximum, minimum

from .signed_distances import between, ellipse, limb, line, trapezoid

__all__ = ["GARMENTS"]


def _upper_body(f, x, y, *, hem, half_width, sleeve_length, sleeve_radius):
    """Return distance and tone of body and sleeves with a neckline."""
    side = np.abs(x)
    waist = half_width + between(-1.2, 1.5, f["flare"])
    body = trapezoid(x, y, -13.5, hem, half_width, waist)
    body = maximum(body, (-13.3 + 0.42 * (side - 3) - y) / 1.08)
    spread = between(52, 12, np.clip(sleeve_length / 20, 0, 1))
    angle = np.radians(spread + between(-4, 8, f["sleeve_angle"]))
    shoulder = (half_width - 1.7, -9)
    sleeve = limb(
        side, y, shoulder, sleeve_length, angle, sleeve_radius, 0.75 * sleeve_radius
    )
    depth = between(1.5, 6, f["neckline"])
    round_neck = ellipse(x, y + 13.7, between(2.4, 4.2, f["neck_width"]), depth)
    v_neck = (side * depth + 3.2 * (y + 13.5 - depth)) / np.hypot(depth, 3.2)
    neck = np.where(f["v_neck"] < 0.3, v_neck, round_neck)
    seam = line(body, 0.9) * (sleeve < 0)
    tone = 1 - 0.3 * seam - 0.25 * line(neck, 1.3)
    return maximum(minimum(body, sleeve), -neck), tone


def _t_shirt(f, x, y):
    distance, tone = _upper_body(
        f,
        x,
        y,
        hem=13.5,
        half_width=between(7, 9, f["width"]),
        sleeve_length=between(0.5, 9, f["sleeve"]),
        sleeve_radius=3.1,
    )
    logo = ellipse(x, y + 4, between(1.5, 5, f["detail"]), between(3, 1.2, f["fit"]))
    return distance, tone - between(-0.5, 0.6, f["accent"]) * (
        (logo < 0) & (f["detail"] > 0.5)
    )


def _trouser(f, x, y):
    side = np.abs(x)
    hip = between(4, 6, f["width"])
    end = between(8, 13.5, np.sqrt(f["length"]))
    foot = between(2.2, 6, f["flare"])
    angle = np.arctan2(foot - hip / 2, end + 9)
    length = np.hypot(foot - hip / 2, end + 9)
    ankle = between(1.5, 2.6, f["fit"])
    leg = limb(side, y, (hip / 2, -9), length, angle, hip / 2 + 0.2, ankle)
    top = trapezoid(x, y, -13.5, -6, hip - 0.7, hip)
    tone = 1 - 0.3 * line(y + 11.6, 0.9) + 0.12 * line(side - foot, 1.5)
    tone = tone - 0.3 * line(x, 0.8) * (y < 0)
    return minimum(leg, top), tone


def _pullover(f, x, y):
    hem = between(8, 13.5, np.sqrt(f["length"]))
    distance, tone = _upper_body(
        f,
        x,
        y,
        hem=hem,
        half_width=between(7, 8.6, f["width"]),
        sleeve_length=between(17, 22, f["sleeve"]),
        sleeve_radius=between(2.5, 3.2, f["fit"]),
    )
    band = np.abs(y - between(-6, 6, f["detail"])) < between(1, 3.5, f["fit"])
    tone = tone - between(-0.5, 0.6, f["accent"]) * (band & (f["detail"] > 0.6))
    return distance, tone - 0.25 * line(y - hem + 2, 0.9)


def _dress(f, x, y):
    waist_y = between(-4, -1, f["detail"])
    chest = between(3.6, 5.2, f["width"])
    waist = chest - between(0.2, 1.4, f["fit"])
    bodice = trapezoid(x, y, -13.5, waist_y, chest, waist)
    hem = waist + between(0.5, 6.5, f["flare"])
    end = between(9, 13.5, np.sqrt(f["length"]))
    skirt = trapezoid(x, y, waist_y, end, waist, hem)
    reach = between(-9, 18, f["sleeve"])
    angle = np.radians(between(32, 12, np.clip(reach / 18, 0, 1)))
    shoulder = (chest - 1.5, -10.5)
    sleeve = limb(np.abs(x), y, shoulder, maximum(reach, 0.1), angle, 2.1, 1.5)
    sleeve = np.where(reach > 0, sleeve, 99)
    neck = ellipse(
        x, y + 13.7, between(1.6, 3, f["neck_width"]), between(2, 7, f["neckline"])
    )
    folds = 0.12 * np.cos(np.pi * x * 4 / hem) * (y > waist_y)
    tone = 1 - 0.35 * line(y - waist_y, 1) + folds - 0.25 * line(bodice, 0.8)
    return maximum(minimum(minimum(bodice, skirt), sleeve), -neck), tone


def _coat(f, x, y):
    distance, tone = _upper_body(
        f,
        x,
        y,
        hem=13.5,
        half_width=between(7.2, 8.8, f["width"]),
        sleeve_length=between(18, 22, f["sleeve"]),
        sleeve_radius=between(2.7, 3.3, f["fit"]),
    )
    side = np.abs(x)
    lapel = side - between(5.5, 0.5, np.clip((y + 13) / 10, 0, 1))
    tone = tone - 0.3 * line(lapel, 1) * (y < -3)
    tone = tone - between(0.4, 0.9, f["accent"]) * line(x, 1.1) * (y > -9)
    pocket = maximum(
        np.abs(side - 4.4) - 1.8, np.abs(y - between(3, 7, f["detail"])) - 0.6
    )
    return distance, tone - 0.35 * (pocket < 0)


def _sandal(f, x, y):
    heel = between(0, 13, maximum(f["length"] - 0.4, 0) / 0.6)
    rise = heel * np.clip((x + 6) / 16, 0, 1) ** 1.3
    low = y - 7.5 + rise - heel / 3
    thickness = between(0.7, 1.6, f["fit"])
    sole = maximum(np.abs(low - thickness) - thickness, np.abs(x) - 13)
    heel_end = heel + 2 * thickness
    pin = trapezoid(
        x - 10.8, low - rise + heel, 0, heel_end, 2, between(0.5, 1.8, f["width"])
    )
    pin = np.where(heel > 1, maximum(pin, -low), 99)
    ankle = between(4, 9, f["sleeve"])
    foot = 2.8 + (ankle - 2.8) * np.clip((x + 7) / 13, 0, 1) ** 1.5
    foot = maximum(-low - foot, np.abs(x - 0.2) - 10.8)
    period = between(4.5, 8, f["neck_width"])
    lean = between(-0.8, 0.5, f["sleeve_angle"])
    strap = np.mod(x + lean * low + period * f["neckline"], period) - period / 2
    strap = np.abs(strap) - between(0.5, 1.2, f["flare"])
    buckle = maximum(np.abs(low + ankle - 0.8) - 0.8, np.abs(x - 7) - 4)
    edge = np.where(f["detail"] > 0.25, np.abs(foot + 0.6) - 0.6, 99)
    straps = minimum(maximum(strap, foot), minimum(buckle, edge))
    tone = 1 - between(0, 0.6, f["accent"]) * (low > 0)
    return minimum(minimum(sole, pin), maximum(straps, low)), tone


def _shirt(f, x, y):
    reach = np.where(
        f["sleeve"] < 0.35, 5 + 12 * f["sleeve"], between(15.5, 22, f["sleeve"])
    )
    distance, tone = _upper_body(
        {**f, "neckline": 0.3 * f["neckline"]},
        x,
        y,
        hem=13.5 - 1.5 * np.cos(x / 3.5) * f["length"] ** 2,
        half_width=between(6.6, 8.4, f["width"]),
        sleeve_length=reach,
        sleeve_radius=between(2.3, 3.0, f["fit"]),
    )
    side = np.abs(x)
    collar = maximum(np.abs(side - 2.7) - 1.6, np.abs(y + 11.6 - 0.5 * side) - 1.3)
    placket = line(side - 1.2, 0.8) * (y > -10)
    button = line(np.hypot(x, np.mod(y, 4) - 2), 1.1) * (y > -10)
    tone = tone + 0.25 * (collar < 0) - 0.2 * placket
    return minimum(distance, collar), tone - between(0.3, 0.8, f["accent"]) * button


def _low_shoe(f, x, y, *, instep, collar_y):
    """Return distance, tone and depth below the upper edge; the toe is left."""
    toe_y = between(2, 4, f["fit"])
    climb = np.clip((x - instep + 7) / 10, 0, 1)
    climb = climb**2 * (3 - 2 * climb)
    upper_y = toe_y + (collar_y - toe_y) * climb
    toe = 1 - np.clip((x + 13.4) / 6, 0, 1)
    upper_y = 8.5 + (upper_y - 8.5) * np.sqrt(1 - toe**2)
    steep = 1 + np.abs(collar_y - toe_y) / 10 * (climb > 0) * (climb < 1)
    upper = maximum((upper_y - y) / steep, np.abs(x) - 13.4)
    sole_y = 8.5 - between(1, 2.6, f["width"])
    tone = 1 + between(-0.6, 0.5, f["accent"]) * (y > sole_y)
    return maximum(upper, y - 8.5), tone - 0.4 * line(y - sole_y, 0.8), y - upper_y


def _sneaker(f, x, y):
    y = y - 1
    collar_y = between(-1, -6, f["length"] ** 2)
    distance, tone, depth = _low_shoe(f, x, y, instep=1, collar_y=collar_y)
    opening = ellipse(x - 8, y - collar_y, between(2, 5, f["neck_width"]), 2.2)
    laces = line(np.mod(x + 0.4 * y, 2.2) - 1.1, 0.7)
    laces = laces * (np.abs(x + 2) < 4.5) * (depth < 2.6)
    period = between(3, 6, f["flare"])
    stripe = line(np.mod(x - 0.6 * y + 4 * f["sleeve"], period) - 1.5, 0.9)
    stripe = stripe * (np.abs(x - 3) < 4) * (y < 5.5) * (depth > 2)
    stripe = stripe * (f["detail"] > 0.4)
    tone = tone + 0.3 * laces - between(0.6, -0.4, f["neckline"]) * stripe
    return maximum(distance, -opening), tone - 0.2 * line(depth - 1, 1)


def _bag(f, x, y):
    top = between(-5, 1, f["length"])
    bottom = between(9, 12.5, f["fit"])
    half_width = between(8.5, 12.5, f["width"])
    body = trapezoid(
        x,
        y,
        top + 1.5,
        bottom - 1.5,
        half_width - 1.5 - between(-0.5, 2.5, f["flare"]),
        half_width - 1.5,
    )
    body = body - 1.5
    reach = between(3, 9, f["sleeve"])
    handle = ellipse(
        x, y - top - 0.5, half_width * between(0.35, 0.8, f["neck_width"]), reach
    )
    handle = maximum(
        np.abs(handle) - between(0.5, 1.1, f["sleeve_angle"]), y - top - 0.5
    )
    handle = np.where(f["sleeve"] > 0.15, handle, 99)
    flap_y = between(top + 2, bottom - 2, f["neckline"])
    flap = line(y - flap_y + 0.02 * x**2 * (f["v_neck"] < 0.5), 1) * (f["detail"] > 0.3)
    clasp = np.hypot(x, y - flap_y) < between(0.8, 2, f["detail"])
    tone = 1 - 0.4 * flap + between(-0.6, 0.6, f["accent"]) * clasp
    return minimum(body, handle), tone - 0.3 * line(body, 0.9)


def _ankle_boot(f, x, y):
    heel = between(0, 7, maximum(f["length"] - 0.4, 0) / 0.6)
    y = y - 4 + heel / 2
    bend = heel * np.clip((x + 4) / 14, 0, 1) ** 1.5 - heel / 2
    collar_y = between(-9, -14, f["sleeve"])
    low = y + bend - heel / 2
    shoe, tone, _ = _low_shoe(f, x, low, instep=0, collar_y=-3.0)
    front = between(-2.5, 0.5, f["flare"])
    shaft = maximum(maximum(front + 0.12 * y - x, x - 12.6), collar_y - y)
    shaft = maximum(shaft, low - 6)
    block = trapezoid(
        x - 10.5, low, 7.5, 8.6 + heel, 2.8, between(0.8, 2.6, f["neck_width"])
    )
    zip_line = line(x - between(4, 9, f["neckline"]), 0.9) * (low < 5)
    laces = line(np.mod(low, 2.6) - 1.3, 0.8) * (np.abs(x - front - 1.5) < 1.8)
    tone = tone - np.where(f["detail"] > 0.5, 0.35 * zip_line, -0.3 * laces)
    tone = tone - 0.3 * line(y - collar_y - 2, 0.9)
    return minimum(minimum(shoe, shaft), block), tone


GARMENTS = (
    _t_shirt,
    _trouser,
    _pullover,
    _dress,
    _coat,
    _sandal,
    _shirt,
    _sneaker,
    _bag,
    _ankle_boot,
)
