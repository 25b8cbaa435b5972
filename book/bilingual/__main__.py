"""Entry point of `python -m book.bilingual`."""

import sys

# jsonschema compiles this package's grammar for a second, to check web addresses that no notebook
# of ours has.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
# jupytext also serves notebooks, for which it would import Jupyter's server: as long as to check a
# lesson.
for name in ("jupytext.sync_contentsmanager", "jupytext.async_contentsmanager"):
    sys.modules.setdefault(name, None)  # type: ignore[arg-type]

from book.bilingual.cli import main  # noqa: E402

if __name__ == "__main__":
    main()
