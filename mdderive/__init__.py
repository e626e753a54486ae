"""mdderive: matrix calculus in notes, derived step by step and verified."""

__version__ = "0.1.0"
