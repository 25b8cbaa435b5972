"""Numbers in Korean and English prose: 5만 장 equals 50,000 images, and 두 번째 needs no partner.

What is written in digits is *hard*: the other side must say it too, in digits or in words. Number
words are *soft*: they may answer a hard number, but need no answer themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?(?:[eE][-+−]?\d+)?"
_KO_UNIT = r"(?:천|백)?(?:조|억|만)|천|백"
_KO_SCALE = {"조": 10**12, "억": 10**8, "만": 10**4, "천": 10**3, "백": 10**2}
_EN_SCALE = {
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "k": 10**3,
    "K": 10**3,
    "M": 10**6,
    "B": 10**9,
}

_HARD_KO = re.compile(
    rf"(?:{_NUMBER})(?:{_KO_UNIT})(?:\s?(?:{_NUMBER})(?:{_KO_UNIT}))*(?:\s?(?:{_NUMBER}))?"
)
_HARD = re.compile(
    rf"({_NUMBER})(?:[\s\u00a0-]?(thousand|million|billion)\b|[\s\u00a0]?([kKMB])(?![A-Za-z]))?"
)
_NAME_BEFORE = re.compile(r"[A-Za-z_]-?$")

_EN_WORDS: dict[str, tuple[str, ...]] = {
    "zero no none nothing never without": ("0",),
    "one once single only first a an": ("1",),
    "two twice both double doubles doubled pair second": ("2",),
    "three triple third thirds": ("3",),
    "four fourth quarter quarters": ("4", "0.25", "25"),
    "five fifth": ("5",),
    "six sixth": ("6",),
    "seven seventh": ("7",),
    "eight eighth": ("8",),
    "nine ninth": ("9",),
    "ten tenth tenfold": ("10",),
    "eleven": ("11",),
    "twelve dozen": ("12",),
    "fifteen": ("15",),
    "sixteen": ("16",),
    "twenty": ("20",),
    "thirty": ("30",),
    "forty": ("40",),
    "fifty": ("50",),
    "half halve halves halved": ("0.5", "2", "50"),
    "hundred hundredth": ("100",),
    "thousand thousandth": ("1000",),
    "million": ("1000000",),
}
_KO_WORDS: dict[str, tuple[str, ...]] = {
    "없": ("0",),
    "하나|단일|(?<![가-힣])(?:한|첫|단)(?=[\\s쪽번개가배장칸층차픽])": ("1",),
    "둘|양쪽|갑절|이중|(?<![가-힣])(?:두|이)(?=[\\s쪽번개가배장칸층차픽])": ("2",),
    "셋|삼중|(?<![가-힣])(?:세|삼)(?=[\\s쪽번개가배장칸층차픽])": ("3",),
    "넷|사분의|(?<![가-힣])(?:네|사)(?=[\\s쪽번개가배장칸층차픽])": ("4", "0.25", "25"),
    "다섯": ("5",),
    "여섯": ("6",),
    "일곱": ("7",),
    "여덟": ("8",),
    "아홉": ("9",),
    "(?<![가-힣])열(?=[\\s쪽번개가배장칸층차픽])": ("10",),
    "열두|열둘": ("12",),
    "스무|스물": ("20",),
    "서른": ("30",),
    "반": ("0.5", "2", "50"),
    "(?<![가-힣])백(?=[\\s번개가배장])": ("100",),
    "(?<![가-힣])천(?=[\\s번개가배장])": ("1000",),
    "(?<![가-힣])만(?=[\\s번개가배장])": ("10000",),
}
_EN_SOFT = {word: values for words, values in _EN_WORDS.items() for word in words.split()}
_KO_SOFT = [(re.compile(pattern), values) for pattern, values in _KO_WORDS.items()]


@dataclass(frozen=True)
class Number:
    """A number in prose with everything that it may mean."""

    text: str
    readings: frozenset[Decimal]
    hard: bool


def numbers(text: str, lang: str) -> list[Number]:
    """The numbers of `text`, which holds neither code nor formulas."""
    # markers of ordered lists
    text = re.sub(r"^(\s*(?:>\s*)*)\d+[.)](?=\s)", r"\1", text, flags=re.MULTILINE)
    found = []
    if lang == "ko":
        for match in _HARD_KO.finditer(text):
            if not _NAME_BEFORE.search(text[: match.start()]):
                found.append(Number(match[0], frozenset(_korean_readings(match[0])), True))
        text = _HARD_KO.sub(
            lambda m: m[0] if _NAME_BEFORE.search(text[: m.start()]) else " " * len(m[0]), text
        )
    found += _plain(text)
    return found + list(_words(text, lang))


def _plain(text: str) -> Iterator[Number]:
    for match in _HARD.finditer(text):
        before = text[: match.start()]
        value = _decimal(match[1])
        scaled = value * _EN_SCALE.get(match[2] or match[3] or "", 1)
        # The number of a name (VGG16, CIFAR-10) goes where the name goes.
        yield Number(
            match[0],
            frozenset({scaled, value} if match[3] else {scaled}),
            not _NAME_BEFORE.search(before),
        )


def _words(text: str, lang: str) -> Iterator[Number]:
    if lang == "en":
        for word in re.findall(r"[a-z]+", text.lower()):
            if word in _EN_SOFT:
                yield Number(word, frozenset(map(Decimal, _EN_SOFT[word])), False)
        return
    for pattern, values in _KO_SOFT:
        for match in pattern.finditer(text):
            yield Number(match[0], frozenset(map(Decimal, values)), False)


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace("−", "-"))


def _korean_readings(text: str) -> Iterator[Decimal]:
    """1억 3,835만 7,544 → 138357544. What follows the last unit may be a number of its own; 3만 may
    mean "only 3".
    """
    total, parts, rest = Decimal(0), 0, ""
    for match in re.finditer(rf"({_NUMBER})({_KO_UNIT})?", text):
        if match[2]:
            scale = 1
            for unit in match[2]:
                scale *= _KO_SCALE[unit]
            total, parts = total + _decimal(match[1]) * scale, parts + 1
            if match[2] == "만" and parts == 1:
                yield _decimal(match[1])
        else:
            rest = match[1]
    yield total
    if rest:
        yield total + _decimal(rest)


def unanswered(korean: str, english: str) -> tuple[list[str], list[str]]:
    """Hard numbers of each side that the other side does not say: (only in Korean, only in
    English).
    """
    sides = numbers(korean, "ko"), numbers(english, "en")
    said = [{value for number in side for value in number.readings} for side in sides]
    only = [
        list(dict.fromkeys(n.text for n in side if n.hard and not n.readings & other))
        for side, other in zip(sides, reversed(said), strict=True)
    ]
    return only[0], only[1]
