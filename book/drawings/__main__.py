"""`python -m book.drawings [NAME …]`: writes the drawings that differ from the committed ones."""

from __future__ import annotations

import sys
from pathlib import Path

from book.drawings.catalog import files

ROOT = Path(__file__).parents[2]


def main(names: list[str]) -> None:
    """Write the named drawings (all, when none is named) and say which files changed."""
    for path, text in files(names).items():
        target = ROOT / path
        if not target.is_file() or target.read_text("utf-8") != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
            print(path)


if __name__ == "__main__":
    main(sys.argv[1:])
