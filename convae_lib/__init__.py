"""Convolutional autoencoders, and convolution as a sparse matrix.

Names are loaded on first use: the matrices need neither Keras nor Matplotlib,
and TensorFlow is imported when a model is asked for.
"""

from importlib import import_module

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
    "residual_autoencoder": "models",
    "residual_block": "models",
    "small_conv_autoencoder": "models",
    "tied_conv_autoencoder": "models",
    "tied_dense_autoencoder": "models",
    "binary_crossentropy": "scores.losses",
    "entropy_floor": "scores.losses",
    "excess_over_floor": "scores.losses",
    "rounded_accuracy": "scores.accuracy",
    "plot_excess": "pictures.curves",
    "plot_learning_curves": "pictures.curves",
    "show_images": "pictures.images",
    "show_matrices": "pictures.matrices",
    "show_matrix": "pictures.matrices",
    "show_reconstructions": "pictures.images",
    "show_sparsity": "pictures.matrices",
    "check": "exercises",
}

_EXTRA = {
    "keras": "models",
    "tensorflow": "models",
    "matplotlib": "plots",
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
