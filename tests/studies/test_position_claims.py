"""Chapter 2's claims hold with other seeds, live runs and studies alike. The chapter's own assertions judge."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STUDIES = ("ch02_position", "ch02_side", "ch02_sizes", "ch02_width")

pytestmark = pytest.mark.prove


def _tool(*arguments: str) -> str:
    command = [sys.executable, "-m", "book.bilingual", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=3600)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_live_runs_bear_out_every_claim_with_five_other_course_seeds() -> None:
    assert _tool("rerun", "ch02_gap").count("ch02_gap holds with COURSE_SEED=") == 5


def test_studies_of_five_other_seeds_bear_out_every_claim(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "book", tmp_path / "book", ignore=shutil.ignore_patterns("__pycache__", "results"))
    declared = tmp_path / "book/studies.yml"
    text, count = re.subn(
        r"(ch02_\w+:(?:\n +.*)*?\n +seeds: )\[0, 1, 2, 3, 4\]", r"\1[10, 11, 12, 13, 14]", declared.read_text()
    )
    assert count == len(STUDIES)
    declared.write_text(text)
    _tool("--root", str(tmp_path), "results", *STUDIES)
    assert "holds with COURSE_SEED=1" in _tool("--root", str(tmp_path), "rerun", "ch02_gap", "--seed", "1")
