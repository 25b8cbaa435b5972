"""When something was handed in: the time as people and learning management systems write it, in
UTC.

nbgrader reads `+0900` as 900 seconds and a name like `KST` as UTC, so that a hand-in from Seoul is
hours late.
"""

import datetime
import re

from dateutil import parser, tz

_HOURS = {
    "UTC": 0, "GMT": 0, "Z": 0, "KST": 9, "JST": 9, "HKT": 8, "SGT": 8, "WET": 0, "WEST": 1,
    "CET": 1, "CEST": 2,
    "EET": 2, "EEST": 3, "MSK": 3, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
    "PST": -8,
    "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
}  # fmt: skip
_KOREAN = (
    (r"오전", "AM"),
    (r"오후", "PM"),
    (r"\s*[년월]\s*(?=\d)", "-"),
    (r"\s*[시분]\s*(?=\d)", ":"),
    (r"[년월일시분초]", " "),
)
_ZONE = re.compile(r"[A-Za-z]+(?:/[A-Za-z_]+)+$")


def as_utc(text: str) -> datetime.datetime:
    """The moment, without a zone; a time without one is UTC, as nbgrader has it. Raises
    `ValueError` for anything that does not say a day, or names a zone that is not known.
    """
    text = re.sub(r"\s+", " ", text).strip()
    for word, instead in _KOREAN:
        text = re.sub(word, instead, text)
    text = re.sub(r"(\d{4})\s*[.-]\s*(\d{1,2})\s*[.-]\s*(\d{1,2})\.?(?!\d)", r"\1-\2-\3 ", text)
    text = re.sub(r"\b(AM|PM) ?([\d:]+)", r"\2 \1", text)
    zone = None
    if named := _ZONE.search(text):
        zone = tz.gettz(named[0])
        text = text[: named.start()]
        if zone is None:
            raise ValueError(f"unknown time zone {named[0]}")
    moment = _parse(text)
    if zone is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    if moment.tzinfo is None:
        return moment
    try:
        return moment.astimezone(datetime.UTC).replace(tzinfo=None)
    except OverflowError as error:
        raise ValueError(str(error)) from None


def _parse(text: str) -> datetime.datetime:
    """Twice, from two days to fill in from: what differs was not said."""
    found = []
    for day in (datetime.datetime(2001, 1, 1), datetime.datetime(2004, 2, 2)):
        try:
            found.append(parser.parse(text, default=day, tzinfos=_zone))
        except (OverflowError, TypeError, AttributeError) as error:
            raise ValueError(str(error)) from None
    if found[0] != found[1]:
        raise ValueError("no whole day is named")
    stamp: datetime.datetime = found[0]
    return stamp


def _zone(name: str | None, offset: int | None) -> datetime.tzinfo | None:
    if offset is not None:
        return datetime.timezone(datetime.timedelta(seconds=offset))
    if name is None:
        return None
    if name.upper() not in _HOURS:
        raise ValueError(f"unknown time zone {name}")
    return datetime.timezone(datetime.timedelta(hours=_HOURS[name.upper()]))
