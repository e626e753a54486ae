"""Deriving: path-directed application of the rules, one told law a line."""
