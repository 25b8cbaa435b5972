"""Entry point of `python -m book.bilingual`."""

from book.bilingual.cli import main

if __name__ == "__main__":
    main()
