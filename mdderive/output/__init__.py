"""Results to Markdown, HTML, LaTeX, text, and reports."""
