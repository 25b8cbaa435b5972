"""The words around the text, in both languages.

The theme has few of them, so they stand here as pairs instead of in message catalogues: a template that asks for a
word that is not here stops the build.
"""

from __future__ import annotations

from html import escape

TITLES = {"ko": "풀링에서 GAP까지", "en": "From Pooling to GAP"}
NAMES = {"ko": "한국어", "en": "English"}

# Key → (Korean, English). `{}` is filled in by `word`.
_WORDS = {
    "skip": ("본문으로 건너뛰기", "Skip to the text"),
    "contents": ("차례", "Contents"),
    "open contents": ("차례 열기", "Open the contents"),
    "close": ("닫기", "Close"),
    "on this page": ("이 페이지의 차례", "On this page"),
    "search": ("검색", "Search"),
    "search field": ("검색어", "Search for"),
    "search hint": ("용어, 질문, 코드 이름으로 찾아보세요", "A term, a question, a name in the code"),
    "search needs js": (
        "검색하려면 JavaScript를 켜 주세요. 차례와 용어집은 그대로 쓸 수 있습니다.",
        "Search needs JavaScript. The contents and the glossary work without it.",
    ),
    "nothing found": ("찾은 것이 없습니다.", "Nothing found."),
    "results": ("{}개를 찾았습니다", "{} found"),
    "other language": ("영어판에서 찾은 것", "Found in the Korean edition"),
    "glossary entry": ("용어집", "Glossary"),
    "theme": ("화면 밝기", "Color theme"),
    "theme auto": ("기기 설정대로", "as the device"),
    "theme light": ("밝게", "light"),
    "theme dark": ("어둡게", "dark"),
    "colab": ("Colab에서 열기", "Open in Colab"),
    "binder": ("Binder에서 열기", "Open in Binder"),
    "download": ("노트북 내려받기", "Download the notebook"),
    "print": ("인쇄하기", "Print"),
    "issue": ("잘못된 곳 알리기", "Report a problem"),
    "issue title": ("{}: 잘못된 곳", "A problem on {}"),
    "issue body": (
        "페이지: {}\n\n무엇이 잘못되었나요? (문장을 그대로 옮겨 주세요.)\n",
        "Page: {}\n\nWhat is wrong? (Please quote the sentence.)\n",
    ),
    "choose a language": ("언어 선택", "Choose a language"),
    "previous": ("이전", "Previous"),
    "next": ("다음", "Next"),
    "text licence": ("본문", "Text"),
    "code licence": ("코드", "code"),
    "copy": ("코드 복사", "Copy the code"),
    "copied": ("복사했습니다", "Copied"),
    "copy failed": ("복사하지 못했습니다", "Could not copy"),
    "glossary link": ("용어집에서 보기", "See the glossary"),
    "offline": ("인터넷 없이도 읽을 수 있게 저장했습니다", "Saved for reading offline"),
    "chapter": ("{}장", "Chapter {}"),
    "assignment": ("과제 {}", "Assignment {}"),
    "group start": ("시작", "Start"),
    "group lessons": ("장과 과제", "Chapters and assignments"),
    "group reference": ("찾아보기", "Reference"),
    "permalink": ("이 제목의 주소", "Link to this heading"),
    "fold code": ("코드 보기 ({}줄)", "Show the code ({} lines)"),
    "fold helpers": ("도우미 코드 보기 ({}줄)", "Show the helper code ({} lines)"),
    "fold output": ("출력 보기", "Show the output"),
    "fold cell": ("코드와 출력 보기 ({}줄)", "Show the code and its output ({} lines)"),
    "not found": ("찾으시는 페이지가 없습니다.", "There is no such page."),
    "to the first page": ("첫 페이지로", "To the first page"),
}


def word(lang: str, key: str, *fill: object) -> str:
    """The word `key` in `lang` ("ko" or "en"), with `fill` in its gaps.

    Raises `KeyError` for a word that is not in the table.
    """
    return _WORDS[key][lang == "en"].format(*fill)


def spoken_to_scripts(lang: str) -> dict[str, str]:
    """What `course.js` and `search.js` say, as `data-` attributes of `<body>`: key → text."""
    keys = ("copy", "copied", "copy failed", "close", "glossary link", "nothing found", "results", "other language")
    more = ("glossary entry", "theme", "theme auto", "theme light", "theme dark", "search hint", "search field")
    return {key.replace(" ", "-"): _WORDS[key][lang == "en"] for key in (*keys, *more)}


def body(html: str, lang: str) -> str:
    """A page's body with the one word that Sphinx writes into it in the build's language replaced."""
    english, spoken = _WORDS["permalink"][1], _WORDS["permalink"][lang == "en"]
    return html.replace(f'title="{escape(english)}"', f'title="{escape(spoken)}"')
