"""The colours of all pictures.

They are Okabe and Ito's, which colour-blind readers can tell apart [1]_.

References
----------
.. [1] M. Okabe and K. Ito, "Color Universal Design", 2008.
"""

__all__ = ["BLUE", "GREEN", "GREY", "ORANGE", "PURPLE", "SKY"]

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#666666"
PURPLE, SKY = "#CC79A7", "#56B4E9"
