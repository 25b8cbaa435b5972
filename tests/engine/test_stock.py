"""The sample class of every assignment gets the same grades and comments from stock nbgrader and
from the engine.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENTS = sorted(path.name for path in (ROOT / "solutions" / "ko").glob("ex*"))
Rows = dict[tuple[str, str, str], object]


def _grade(assignment: str, folder: Path, stock: bool) -> Rows:
    environment = {
        **os.environ,
        "COURSE_DIR": str(folder),
        "AUTOGRADER_STOCK": "1" if stock else "",
    }
    command = [sys.executable, "-m", "autograder.grade", assignment]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=1800
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    rows: Rows = {}
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        for submission in book.assignment_submissions(assignment):
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    scores = (grade.auto_score, grade.manual_score, grade.needs_manual_grade)
                    rows[submission.student_id, "grade", grade.name] = scores
                for comment in notebook.comments:
                    rows[submission.student_id, "comment", comment.name] = comment.auto_comment
    return rows


@pytest.mark.prove
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_sample_class_is_graded_as_stock_nbgrader_grades_it(
    assignment: str, tmp_path: Path
) -> None:
    ours = _grade(assignment, tmp_path / "ours", stock=False)
    assert ours and ours == _grade(assignment, tmp_path / "stock", stock=True)
