"""The incident report of a run: a table on the console, `incidents.json`, and `incidents.html` for
a browser.

Everything that a student wrote is escaped; the page holds no script and needs no network.
"""

import html
import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from .classrun import Outcome

_SERIOUS = {
    *("suspicious", "died", "timeout", "memory", "output", "link", "unreadable", "malformed"),
    *("tags", "route", "package", "syntax", "spent", "moved", "failed"),
}
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Incidents: {title}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; }}
body {{ margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }}
body {{ color: #222; background: #fff; }} table {{ border-collapse: collapse; width: 100%; }}
th, td {{ border-bottom: 1px solid #ccc; padding: .4rem; text-align: left; vertical-align: top; }}
td:last-child {{ overflow-wrap: anywhere; }}
.serious {{ font-weight: bold; }} li.off {{ color: #a00; }}
</style></head><body>
<h1>Incidents: {title}</h1>
<p>{summary}</p>
<h2>Hand-ins</h2>
{table}
<h2>Sandbox</h2>
<ul>{layers}</ul>
<p>An incident is a reason to look, not a verdict: points are decided by the hidden cases alone.</p>
</body></html>
"""


def summary(outcome: Outcome) -> str:
    """One sentence about the run."""
    parts = [f"{len(outcome.graded)} graded", f"{len(outcome.skipped)} unchanged"]
    if outcome.failed:
        parts.append(f"{len(outcome.failed)} could not be graded")
    if outcome.refused:
        parts.append(f"{len(outcome.refused)} refused")
    concerned = sum(1 for found in outcome.incidents.values() if found)
    return f"{', '.join(parts)}; incidents in {concerned} of {len(outcome.incidents)} hand-ins."


def rows(outcome: Outcome) -> list[tuple[str, str, str]]:
    """(student, kind, text), the serious ones of each student first."""
    found = [(student, "failed", reason) for student, reason in sorted(outcome.failed.items())]
    found += [(student, "refused", reason) for student, reason in sorted(outcome.refused.items())]
    for student, incidents in sorted(outcome.incidents.items()):
        for entry in sorted(incidents, key=lambda entry: entry["kind"] not in _SERIOUS):
            found.append((student, entry["kind"], entry["text"]))
    return found


def write(outcome: Outcome, assignment: str, folder: Path) -> Path:
    """Write both files into `folder`; returns the page's path."""
    folder.mkdir(parents=True, exist_ok=True)
    data: dict[str, Any] = {
        "assignment": assignment,
        "layers": {"active": outcome.layers.active, "missing": outcome.layers.problems},
        "incidents": outcome.incidents,
        "failed": outcome.failed,
        "refused": outcome.refused,
    }
    (folder / "incidents.json").write_text(
        json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    page = folder / "incidents.html"
    page.write_text(_page(outcome, assignment), encoding="utf-8")
    return page


def _page(outcome: Outcome, assignment: str) -> str:
    lines = [
        f'<tr><td>{html.escape(student)}</td><td class="{"serious" if kind in _SERIOUS else ""}">'
        f"{html.escape(kind)}</td><td>{html.escape(text)}</td></tr>"
        for student, kind, text in rows(outcome)
    ]
    head = "<tr><th>student</th><th>kind</th><th>what happened</th></tr>"
    table = f"<table>{head}{''.join(lines)}</table>" if lines else "<p>None.</p>"
    layers = "".join(
        f'<li class="{state.lower()}"><b>{state} {name}</b>: {html.escape(promise)}</li>'
        for state, name, promise in (
            ("on" if row[0] else "OFF", *row[1:]) for row in outcome.layers.rows()
        )
    )
    return _PAGE.format(
        title=html.escape(assignment),
        summary=html.escape(summary(outcome)),
        table=table,
        layers=layers,
    )


def show(outcome: Outcome, console: Console) -> None:
    """Print the summary and, if there are any, the incidents."""
    found = rows(outcome)
    if found:
        table = Table(show_lines=False)
        for name in ("student", "kind", "what happened"):
            table.add_column(name, overflow="fold", no_wrap=name == "kind")
        for row in found:
            table.add_row(*map(escape, row))
        console.print(table)
    console.print(escape(summary(outcome)))
