"""The glass network: a browser computes what PyTorch computes, from the weights of networks that
the course trained.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser, Locator, Page, expect

from book.bilingual.studies.study_code import code_hash
from book.site import glass, measured
from book.snippets.glass import GLASS_RADIUS, glass_twin
from book.snippets.position import TRAIN_SIZE
from book.snippets.shapes import SHAPE_CLASSES

ROOT = Path(__file__).resolve().parents[2]
CLOSE = 1e-4
RIGHT = re.compile("오른쪽 절반에 놓기|Put it right")


@pytest.fixture(scope="module")
def stored() -> dict[str, Any]:
    """What `glass-net.js` hands to the page."""
    text = glass.NET.read_text("utf-8")
    return json.loads(text[text.index("{") : text.rindex("}") + 1])


@pytest.fixture(scope="module")
def layers(stored: dict[str, Any]) -> dict[str, list[glass.Layer]]:
    """The stored weights, cut up by a reader of their own."""
    found = {}
    for head, text in stored["nets"].items():
        numbers = torch.from_numpy(np.frombuffer(b64decode(text), "<f4").copy())
        sides = [(3, *stored["channels"])[i : i + 2] for i in range(3)]
        last = stored["channels"][-1] * (1 if head == "gap" else 81)
        shapes = [part for a, b in sides for part in ((b, a, 3, 3), (b,))] + [(4, last), (4,)]
        parts = numbers.split([int(np.prod(shape)) for shape in shapes])
        tensors = [part.view(shape) for part, shape in zip(parts, shapes, strict=True)]
        found[head] = list(zip(tensors[0::2], tensors[1::2], strict=True))
    return found


def asked(answer: dict[str, Any]) -> torch.Tensor:
    """The picture of a stored answer, (3, S, S)."""
    if "scribble" in answer:
        return glass.painted(glass.scribble())
    return glass.picture(answer["shape"], answer["row"], answer["column"])


def answers() -> list[dict[str, Any]]:
    return json.loads(glass.ANSWERS.read_text("utf-8"))["answers"]


def test_what_the_trained_networks_said_is_what_the_stored_weights_say(
    layers: dict[str, list[glass.Layer]],
) -> None:
    assert len(answers()) == 2 * (len(SHAPE_CLASSES) * len(glass.PLACES) + 1)
    for answer in answers():
        found = glass.run(layers[answer["head"]], answer["head"], asked(answer))
        assert torch.allclose(found["logits"], torch.tensor(answer["logits"]), atol=CLOSE), answer
        sums = found["maps3"].sum((1, 2))
        assert torch.allclose(sums, torch.tensor(answer["last map sums"]), atol=CLOSE, rtol=1e-5), (
            answer
        )


def test_a_changed_weight_is_noticed(layers: dict[str, list[glass.Layer]]) -> None:
    answer = answers()[0]
    harmed = [(weight.clone(), bias) for weight, bias in layers[answer["head"]]]
    harmed[0][0][0, 0, 1, 1] += 0.01
    found = glass.run(harmed, answer["head"], asked(answer))
    assert not torch.allclose(found["logits"], torch.tensor(answer["logits"]), atol=CLOSE)


def test_the_weights_are_those_of_the_code_as_it_stands() -> None:
    recorded = json.loads(glass.ANSWERS.read_text("utf-8"))
    wanted = code_hash(ROOT, "book.snippets.glass:glass_twin")
    assert recorded["code"] == wanted, (
        "the glass network's training has changed: run python -m book.site.glass"
    )
    assert glass.NET.stat().st_size < 60_000


@pytest.mark.prove
def test_the_networks_trained_anew_are_as_good_and_as_bad() -> None:
    for head in glass.HEADS:
        net = glass_twin(0, head)[0]
        for answer in (a for a in answers() if a["head"] == head and a.get("column") == 8):
            assert net(asked(answer).unsqueeze(0)).argmax() == SHAPE_CLASSES.index(answer["shape"])


def test_the_numbers_on_the_page_are_the_studys() -> None:
    rows = json.loads((ROOT / "book/results/ch02_glass.json").read_text("utf-8"))["rows"]
    right = [row["right"] for row in rows if row["head"] == "flatten" and row["length"] == 1]
    numbers = measured.glass()
    assert numbers["seeds"] == len(right) == 5
    assert numbers["flatten"]["right"] == [
        pytest.approx(sum(right) / 5, abs=1e-4),
        min(right),
        max(right),
    ]
    assert (
        max(right)
        < 0.4
        < 0.95
        < min(row["right"] for row in rows if row["head"] == "gap" and row["length"] == 1)
    )


def opened(
    browser: Browser, address: str, lang: str, query: str = "", **more: Any
) -> tuple[Page, Locator]:
    """Chapter 2 scrolled to the glass network, which has started; a fault of its script is the
    page's `faults`.
    """
    page = browser.new_context(base_url=address, **more).new_page()
    page.goto(f"/notebooks/{lang}/ch02_gap.html{query}")
    box = page.locator(".course-play[data-play=glass]")
    box.scroll_into_view_if_needed()
    expect(box.locator(".course-glass-picture")).to_be_visible()
    return page, box


@pytest.fixture(scope="module")
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page on which the glass network runs."""
    page, _ = opened(browser, address, "en")
    yield page
    page.context.close()


