"""What a reconstruction and a code are worth. Arrays in, numbers out."""
