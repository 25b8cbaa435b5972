"""The few icons of the site, drawn here as SVG paths on a 24 × 24 grid; they take the colour of the
text.
"""

from __future__ import annotations

_PATHS = {
    "menu": "M4 6h16M4 12h16M4 18h16",
    "search": "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5 20 20",
}


def icon(name: str) -> str:
    """The icon `name` as inline SVG, hidden from screen readers: the words beside it say the
    same.
    """
    return (
        '<svg class="course-icon" viewBox="0 0 24 24" width="20" height="20" fill="none"'
        ' stroke="currentColor" stroke-width="2" stroke-linecap="round" aria-hidden="true"><path'
        f' d="{_PATHS[name]}"/></svg>'
    )
