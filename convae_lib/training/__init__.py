"""Training: optimizers, one fit, and what it takes on a machine."""
