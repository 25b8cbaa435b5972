"""Playgrounds: what they compute is what PyTorch computes, in both languages, by keyboard, kept in
the address.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
import torch
from docutils import nodes
from docutils.utils import new_document
from play_pictures import digest
from playwright.sync_api import Browser, Page, expect
from torch import nn
from torch.nn import functional as F

from book.site import measured, plays
from book.site.plays import PLACES, insert

CLOSE = 1e-4


@pytest.fixture(scope="module")
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page with playgrounds; the test fails if their script does."""
    opened = browser.new_page(base_url=address)
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.goto("/notebooks/ko/ch01_pooling.html")
    opened.wait_for_function("typeof coursePlays === 'object'")
    yield opened
    opened.close()
    assert faults == []


@pytest.mark.browser
def test_the_output_size_is_torchs(page: Page) -> None:
    cases = [
        (n, k, s, p, ceil)
        for n in range(4, 12)
        for k in range(1, 6)
        for s in range(1, 5)
        for p in range(k // 2 + 1)
        for ceil in (False, True)
        if n + 2 * p >= k
    ]
    asked = (
        "cases => cases.map(([n, k, s, p, ceil]) => coursePlays.math.outputSize(n, k, s, p, ceil))"
    )
    told = page.evaluate(asked, cases)
    for (n, k, s, p, ceil), size in zip(cases, told, strict=True):
        assert nn.MaxPool1d(k, s, p, ceil_mode=ceil)(torch.zeros(1, 1, n)).shape[-1] == size, (
            n,
            k,
            s,
            p,
            ceil,
        )


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["max", "average"])
def test_pooling_and_its_gradient_are_torchs_with_ties_too(page: Page, kind: str) -> None:
    pool = F.max_pool2d if kind == "max" else F.avg_pool2d
    for seed in range(20):
        draw = torch.Generator().manual_seed(seed)
        x = torch.randint(0, 4, (1, 1, 6, 6), generator=draw).float().requires_grad_()
        out = pool(x, 2, 2)
        out.sum().backward()
        asked = (
            "([map, kind]) => [coursePlays.math.pool(map, 2, 2, kind), coursePlays.math.route(map,"
            " 2, 2, kind)]"
        )
        made, back = page.evaluate(asked, [x.detach()[0, 0].tolist(), kind])
        assert torch.allclose(torch.tensor(made).float(), out[0, 0], atol=CLOSE)
        assert x.grad is not None and torch.allclose(
            torch.tensor(back).float(), x.grad[0, 0], atol=CLOSE
        )


@pytest.mark.browser
def test_shrinking_a_row_is_torchs(page: Page) -> None:
    row = torch.rand(1, 1, 16, generator=torch.Generator().manual_seed(0))
    around = F.pad(row, (1, 1), mode="circular")
    blur = F.conv1d(around, torch.tensor([[[0.25, 0.5, 0.25]]]))[..., ::2]
    wanted = {
        "stride": row[..., ::2],
        "max": F.max_pool1d(row, 2),
        "average": F.avg_pool1d(row, 2),
        "blur": blur,
    }
    for how, value in wanted.items():
        made = page.evaluate(
            "([row, how]) => coursePlays.math.shrink(row, how)", [row[0, 0].tolist(), how]
        )
        assert torch.allclose(torch.tensor(made).float(), value[0, 0], atol=CLOSE), how


@pytest.mark.browser
def test_the_mean_of_a_cam_is_the_logit_without_its_bias(page: Page) -> None:
    draw = torch.Generator().manual_seed(0)
    maps, weights = torch.rand(3, 6, 6, generator=draw), torch.randn(3, generator=draw)
    made = page.evaluate(
        "([m, w]) => coursePlays.math.cam(m, w)", [maps.tolist(), weights.tolist()]
    )
    cam = torch.einsum("c,chw->hw", weights, maps)
    assert torch.allclose(torch.tensor(made).float(), cam, atol=CLOSE)
    assert (
        abs(
            page.evaluate("map => coursePlays.math.mean(map)", made)
            - float(weights @ maps.mean((1, 2)))
        )
        < CLOSE
    )


