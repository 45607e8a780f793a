"""Random axes and kernels that several test files draw."""

import numpy as np
from hypothesis import strategies as st

# Sizes of input and kernel, strides, dilation rate, padding.
AXES = st.tuples(
    st.integers(1, 12),
    st.integers(1, 6),
    st.integers(1, 4),
    st.integers(1, 3),
    st.one_of(
        st.sampled_from(["valid", "same", "full"]),
        st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda pair: (pair,)),
    ),
)


def a_kernel(dtype):
    rng = np.random.default_rng(0)
    kernel = rng.normal(size=(3, 2, 2, 6)).astype(dtype)
    return kernel + 1j * kernel[::-1] if kernel.dtype.kind == "c" else kernel
