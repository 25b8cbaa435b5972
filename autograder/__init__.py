"""Grading for the course: hidden cases as data, verdicts formed outside the student's process, nbgrader on top."""
