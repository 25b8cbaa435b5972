"""Formulas as MathML, set while the site is built: readers need no script, and screen readers get
the structure.

MathML Core is drawn by every current browser: https://www.w3.org/TR/mathml-core/.
"""

from __future__ import annotations

import re
from html import escape

from docutils import nodes
from latex2mathml.converter import convert
from latex2mathml.exceptions import InvalidAlignmentError, MissingEndError
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxTranslator

# A value, not an operator that stands apart from its neighbors.
_INFINITY = ("<mo>&#x0221E;</mo>", "<mi>&#x0221E;</mi>")
# Bars of a norm: as in TeX they grow with `\left` only. Below a fraction they touched its line.
_NORM = ("<mo>&#x02016;</mo>", '<mo stretchy="false">&#x02016;</mo>')
_ATTRIBUTES = re.compile(r'^<math xmlns="[^"]*" display="(?:inline|block)">')


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
    inside = _ATTRIBUTES.sub("", made).removesuffix("</math>").replace(*_INFINITY).replace(*_NORM)
    source = f'<annotation encoding="application/x-tex">{escape(tex.strip())}</annotation>'
    form = ' display="block"' if block else ""
    return f"<math{form}><semantics>{inside}{source}</semantics></math>"


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
