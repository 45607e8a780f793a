"""The colours of all pictures, and which kind of network has which of them.

They are Okabe and Ito's, which colour-blind readers can tell apart [1]_; the pale blue is
darker than theirs, so that a line on white has a contrast of 3.

References
----------
.. [1] M. Okabe and K. Ito, "Color Universal Design", 2008.
"""

__all__ = ["BLUE", "COLOURS", "GREEN", "GREY", "ORANGE", "PURPLE", "SKY", "kind_of"]

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#666666"
PURPLE, SKY = "#CC79A7", "#3A8FC4"

COLOURS = {
    "PCA": GREY,
    "dense, tied": SKY,
    "dense": BLUE,
    "convolutional": ORANGE,
    "residual": GREEN,
}
"""The colour of each kind of autoencoder, the same in the whole book."""


def kind_of(name):
    """Return the kind of network that a name begins with, or None.

    Examples
    --------
    >>> kind_of("dense, published recipe"), kind_of("dense, tied"), kind_of("gzip")
    ('dense', 'dense, tied', None)
    """
    return next((kind for kind in COLOURS if name.startswith(kind)), None)