@pytest.mark.browser
def test_every_number_in_the_browser_is_torchs(
    page: Page, layers: dict[str, list[glass.Layer]]
) -> None:
    page.evaluate("""() => { window.compute = (head, image) => {
      const weights = courseGlass.math.weights(courseGlass.trained(), head);
      const data = { data: Float32Array.from(image), channels: 3, side: 33 };
      const { layers, vector, logits, cams } = courseGlass.math.run(weights, head, data);
      const flat = { vector, logits, cams: cams.flatMap(map => [...map]) };
      layers.forEach(({ data }, i) => { flat[`maps${i + 1}`] = data; });
      return Object.fromEntries(Object.entries(flat).map(([key, values]) => [key, [...values]]));
    }; }""")
    generator = torch.Generator().manual_seed(3)
    pictures = [glass.picture("cross", 16, 24), glass.painted(glass.scribble())]
    pictures += list(torch.rand(3, 3, TRAIN_SIZE, TRAIN_SIZE, generator=generator))
    for head in glass.HEADS:
        for image in pictures:
            told = page.evaluate(
                "([head, image]) => compute(head, image)", [head, image.flatten().tolist()]
            )
            for key, wanted in glass.run(layers[head], head, image).items():
                assert torch.allclose(torch.tensor(told[key]), wanted.flatten(), atol=CLOSE), (
                    head,
                    key,
                )


@pytest.mark.browser
def test_the_browser_gives_the_answers_that_are_stored(page: Page) -> None:
    for answer in answers():
        image = asked(answer)
        if "shape" in answer:  # the browser draws it, too
            mask = page.evaluate(
                "([shape, row, column, size, radius]) => courseGlass.math.shape(shape, row, column,"
                " size, radius)",
                [answer["shape"], answer["row"], answer["column"], TRAIN_SIZE, GLASS_RADIUS],
            )
            assert torch.equal(
                glass.painted(torch.tensor(mask).view(TRAIN_SIZE, -1) == 1), image
            ), answer
        told = page.evaluate(
            """([head, mask]) => {
              const [net, math] = [courseGlass.trained(), courseGlass.math];
              return [...math.run(math.weights(net, head), head, math.image(mask, net.size, net.shades)).logits];
            }""",
            [answer["head"], (image[0] > 0.5).int().flatten().tolist()],
        )
        assert torch.allclose(torch.tensor(told), torch.tensor(answer["logits"]), atol=CLOSE), (
            answer
        )


