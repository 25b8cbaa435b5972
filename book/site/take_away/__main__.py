"""`python -m book.site.take_away [SITE] [--zip]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from book.site.take_away import FOLDER, write_books
from book.site.take_away.pages import TakeAwayError
from book.site.take_away.zipped import write_zip
from book.site.words import take_away_name


def main(arguments: list[str] | None = None) -> int:
    """Write the books, or the zip of the site as it is now; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m book.site.take_away", description="The course to take away."
    )
    parser.add_argument(
        "site", type=Path, nargs="?", default=Path("_build/html"), help="a built site"
    )
    parser.add_argument(
        "--zip", action="store_true", help="the zip of the site, instead of PDF and EPUB"
    )
    given = parser.parse_args(arguments)
    folder = given.site / FOLDER
    try:
        if given.zip:
            write_zip(given.site, folder / take_away_name("zip"))
        else:
            write_books(given.site)
    except TakeAwayError as error:
        print(error, file=sys.stderr)
        return 1
    for path in sorted(folder.iterdir()):
        print(f"{path} ({path.stat().st_size / 1e6:.1f} MB)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
