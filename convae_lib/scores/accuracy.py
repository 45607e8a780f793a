"""The accuracy that the textbook reports, and what it forgives."""

__all__ = ["rounded_accuracy"]


def rounded_accuracy(x, reconstruction):
    """Return which pixels agree after rounding; the mean is the score.

    The metric of the textbook in Keras 3. Rounding turns every grey pixel
    black or white first, so the score forgives any error that stays on its
    side of one half.

    Parameters
    ----------
    x, reconstruction : ndarray or tensor
        Values in [0, 1], of one shape.

    Returns
    -------
    keras tensor
        1 where the pixels agree and 0 elsewhere, in the shape of `x`. Given to
        ``compile`` as a metric, its mean is reported.

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
    import keras  # here, so that the scores above need NumPy and SciPy only

    return keras.metrics.binary_accuracy(
        keras.ops.round(x), keras.ops.round(reconstruction)
    )