@pytest.mark.browser
def test_its_weights_are_loaded_when_the_reader_comes_near(browser: Browser, address: str) -> None:
    page = browser.new_page(base_url=address)
    asked_for: list[str] = []
    page.on(
        "request", lambda request: asked_for.append(request.url.split("?")[0].rsplit("/", 1)[-1])
    )
    page.goto("/notebooks/ko/ch02_gap.html", wait_until="networkidle")
    assert "glass-net.js" not in asked_for and "plays.js" in asked_for
    page.locator(".course-play[data-play=glass]").scroll_into_view_if_needed()
    expect(page.locator(".course-glass-picture")).to_be_visible()
    assert asked_for.count("glass-net.js") == 1
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_shape_moved_to_the_right_is_known_to_gap_alone(
    browser: Browser, address: str, lang: str
) -> None:
    page, box = opened(browser, address, lang)
    gap, flatten = box.locator(".course-glass-answer p").all()
    wrong = 0
    for shape in range(4):
        box.locator("fieldset").first.locator("input").nth(shape).check()
        box.get_by_role("button", name=re.compile("왼쪽 절반에 놓기|Put it left")).click()
        assert "✓" in gap.inner_text() and "✓" in flatten.inner_text()
        box.get_by_role("button", name=RIGHT).click()
        assert "✓" in gap.inner_text()
        wrong += "✗" in flatten.inner_text()
    assert wrong == 3  # it gives one answer to all four, which is right once
    assert "play-glass=" in page.url
    page.context.close()


@pytest.mark.browser
def test_it_is_worked_by_keyboard_and_comes_back_as_its_address_says(
    browser: Browser, address: str
) -> None:
    page, box = opened(
        browser, address, "en", "?play-glass=shape:square~x:10~y:16~pen:move~of:cross~maps:flatten"
    )
    picture = box.locator(".course-glass-picture")
    expect(box.locator(".course-glass-where")).to_have_text("row 17, column 11")
    assert box.get_by_role("radio", name="square", exact=True).first.is_checked()
    picture.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    expect(box.locator(".course-glass-where")).to_have_text("row 16, column 14")
    expect(page).to_have_url(re.compile("x%3A13%7Ey%3A15|x:13~y:15"))
    box.get_by_role("radio", name="paint").check()
    picture.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press(" ")
    expect(box.locator(".course-glass-where")).to_have_text("brush: row 17, column 16")
    expect(page).to_have_url(re.compile(r"m(:|%3A)[\w-]{182}"))
    painted = page.url
    expect(box.locator(".course-glass-answer")).not_to_contain_text(re.compile("right|wrong"))
    before = box.locator(".course-glass-logits").inner_text()
    page.goto(painted)
    box.scroll_into_view_if_needed()
    expect(box.locator(".course-glass-logits")).to_have_text(re.compile(".+"))
    assert box.locator(".course-glass-logits").inner_text() == before
    box.get_by_role("button", name="Reset").click()
    expect(box.locator(".course-glass-where")).to_have_text("row 17, column 9")
    page.context.close()


@pytest.mark.browser
def test_it_is_painted_and_moved_with_a_pointer(browser: Browser, address: str) -> None:
    page, box = opened(browser, address, "ko", viewport={"width": 360, "height": 740})
    picture = box.locator(".course-glass-picture")
    picture.scroll_into_view_if_needed()
    place = picture.bounding_box()
    assert place is not None
    cell = place["width"] / TRAIN_SIZE
    page.mouse.move(place["x"] + 8.5 * cell, place["y"] + 16.5 * cell)
    page.mouse.down()
    page.mouse.move(place["x"] + 20.5 * cell, place["y"] + 18.5 * cell, steps=4)
    page.mouse.up()
    expect(box.locator(".course-glass-where")).to_have_text("19행 21열")
    box.get_by_role("radio", name="그리기").check()
    page.mouse.move(place["x"] + 2.5 * cell, place["y"] + 2.5 * cell)
    page.mouse.down()
    page.mouse.up()
    expect(box.locator(".course-glass-where")).to_have_text("붓: 3행 3열")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.context.close()


