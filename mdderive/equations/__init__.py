"""Whole notes: which of their formulas hold, which are wrong, and which could not be judged."""
