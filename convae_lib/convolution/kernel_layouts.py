"""How frameworks lay out their kernels, and what else they do differently.

All of them correlate, and none flips the kernel of a convolution. Between Keras,
PyTorch and ONNX kernels keep their numbers in place: only their axes are moved. JAX and
Flax stamp the kernel of a transposed one mirrored; with ``transpose_kernel=True``, which
their documentation calls the flip, they stamp it as Keras does (its flip is undone).
``I`` counts the channels that a layer reads and ``O`` those it writes; with groups the
one that stands for a group's share is smaller. A small letter is an axis that is read
from its end.

==================  ===================  ========================  ====================
what                Keras                PyTorch                   ONNX
==================  ===================  ========================  ====================
convolution         ``HWIO``             ``OIHW``                  ``OIHW``
transposed          ``HWOI``             ``IOHW``                  ``IOHW``
depthwise           ``HWIM``             ``OIHW``, with ``I`` = 1  ``OIHW``,
                                                                   with ``I`` = 1
images              ``NHWC``             ``NCHW``                  ``NCHW``
odd "same" padding  the end              both sides alike, or the  ``SAME_UPPER`` the
                                         end (``"same"``)          end, ``SAME_LOWER``
                                                                   the start
"same", strides 2   yes                  numbers only              yes
transposed padding  "valid", "same"      crops, both sides alike   crops, per side
transposed, k < s   "valid": ``i*s``     ``(i-1)*s + k``           ``(i-1)*s + k``
``output_padding``  picks the size       adds rows at the end      adds rows at the end
which stays below   the strides          strides or dilation rate  strides or dilation
==================  ===================  ========================  ====================

==================  =============================  ====================================
what                JAX (``jax.lax``)              Flax (``linen`` and ``nnx``)
==================  =============================  ====================================
convolution         ``OIHW``, or any by name       ``HWIO``
transposed          ``hwIO``, or any by name       ``hwIO``
its flip undone     ``HWOI``, as in Keras          ``HWOI``, as in Keras
depthwise           ``OIHW``, with ``I`` = 1       ``HWIO``, with ``I`` = 1
images              ``NCHW``; transposed           ``NHWC``
                    ``NHWC``; any by name
"same", "valid"     as Keras                       as Keras
padding in pairs    zeros, not crops               zeros, not crops
a crop c            ``d*(k-1) - c`` zeros          ``d*(k-1) - c`` zeros
==================  =============================  ====================================

The matrices of this library use Keras's layouts, and their `padding` per side is ONNX's
``pads``, which come as all beginnings and then all ends:
``tuple(zip(pads[:n], pads[n:]))``. PyTorch's ``padding=p`` is ``padding=p`` in both
matrices, and its ``output_padding`` is the transposed one's while it is below the
strides. Theirs may reach the dilation rate instead; then ``output_padding=e`` crops
less at the end, and is ``padding=((p, p - e), ...)`` here (for ``e`` up to ``p``).
"""

import numpy as np

from ..checks import read_array

__all__ = ["KERNEL_LAYOUTS", "convert_kernel"]

#: Axes of a two-dimensional kernel, by framework and layer. In one dimension
#: leave out ``H``, in three put ``D`` before it. Small letters are read from the end.
KERNEL_LAYOUTS = {
    ("keras", "conv"): "HWIO",
    ("keras", "conv_transpose"): "HWOI",
    ("keras", "depthwise_conv"): "HWIM",
    ("torch", "conv"): "OIHW",
    ("torch", "conv_transpose"): "IOHW",
    ("onnx", "conv"): "OIHW",
    ("onnx", "conv_transpose"): "IOHW",
    ("jax", "conv"): "OIHW",
    ("jax", "conv_transpose"): "hwIO",
    ("flax", "conv"): "HWIO",
    ("flax", "conv_transpose"): "hwIO",
}


def convert_kernel(kernel, source, target):
    """Return a kernel with its axes in another framework's order.

    Parameters
    ----------
    kernel : array_like or tensor
        A kernel with both channel axes, in layout `source`. A tensor may carry a
        gradient.
    source, target : str
        One letter for each axis: ``D``, ``H``, ``W`` for the spatial ones,
        ``I`` and ``O`` for channels read and written. `KERNEL_LAYOUTS` lists
        them by framework. Small ``d``, ``h``, ``w`` are axes that are read from
        their end: where one layout has a small letter and the other a capital,
        the axis is flipped. With ``M`` (Keras's depth multiplier) in place of
        ``O``, the kernel is a depthwise one; the grouped kernel that computes
        the same has ``I`` of size 1 and ``O`` of size ``I * M``.

    Returns
    -------
    numpy.ndarray
        The same numbers; a view of `kernel`, but where a depthwise kernel
        has to be copied.

    Raises
    ------
    ValueError
        If a layout does not name each axis of the kernel once, `target` has
        other axes than `source`, or the kernel has masked values.

    Examples
    --------
    >>> import numpy as np
    >>> convert_kernel(np.ones((3, 5, 16, 32)), "HWIO", "OIHW").shape
    (32, 16, 3, 5)

    Keras's ``Conv2DTranspose`` from 64 to 32 channels, for PyTorch:

    >>> source = KERNEL_LAYOUTS["keras", "conv_transpose"]
    >>> target = KERNEL_LAYOUTS["torch", "conv_transpose"]
    >>> convert_kernel(np.ones((3, 3, 32, 64)), source, target).shape
    (64, 32, 3, 3)

    Flax's ``ConvTranspose``, which flips, for `conv_transpose_matrix`:

    >>> theirs = np.array([1, 2, 3]).reshape(3, 1, 1)
    >>> convert_kernel(theirs, "wIO", "WOI").ravel()
    array([3, 2, 1])

    A depthwise kernel as the grouped one, for ``groups=8``:

    >>> convert_kernel(np.ones((3, 3, 8, 2)), "HWIM", "HWIO").shape
    (3, 3, 1, 16)
    """
    kernel = read_array("kernel", kernel)
    for layout in (source, target):
        _check(layout)
    if len(source) != kernel.ndim:
        raise ValueError(
            f"layout {source!r} names {len(source)} axes, but the kernel of shape "
            f"{kernel.shape} has {kernel.ndim}"
        )
    turned = [axis for axis, name in enumerate(source) if name.swapcase() in target]
    given = f"layouts {source!r} and {target!r}"
    kernel, source, target = np.flip(kernel, turned), source.upper(), target.upper()
    if "M" in source and "O" in target:
        spatial = [axis for axis in source if axis not in "IM"]
        kernel = convert_kernel(kernel, source, "".join([*spatial, "I", "M"]))
        kernel = kernel.reshape(*kernel.shape[:-2], 1, -1)
        source = "".join([*spatial, "I", "O"])
    if sorted(source) != sorted(target):
        raise ValueError(
            f"{given} have different axes; a kernel keeps "
            "its own, save that a depthwise one (M) can become a grouped one (O)"
        )
    return kernel.transpose([source.index(axis) for axis in target])


def _check(layout):
    known = isinstance(layout, str)
    if known:
        spatial = [axis for axis in layout.upper() if axis in "DHW"]
        channels = sorted(axis for axis in layout if axis.upper() not in "DHW")
        known = spatial in (["W"], ["H", "W"], ["D", "H", "W"])
        known = known and channels in (["I", "O"], ["I", "M"])
    if not known:
        raise ValueError(
            f"layout {layout!r} is not known; name each axis once, such as 'WIO', "
            "'HWIO', 'OIHW', 'IOHW', 'DHWIO', or 'HWIM' for a depthwise kernel; 'hwIO' "
            "where it is flipped"
        )