@pytest.mark.browser
def test_bill_and_receptive_field_are_those_of_layers(page: Page) -> None:
    def count(head: nn.Module) -> int:
        return sum(p.numel() for p in head.parameters())

    told = page.evaluate("coursePlays.math.bill(128, 16, 16, 10)")
    assert told == {"flatten": count(nn.Linear(128 * 256, 10)), "gap": count(nn.Linear(128, 10))}
    net = nn.Sequential(nn.Conv1d(1, 1, 3), nn.Conv1d(1, 1, 3, stride=2), nn.Conv1d(1, 1, 5))
    for layer in net:
        nn.init.ones_(layer.weight)  # type: ignore[arg-type, union-attr]
    x = torch.zeros(1, 1, 40, requires_grad=True)
    net(x)[0, 0, 3].backward()
    assert x.grad is not None
    seen = int((x.grad != 0).sum())
    assert page.evaluate("coursePlays.math.field([[3, 1], [3, 2], [5, 1]])") == [seen, 2]


@pytest.mark.browser
def test_two_gradients_change_the_losses_as_told(page: Page) -> None:
    for length, degrees in ((1.0, 0), (0.5, 90), (2.0, 150)):
        turn = torch.deg2rad(torch.tensor(float(degrees)))
        g1, g2 = torch.tensor([1.0, 0.0]), length * torch.stack([turn.cos(), turn.sin()])
        step = g1 + g2
        told = page.evaluate("([l, d]) => coursePlays.math.conflict(l, d)", [length, degrees])
        assert (
            abs(told["first"] + float(g1 @ step)) < CLOSE
            and abs(told["second"] + float(g2 @ step)) < CLOSE
        )


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_playground_opens_and_answers_the_keyboard(
    browser: Browser, address: str, lang: str
) -> None:
    context = browser.new_context(base_url=address)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    for name, places in PLACES.items():
        page.goto(f"/notebooks/{lang}/{name}.html")
        for play in places:
            box = page.locator(f".course-play[data-play={play}]")
            box.scroll_into_view_if_needed()
            again = box.get_by_role("button", name=re.compile("처음으로|Reset"))
            expect(again).to_be_visible()
            room = box.evaluate(
                "box => [parseFloat(getComputedStyle(box).minHeight), (box.style.minHeight = 0,"
                " box.offsetHeight)]"
            )
            assert abs(room[0] - room[1]) < 40, (
                f"{play}: build the site, then run python tests/site/play_pictures.py"
            )
            assert page.evaluate(
                "name => name in coursePlays.plays && 'fits' in coursePlays.plays[name]", play
            )
            before = box.inner_html()
            ranges = box.locator("input[type=range]")
            control = (
                ranges if ranges.count() else box.locator("input, button, .course-editable")
            ).first
            control.focus()
            page.keyboard.press(
                "ArrowRight" if control.evaluate("e => e.matches('input')") else "Enter"
            )
            assert box.inner_html() != before, play
            assert f"play-{play}=" in page.url
            again.click()
    context.close()
    assert faults == []


@pytest.mark.browser
def test_a_playground_comes_back_as_its_address_says(browser: Browser, address: str) -> None:
    page = browser.new_page(base_url=address)
    page.goto("/notebooks/en/ch02_gap.html?play-bill=c:256~side:7~classes:1000~wrong:1")
    box = page.locator(".course-play[data-play=bill]")
    expect(box).to_contain_text("12,545,000")  # 256·7·7·1000 + 1000
    page.close()


