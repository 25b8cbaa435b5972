"""Formulas as MathML, set while the site is built: readers need no script, and screen readers get
the structure.

MathML Core is drawn by every current browser: https://www.w3.org/TR/mathml-core/.
"""

from __future__ import annotations

import re
from html import escape
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from docutils import nodes
from latex2mathml.converter import convert
from latex2mathml.exceptions import InvalidAlignmentError, MissingEndError
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxTranslator

_ATTRIBUTES = re.compile(r'^<math xmlns="[^"]*" display="(?:inline|block)">')
_SCRIPTS = ("msub", "msup", "msubsup")
_LIMITS = ("munder", "mover", "munderover")
_VALUES = ("∞", "…")  # not operators, which stand apart from their neighbors
_OPENING, _CLOSING = tuple("([{⟨⌊⌈"), tuple(")]}⟩⌋⌉!")
_PRIMES = ("′", "″", "‴")
# The signs that are as wide as a letter, for those of ASCII, which reach into it.
_ACCENTS = {"^": "ˆ", "~": "˜", "¯": "¯"}
_THIN = "0.167em"
# Height and depth that fill the smallest root sign: it is 1.19 em high in any case and else hangs
# below the line; its bar keeps a larger distance in a formula of its own.
_ROOM, _ROOM_FOR_POWERS, _ROOM_IN_DISPLAY = (0.74, 0.25), (0.86, 0.16), (0.69, 0.25)


def mathml(tex: str, *, block: bool) -> str:
    """`tex` as a `<math>` element that keeps its TeX source as an annotation.

    Raises `ExtensionError`, naming the formula, where it cannot be set.
    """
    try:
        made = convert(tex.strip(), display="block" if block else "inline")
    except (IndexError, InvalidAlignmentError, MissingEndError, KeyError, ValueError) as error:
        raise ExtensionError(
            f"the formula {tex!r} cannot be set ({type(error).__name__}), so its page would show "
            "nothing there: write it with simpler TeX"
        ) from error
    inside = _mended(_ATTRIBUTES.sub("", made).removesuffix("</math>"), block=block)
    source = f'<annotation encoding="application/x-tex">{escape(tex.strip())}</annotation>'
    form = ' display="block"' if block else ""
    return f"<math{form}><semantics>{inside}{source}</semantics></math>"


def _mended(inside: str, *, block: bool) -> str:
    """The elements of a formula with what browsers need to set them as TeX does."""
    root = ElementTree.fromstring(f"<math>{inside}</math>")
    for mend in (_values, _accents, _primes, _norms, _sized, _signs, _names):
        mend(root)
    _roots(root, display=block)
    return "".join(ElementTree.tostring(part, encoding="unicode") for part in root)


def _values(root: Element) -> None:
    for sign in root.iter("mo"):
        if sign.text in _VALUES:
            sign.tag = "mi"


def _accents(root: Element) -> None:
    for over in root.iter("mover"):
        base, sign = over
        if sign.tag == "mo" and sign.text in _ACCENTS:
            sign.text = _ACCENTS[sign.text]
            over.set("accent", "true")
            sign.set("stretchy", "false" if len("".join(base.itertext())) == 1 else "true")


def _primes(root: Element) -> None:
    """A prime is raised in the font itself, so as a superscript it is small and too high."""
    for parent in list(root.iter()):
        for at, script in enumerate(list(parent)):
            if script.tag not in ("msup", "msubsup"):
                continue
            raised = script[-1]
            marks = [raised] if raised.tag == "mi" else list(raised)
            others = (n for n, mark in enumerate(marks) if mark.text not in _PRIMES)
            count = next(others, len(marks))
            if not count:
                continue
            whole = Element("mrow")
            kept = script[0]
            if script.tag == "msubsup":
                kept = Element("msub")
                kept.extend([script[0], script[1]])
            primes = Element("mo", form="postfix", lspace="0", rspace="0")
            primes.text = "".join(mark.text or "" for mark in marks[:count])
            whole.extend([kept, primes])
            if marks[count:]:
                power, rest = Element("msup"), Element("mrow")
                rest.extend(marks[count:])
                power.extend([whole, rest])
                whole = power
            parent[at] = whole


def _norms(root: Element) -> None:
    """The bars of a norm are alike, and one that does not know which side it is on grows."""
    bars = [mo for mo in root.iter("mo") if mo.text == "‖" and not mo.keys()]
    for number, bar in enumerate(bars):
        bar.attrib.update(stretchy="false", form="postfix" if number % 2 else "prefix")


def _sized(root: Element) -> None:
    """A bracket of its own size keeps it in a row alone, not as what a script is attached to."""
    for script in list(root.iter()):
        if script.tag in _SCRIPTS and script[0].tag == "mo" and script[0].get("minsize"):
            row = Element("mrow")
            row.append(script[0])
            script[0] = row


def _signs(root: Element) -> None:
    """A minus behind an operator, a relation, a comma or an opening bracket is a sign; and a
    fraction in a line is no wider than it is written.
    """
    for row in root.iter():
        for before, sign in zip([None, *row], row, strict=False):
            if sign.tag != "mo":
                continue
            if sign.text == "/":
                sign.attrib.update(lspace="0", rspace="0")
            elif sign.text in ("−", "+", "±") and before is not None and _awaits(before):
                sign.set("form", "prefix")


def _awaits(part: Element) -> bool:
    """Whether something has to follow `part`."""
    return part.tag == "mo" and part.get("form") != "postfix" and part.text not in _CLOSING


def _names(root: Element) -> None:
    """A function's name, with its limits, stands by its bracket, a little apart from all else."""
    for row in root.iter():
        if row.tag in (*_SCRIPTS, *_LIMITS):
            continue
        parts = list(row)
        for at, part in enumerate(parts):
            name = part[0] if part.tag in (*_SCRIPTS, *_LIMITS) else part
            if name.tag != "mo" or len(name.text or "") < 2 or not (name.text or "").isalpha():
                continue
            follows = parts[at + 1] if at + 1 < len(parts) else None
            tight = follows is None or follows.tag == "mspace" or follows.text in _OPENING
            apart = at > 0 and not _awaits(parts[at - 1]) and parts[at - 1].tag != "mspace"
            name.attrib.update(lspace=_THIN if apart else "0", rspace="0" if tight else _THIN)


def _roots(part: Element, *, display: bool) -> None:
    """What is low under a root gets the height that the smallest sign has room for."""
    for child in part:
        _roots(child, display=display and part.tag not in (*_SCRIPTS, "mfrac"))
    inside = {each.tag for each in part.iter()} - {"mrow", "mi", "mn", "mo", "mspace"}
    if part.tag != "msqrt" or not inside <= {"msqrt", "msup"}:
        return
    powers = "msup" in inside
    if not (display and powers):
        room = _ROOM_IN_DISPLAY if display else _ROOM_FOR_POWERS if powers else _ROOM
        height, depth = (f"{size}em" for size in room)
        ElementTree.SubElement(part, "mspace", width="0", height=height, depth=depth)


def visit_inline(self: SphinxTranslator, node: nodes.math) -> None:
    """Called by Sphinx for a formula in a line."""
    self.body.append(mathml(node.astext(), block=False))
    raise nodes.SkipNode


def visit_block(self: SphinxTranslator, node: nodes.math_block) -> None:
    """Called by Sphinx for a formula of its own."""
    self.body.append(f'<div class="math course-scroll">{mathml(node.astext(), block=True)}</div>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Called by `book.site.extension`."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
