"""The glossary's jumps: ㄱ ㄴ ㄷ … in Korean, A to Z in English, each to the first term that begins
so.
"""

from __future__ import annotations

import re

from book.site.words import word

# Initial consonants in the order of Unicode's syllables; doubled ones stand with their single one.
_INITIALS = "ㄱㄱㄴㄷㄷㄹㅁㅂㅂㅅㅅㅇㅈㅈㅊㅋㅌㅍㅎ"
_TERM = re.compile(r'id="(term-[^"]+)">\s*([^<\s])')


def initial(letter: str, lang: str) -> str:
    """Under what a term that begins with `letter` is listed: "ㅍ" for 풀링; "A–Z" for Latin
    letters in Korean.
    """
    if "가" <= letter <= "힣":
        return _INITIALS[(ord(letter) - ord("가")) // 588]
    if letter.isascii() and letter.isalpha():
        return "A–Z" if lang == "ko" else letter.upper()
    return "0–9" if letter.isdigit() else "#"


def add_jumps(html: str, lang: str) -> str:
    """`html` of the glossary with a row of jumps above its table."""
    found: dict[str, str] = {}
    for anchor, letter in _TERM.findall(html):
        found.setdefault(initial(letter, lang), anchor)
    links = " ".join(f'<a href="#{anchor}">{name}</a>' for name, anchor in found.items())
    nav = f'<nav class="course-jumps" aria-label="{word(lang, "jumps")}">{links}</nav>\n'
    return re.sub(r'(?=(?:<div class="course-scroll"[^>]*>\s*)?<table)', nav, html, count=1)
