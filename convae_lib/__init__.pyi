from .convolution.dot_test import dot_test as dot_test
from .convolution.geometry import conv_output_shape as conv_output_shape
from .convolution.geometry import conv_padding as conv_padding
from .convolution.kernel_layouts import KERNEL_LAYOUTS as KERNEL_LAYOUTS
from .convolution.kernel_layouts import convert_kernel as convert_kernel
from .convolution.matrices import conv_matrix as conv_matrix
from .convolution.matrices import conv_transpose_matrix as conv_transpose_matrix
from .convolution.operators import conv_operator as conv_operator
from .convolution.operators import conv_transpose_operator as conv_transpose_operator
from .convolution.transpose_geometry import conv_transpose_crops as conv_transpose_crops
from .convolution.transpose_geometry import (
    conv_transpose_output_shape as conv_transpose_output_shape,
)
from .data import CLASS_NAMES as CLASS_NAMES
from .data import PHOTOGRAPHS as PHOTOGRAPHS
from .data import FashionMNIST as FashionMNIST
from .data import draw_garments as draw_garments
from .data import load_fashion_mnist as load_fashion_mnist
from .data import load_photographs as load_photographs
from .data import photograph_tiles as photograph_tiles
from .data import read_folder as read_folder
from .data import write_photographs as write_photographs
from .exercises import check as check
from .models import conv_autoencoder as conv_autoencoder
from .models import conv_decoder as conv_decoder
from .models import conv_encoder as conv_encoder
from .models import dense_autoencoder as dense_autoencoder
from .models import residual_autoencoder as residual_autoencoder
from .models import residual_block as residual_block
from .models import small_conv_autoencoder as small_conv_autoencoder
from .models import sparse_autoencoder as sparse_autoencoder
from .models import strided_conv_autoencoder as strided_conv_autoencoder
from .models import tied_conv_autoencoder as tied_conv_autoencoder
from .models import tied_dense_autoencoder as tied_dense_autoencoder
from .models import variational_autoencoder as variational_autoencoder
from .models.costs import code_size as code_size
from .models.costs import multiply_adds as multiply_adds
from .models.jacobians import jacobian_matrix as jacobian_matrix
from .models.layer_matrices import layer_matrix as layer_matrix
from .models.regularized import SampledCode as SampledCode
from .models.regularized import SparseCode as SparseCode
from .models.tied_layers import Conv2DTiedTranspose as Conv2DTiedTranspose
from .models.tied_layers import DenseTranspose as DenseTranspose
from .models.trained import load_trained as load_trained
from .models.trained import trained_networks as trained_networks
from .pictures.colours import COLOURS as COLOURS
from .pictures.curves import name_lines as name_lines
from .pictures.curves import plot_excess as plot_excess
from .pictures.curves import plot_learning_curves as plot_learning_curves
from .pictures.images import show_images as show_images
from .pictures.images import show_reconstructions as show_reconstructions
from .pictures.matrices import show_matrices as show_matrices
from .pictures.matrices import show_matrix as show_matrix
from .pictures.matrices import show_sparsity as show_sparsity
from .pictures.networks import show_autoencoder as show_autoencoder
from .pictures.tables import show_table as show_table
from .scores.code_files import read_codes as read_codes
from .scores.code_files import write_codes as write_codes
from .scores.corruptions import corrupt as corrupt
from .scores.denoising import psnr as psnr
from .scores.denoising import ssim as ssim
from .scores.losses import binary_crossentropy as binary_crossentropy
from .scores.losses import entropy_floor as entropy_floor
from .scores.losses import excess_over_floor as excess_over_floor
from .scores.neighbours import nearest as nearest
from .scores.patch_pca import PatchPCA as PatchPCA
from .scores.weave import weave as weave
from .training.accuracy import rounded_accuracy as rounded_accuracy
from .training.optimizers import KernelMuon as KernelMuon
from .training.optimizers import WarmupLinearDecay as WarmupLinearDecay
from .widgets.autoencoder import live_autoencoder as live_autoencoder
from .widgets.explorer import explorer as explorer

__all__ = [
    "conv_matrix",
    "conv_transpose_matrix",
    "conv_operator",
    "conv_transpose_operator",
    "dot_test",
    "layer_matrix",
    "jacobian_matrix",
    "KERNEL_LAYOUTS",
    "convert_kernel",
    "conv_output_shape",
    "conv_padding",
    "conv_transpose_crops",
    "conv_transpose_output_shape",
    "CLASS_NAMES",
    "FashionMNIST",
    "draw_garments",
    "load_fashion_mnist",
    "PHOTOGRAPHS",
    "load_photographs",
    "photograph_tiles",
    "read_folder",
    "write_photographs",
    "Conv2DTiedTranspose",
    "DenseTranspose",
    "KernelMuon",
    "WarmupLinearDecay",
    "PatchPCA",
    "code_size",
    "multiply_adds",
    "conv_autoencoder",
    "conv_decoder",
    "conv_encoder",
    "dense_autoencoder",
    "load_trained",
    "trained_networks",
    "residual_autoencoder",
    "residual_block",
    "small_conv_autoencoder",
    "sparse_autoencoder",
    "strided_conv_autoencoder",
    "tied_conv_autoencoder",
    "tied_dense_autoencoder",
    "variational_autoencoder",
    "SampledCode",
    "SparseCode",
    "binary_crossentropy",
    "entropy_floor",
    "excess_over_floor",
    "weave",
    "corrupt",
    "psnr",
    "ssim",
    "nearest",
    "read_codes",
    "write_codes",
    "rounded_accuracy",
    "COLOURS",
    "plot_excess",
    "name_lines",
    "plot_learning_curves",
    "show_autoencoder",
    "show_images",
    "show_matrices",
    "show_matrix",
    "show_reconstructions",
    "show_sparsity",
    "show_table",
    "explorer",
    "live_autoencoder",
    "check",
]
