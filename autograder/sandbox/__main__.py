"""`python -m autograder sandbox`: which layers this machine offers."""

import json
import sys

import click

from .layers import NEEDED
from .probing import probe


@click.command()
def main() -> None:
    """Print which layers of the sandbox this machine offers, each with its promise; then the same
    as JSON, in one line.

    Exit status 1: one that is needed is missing, so that grading would refuse without
    --accept-missing.
    """
    report = probe()
    print(report.describe())
    print(json.dumps({"privileged": report.privileged, "active": report.active}))
    sys.exit(any(name in NEEDED for name in report.problems))


if __name__ == "__main__":
    main()
