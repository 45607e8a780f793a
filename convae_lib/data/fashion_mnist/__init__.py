"""The official files of Fashion-MNIST: what they are, how they come, what is in them."""
