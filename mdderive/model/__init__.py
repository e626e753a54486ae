"""Values that every room works on: places, findings, shapes, expressions, what is declared, what is answered."""
