"""Chapter 2's claims hold with other seeds, live runs and studies alike. The chapter's own
assertions judge.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
STUDIES = ("ch02_position", "ch02_side", "ch02_sizes", "ch02_width")

pytestmark = pytest.mark.prove


def _tool(*arguments: str) -> str:
    command = [sys.executable, "-m", "book.bilingual", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=3600)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_live_runs_bear_out_every_claim_with_five_other_course_seeds() -> None:
    assert "ch02_gap: 5 of 5 seeds hold" in _tool("rerun", "ch02_gap")


def test_studies_of_other_seeds_bear_out_every_claim(tmp_path: Path) -> None:
    shutil.copytree(
        ROOT / "book", tmp_path / "book", ignore=shutil.ignore_patterns("__pycache__", "results")
    )
    declared = tmp_path / "book/studies.yml"
    studies = yaml.safe_load(declared.read_text())
    for name in STUDIES:
        for place in (studies[name], studies[name].get("longer", {})):
            if "seeds" in place:
                place["seeds"] = [seed + 10 for seed in place["seeds"]]
    declared.write_text(yaml.safe_dump(studies, allow_unicode=True, sort_keys=False))
    _tool("--root", str(tmp_path), "results", *STUDIES)
    assert "holds with COURSE_SEED=1" in _tool(
        "--root", str(tmp_path), "rerun", "ch02_gap", "--seed", "1"
    )
