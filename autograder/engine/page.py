"""What of one hand-in is put on its page, in the formgrader and in feedback, so that making the
page ends soon.

nbconvert renders Markdown and colours code with expressions that take a text's length squared, or
cubed: 20 kB of blanks cost it half a minute, in the formgrader's server as in `generate_feedback`,
neither of which has a limit. So the worker renders each cell once, within a limit of CPU time, and
puts what does not get through on the page as plain text or not at all. Sizes are bounded per cell
(clean.py) and per hand-in (here). Nothing of this touches points.
"""

import contextlib
import gc
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from nbformat.notebooknode import from_dict

from . import clean

# nbconvert looks for these lexers in IPython, which only hands them on, and so would import all of
# it: a quarter of a second of each worker, and of what makes feedback.
with contextlib.suppress(ImportError):
    import ipython_pygments_lexers

    sys.modules.setdefault("IPython.lib.lexers", ipython_pygments_lexers)

MAX_TEXT = 2 << 20  # characters of one hand-in's cells and outputs
MAX_PICTURES = 16 << 20  # of base64
MAX_CODE = 20_000  # characters of one code cell that are shown
CELL_S, ALL_S = 0.5, 5.0  # CPU time of rendering one cell, and all of a hand-in
_SMALL = 500  # characters that are rendered in no time, whatever they are
_BLANK_LINES = re.compile(r"\n{4,}")
_PICTURE_TYPES = ("image/png", "image/jpeg")


class TooLong(BaseException):
    """A limit of CPU time is used up. No `Exception`: what suppresses those must not suppress
    this.
    """


@contextlib.contextmanager
def cpu_limit(seconds: float, timer: int = signal.ITIMER_PROF) -> Iterator[None]:
    """Raise `TooLong` in the block once this process has computed for so long. Outside of the main
    thread, where no signal arrives, nothing is limited.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise TooLong

    signum = {signal.ITIMER_PROF: signal.SIGPROF, signal.ITIMER_VIRTUAL: signal.SIGVTALRM}[timer]
    before = signal.signal(signum, stop)
    collected = gc.isenabled()
    # raised in a callback of the collector, or in a `__del__` that it calls, `TooLong` would be
    # lost
    gc.disable()
    signal.setitimer(timer, seconds, 0.25)  # and again, should the first be lost all the same
    try:
        yield
    finally:
        signal.setitimer(timer, 0)
        signal.signal(signum, before)
        if collected:
            gc.enable()


class Page:
    """The page of one hand-in, filled cell by cell."""

    def __init__(self) -> None:
        self._text, self._pictures, self._seconds = MAX_TEXT, MAX_PICTURES, ALL_S
        self.lost_pictures = 0
        self.left_out = 0  # cells and outputs

    def markdown(
        self, source: str, pictures: Mapping[str, Mapping[str, str]]
    ) -> tuple[str, dict[str, Any]]:
        """A text cell's source and attachments."""
        made, kept, lost = clean.markdown(source, pictures)
        self.lost_pictures += lost
        self._pictures -= sum(len(str(picture)) for picture in kept.values())
        if self._pictures < 0 or not self._has_room(made):
            self.left_out += 1
            return "(이 글은 너무 길어 싣지 않았습니다. · This text is too long to be shown.)", {}
        render = MarkdownWithMath(renderer=IPythonRenderer(escape=False, attachments=kept)).render
        if self._renders(made, render):
            return made, kept
        fence = "~" * (3 + max((len(run) for run in re.findall("~+", made)), default=0))
        return f"{fence}\n{made}\n{fence}", {}

    def code(self, source: str) -> str:
        """A code cell's source."""
        shown = clean.text(source, MAX_CODE, colours=False)
        tidy = _BLANK_LINES.sub("\n\n\n", "\n".join(line.rstrip() for line in shown.split("\n")))
        for version in (shown, tidy) if tidy != shown else (shown,):
            if self._has_room(version) and self._renders(
                version, Highlight2HTML(pygments_lexer="ipython3")
            ):
                return version
        self.left_out += 1
        return f"# {len(source):,} characters, not shown here: see the notebook that was handed in."

    def outputs(self, raw: list[dict[str, Any]]) -> list[NotebookNode]:
        """A code cell's outputs, until the hand-in has shown enough."""
        kept: list[NotebookNode] = []
        for output in clean.outputs(raw):
            size = len(str(output))
            picture = sum(len(output.get("data", {}).get(kind, "")) for kind in _PICTURE_TYPES)
            if picture <= self._pictures and size - picture <= self._text:
                self._pictures -= picture
                self._text -= size - picture
                kept.append(output)
            else:
                self.left_out += 1
        if not kept and raw:
            note = {
                "output_type": "stream",
                "name": "stdout",
                "text": "(left out: too much output)\n",
            }
            kept.append(from_dict(note))
        return kept

    def _has_room(self, shown: str) -> bool:
        self._text -= len(shown)
        return self._text >= 0

    def _renders(self, source: str, render: Callable[[str], object]) -> bool:
        if len(source) <= _SMALL:
            return True
        if self._seconds <= 0:
            return False
        try:
            with cpu_limit(min(CELL_S, self._seconds)):
                render(source)
        except TooLong:
            self._seconds -= CELL_S
            return False
        except Exception:  # whatever nbconvert cannot take would end the page
            return False
        return True
