"""Optimizers and schedules by their names, among them Muon for kernels of convolutions."""

import re
from math import prod

import keras
from keras import ops

from ..checks import check_sizes

__all__ = [
    "OPTIMIZERS",
    "SCHEDULES",
    "KernelMuon",
    "WarmupLinearDecay",
    "make_optimizer",
]


@keras.saving.register_keras_serializable("convae_lib")
class WarmupLinearDecay(keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate that rises to its peak, and then falls to zero in a line.

    Parameters
    ----------
    peak : float
        The largest learning rate.
    steps : int
        Steps of the whole training; after them the rate is 0.
    warmup : float, default 0.05
        Share of the steps, in [0, 1), that the rise takes.

    Raises
    ------
    ValueError
        If `steps` is not positive or `warmup` lies outside [0, 1).

    Examples
    --------
    >>> from convae_lib import WarmupLinearDecay
    >>> rate = WarmupLinearDecay(0.1, steps=100, warmup=0.2)
    >>> [round(float(rate(step)), 3) for step in (0, 9, 19, 60, 99)]
    [0.005, 0.05, 0.1, 0.05, 0.001]
    """

    def __init__(self, peak, steps, warmup=0.05):
        if not steps >= 1:
            raise ValueError(f"steps {steps!r} must be 1 or more")
        if not 0 <= warmup < 1:
            raise ValueError(f"warmup {warmup!r} must be a share in [0, 1)")
        self.peak, self.steps, self.warmup = peak, steps, warmup

    def __call__(self, step):
        step = ops.cast(step, "float32")
        rise = max(self.warmup * self.steps, 1.0)
        up = (step + 1) / rise
        down = (self.steps - step) / max(self.steps - rise, 1.0)
        return self.peak * ops.clip(ops.minimum(up, down), 0.0, 1.0)

    def get_config(self):
        return {"peak": self.peak, "steps": self.steps, "warmup": self.warmup}


@keras.saving.register_keras_serializable("convae_lib")
class KernelMuon(keras.optimizers.Muon):
    """Muon that sees a convolution's kernel as the matrix it is.

    Keras's Muon treats two-dimensional variables only and leaves all others to
    Adam, the kernels of convolutions among them. Here a kernel (kh, kw, in, out)
    is read as the matrix (kh·kw·in) × out that multiplies a window, that of a
    depthwise convolution (kh, kw, channels, 1) as (kh·kw) × channels. Biases
    still go to Adam.

    Parameters
    ----------
    learning_rate : float or schedule, default 0.03
        Each step has this spectral norm, about: Muon replaces the singular
        values of a momentum by numbers near 1.
    adam_lr_ratio : float, default 0.1
        Adam's learning rate, as a share of that.
    weight_decay, adam_weight_decay, rms_rate : default None
        As in `keras.optimizers.Muon`, switched off.
    **kwargs
        As in `keras.optimizers.Muon`.

    References
    ----------
    K. Jordan et al., "Muon: an optimizer for hidden layers in neural networks",
    2024, for the update and for flattening kernels.

    Examples
    --------
    >>> import keras
    >>> from convae_lib import KernelMuon, conv_autoencoder
    >>> model = conv_autoencoder()
    >>> model.compile(KernelMuon(0.03), "binary_crossentropy")
    """

    def __init__(
        self,
        learning_rate=0.03,
        adam_lr_ratio=0.1,
        weight_decay=None,
        adam_weight_decay=None,
        rms_rate=None,
        **kwargs,
    ):
        super().__init__(
            learning_rate=learning_rate,
            adam_lr_ratio=adam_lr_ratio,
            weight_decay=weight_decay,
            adam_weight_decay=adam_weight_decay,
            rms_rate=rms_rate,
            **kwargs,
        )

    def _should_use_adamw(self, variable):
        embedding = self.exclude_embeddings and "embedding" in variable.path.lower()
        excluded = any(re.search(name, variable.path) for name in self.exclude_layers)
        return len(variable.shape) < 2 or embedding or excluded

    def zeropower_via_newtonschulz5(self, x, steps):
        *window, columns = x.shape
        if columns == 1 and len(window) > 1:
            *window, columns = window
        matrix = ops.reshape(x, (prod(window), columns))
        matrix = super().zeropower_via_newtonschulz5(matrix, steps)
        return ops.reshape(matrix, x.shape)


OPTIMIZERS = {
    "sgd": keras.optimizers.SGD,
    "adam": keras.optimizers.Adam,
    "muon": KernelMuon,
}
SCHEDULES = ("constant", "linear")


def make_optimizer(optimizer, learning_rate, schedule="constant", steps=None):
    """Return an optimizer with its schedule.

    Parameters
    ----------
    optimizer : {"sgd", "adam", "muon"}
        `keras.optimizers.SGD`, ``Adam``, or ``KernelMuon``.
    learning_rate : float
        The largest of the training.
    schedule : {"constant", "linear"}, default "constant"
        "linear" is ``WarmupLinearDecay``: up in 5 % of the steps, then down to 0.
    steps : int, optional
        Steps of the whole training, for the schedule.

    Returns
    -------
    keras.optimizers.Optimizer

    Raises
    ------
    ValueError
        If a name is unknown, or "linear" is given no steps.

    Examples
    --------
    >>> type(make_optimizer("adam", 0.004)).__name__
    'Adam'
    >>> make_optimizer("muon", 0.03, "linear")
    Traceback (most recent call last):
        ...
    ValueError: steps None must be a whole number from 1 up
    """
    for name, value, known in (
        ("optimizer", optimizer, OPTIMIZERS),
        ("schedule", schedule, SCHEDULES),
    ):
        if value not in known:
            raise ValueError(f"{name} {value!r} is not one of {', '.join(known)}")
    if schedule == "linear":
        check_sizes(steps=steps)
        learning_rate = WarmupLinearDecay(learning_rate, steps)
    return OPTIMIZERS[optimizer](learning_rate)
