"""The files that lie beside an assignment's notebooks: data, helper modules. A kernel finds them in
its own folder.

The fork server copies them once into the view, where every kernel reads them; a kernel has copies
of the small ones, which it may change, and links to the others.
"""

import os
import shutil
from pathlib import Path

PLACE = "/beside"  # in the view
_SMALL = 1 << 20  # bytes


def files(folder: str) -> list[Path]:
    """All but notebooks and hidden files, by name; none where `folder` is empty."""
    found = sorted(Path(folder).rglob("*")) if folder else []
    return [
        path
        for path in found
        if path.is_file() and path.suffix != ".ipynb" and not _is_hidden(path, folder)
    ]


def _is_hidden(path: Path, folder: str) -> bool:
    return any(
        part.startswith(".") or part == "__pycache__" for part in path.relative_to(folder).parts
    )


def names(folder: str) -> tuple[str, ...]:
    """What of them a listing of the folder shows: files, and the folders that hold others."""
    return tuple(dict.fromkeys(path.relative_to(folder).parts[0] for path in files(folder)))


def size(folder: str) -> int:
    """Bytes of all of them."""
    return sum(path.stat().st_size for path in files(folder))


def copy(folder: str, target: str, links: bool = False) -> None:
    """Copy them below `target`, readable for everyone; `links`: large ones are linked. Raises
    `OSError`.
    """
    os.makedirs(target, exist_ok=True)
    for path in files(folder):
        made = Path(target, path.relative_to(folder))
        made.parent.mkdir(parents=True, exist_ok=True)
        if links and path.stat().st_size > _SMALL:
            made.symlink_to(path)
        else:
            shutil.copyfile(path, made)
            made.chmod(0o644)
