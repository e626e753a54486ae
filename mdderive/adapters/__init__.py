"""Derive blocks in the pages of other programs, on `import mdderive` alone: each module for one program, each an extra."""