@pytest.mark.browser
def test_a_quick_stroke_is_a_line_and_no_dots(browser: Browser, address: str) -> None:
    page, box = opened(browser, address, "en", "?play-glass=pen:erase")
    picture = box.locator(".course-glass-picture")
    picture.scroll_into_view_if_needed()
    place = picture.bounding_box()
    assert place is not None
    cell = place["width"] / TRAIN_SIZE

    def stroke(*points: tuple[int, int]) -> None:
        for i, (x, y) in enumerate(points):
            page.mouse.move(place["x"] + (x + 0.5) * cell, place["y"] + (y + 0.5) * cell)
            if not i:
                page.mouse.down()
        page.mouse.up()

    def lit() -> set[tuple[int, int]]:
        cells = picture.evaluate(
            """canvas => Array.from({ length: 33 * 33 }, (_, i) => canvas.getContext("2d")
              .getImageData(8 * (i % 33) + 3, 8 * Math.floor(i / 33) + 3, 1, 1).data[2] > 128)"""
        )
        return {(i % 33, i // 33) for i, bright in enumerate(cells) if bright}

    for y in range(0, 33, 2):  # the shape
        stroke((0, y), (32, y))
    assert lit() == set()
    box.get_by_role("radio", name="paint").check()
    stroke((2, 2), (13, 8), (14, 30))
    found = lit()
    assert {(2, 2), (13, 8), (14, 30)} <= found
    column = {x for x, _ in found}
    assert set(range(2, 15)) <= column and {y for _, y in found} >= set(range(2, 31))
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_painted_picture_is_not_called_a_shape(browser: Browser, address: str, lang: str) -> None:
    painted = "m:" + "A" * 100 + "_" * 30 + "A" * 52
    page, box = opened(browser, address, lang, f"?play-glass={painted}~of:answer")
    of = box.get_by_role("group", name=re.compile("어느 클래스의 맵|Map of which class"))
    first = of.get_by_role("radio").first
    assert first.is_checked()
    expect(of.locator("label").first).to_have_text(
        re.compile("GAP 헤드의 답|the GAP head’s answer")
    )
    box.get_by_role("radio", name=re.compile("^(정사각형|square)$")).first.check()
    expect(of.locator("label").first).to_have_text(re.compile("그 도형|the shape itself"))
    page.context.close()


@pytest.mark.browser
def test_each_curve_s_name_stands_below_its_end_in_its_color(page: Page) -> None:
    for head in glass.HEADS:
        name, curve = (
            page.locator(f".course-chart {kind}.course-chart-{head}")
            for kind in ("text", ".course-chart-curve")
        )
        end = curve.evaluate("c => c.getPointAtLength(c.getTotalLength()).y")
        top = name.evaluate("n => n.getBBox().y")
        assert 0 < top - end < 12, head
    colors = page.locator(".course-chart text[class]").evaluate_all(
        "names => names.map(name => getComputedStyle(name).fill)"
    )
    assert len(set(colors)) == 2


@pytest.mark.browser
def test_the_arrows_say_where_they_end(browser: Browser, address: str) -> None:
    page, box = opened(browser, address, "en", "?play-glass=x:1~y:16")
    left = box.get_by_role("button", name="← left")
    expect(left).to_be_enabled()
    left.press("Enter")
    expect(left).to_be_disabled()
    expect(left).to_be_focused()
    page.context.close()


@pytest.mark.browser
def test_chapter_five_links_to_it(browser: Browser, address: str) -> None:
    page = browser.new_page(base_url=address)
    page.goto("/notebooks/en/ch05_cam.html")
    page.locator(".course-play-link a").click()
    expect(page.locator(".course-play[data-play=glass] .course-glass-picture")).to_be_visible()
    assert page.url.endswith("ch02_gap.html#play-glass")
    page.close()
