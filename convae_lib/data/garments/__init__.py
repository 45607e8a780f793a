"""Garment-like images, drawn from known factors."""
