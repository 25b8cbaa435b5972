"""The grading engine: student code in a sandbox, verdicts outside of it, nbgrader's gradebook at
the end.

`classrun.grade_class` grades a class; `python -m autograder.engine` is the same on the command
line; `hook.install`, called from `nbgrader_config.py`, makes `nbgrader autograde` and the
formgrader's button use it.
"""
