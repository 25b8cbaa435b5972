"""Formulas as TeX would set them: what browsers are told, and what Chromium makes of it."""

from __future__ import annotations

from typing import Any

import pytest
from fontTools.ttLib import TTFont
from playwright.sync_api import Browser

from book.site import mathfont
from book.site.formulas import mathml

_BIG = r"\Big(\frac{1}{HW}\sum_{h,w} x_{h,w}^{p}\Big)^{1/p}"


def test_a_formula_is_mathml_that_keeps_its_source() -> None:
    made = mathml(r"y_c = \frac{1}{HW}\sum_{h,w} x_{c,h,w}", block=True)
    assert made.startswith('<math display="block"><semantics>') and "<mfrac>" in made
    assert r"\frac{1}{HW}" in made


def test_infinity_and_dots_are_values_and_stand_by_their_neighbors() -> None:
    assert "<mo>−</mo><mi>∞</mi>" in mathml(r"-\infty", block=False)
    assert "<mo>,</mo><mi>…</mi>" in mathml(r"1, \dots", block=False)


@pytest.mark.parametrize(
    ("tex", "part"),
    [
        (r"\hat{x}", '<mo stretchy="false">ˆ</mo>'),
        (r"\tilde{x}", '<mo stretchy="false">˜</mo>'),
        (r"\bar{x}", '<mo stretchy="false">¯</mo>'),
        ("F'(x)", '<mrow><mi>F</mi><mo form="postfix" lspace="0" rspace="0">′</mo></mrow>'),
        ("F_1'", '<msub><mi>F</mi><mn>1</mn></msub><mo form="postfix" lspace="0" rspace="0">′'),
        (r"\sigma'^2", "′</mo></mrow><mrow><mn>2</mn></mrow></msup>"),
        ("(-a)", '<mo form="prefix">−</mo>'),
        ("x = -a", '<mo form="prefix">−</mo>'),
        ("f(x) - a", "<mo>−</mo>"),
        ("F' - 1", "<mo>−</mo>"),
        (r"\max(a)", '<mo lspace="0" rspace="0">max</mo>'),
        (r"b\max_i a", '<mo lspace="0.167em" rspace="0.167em">max</mo>'),
        ("1/p", '<mo lspace="0" rspace="0">/</mo>'),
    ],
)
def test_signs_know_their_place(tex: str, part: str) -> None:
    assert part in mathml(tex, block=False)


def test_the_bars_of_a_norm_know_their_sides_and_do_not_grow() -> None:
    made = mathml(r"\lVert g \rVert\, \lVert h \rVert_2", block=False)
    assert made.count('<mo stretchy="false" form="prefix">‖</mo>') == 2
    assert made.count('<mo stretchy="false" form="postfix">‖</mo>') == 2


def test_every_size_of_the_root_is_as_wide_as_the_smallest() -> None:
    font = TTFont(mathfont.FONT)
    names = mathfont.larger_roots(font)
    assert len(names) > 3
    assert {font["hmtx"][name][0] for name in names} == {font["hmtx"]["radical"][0]}


def measured(browser: Browser, tex: str, script: str, *, block: bool = True) -> Any:
    """What `script`, given the element `m` of the formula, answers."""
    page = browser.new_page()
    page.goto("about:blank")
    font = mathfont.FONT.read_bytes()
    page.set_content(f"<p style='font-size: 100px'>{mathml(tex, block=block)}</p>")
    found = page.evaluate(
        """async ([font, script]) => {
          const face = new FontFace("Course Math", new Uint8Array(font));
          document.fonts.add(await face.load());
          const m = document.querySelector("math");
          m.style.fontFamily = "Course Math";
          return new Function("m", `return ${script}`)(m);
        }""",
        [list(font), script],
    )
    page.close()
    return found


@pytest.mark.browser
def test_a_large_bracket_with_a_power_is_as_large_as_its_partner(browser: Browser) -> None:
    heights = measured(
        browser,
        _BIG,
        """[...m.querySelectorAll("mo")].filter(sign => "()".includes(sign.textContent))
          .map(sign => sign.getBoundingClientRect().height)""",
    )
    assert len(heights) == 2 and min(heights) > 150
    assert heights[0] == pytest.approx(heights[1], abs=1)


@pytest.mark.browser
@pytest.mark.parametrize("block", [True, False])
@pytest.mark.parametrize("tex", [r"\sqrt{4}", r"\sqrt{\sigma^2 + \epsilon}"])
def test_a_root_ends_where_its_bar_ends_and_does_not_hang(
    browser: Browser, tex: str, block: bool
) -> None:
    root, row = measured(
        browser,
        tex,
        """[m.querySelector("msqrt"), m.querySelector("msqrt > mrow")]
          .map((part) => part.getBoundingClientRect().toJSON())""",
        block=block,
    )
    sign = TTFont(mathfont.FONT)["hmtx"]["radical"][0] / 10
    assert root["width"] == pytest.approx(row["width"] + sign, abs=2)
    assert root["height"] < 140 and root["bottom"] - row["bottom"] < 35
