"""Where the playgrounds stand: at the end of the section that each of them serves.

In notebooks each is a cell whose output holds it whole (`embedded`). A heading that has been
renamed is a warning, so the build stops and says which playground lost its place. Without scripts a
picture and a sentence say what the playground shows.
"""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

from docutils import nodes
from PIL import Image
from sphinx.util import logging

from book.site.measured import NUMBERS

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
        "bill": ("헤드의 파라미터와 연산량", "Parameters and compute of the head"),
        "glass": (
            "왼쪽에서 배우고 오른쪽에서 시험 보기",
            "Taught on the left, tested on the right",
        ),
    },
    "ch03_strided_conv": {
        "field": (
            "수용 영역: 공식으로 구한 값, 기울기로 잰 값",
            "Receptive field: by formula and by gradient",
        ),
    },
    "ch04_vgg_to_resnet": {
        "residual": (
            "기울기는 첫 층까지 얼마나 닿을까요",
            "How much gradient reaches the first layer?",
        ),
    },
    "ch05_cam": {"cam": ("왜 정확히 같을까", "Why it is exact")},
    "ch06_transfer_learning": {"transfer": ("전략표를 채점합니다", "Grading the table")},
    "ch07_shared_features": {
        "conflict": ("두 기울기는 같은 쪽을 가리킬까", "Do the two gradients agree?"),
    },
}
# Page → playground of another page → the section that it also serves, and what the link says.
LINKS: dict[str, dict[str, tuple[tuple[str, str], tuple[str, str]]]] = {
    "ch05_cam": {
        "glass": (
            ("작은 신경망을 하나 학습시킵니다", "Training a small network"),
            (
                "2장의 유리 신경망에서는 그린 도형의 특징 맵과 GAP 벡터, CAM을 한눈에 봅니다.",
                (
                    "The glass network of chapter 2 shows feature maps, GAP vector and CAM of"
                    " whatever shape you draw."
                ),
            ),
        )
    },
}
# Playground → its title in Korean and English.
TITLES: dict[str, tuple[str, str]] = {
    "size": ("출력 크기와 윈도우", "Output size and windows"),
    "pool": (
        "풀링을 한 칸씩, 그리고 기울기가 돌아가는 길",
        "Pooling step by step, and the gradient’s way back",
    ),
    "shift": ("한 픽셀 밀기", "Shift by one pixel"),
    "gap": ("그려서 보는 GAP", "GAP of what you paint"),
    "bill": ("헤드의 파라미터 수", "Parameters of the head"),
    "glass": (
        "유리 신경망: 왼쪽에서만 배운 두 쌍둥이",
        "The glass network: twins who learned on the left only",
    ),
    "field": ("자라는 수용 영역", "A receptive field grows"),
    "residual": ("층을 지나는 기울기", "A gradient through the layers"),
    "cam": ("CAM을 섞기", "Mix a CAM"),
    "transfer": ("전이 학습 전략 고르기", "Pick a transfer strategy"),
    "conflict": ("두 작업의 기울기", "The gradients of two tasks"),
}
# What readers who look for something to play with may type, in either language.
SOUGHT = (
    "실험 계산기 시뮬레이터 시뮬레이션 플레이그라운드 직접 해 보기 체험 "
    "playground calculator interactive simulator simulation experiment demo"
)
# What readers without scripts are told about the picture of each playground.
WITHOUT = {
    "size": (
        "입력 크기, 윈도우, 스트라이드, 패딩으로 출력 크기를 구하고 윈도우가 멈추는 자리를 봅니다.",
        "The output size from input size, window, stride and padding, and where the window stops.",
    ),
    "pool": (
        "4×4 입력을 한 윈도우씩 풀링하고 기울기가 돌아가는 칸을 봅니다.",
        "A 4×4 input pooled window by window, and the cells to which the gradient returns.",
    ),
    "shift": (
        "줄무늬를 한 픽셀씩 밀면서 네 가지 방법으로 줄인 결과를 비교합니다.",
        "Stripes moved pixel by pixel and shrunk in four ways.",
    ),
    "gap": (
        "8×8칸에 그린 그림의 GAP와 GMP를 구합니다.",
        "GAP and GMP of a picture painted into 8×8 cells.",
    ),
    "bill": (
        "평탄화 헤드와 GAP 헤드의 파라미터 수를 비교합니다.",
        "The parameters of a flatten head and of a GAP head.",
    ),
    "glass": (
        (
            "왼쪽에서만 배운 두 신경망의 특징 맵, GAP 벡터, 로짓, CAM을 봅니다. "
            "도형이 오른쪽에 있으면 평탄화 헤드는 대부분 틀립니다."
        ),
        (
            "Feature maps, GAP vector, logits and CAM of two networks that learned on the left"
            " only. With the shape on the right, the flatten head is mostly wrong."
        ),
    ),
    "field": (
        "층을 쌓을 때마다 자라는 수용 영역을 봅니다.",
        "A receptive field that grows layer by layer.",
    ),
    "residual": (
        "층을 지나는 기울기를 숏컷이 있을 때와 없을 때로 비교합니다.",
        "A gradient on its way through the layers, with and without shortcuts.",
    ),
    "cam": (
        "특징 맵 세 장을 가중치로 섞어 CAM을 만듭니다.",
        "A CAM mixed from three feature maps by their weights.",
    ),
    "transfer": (
        "작업과 이미지 수를 고르고, 전략마다 잰 정확도를 봅니다.",
        "The accuracy of each strategy, as measured, for a task and a number of images.",
    ),
    "conflict": (
        "두 기울기의 각도와 길이에 따라 두 손실이 어떻게 변하는지 봅니다.",
        "How two losses change with the angle between their gradients and with their lengths.",
    ),
}
_PLAY = {
    "ko": "직접 움직여 보는 실험입니다. {} JavaScript를 켜면 움직입니다.",
    "en": "An experiment to play with. {} It comes alive when JavaScript is on.",
}
PICTURES = Path(__file__).parent / "static/plays"  # by tests/site/play_pictures.py
# Ending of a picture's name → the screens that get it, the first that fits; paper and all other
# screens get the one without an ending.
VARIANTS = {
    "-narrow-dark": "screen and (max-width: 539px) and (prefers-color-scheme: dark)",
    "-narrow": "screen and (max-width: 539px)",
    "-dark": "screen and (prefers-color-scheme: dark)",
}
DENSITY = 2  # pixels of such a picture per pixel of the page, since paper shows it small


