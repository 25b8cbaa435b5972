"""Playgrounds: what they compute is what PyTorch computes, in both languages, by keyboard, kept in
the address.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Literal

import pytest
import torch
from docutils import nodes
from docutils.utils import new_document
from PIL import Image
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
def test_stripes_that_are_shifted_go_round(page: Page) -> None:
    """So that a mean before and after a shift differs by what shrank them alone."""
    asked = "([period, by]) => coursePlays.math.stripes(period, by)"
    shrunk = "([row, how]) => coursePlays.math.mean(coursePlays.math.shrink(row, how))"
    for period in (2, 4, 6, 8):
        still = torch.tensor(page.evaluate(asked, [period, 0]))
        assert still[:period].tolist() == [1] * (period // 2) + [0] * (period // 2)
        for by in range(8):
            moved = page.evaluate(asked, [period, by])
            assert torch.equal(torch.tensor(moved), still.roll(by))
            for how in ("average", "blur"):
                mean = page.evaluate(shrunk, [moved, how])
                assert abs(mean - float(still.float().mean())) < (how == "average" or 16) * CLOSE


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
            again.focus()
            page.keyboard.press("Enter")
            expect(again).to_be_focused()
            # as it starts it needs no state in the address, which still leads to it
            expect(page).to_have_url(re.compile(rf"\.html[^=]*#play-{play}$"))
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
def test_a_shared_address_opens_at_its_playground(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, viewport={"width": 390, "height": 844})
    page = context.new_page()
    # one that was shared before addresses said where
    page.goto("/notebooks/en/ch02_gap.html?play-bill=c:256~side:7~classes:1000")
    box = page.locator(".course-play[data-play=bill]")
    expect(box).to_be_in_viewport()
    box.get_by_label("Classes").fill("500")
    expect(page).to_have_url(re.compile(r"classes(:|%3A)500#play-bill$"))
    shared = page.url
    other = context.new_page()
    other.goto(shared)
    box = other.locator(".course-play[data-play=bill]")
    expect(box).to_be_in_viewport()
    expect(box.get_by_label("Classes")).to_have_value("500")
    context.close()


@pytest.mark.browser
def test_an_address_is_not_written_more_often_than_browsers_let_it(
    browser: Browser, address: str
) -> None:
    page = browser.new_page(base_url=address)
    page.goto("/notebooks/en/ch07_shared_features.html")
    page.evaluate("""() => { window.written = 0; const write = history.replaceState;
      history.replaceState = (...all) => { window.written += 1; write.apply(history, all); }; }""")
    angle = page.locator(".course-play[data-play=conflict] input").first
    for _ in range(18):
        angle.press("ArrowRight")
    expect(page).to_have_url(re.compile("angle(:|%3A)180"))
    assert page.evaluate("window.written") < 18
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("finger", [False, True])
def test_gap_s_picture_is_painted_by_dragging(browser: Browser, address: str, finger: bool) -> None:
    context = browser.new_context(
        base_url=address, viewport={"width": 390, "height": 844}, has_touch=finger
    )
    page = context.new_page()
    page.goto("/notebooks/en/ch02_gap.html")
    box = page.locator(".course-play[data-play=gap]")
    box.get_by_role("button", name="Clear").click()
    picture = box.locator(".course-painted")
    picture.scroll_into_view_if_needed()
    place = picture.locator("svg").bounding_box()
    assert place is not None
    driver, scrolled = context.new_cdp_session(page), page.evaluate("scrollY")

    cell = place["width"] / 8

    def touch(kind: str, *points: dict[str, float]) -> None:
        driver.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    def drag(*cells: tuple[int, int]) -> None:
        for i, (y, x) in enumerate(cells):
            point = {"x": place["x"] + (x + 0.5) * cell, "y": place["y"] + (y + 0.5) * cell}
            if finger:
                touch("touchMove" if i else "touchStart", point)
                continue
            page.mouse.move(**point)
            if not i:
                page.mouse.down()
        if finger:
            touch("touchEnd")
        else:
            page.mouse.up()

    def shaded() -> list[str]:
        return picture.evaluate(
            """picture => [...picture.querySelectorAll('rect')].flatMap((cell, i) =>
              cell.getAttribute('fill-opacity') > 0 ? [`${Math.floor(i / 8)}${i % 8}`] : [])"""
        )

    drag((0, 0), (0, 6))
    assert shaded() == [f"0{x}" for x in range(7)]
    assert page.evaluate("scrollY") == scrolled
    # a stroke that begins on a painted cell takes away
    drag((0, 3), (0, 5))
    assert shaded() == ["00", "01", "02", "06"]
    # and down to the right nothing is left out
    drag((1, 1), (5, 5))
    assert shaded()[4:] == [f"{i}{i}" for i in range(1, 6)]
    expect(page).to_have_url(re.compile("play-gap=m(:|%3A)1110001001000000"))
    context.close()


@pytest.mark.browser
def test_a_press_changes_a_cell_of_the_pooled_map(browser: Browser, address: str) -> None:
    page = browser.new_page(base_url=address)
    page.goto("/notebooks/en/ch01_pooling.html")
    box = page.locator(".course-play[data-play=pool]")
    box.locator(".course-editable .course-cell").nth(6).click()
    expect(box.locator(".course-editable .course-cell").nth(6)).to_have_text("3")
    expect(box.locator(".course-editable .course-cell").nth(5)).to_have_text("7")
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_gradients_names_overlap_with_nothing(
    browser: Browser, address: str, lang: str
) -> None:
    page = browser.new_page(base_url=address)
    page.goto(f"/notebooks/{lang}/ch07_shared_features.html")
    found = page.locator(".course-play[data-play=conflict]").evaluate(
        """box => {
          const found = [], place = box.appendChild(document.createElement("div"));
          const meet = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width
            && a.y + 2 < b.y + b.height - 2 && b.y + 2 < a.y + a.height - 2;
          for (let angle = 0; angle <= 180; angle += 5) {
            for (let length = 0; length <= 2; length = Number((length + 0.1).toFixed(1))) {
              const state = { angle, length };
              place.replaceChildren(...coursePlays.plays.conflict.build(state, () => {}, box));
              const [view, names] = [place.querySelector("svg").viewBox.baseVal,
                [...place.querySelectorAll("svg text")].map(name => name.getBBox())];
              const arrows = [...place.querySelectorAll("svg .course-arrow")];
              names.forEach((name, i) => {
                const inside = name.x >= view.x && name.y >= view.y
                  && name.x + name.width <= view.x + view.width
                  && name.y + name.height <= view.y + view.height;
                const on = ({ x, y }) => meet(name, { x, y: y - 2, width: 0, height: 4 });
                const crossed = arrows.some(arrow => Array.from(
                  { length: Math.ceil(arrow.getTotalLength()) }, (_, at) => arrow.getPointAtLength(at)
                ).some(on));
                if (!inside || crossed || names.slice(i + 1).some(other => meet(name, other)))
                  found.push([angle, length, i]);
              });
              const long = [1, length, Math.hypot(1 + length * Math.cos(angle * Math.PI / 180),
                length * Math.sin(angle * Math.PI / 180))].filter(each => each > 0.02).length;
              if (arrows.length !== long || place.querySelectorAll(".course-tip").length !== long)
                found.push([angle, length, "arrows"]);
            }
          }
          return found;
        }"""
    )
    assert found == []
    page.close()


@pytest.mark.browser
def test_both_gradients_through_the_layers_are_heard_and_on_the_scale(
    browser: Browser, address: str
) -> None:
    page = browser.new_page(base_url=address)
    page.goto("/notebooks/en/ch04_vgg_to_resnet.html?play-residual=gain:1.45~depth:50")
    box = page.locator(".course-play[data-play=residual]")
    box.get_by_label("Gain of a block").press("ArrowRight")
    expect(box.locator("p[role=status]")).to_have_text(
        "plain: 1.5 to the power of 50 is 6.4×10⁸, with shortcuts: (1 + 1.5) to the power of 50 is"
        " 7.9×10¹⁹"
    )
    widths = (
        "box => [...box.querySelectorAll('.course-bar rect')].map(bar => bar.width.baseVal.value)"
    )
    plain, shortcuts = box.evaluate(widths)
    assert plain < shortcuts < 100
    box.get_by_label("Gain of a block").fill("0.05")
    plain, shortcuts = box.evaluate(widths)
    assert plain == 0 < 50 < shortcuts  # 10⁻⁶⁵ is no bar
    page.close()


@pytest.mark.browser
def test_a_button_that_would_do_nothing_says_so_and_keeps_the_focus(
    browser: Browser, address: str
) -> None:
    page = browser.new_page(base_url=address)
    page.goto("/notebooks/en/ch03_strided_conv.html?play-field=layers:33333333333")
    box = page.locator(".course-play[data-play=field]")
    more = box.get_by_role("button", name="+ 5×5 convolution")
    less = box.get_by_role("button", name="Remove one")
    expect(more).to_be_enabled()
    more.press("Enter")
    expect(more).to_be_disabled()
    expect(more).to_be_focused()
    expect(box.locator("p[role=status]")).to_contain_text("12 layers are the most here.")
    more.press("Enter")
    assert box.locator("li").count() == 12
    for _ in range(12):
        less.press("Enter")
    expect(less).to_be_disabled()
    expect(less).to_be_focused()
    expect(more).to_be_enabled()
    expect(box.locator(".course-result")).to_contain_text("no layer to remove")
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["ko", "en"])
def test_on_a_phone_numbers_can_be_read_and_sliders_are_long(
    browser: Browser, address: str, lang: str
) -> None:
    context = browser.new_context(
        base_url=address, viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True
    )
    page = context.new_page()
    for name, places in PLACES.items():
        page.goto(f"/notebooks/{lang}/{name}.html")
        for play in places:
            box = page.locator(f".course-play[data-play={play}]")
            box.scroll_into_view_if_needed()
            box.get_by_role("button", name=re.compile("처음으로|Reset")).wait_for()
            sizes = box.evaluate(
                """box => [...box.querySelectorAll("svg text")].map(text =>
                  parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a)"""
            )
            assert min(sizes, default=10) >= 10, play
            for slider in box.locator("input[type=range]").all():
                place, around = slider.bounding_box(), box.bounding_box()
                assert place is not None and around is not None
                assert place["width"] > 0.6 * around["width"], play
                label = slider.locator("xpath=../../label").bounding_box()
                assert label is not None and label["y"] + label["height"] <= place["y"] + 1, play
    context.close()


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
        # 16·8²·10 + 10: 12 goes to the nearest step
        ("ch02_gap", "play-bill=c:12~side:1e308~classes:10", "10,250"),
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


@pytest.mark.browser
@pytest.mark.parametrize(
    ("width", "theme", "variant"),
    [
        (1280, "light", ""),
        (1280, "dark", "-dark"),
        (390, "light", "-narrow"),
        (390, "dark", "-narrow-dark"),
    ],
)
def test_without_scripts_the_picture_is_as_wide_and_as_dark_as_the_screen(
    browser: Browser, address: str, width: int, theme: Literal["light", "dark"], variant: str
) -> None:
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": 844},
        color_scheme=theme,
        java_script_enabled=False,
    )
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.split("?")[0].rsplit("/", 1)[-1]))
    page.goto("/notebooks/en/ch02_gap.html")
    wanted = [f"{play}-en{variant}.webp" for play in PLACES["ch02_gap"]]
    # without scripts nothing is lazy
    assert sorted(name for name in asked if re.match("gap-|bill-|glass-", name)) == sorted(wanted)
    for play, name in zip(PLACES["ch02_gap"], wanted, strict=True):
        shown = page.locator(f".course-play[data-play={play}] img").bounding_box()
        with Image.open(plays.PICTURES / name) as stored:
            assert shown is not None and shown["width"] > 0.85 * stored.width / plays.DENSITY
            edge = stored.convert("L").getpixel((stored.width // 2, 8))
        assert isinstance(edge, int) and (edge < 80) is (theme == "dark")
    context.close()


def test_the_pictures_show_the_playgrounds_as_they_are() -> None:
    made_by = (plays.PICTURES / "made-by").read_text("utf-8").strip()
    assert made_by == digest(), (
        "scripts have changed: build the site, then run python tests/site/play_pictures.py"
    )
    drawn = {
        f"{play}-{lang}{variant}.webp"
        for places in PLACES.values()
        for play in places
        for lang in ("ko", "en")
        for variant in ("", *plays.VARIANTS)
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
