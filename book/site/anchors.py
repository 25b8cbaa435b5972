"""Headings keep the address that their words give: `#전역-평균-풀링`, not the running number
that Sphinx would give.

docutils makes ids of Latin letters alone, so that Korean headings would be `id1`, `id2` … and
change with each new heading above. MyST knows a heading's readable slug; it becomes the id before
anything refers to it.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform


class ReadableAnchors(SphinxTransform):
    """Runs right after parsing, before MyST resolves links inside the page and Sphinx collects the
    contents.
    """

    default_priority = 20

    def apply(self, **kwargs: Any) -> None:
        """Give each section its slug as id."""
        slugs: dict[str, tuple[Any, str, str]] = getattr(self.document, "myst_slugs", {})
        for section in self.document.findall(nodes.section):
            slug = section.get("slug")
            if not slug or not section["ids"] or section["ids"][0] == slug:
                continue
            old = section["ids"][0]
            section["ids"][0] = slug
            self.document.ids[slug] = self.document.ids.pop(old, section)
            for name, identity in self.document.nameids.items():
                if identity == old:
                    self.document.nameids[name] = slug
            line, _, title = slugs[slug]
            slugs[slug] = (line, slug, title)


def setup(app: Sphinx) -> None:
    """Called by `book.site.extension`."""
    app.add_transform(ReadableAnchors)
