"""Where the playgrounds stand: at the end of the section that each of them serves.

They live on the site alone; notebooks stay plain. A heading that has been renamed is a warning, so the build stops and
says which playground lost its place. Without scripts a sentence says what the playground shows.
"""

from __future__ import annotations

from html import escape

from docutils import nodes
from sphinx.util import logging

logger = logging.getLogger(__name__)

# Page → playground → the section's title in Korean and English.
PLACES: dict[str, dict[str, tuple[str, str]]] = {
    "ch01_pooling": {
        "size": ("출력 크기", "Output size"),
        "pool": ("기울기는 어디로 갈까요", "Where does the gradient go?"),
        "shift": ("한 픽셀만 밀어 보면", "Move it by one pixel"),
    },
    "ch02_gap": {
        "gap": ("세 가지 방법", "Three ways"),
        "bill": ("헤드의 계산서", "The bill for the head"),
    },
    "ch03_strided_conv": {
        "field": (
            "수용 영역: 공식이 약속하는 것, 기울기가 재는 것",
            "Receptive field: what the formula promises, what the gradient measures",
        ),
    },
    "ch04_vgg_to_resnet": {
        "residual": ("기울기는 첫 층까지 얼마나 닿을까요", "How much gradient reaches the first layer?"),
    },
    "ch05_cam": {"cam": ("왜 정확히 같을까", "Why it is exact")},
    "ch07_shared_features": {
        "conflict": ("두 기울기는 같은 쪽을 가리킬까", "Do the two gradients agree?"),
    },
}
_WITHOUT = {
    "ko": "이 자리에는 직접 움직여 보는 실험이 있습니다. JavaScript를 켜면 나타납니다.",
    "en": "Here is a small experiment to play with. It appears when JavaScript is on.",
}


def insert(document: nodes.document, page: str, lang: str) -> bool:
    """Put the playgrounds of `page` ("ch01_pooling") into its sections; whether there were any."""
    for play, titles in PLACES.get(page, {}).items():
        title = titles[lang == "en"]
        section = next((s for s in document.findall(nodes.section) if _title(s) == title), None)
        if section is None:
            logger.warning(
                "the playground %r has lost its section %r on %s/%s, so readers would not see it: "
                "name the section's new title in book/site/plays.py",
                play,
                title,
                lang,
                page,
                type="course",
                subtype="plays",
            )
            continue
        inner = next((i for i, child in enumerate(section) if isinstance(child, nodes.section)), len(section))
        html = f'<div class="course-play" data-play="{play}"><p>{escape(_WITHOUT[lang])}</p></div>\n'
        section.insert(inner, nodes.raw("", html, format="html"))
    return page in PLACES


def _title(section: nodes.section) -> str:
    return section[0].astext() if section.children and isinstance(section[0], nodes.title) else ""
