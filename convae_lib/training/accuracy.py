"""The accuracy that the textbook reports, a metric of Keras."""

import keras
from keras import ops

from ..scores.pixels import read_pixels, refuse_other_shape

__all__ = ["rounded_accuracy"]


@keras.saving.register_keras_serializable("convae_lib")
def rounded_accuracy(x, reconstruction):
    """Return which pixels agree after rounding; the mean is the score.

    The metric of the textbook in Keras 3. Rounding turns every grey pixel
    black or white first (one half black, as rounding goes to the even), so the score forgives any error that stays on its
    side of one half.

    Parameters
    ----------
    x, reconstruction : array_like or tensor
        Values in [0, 1], of one shape.

    Returns
    -------
    keras tensor
        1 where the pixels agree and 0 elsewhere, in the shape of `x`. Given to
        ``compile`` as a metric, its mean is reported. A compiled training cannot
        refuse values: there a pixel that is outside [0, 1] or not a number on
        either side gives NaN, and so does the mean.

    Raises
    ------
    ValueError
        If the shapes differ, or a value is masked, outside [0, 1] or not a number.

    References
    ----------
    A. Geron, "Hands-On Machine Learning with Scikit-Learn, Keras, and
    TensorFlow", 2nd ed., notebook of chapter 17.

    Examples
    --------
    >>> from convae_lib import rounded_accuracy
    >>> import numpy as np
    >>> x = np.array([[0.4, 0.6, 0.9, 0.1]])
    >>> float(np.mean(rounded_accuracy(x, np.array([[0.0, 1.0, 0.2, 0.3]]))))
    0.75
    """
    x = _read("x", x)
    reconstruction = _read("reconstruction", reconstruction)
    lengths = list(zip(x.shape, reconstruction.shape))
    if len(x.shape) != len(reconstruction.shape) or any(
        a != b for a, b in lengths if None not in (a, b)
    ):
        refuse_other_shape(tuple(x.shape), tuple(reconstruction.shape))
    agree = ops.equal(ops.round(x), ops.round(reconstruction))
    agree = ops.cast(agree, keras.config.floatx())
    known = ops.logical_and(_is_pixel(x), _is_pixel(reconstruction))
    return ops.where(known, agree, float("nan"))


def _read(name, values):
    try:
        return read_pixels(name, values)
    except (NotImplementedError, TypeError):  # a compiled function has no values yet
        values = ops.convert_to_tensor(values)
    if keras.backend.is_float_dtype(values.dtype):
        return values
    return ops.cast(values, keras.config.floatx())


def _is_pixel(values):
    return ops.logical_and(values >= 0, values <= 1)
