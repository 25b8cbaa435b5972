"""Steps that this course adds to nbgrader's own while it cleans hand-ins."""

from __future__ import annotations

from typing import Any

from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.stubs import TEXT_STUB


class UnansweredText(NbGraderPreprocessor):  # type: ignore[misc]
    """A short answer left as released scores 0 in either language, instead of waiting for a person.

    nbgrader tells an untouched answer by the checksum of the edition that was released; a hand-in
    in the other language has another checksum. Runs after `OverwriteCells`, which writes the
    checksum.
    """

    def preprocess_cell(self, cell: Any, resources: Any, cell_index: int) -> tuple[Any, Any]:
        if (
            utils.is_grade(cell)
            and utils.is_solution(cell)
            and cell.source.strip() in TEXT_STUB.values()
        ):
            cell.metadata.nbgrader["checksum"] = utils.compute_checksum(cell)
        return cell, resources
