"""What a reader can touch: elements of pages, in JavaScript, and how notebooks show them."""