@pytest.mark.browser
def test_what_does_not_fit_in_an_address_is_left_out(browser: Browser, address: str) -> None:
    page = browser.new_page(base_url=address)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    for name, query, text in (
        (
            "ch01_pooling",
            "play-size=n:1e9~k:~s:-1~p:x~toString:1~__proto__:2",
            "(10 + 2·0 − 3) / 2",
        ),
        ("ch01_pooling", "play-pool=m:13~kind:median~step:9", "Maximum of window 1: 7"),
        ("ch02_gap", "play-gap=m:22", "GAP = 0.0625"),
        # 16·16²·10 + 10: 12 goes to the nearest step
        ("ch02_gap", "play-bill=c:12~side:1e308~classes:10", "40,970"),
        ("ch03_strided_conv", "play-field=layers:33<b>", "9×9"),
    ):
        page.goto(f"/notebooks/en/{name}.html?{query}")
        play = query.partition("=")[0].removeprefix("play-")
        expect(page.locator(f".course-play[data-play={play}]")).to_contain_text(text)
    page.close()
    assert faults == []


@pytest.mark.browser
def test_every_number_of_a_map_stays_in_its_cell(browser: Browser, address: str) -> None:
    page = browser.new_page(base_url=address)
    page.goto("/notebooks/en/ch05_cam.html?play-cam=a:-1~b:-2~c:-2")
    box = page.locator(".course-play[data-play=cam]")
    expect(box.locator(".course-negative").first).to_be_visible()
    wide = box.evaluate(
        """box => [...box.querySelectorAll(".course-cell")].filter(cell => {
          const [text, rect] = [...cell.children].reverse().map(part => part.getBBox());
          return text.width > rect.width;
        }).map(cell => cell.textContent)"""
    )
    assert wide == []
    page.close()


@pytest.mark.browser
def test_an_angle_is_told_in_degrees_before_and_after_a_change(
    browser: Browser, address: str
) -> None:
    page = browser.new_page(base_url=address)
    page.goto("/notebooks/en/ch07_shared_features.html")
    box = page.locator(".course-play[data-play=conflict]")
    angle = box.locator("output").first
    expect(angle).to_have_text("90°")
    box.locator("input").first.press("ArrowRight")
    expect(angle).to_have_text("95°")
    expect(box.locator("output").last).to_have_text("1")
    page.close()


@pytest.mark.browser
def test_what_one_hears_after_a_change_is_the_result(browser: Browser, address: str) -> None:
    page = browser.new_page(base_url=address)
    page.goto("/notebooks/en/ch01_pooling.html")
    box = page.locator(".course-play[data-play=pool]")
    box.locator(".course-editable").focus()
    page.keyboard.press("ArrowRight")
    expect(box.locator(".course-editable [role=status]")).to_have_text("row 1, column 2: 3")
    page.keyboard.press(" ")
    expect(box.locator(".course-editable [role=status]")).to_have_text("row 1, column 2: 4")
    box.get_by_role("radio", name="average").check()
    expect(box.locator("p[role=status]")).to_have_text("Mean of window 1: 3.5")
    page.close()


@pytest.mark.browser
def test_a_window_too_small_for_the_padding_takes_its_slider_along(
    browser: Browser, address: str
) -> None:
    page = browser.new_page(base_url=address)
    page.goto("/notebooks/en/ch01_pooling.html?play-size=n:10~k:5~s:2~p:2~ceil:0")
    box = page.locator(".course-play[data-play=size]")
    box.get_by_label("Window k").fill("1")
    assert box.get_by_label("Padding p (up to half of k)").input_value() == "0"
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_strategy_picker_shows_what_was_measured_after_a_bet(
    browser: Browser, address: str, lang: str
) -> None:
    page = browser.new_page(base_url=address)
    page.goto(
        f"/notebooks/{lang}/ch06_transfer_learning.html?play-transfer=task:drawings~images:400~bet:none"
    )
    box = page.locator(".course-play[data-play=transfer]")
    expect(box.locator(".course-bar")).to_have_count(0)
    box.get_by_role("radio", name=re.compile("처음부터|from scratch")).check()
    expect(box.locator(".course-bar").first).to_be_visible()
    shown = [float(number) for number in re.findall(r": ([\d.]+)%", box.inner_text())]
    means = [
        100 * values[0] for values in measured.transfer()["drawings"][400]["strategies"].values()
    ]
    assert sorted(shown) == [pytest.approx(mean, abs=0.051) for mean in sorted(means)]
    expect(box).to_contain_text(
        re.compile("재지 않음|not measured")
    )  # augmented copies of drawings
    page.close()


