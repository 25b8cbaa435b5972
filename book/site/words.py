"""The theme's words in the page's language.

Sphinx translates for one language per build (`sphinx.locale.init` caches), but this build holds two. So the catalogues
that Sphinx and the book theme ship are loaded here directly. `KOREAN` comes first: what they lack, and what they say
badly.
"""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

import sphinx
import sphinx_book_theme
from sphinx.util import logging

logger = logging.getLogger(__name__)

TITLES = {"ko": "풀링에서 GAP까지", "en": "From Pooling to GAP"}
NAMES = {"ko": "한국어", "en": "English"}

KOREAN = {
    "Announcement": "알림",
    "Back to top": "맨 위로",
    "Choose a language": "언어 선택",
    "Color mode": "화면 밝기",
    "Contents": "이 쪽의 차례",
    "Dark": "어둡게",
    "Download notebook file": "노트북 내려받기",
    "Download source file": "원본 파일 내려받기",
    "Download this page": "이 쪽 내려받기",
    "GitHub": "GitHub",
    "Light": "밝게",
    "Main": "책의 차례",
    "On this page": "이 쪽의 차례",
    "Open an issue": "문제 알리기",
    "Open issue": "문제 알리기",
    "Open in Colab": "Colab에서 열기",
    "Open in Binder": "Binder에서 열기",
    "Page": "이 쪽의 차례",
    "Please activate JavaScript to enable the search functionality.": "검색하려면 JavaScript를 켜 주세요.",
    "Print to PDF": "PDF로 인쇄",
    "Read this page in Korean": "이 쪽을 한국어로 읽기",
    "Read this page in English": "이 쪽을 영어로 읽기",
    "Repository": "저장소",
    "Run this notebook": "노트북 실행",
    "Search": "검색",
    "Search...": "검색...",
    "Section Navigation": "차례",
    "Site navigation": "사이트 탐색",
    "Skip to main content": "본문으로 건너뛰기",
    "Source repositories": "저장소",
    "Source repository": "저장소",
    "System Settings": "기기 설정대로",
    "Toggle primary sidebar": "책의 차례 여닫기",
    "Toggle secondary sidebar": "이 쪽의 차례 여닫기",
    "Text": "본문",
    "Version warning": "판 안내",
    "code": "코드",
    "logo": "로고",
    "next": "다음",
    "next page": "다음 쪽",
    "previous": "이전",
    "previous page": "이전 쪽",
}

# Words that extensions write into the page's body in the build's language, as they stand in the HTML.
BODY = {
    'title="Link to this heading"': 'title="이 제목의 주소"',
    'title="Link to this image"': 'title="이 그림의 주소"',
    'title="Link to this table"': 'title="이 표의 주소"',
    'title="Link to this equation"': 'title="이 식의 주소"',
    'aria-label="Toggle hidden content"': 'aria-label="접힌 내용 여닫기"',
    ">Show code cell source<": ">코드 펼치기<",
    ">Hide code cell source<": ">코드 접기<",
    ">Show code cell output<": ">출력 펼치기<",
    ">Hide code cell output<": ">출력 접기<",
    ">Show code cell content<": ">셀 펼치기<",
    ">Hide code cell content<": ">셀 접기<",
    ">Show code cell outputs<": ">출력 펼치기<",
    ">Hide code cell outputs<": ">출력 접기<",
}

_CATALOGUES = (
    ("sphinx", Path(sphinx.__file__).parent / "locale"),
    ("booktheme", Path(sphinx_book_theme.__file__).parent / "theme/sphinx_book_theme/static/locales"),
)


class Words:
    """The words of one language; the templates call its methods as `_`, `gettext`, `ngettext` and `translate`."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._catalogues = [
            gettext.translation(name, folder, languages=[lang], fallback=True) for name, folder in _CATALOGUES
        ]

    def gettext(self, message: str) -> str:
        """`message`, which is English, in this language. A missing word is a warning, so `-W` builds stop."""
        message = str(message)
        if self.lang == "en" or not message or message.startswith("."):  # .ipynb, .pdf
            return message
        if message in KOREAN:
            return KOREAN[message]
        for catalogue in self._catalogues:
            translated = catalogue.gettext(message)
            if translated != message:
                return translated
        logger.warning(
            "the theme's word %r has no Korean, so Korean pages would show English: add it to KOREAN in %s",
            message,
            "book/site/words.py",
            type="course",
            subtype="words",
            once=True,
        )
        return message

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The form of `singular` that suits `n`; Korean has one form."""
        return self.gettext(singular if n == 1 or self.lang == "ko" else plural)

    def body(self, html: str) -> str:
        """A page's body with the words that extensions wrote in the build's language replaced."""
        if self.lang == "ko":
            for english, korean in BODY.items():
                html = html.replace(english, korean)
        return html


@cache
def words(lang: str) -> Words:
    """The words of `lang`, loaded once."""
    return Words(lang)


def javascript_catalogue(lang: str) -> Path | None:
    """Sphinx's words for its own scripts (search); None where the language needs none."""
    path = Path(sphinx.__file__).parent / "locale" / lang / "LC_MESSAGES" / "sphinx.js"
    return path if path.exists() else None
