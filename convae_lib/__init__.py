"""Convolutional autoencoders, and convolution as a sparse matrix.

Names are loaded on first use: the matrices need neither Keras nor Matplotlib,
and TensorFlow is imported when a model is asked for. What Keras has to know to load
a saved model is registered with it as soon as both are imported, in either order.
"""

import sys
from importlib import import_module
from importlib.util import find_spec

_HOME = {
    "conv_matrix": "convolution.matrices",
    "conv_transpose_matrix": "convolution.matrices",
    "conv_operator": "convolution.operators",
    "conv_transpose_operator": "convolution.operators",
    "dot_test": "convolution.dot_test",
    "layer_matrix": "models.layer_matrices",
    "jacobian_matrix": "models.jacobians",
    "KERNEL_LAYOUTS": "convolution.kernel_layouts",
    "convert_kernel": "convolution.kernel_layouts",
    "conv_output_shape": "convolution.geometry",
    "conv_padding": "convolution.geometry",
    "conv_transpose_crops": "convolution.transpose_geometry",
    "conv_transpose_output_shape": "convolution.transpose_geometry",
    "CLASS_NAMES": "data",
    "FashionMNIST": "data",
    "draw_garments": "data",
    "load_fashion_mnist": "data",
    "PHOTOGRAPHS": "data",
    "load_photographs": "data",
    "photograph_tiles": "data",
    "read_folder": "data",
    "write_photographs": "data",
    "Conv2DTiedTranspose": "models.tied_layers",
    "DenseTranspose": "models.tied_layers",
    "KernelMuon": "training.optimizers",
    "WarmupLinearDecay": "training.optimizers",
    "PatchPCA": "scores.patch_pca",
    "code_size": "models.costs",
    "multiply_adds": "models.costs",
    "conv_autoencoder": "models",
    "conv_decoder": "models",
    "conv_encoder": "models",
    "dense_autoencoder": "models",
    "load_trained": "models.trained",
    "trained_networks": "models.trained",
    "residual_autoencoder": "models",
    "residual_block": "models",
    "small_conv_autoencoder": "models",
    "sparse_autoencoder": "models",
    "strided_conv_autoencoder": "models",
    "tied_conv_autoencoder": "models",
    "tied_dense_autoencoder": "models",
    "variational_autoencoder": "models",
    "SampledCode": "models.regularized",
    "SparseCode": "models.regularized",
    "binary_crossentropy": "scores.losses",
    "entropy_floor": "scores.losses",
    "excess_over_floor": "scores.losses",
    "weave": "scores.weave",
    "corrupt": "scores.corruptions",
    "psnr": "scores.denoising",
    "ssim": "scores.denoising",
    "nearest": "scores.neighbours",
    "read_codes": "scores.code_files",
    "write_codes": "scores.code_files",
    "rounded_accuracy": "training.accuracy",
    "COLOURS": "pictures.colours",
    "plot_excess": "pictures.curves",
    "name_lines": "pictures.curves",
    "plot_learning_curves": "pictures.curves",
    "show_autoencoder": "pictures.networks",
    "show_images": "pictures.images",
    "show_matrices": "pictures.matrices",
    "show_matrix": "pictures.matrices",
    "show_reconstructions": "pictures.images",
    "show_sparsity": "pictures.matrices",
    "show_table": "pictures.tables",
    "explorer": "widgets.explorer",
    "live_autoencoder": "widgets.autoencoder",
    "check": "exercises",
}

_REGISTERED = (
    "models.regularized",
    "models.tied_layers",
    "training.accuracy",
    "training.losses",
    "training.optimizers",
)
"""The modules that register something with Keras; importing them does it.

None imports another: the first import of Keras may come from within any of them."""

_EXTRA = {
    "constriction": "experiments",
    "keras": "models",
    "tensorflow": "models",
    "matplotlib": "plots",
    "skimage": "experiments",
    "sklearn": "experiments",
}

__all__ = list(_HOME)
__version__ = "0.1.0"


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        value = getattr(import_module(f".{_HOME[name]}", __name__), name)
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in _EXTRA:
            raise
        raise ModuleNotFoundError(
            f"{name} needs {missing}, which is not installed; in the repository: "
            f"pip install '.[{_EXTRA[missing]}]'",
            name=missing,
        ) from error
    globals()[name] = value
    return value


def __dir__():
    return sorted([*globals(), *__all__])


def _register():
    for module in _REGISTERED:
        import_module(f".{module}", __name__)


class _AfterKeras:
    """Finds Keras where it is, and registers when it has been imported."""

    searching = False

    def find_spec(self, name, path=None, target=None):
        if name != "keras" or self.searching:
            return None
        self.searching = True  # so that the finders after this one are asked
        try:
            spec = find_spec(name)
        finally:
            self.searching = False
        if spec and spec.loader:
            load = spec.loader.exec_module

            def load_and_register(module):
                load(module)
                _register()

            spec.loader.exec_module = load_and_register
        return spec


if sys.modules.get("keras"):
    _register()
else:
    sys.meta_path.insert(0, _AfterKeras())
