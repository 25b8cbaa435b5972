"""What an instructor is told about `$COURSE_SECRET` before a class is graded: that it is empty, or
that it has changed.

The hidden inputs follow from the secret, so a changed one means that every hand-in is graded anew.
The gradebook keeps 32 bits of a hash of the secret for each assignment, in a table of our own,
`autograder_secret`.
"""

import hashlib
import hmac
from typing import Any

from sqlalchemy import create_engine, inspect, text

_TABLE = """CREATE TABLE IF NOT EXISTS autograder_secret (
    assignment VARCHAR(128) NOT NULL PRIMARY KEY, mark VARCHAR(16) NOT NULL)"""
UNSET = (
    "COURSE_SECRET is not set: whoever has this package can work out the hidden inputs. Set it to a"
    " long text that nobody knows, and keep it for the whole term."
)


def _mark(secret: bytes) -> str:
    return (
        hmac.new(secret, b"autograder: which secret", hashlib.sha256).hexdigest()[:8]
        if secret
        else "none"
    )


def notes(db_url: str, assignment: str, secret: bytes) -> list[str]:
    """Lines for the instructor; none when a secret is set and is the one of the last run."""
    engine = create_engine(db_url, future=True)
    try:
        if not {"autograder_secret", "autograder_journal"} <= set(
            inspect(engine).get_table_names()
        ):
            return [] if secret else [UNSET]
        with engine.connect() as connection:
            given = {"assignment": assignment}
            last = connection.execute(
                text("SELECT mark FROM autograder_secret WHERE assignment = :assignment"), given
            ).scalar()
            graded = connection.execute(
                text("SELECT COUNT(*) FROM autograder_journal WHERE assignment = :assignment"),
                given,
            ).scalar()
    finally:
        engine.dispose()
    if last in (None, _mark(secret)) or not graded:
        return [] if secret else [UNSET]
    what = "has changed" if secret else "is not set any more, and has thereby changed,"
    return [
        f"COURSE_SECRET {what} since {assignment} was last graded: all {graded} hand-ins are graded"
        " anew, with other hidden inputs. If that is not meant, stop this run and set it as it"
        " was."
    ]


def remember(session: Any, assignment: str, secret: bytes) -> None:
    """Keep which secret an assignment was graded with; commits."""
    session.execute(text(_TABLE))
    row = {"assignment": assignment, "mark": _mark(secret)}
    session.execute(text("DELETE FROM autograder_secret WHERE assignment = :assignment"), row)
    session.execute(
        text("INSERT INTO autograder_secret (assignment, mark) VALUES (:assignment, :mark)"), row
    )
    session.commit()
