"""Pictures for notebooks: they draw the arrays they are given, with Matplotlib."""
