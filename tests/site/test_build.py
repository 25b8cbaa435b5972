"""Building: what stops it, what a change rewrites, and that it may run in parallel."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from miniature import ROOT, build

Edit = Callable[[Path, str, str], None]


def written(said: str) -> set[str]:
    """The pages that Sphinx says it wrote."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", said)
    return set(re.findall(r"writing output\.\.\. \[ *\d+%\] (\S+)", plain))


def test_a_change_of_one_page_writes_that_page_and_a_change_of_style_writes_all(
    miniature: Path, tmp_path: Path, edit: Edit
) -> None:
    first = build(miniature, tmp_path)
    assert first.returncode == 0, first.stderr
    assert len(written(first.stdout)) == 11
    edit(miniature / "notebooks/ko/welcome.md", "을 배웁니다", "을 함께 배웁니다")
    assert written(build(miniature, tmp_path).stdout) == {"notebooks/ko/welcome", "notebooks/index"}
    edit(miniature / "book/static/course.css", "/* The first page. */", "/* The very first page. */")
    assert len(written(build(miniature, tmp_path).stdout)) == 11
    assert "very first" in (tmp_path / "_build/html/_static/course.css").read_text("utf-8")


def test_a_broken_link_or_a_page_that_is_missing_stops_the_build(miniature: Path, tmp_path: Path, edit: Edit) -> None:
    edit(miniature / "notebooks/en/welcome.md", "ch01_pooling.ipynb", "ch77_none.ipynb")
    (miniature / "notebooks/ko/ex01_small.ipynb").unlink()
    result = build(miniature, tmp_path)
    assert result.returncode != 0
    assert "ch77_none" in result.stderr and "notebooks/ko/ex01_small" in result.stderr


def test_a_wrong_repository_address_stops_the_build(miniature: Path, tmp_path: Path, edit: Edit) -> None:
    edit(miniature / "_config.yml", "students: https://github.com/", "students: https://example.org/")
    result = build(miniature, tmp_path)
    assert result.returncode != 0
    assert "Colab opens only GitHub repositories" in result.stderr


PARALLEL = """
import sys
from pathlib import Path
from jupyter_book.sphinx import build_sphinx

source, out, jobs = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
settings = {"latex_individualpages": False}
status = build_sphinx(source, out, path_config=str(source / "_config.yml"), confoverrides=settings, noconfig=True,
                      jobs=jobs, quiet=True)
sys.exit(0 if status == 0 else 1)
"""


def test_pages_come_out_the_same_when_they_are_read_and_written_in_parallel(miniature: Path, tmp_path: Path) -> None:
    pages = []
    for jobs in (1, 2):
        out = tmp_path / str(jobs) / "html"
        surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", PARALLEL, miniature, out, str(jobs)]
        done = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert "book.bilingual" not in done.stderr  # Sphinx names extensions that force it to go one by one
        pages.append({p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*.html")})
    assert pages[0] == pages[1]
