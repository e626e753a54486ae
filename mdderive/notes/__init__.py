"""Notes to statements: where formulas stand in a file and what the lines of a derive block say."""
