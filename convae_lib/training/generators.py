"""The states of the random generators that a training draws from."""

import random
import sys

import keras
import numpy as np

__all__ = [
    "generator_states",
    "set_generator_states",
    "set_torch_states",
    "torch_states",
]


def generator_states():
    """Return the states of Python's and NumPy's generators, ready for JSON.

    Returns
    -------
    dict
        ``"python"`` and ``"numpy"``.

    Examples
    --------
    >>> states = generator_states()
    >>> first = random.random(), np.random.rand()
    >>> set_generator_states(states)
    >>> (random.random(), np.random.rand()) == first
    True
    """
    name, keys, *others = np.random.get_state()
    return {"python": random.getstate(), "numpy": [name, keys.tolist(), *others]}


def set_generator_states(states):
    """Set both generators to what `generator_states` returned, as JSON gives it back."""
    version, state, gauss = states["python"]
    random.setstate((version, tuple(state), gauss))
    np.random.set_state(tuple(states["numpy"]))


def torch_states():
    """Return the states of PyTorch's own generators, if Keras computes with it.

    Some layers of Keras, as ``Dropout``, draw from these there and not from their own.

    Returns
    -------
    dict of str to ndarray
        ``"torch"``, and ``"torch_cuda_0"`` and so on for graphics cards.
    """
    if keras.backend.backend() != "torch":
        return {}
    torch = sys.modules["torch"]
    states = {"torch": torch.get_rng_state()}
    for card, state in enumerate(torch.cuda.get_rng_state_all()):
        states[f"torch_cuda_{card}"] = state
    return {name: state.numpy() for name, state in states.items()}


def set_torch_states(states):
    """Set these generators to what `torch_states` returned."""
    if keras.backend.backend() != "torch" or not states:
        return
    torch = sys.modules["torch"]
    states = {name: torch.from_numpy(state) for name, state in states.items()}
    torch.set_rng_state(states.pop("torch"))
    for name, state in states.items():
        torch.cuda.set_rng_state(state, int(name.removeprefix("torch_cuda_")))
