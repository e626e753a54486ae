"""A file to its text, its passages and its derive blocks, every character with its place."""
