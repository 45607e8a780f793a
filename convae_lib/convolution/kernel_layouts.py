"""How frameworks lay out their kernels, and what else they do differently.

All of them correlate: no kernel is flipped on the way from one to another, its
axes are only moved. ``I`` counts the channels that a layer reads and ``O`` those
it writes; with groups the one that stands for a group's share is smaller.

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
==================  ===================  ========================  ====================

JAX takes any layout by name. The matrices of this library use Keras's layouts,
and their `padding` per side is ONNX's ``pads``, which come as all beginnings and
then all ends: ``tuple(zip(pads[:n], pads[n:]))``. PyTorch's ``padding=p`` is
``padding=p`` in both matrices, and its ``output_padding`` is the transposed one's.
"""

import numpy as np

__all__ = ["KERNEL_LAYOUTS", "convert_kernel"]

#: Axes of a two-dimensional kernel, by framework and layer. In one dimension
#: leave out ``H``, in three put ``D`` before it.
KERNEL_LAYOUTS = {
    ("keras", "conv"): "HWIO",
    ("keras", "conv_transpose"): "HWOI",
    ("keras", "depthwise_conv"): "HWIM",
    ("torch", "conv"): "OIHW",
    ("torch", "conv_transpose"): "IOHW",
    ("onnx", "conv"): "OIHW",
    ("onnx", "conv_transpose"): "IOHW",
}


def convert_kernel(kernel, source, target):
    """Return a kernel with its axes in another framework's order.

    Parameters
    ----------
    kernel : array_like
        A kernel with both channel axes, in layout `source`.
    source, target : str
        One letter for each axis: ``D``, ``H``, ``W`` for the spatial ones,
        ``I`` and ``O`` for channels read and written. `KERNEL_LAYOUTS` lists
        them by framework. With ``M`` (Keras's depth multiplier) in place of
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
        If a layout does not name each axis of the kernel once, or `target`
        has other axes than `source`.

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

    A depthwise kernel as the grouped one, for ``groups=8``:

    >>> convert_kernel(np.ones((3, 3, 8, 2)), "HWIM", "HWIO").shape
    (3, 3, 1, 16)
    """
    kernel = np.asarray(kernel)
    for layout in (source, target):
        _check(layout)
    if len(source) != kernel.ndim:
        raise ValueError(
            f"layout {source!r} names {len(source)} axes, but the kernel of shape "
            f"{kernel.shape} has {kernel.ndim}"
        )
    if "M" in source and "O" in target:
        spatial = [axis for axis in source if axis not in "IM"]
        kernel = convert_kernel(kernel, source, "".join([*spatial, "I", "M"]))
        kernel = kernel.reshape(*kernel.shape[:-2], 1, -1)
        source = "".join([*spatial, "I", "O"])
    if sorted(source) != sorted(target):
        raise ValueError(
            f"layouts {source!r} and {target!r} have different axes; a kernel keeps "
            "its own, save that a depthwise one (M) can become a grouped one (O)"
        )
    return kernel.transpose([source.index(axis) for axis in target])


def _check(layout):
    spatial = "".join(axis for axis in layout if axis in "DHW")
    channels = "".join(sorted(axis for axis in layout if axis not in "DHW"))
    if spatial not in ("W", "HW", "DHW") or channels not in ("IO", "IM"):
        raise ValueError(
            f"layout {layout!r} is not known; name each axis once, such as 'WIO', "
            "'HWIO', 'OIHW', 'IOHW', 'DHWIO', or 'HWIM' for a depthwise kernel"
        )
