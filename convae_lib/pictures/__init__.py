"""Pictures and tables for notebooks, of the arrays and frames that they are given."""
