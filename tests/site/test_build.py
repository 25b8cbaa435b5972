"""Building: what stops it, what a change rewrites, and that it may run in parallel."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from miniature import ROOT, build

Edit = Callable[[Path, str, str], None]


def written(site: Path, before: dict[str, int]) -> set[str]:
    """The pages whose files are newer than `before` says; updates `before`."""
    now = {
        p.relative_to(site).as_posix(): p.stat().st_mtime_ns
        for p in site.glob("notebooks/**/*.html")
    }
    newer = {name for name, time in now.items() if before.get(name) != time}
    before.update(now)
    return newer


def test_a_change_of_one_page_writes_that_page_and_a_change_of_style_writes_all(
    miniature: Path, tmp_path: Path, edit: Edit
) -> None:
    site, times = tmp_path / "_build" / "html", {}
    first = build(miniature, tmp_path)
    assert first.returncode == 0, first.stderr
    assert len(written(site, times)) == 11
    edit(miniature / "notebooks/ko/welcome.md", "을 배웁니다", "을 함께 배웁니다")
    build(miniature, tmp_path)
    assert written(site, times) == {"notebooks/ko/welcome.html", "notebooks/index.html"}
    edit(
        miniature / "book/site/static/course.css",
        "/* The first page. */",
        "/* The very first page. */",
    )
    build(miniature, tmp_path)
    assert len(written(site, times)) == 11
    assert "very first" in (site / "_static/course.css").read_text("utf-8")


def test_a_broken_link_or_a_page_that_is_missing_stops_the_build(
    miniature: Path, tmp_path: Path, edit: Edit
) -> None:
    edit(miniature / "notebooks/en/welcome.md", "ch01_pooling.ipynb", "ch77_none.ipynb")
    (miniature / "notebooks/ko/ex01_small.ipynb").unlink()
    result = build(miniature, tmp_path)
    assert result.returncode != 0
    assert "ch77_none" in result.stderr and "notebooks/ko/ex01_small" in result.stderr


def test_a_wrong_repository_address_stops_the_build(
    miniature: Path, tmp_path: Path, edit: Edit
) -> None:
    edit(
        miniature / "_config.yml", "&students https://github.com/", "&students https://example.org/"
    )
    result = build(miniature, tmp_path)
    assert result.returncode != 0
    assert "Colab opens only GitHub repositories" in result.stderr


PARALLEL = """
import os, sys
from pathlib import Path
from jupyter_book.sphinx import build_sphinx

source, out, jobs = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
os.cpu_count = lambda: jobs  # the extension writes with as many processes as there are cores
settings = {"latex_individualpages": False}
status = build_sphinx(source, out, path_config=str(source / "_config.yml"), confoverrides=settings, noconfig=True,
                      jobs=jobs, quiet=True)
sys.exit(0 if status == 0 else 1)
"""


def test_pages_come_out_the_same_from_one_process_and_from_several(
    miniature: Path, tmp_path: Path
) -> None:
    pages = []
    for jobs in (1, 2):
        out = tmp_path / str(jobs) / "html"
        surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", PARALLEL, miniature, out, str(jobs)]
        done = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        # Sphinx names extensions that force it to go one by one
        assert "book.bilingual" not in done.stderr
        pages.append({p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*.html")})
    assert pages[0] == pages[1]


PLAIN = """
title: From Pooling to GAP
execute: {execute_notebooks: "off"}
parse: {myst_enable_extensions: [dollarmath, amsmath]}
only_build_toc_files: true
exclude_patterns: [_build]
sphinx: {config: {myst_heading_anchors: 4, suppress_warnings: ["*"]}}
"""


@pytest.mark.prove
def test_the_site_takes_at_most_a_third_longer_than_plain_jupyter_book(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    shutil.copytree(ROOT / "notebooks", plain / "notebooks")
    shutil.copyfile(ROOT / "_toc.yml", plain / "_toc.yml")
    (plain / "_config.yml").write_text(PLAIN, "utf-8")
    program = Path(sys.executable).with_name("jupyter-book")
    spent: dict[str, list[float]] = {"plain": [], "ours": []}
    for turn in range(2):  # by turns, so that a busy machine slows both
        for name in spent:
            before = os.times()
            if name == "ours":
                assert build(ROOT, tmp_path / f"ours{turn}").returncode == 0
            else:
                command = [
                    program,
                    "build",
                    plain,
                    "--path-output",
                    tmp_path / f"plain{turn}",
                    "-q",
                ]
                subprocess.run(command, check=True, capture_output=True)
            after = os.times()
            used = (
                after.children_user
                + after.children_system
                - before.children_user
                - before.children_system
            )
            spent[name].append(used)
    print(
        {name: [round(seconds, 1) for seconds in times] for name, times in spent.items()},
        "s of CPU",
    )
    assert min(spent["ours"]) <= 1.3 * min(spent["plain"])