@pytest.mark.browser
def test_few_seeds_or_few_images_tell_nothing(page: Page) -> None:
    cases = [
        ([0.99, 0.98, 1.0, 2], [0.93, 0.92, 0.94, 5], 400, True),
        ([0.99, 0.99, 0.99, 1], [0.93, 0.92, 0.94, 5], 400, False),  # one seed
        ([0.95, 0.92, 0.97, 5], [0.91, 0.9, 0.93, 5], 4000, False),  # ranges that overlap
        ([0.943, 0.942, 0.944, 2], [0.934, 0.933, 0.935, 2], 400, False),  # four images of 400
    ]
    for one, other, n, told in cases:
        assert (
            page.evaluate("([a, b, n]) => coursePlays.math.better(a, b, n)", [one, other, n])
            is told
        ), (one, other)


def test_the_strategies_numbers_are_the_studies() -> None:
    rows = json.loads((measured.RESULTS / "ch06_heads.json").read_text("utf-8"))["rows"]
    chosen = [
        row["accuracy"]
        for row in rows
        if (row["strategy"], row["images"], row["length"]) == ("cached", 20, 1)
    ]
    assert measured.transfer()["photos"][20]["strategies"]["cached"] == measured.spread(chosen)
    assert measured.spread([1.0, 2.0]) == [1.5, 1.0, 2.0, 2]


def test_two_settings_are_not_taken_for_one() -> None:
    rows = [{"seed": 0, "enlarged": enlarged, "accuracy": 0.5} for enlarged in (False, True)]
    assert measured.by_seed(rows[:1], "accuracy") == [0.5]
    with pytest.raises(ValueError, match="same seed"):
        measured.by_seed(rows, "accuracy")
    sides = measured.transfer()["photos"][20]["sides"]
    assert {values[-1] for values in sides.values()} == {5}


@pytest.mark.browser
def test_without_scripts_a_sentence_stands_in_its_place(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/notebooks/ko/ch01_pooling.html")
    for box in page.locator(".course-play").all():
        expect(box).to_contain_text("JavaScript를 켜면")
        expect(box.get_by_role("img")).to_be_visible()
        source = box.locator("img").get_attribute("src") or ""
        assert page.request.get(f"{address}/notebooks/ko/{source}").ok
    context.close()


def test_the_pictures_show_the_playgrounds_as_they_are() -> None:
    made_by = (plays.PICTURES / "made-by").read_text("utf-8").strip()
    assert made_by == digest(), (
        "scripts have changed: build the site, then run python tests/site/play_pictures.py"
    )
    drawn = {
        f"{play}-{lang}.webp"
        for places in PLACES.values()
        for play in places
        for lang in ("ko", "en")
    }
    assert {path.name for path in plays.PICTURES.glob("*.webp")} == drawn


def test_a_playground_whose_heading_is_gone_stops_the_build(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[str] = []
    monkeypatch.setattr(
        plays.logger, "warning", lambda text, *args, **more: said.append(text % args)
    )
    document = new_document("test")
    document += nodes.section(
        "", nodes.title("", "출력 크기"), nodes.paragraph("", "글"), ids=["x"]
    )
    assert insert(document, "ch01_pooling", "ko")
    assert "course-play" in document.astext() and len(said) == len(PLACES["ch01_pooling"]) - 1
    assert "book/site/plays.py" in said[0]
