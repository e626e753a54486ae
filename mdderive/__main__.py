"""`python -m mdderive`."""

from mdderive.cli.entry import main

if __name__ == "__main__":
    main()
