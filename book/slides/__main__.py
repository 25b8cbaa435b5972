"""`python -m book.slides [CHAPTER …] [--out FOLDER]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from book.slides.export import write

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: list[str] | None = None) -> int:
    """Write the slides; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m book.slides", description="Slides of the chapters, offline."
    )
    parser.add_argument("chapters", nargs="*", help="such as ch02_gap; all when none is named")
    parser.add_argument(
        "--out", type=Path, default=Path("_build/slides"), help="default: _build/slides"
    )
    given = parser.parse_args(arguments)
    try:
        written = write(ROOT, given.out, tuple(given.chapters))
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{len(written)} slide shows; open {given.out / 'index.html'}, press S for the notes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
