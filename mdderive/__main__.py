"""`python -m mdderive`."""

from mdderive.cli import main

if __name__ == "__main__":
    main()
