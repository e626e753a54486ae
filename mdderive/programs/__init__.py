"""Expressions as Python programs for people to run: NumPy, SymPy, and what recomputes a witness. Nothing is run here."""