def insert(document: nodes.document, page: str, lang: str) -> bool:
    """Put the playgrounds of `page` ("ch01_pooling") into its sections; whether there were any."""
    for play, titles in PLACES.get(page, {}).items():
        numbers = (
            f' data-numbers="{escape(json.dumps(NUMBERS[play]()))}"' if play in NUMBERS else ""
        )
        opening = f'<div class="course-play" id="play-{play}" data-play="{play}"{numbers}>'
        title = escape(TITLES[play][lang == "en"], quote=False)
        opening += f'<p class="course-play-title" id="course-play-{play}-title">{title}</p>'
        _put(document, page, lang, play, titles, f"{opening}{_still(play, lang)}</div>\n")
    for play, (titles, texts) in LINKS.get(page, {}).items():
        home = next(name for name, places in PLACES.items() if play in places)
        text = escape(texts[lang == "en"])
        _put(
            document,
            page,
            lang,
            play,
            titles,
            f'<p class="course-play-link"><a href="{home}.html#play-{play}">{text}</a></p>\n',
        )
    return page in PLACES


def sections(page: str, lang: str) -> list[dict[str, str]]:
    """The playgrounds of `page` as the search knows sections (`book.site.search.sections`)."""
    return [
        {
            "a": f"play-{play}",
            "t": TITLES[play][lang == "en"],
            "x": WITHOUT[play][lang == "en"],
            "c": SOUGHT,
        }
        for play in PLACES.get(page, {})
    ]


def _still(play: str, lang: str) -> str:
    """What stands there until a script replaces it: a sentence, and a picture, which is loaded
    without scripts only.
    """
    text = WITHOUT[play][lang == "en"]
    said = f"<p>{escape(_PLAY[lang].format(text))}</p>"
    # a new playground is built before it can be photographed; a test misses its pictures
    if not (PICTURES / f"{play}-{lang}.webp").is_file():
        return said

    def file(variant: str, attribute: str) -> str:
        path = PICTURES / f"{play}-{lang}{variant}.webp"
        with Image.open(path) as picture:
            width, height = (side // DENSITY for side in picture.size)
        where = f"../../_static/plays/{path.name}"
        return f'{attribute}="{where}" width="{width}" height="{height}"'

    sources = "".join(
        f'<source media="{screens}" {file(variant, "srcset")}>'
        for variant, screens in VARIANTS.items()
        if (PICTURES / f"{play}-{lang}{variant}.webp").is_file()
    )
    image = f'<img {file("", "src")} loading="lazy" alt="{escape(text)}">'
    return f"{said}<noscript><picture>{sources}{image}</picture></noscript>"


def _put(
    document: nodes.document, page: str, lang: str, play: str, titles: tuple[str, str], html: str
) -> None:
    """At the end of the section called `titles`, before its subsections; a warning where there is
    none.
    """
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
        return
    inner = next(
        (i for i, child in enumerate(section) if isinstance(child, nodes.section)), len(section)
    )
    section.insert(inner, nodes.raw("", html, format="html"))


def _title(section: nodes.section) -> str:
    return section[0].astext() if section.children and isinstance(section[0], nodes.title) else ""
