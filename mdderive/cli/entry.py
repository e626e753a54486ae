"""Where the command line begins: a short answer at once, or all of it."""

import sys


def main() -> None:
    """Run the command line."""
    from mdderive.cli.quick import answer

    said = answer(sys.argv[1:])
    if said is not None:
        try:
            sys.stdout.write(said)
            sys.stdout.flush()
        except OSError:
            said = None  # said once more, and what is wrong with the output
    if said is None:
        from mdderive.cli import main as whole

        whole.main()
