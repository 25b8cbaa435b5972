"""The words around the text, in both languages.

The theme has few of them, so they stand here as pairs instead of in message catalogues: a template
that asks for a word that is not here stops the build.
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
    "search hint": (
        "용어, 질문, 코드 이름으로 찾아보세요",
        "A term, a question, a name in the code",
    ),
    "search needs js": (
        "검색하려면 JavaScript를 켜 주세요. 차례와 용어집은 그대로 쓸 수 있습니다.",
        "Search needs JavaScript. The contents and the glossary work without it.",
    ),
    "nothing found": ("찾은 것이 없습니다.", "Nothing found."),
    "results": ("가장 잘 맞는 {}곳", "Best matches: {}"),
    "other language": ("영어판에서 찾은 것", "Found in the Korean edition"),
    "glossary entry": ("용어집", "Glossary"),
    "theme": ("화면 테마", "Color theme"),
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
    "permalink": ("이 제목 링크", "Link to this heading"),
    "fold code": ("코드 보기 ({}줄)", "Show the code ({} lines)"),
    "fold helpers": ("도우미 코드 보기 ({}줄)", "Show the helper code ({} lines)"),
    "fold results": ("연구 결과의 값 보기 ({}줄)", "Show the rows of the studies ({} lines)"),
    "fold output": ("출력 보기", "Show the output"),
    "fold cell": ("코드와 출력 보기 ({}줄)", "Show the code and its output ({} lines)"),
    "check answer": ("답 확인하기", "Check the answer"),
    "choose first": ("먼저 하나를 고르세요.", "Choose one first."),
    "my prediction": ("나의 예측", "My prediction"),
    "commit": ("예측하고 확인하기", "Commit and see"),
    "note": ("적어 두기", "Note it"),
    "noted": ("적어 두었습니다.", "Noted."),
    "outcome": ("코드와 결과 보기", "Show the code and what happens"),
    "outcome open": ("결과를 펼쳤습니다.", "What happens is shown below."),
    "predict first": ("예측을 먼저 적어 보세요.", "Write your prediction first."),
    "question": ("문항 {}.", "Question {}."),
    "check submit": ("채점하기", "Score my answers"),
    "check again": ("마친 뒤에 다시 풀기", "Take it again after the course"),
    "check answers": ("답과 풀이 모두 보기", "Show all answers"),
    "check start": ("모두 고른 다음 채점하세요.", "Answer them all, then score."),
    "check open": ("아직 고르지 않은 문항이 {}개 있습니다.", "Questions still open: {}."),
    "check before": (
        "강의 전에는 {}문항을 맞혔습니다(전체 {}문항).",
        "Before the course: {} of {}.",
    ),
    "check after": ("마친 뒤에는 {}문항입니다(전체 {}문항).", "After it: {} of {}."),
    "check changed": ("답이 바뀐 문항: {}", "You changed your answer to: {}."),
    "progress": ("나의 진도", "My progress"),
    "progress kept": (
        "진도와 답은 이 브라우저에만 저장됩니다.",
        "Your progress and answers are kept in this browser only.",
    ),
    "progress counts": (
        "처음에 맞힌 퀴즈 {}개(푼 퀴즈 {}개), 적어 둔 예측 {}개. 이 브라우저에만 저장됩니다.",
        "Quizzes right at first: {} of {}. Predictions: {}. Kept in this browser only.",
    ),
    "continue": ("이어서 읽기", "Continue"),
    "export": ("내려받기(JSON)", "Export (JSON)"),
    "erase": ("모두 지우기", "Erase all"),
    "erase sure": (
        "이 브라우저에 저장된 진도와 답을 모두 지울까요?",
        "Erase all progress and answers kept in this browser?",
    ),
    "not found": ("찾으시는 페이지가 없습니다.", "There is no such page."),
    "to the first page": ("‘{}’ 첫 페이지로 가기", "Back to the first page of {}"),
    "jumps": ("첫 글자로 찾기", "Jump to a letter"),
    "feed": ("바뀐 점", "What has changed"),
    "edit": ("이 페이지 고쳐서 제안하기", "Suggest an edit of this page"),
    "head flatten": ("평탄화 헤드", "flatten head"),
    "head gap": ("GAP 헤드", "GAP head"),
    "seen": ("도형이 왼쪽에: 학습할 때와 같음", "Object on the left: as in training"),
    "unseen": ("도형이 오른쪽에: 처음 보는 자리", "Object on the right: never seen there"),
    "course in a line": (
        "그림을 줄이는 방법을 하나씩 예측하고, 실행하고, 설명하는 강의",
        "A course on the ways of shrinking an image: predict, run, explain",
    ),
    "phenomenon": (
        (
            "새 이미지에서 잰 정확도, 시드 {}개 평균입니다."
            " 점선은 아무렇게나 찍었을 때의 정확도 {}를 나타냅니다."
        ),
        "Accuracy on new images, mean of {} seeds. The dotted line marks guessing ({}).",
    ),
    "minutes": ("{}분", "{} min"),
    "hours": (
        "모두 {}시간쯤 걸립니다. 장은 글과 코드를 읽는 시간, 과제는 푸는 시간을 어림했습니다.",
        (
            "About {} hours in all. This is a rough estimate of the time that it takes to read the"
            " chapters and their code and to solve the assignments."
        ),
    ),
    "take away": ("내려받기", "Download"),
    "take away pdf": ("PDF 책", "Book (PDF)"),
    "take away epub": ("EPUB 책", "Book (EPUB)"),
    "take away zip": ("사이트 전체(zip)", "The whole site (zip)"),
    "subtitle": (
        "합성곱 신경망이 이미지를 줄이는 법",
        "How convolutional networks shrink an image",
    ),
    "book licence": (
        "본문은 CC BY 4.0, 코드는 MIT 라이선스를 따릅니다.",
        "Text: CC BY 4.0. Code: MIT.",
    ),
    "helpers left out": (
        "이 자리에 있는 도우미 코드는 책에 싣지 않았습니다. 사이트와 노트북에서 볼 수 있습니다.",
        (
            "The helper code that stands here is left out of the book; the site and the notebook"
            " have it."
        ),
    ),
    "results left out": (
        "이 자리에 있는 연구 결과의 값은 책에 싣지 않았습니다. 사이트와 노트북에서 볼 수 있습니다.",
        (
            "The rows of the studies that stand here are left out of the book; the site and the"
            " notebook have them."
        ),
    ),
    "play below": (
        "**직접 움직여 보기: {}.** {} 움직이지 않으면 아래 셀을 실행하세요. [사이트에서 보기]({})",
        "**Try it: {}.** {} If nothing moves, run the cell below. [On the site]({})",
    ),
    "play linked": (
        "**직접 움직여 보기: {}.** {} [사이트에서 보기]({})",
        "**Try it: {}.** {} [On the site]({})",
    ),
    "asserted": (
        "확인하는 코드: 예측을 맞춰 본 다음에 펼치세요",
        "Checks: open them after your prediction",
    ),
    "play on the site": (
        "사이트에서 직접 움직여 볼 수 있습니다:",
        "Try it on the site:",
    ),
}


def word(lang: str, key: str, *fill: object) -> str:
    """The word `key` in `lang` ("ko" or "en"), with `fill` in its gaps.

    Raises `KeyError` for a word that is not in the table.
    """
    return _WORDS[key][lang == "en"].format(*fill)


def take_away_name(kind: str, lang: str = "") -> str:
    """The file of the site's `take-away` folder that holds the book as `kind` ("pdf", "epub"), or
    the site ("zip").
    """
    return f"from-pooling-to-gap{'-' + lang if lang else ''}.{kind}"


def spoken_to_scripts(lang: str) -> dict[str, str]:
    """What `course.js` and `search.js` say, as `data-` attributes of `<body>`: key → text."""
    keys = (
        "copy",
        "copied",
        "copy failed",
        "close",
        "glossary link",
        "nothing found",
        "results",
        "other language",
    )
    more = (
        "glossary entry",
        "theme",
        "theme auto",
        "theme light",
        "theme dark",
        "search hint",
        "search field",
    )
    answers = ("choose first", "predict first", "noted", "outcome open")
    return {key.replace(" ", "-"): _WORDS[key][lang == "en"] for key in (*keys, *more, *answers)}


def spoken_on_the_first_page(lang: str) -> dict[str, str]:
    """What `progress.js` says beside: of the concept check and of the reader's own progress."""
    check = ("check start", "check open", "check before", "check after", "check changed")
    keys = (*check, "progress kept", "progress counts", "continue", "erase sure")
    return {key.replace(" ", "-"): _WORDS[key][lang == "en"] for key in keys}


def body(html: str, lang: str) -> str:
    """A page's body with the one word that Sphinx writes into it in the build's language
    replaced.
    """
    english, spoken = _WORDS["permalink"][1], _WORDS["permalink"][lang == "en"]
    return html.replace(f'title="{escape(english)}"', f'title="{escape(spoken)}"')
