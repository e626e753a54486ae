"""LaTeX to typed expressions and back: tokens, grammar, elaboration, writing."""
