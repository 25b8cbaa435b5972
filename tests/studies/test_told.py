"""The page "How we know" names every conclusion that longer training took back."""

from pathlib import Path

import pytest

from book.bilingual.gates.links_check import LinkMap
from book.bilingual.studies import studies

ROOT = Path(__file__).resolve().parents[2]
TOLD = sorted({study.told for study in studies.load(ROOT) if study.told})


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("told", TOLD)
def test_a_reversed_conclusion_is_named_on_the_page_that_promises_all_of_them(
    told: str, lang: str
) -> None:
    lesson, _, anchor = told.partition("#")
    place = LinkMap(ROOT).anchor(lesson, anchor, lang)
    assert f"({lesson}.ipynb#{place})" in (ROOT / f"notebooks/{lang}/how_we_know.md").read_text(
        encoding="utf-8"
    )
