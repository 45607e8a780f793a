"""The maths of convolutions: sizes, matrices, operators. NumPy and SciPy only."""
