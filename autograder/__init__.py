"""Grading for the course: hidden cases as data, verdicts formed outside the student's process,
nbgrader on top.
"""

import sys

# jsonschema, which nbformat imports, would compile a grammar of addresses: a second of each
# process's start, for a check that no notebook needs. It does without.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
