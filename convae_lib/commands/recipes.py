"""The kinds of models and the ways to train that a command line names."""

from inspect import signature

from .arguments import Unreadable, WrongUse, nearest
from .named_images import in_pixels
from .named_models import load_keras
from .screen import silent

__all__ = ["MODELS", "RECIPES", "build", "model_name", "recipe_of"]

MODELS = (
    "residual",
    "conv",
    "dense",
    "small_conv",
    "sparse",
    "strided_conv",
    "tied_conv",
    "tied_dense",
    "variational",
)
"""The functions of ``convae_lib.models`` without their ending, ``_autoencoder``."""

RECIPES = {
    "good": dict(optimizer="muon", learning_rate=0.03, schedule="linear"),
    "published": dict(optimizer="sgd", learning_rate=1.0, schedule="constant"),
    "adam": dict(optimizer="adam", learning_rate=0.001, schedule="constant"),
}
"""How to train: the book's best for all kinds of models, the textbook's, the usual one."""


def model_name(text):
    """Read the name of a kind of model."""
    name = text.replace("-", "_").removesuffix("_autoencoder")
    if name not in MODELS:
        raise Unreadable(f"there is no {text!r}; {nearest(name, MODELS)}")
    return name


def recipe_of(chosen):
    """Return optimizer, learning rate and schedule."""
    recipe = dict(RECIPES[chosen.recipe])
    if chosen.learning_rate is not None:
        recipe["learning_rate"] = chosen.learning_rate
    return recipe


def build(chosen, image_shape):
    """Return the untrained model, from its seed."""
    load_keras(chosen.debug)
    import keras

    from ..models import MODELS as builds

    make = builds[f"{chosen.model}_autoencoder"]
    options = {"image_shape": image_shape}
    if chosen.code_size is not None:
        if "code_size" not in signature(make).parameters:
            takes = [
                n
                for n in MODELS
                if "code_size" in signature(builds[f"{n}_autoencoder"]).parameters
            ]
            raise WrongUse(
                f"--model {chosen.model} has a code of one size; --code-size is for "
                f"{', '.join(takes)}"
            )
        options["code_size"] = chosen.code_size
    keras.utils.clear_session()  # so that layers are numbered from the first on
    with silent(chosen.debug):  # TensorFlow starts for its seed, whatever the backend
        keras.utils.set_random_seed(chosen.seed)
    try:
        return make(**options)
    except ValueError as error:
        raise WrongUse(
            f"--model {chosen.model} does not take images of {in_pixels(image_shape)}: "
            f"{error} (--size says another size, --model another model)"
        ) from error
