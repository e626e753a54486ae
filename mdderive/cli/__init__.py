"""The command line: options in, text and an exit code out."""
