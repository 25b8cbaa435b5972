"""The one-cycle schedule beside a constant rate, as PyTorch's own scheduler gives it."""

from __future__ import annotations

import torch

from book.drawings.canvas import SMALL, Panel

STEPS, RATE, RISE = 100, 0.01, 0.25  # those of `fit` in chapter 3

LABELS = {
    "ko": {
        "title": "원사이클 학습률",
        "one": "원사이클",
        "constant": "일정한 학습률",
        "rise": "올리기 {}",
        "fall": "0까지 내리기",
        "start": "시작",
        "end": "학습 끝",
    },
    "en": {
        "title": "The one-cycle learning rate",
        "one": "one-cycle",
        "constant": "constant rate",
        "rise": "up {}",
        "fall": "down to 0",
        "start": "start",
        "end": "end of training",
    },
}


def rates() -> list[float]:
    """The learning rate of each step."""
    optimizer = torch.optim.AdamW([torch.zeros(1, requires_grad=True)], lr=RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, RATE, total_steps=STEPS, pct_start=RISE
    )
    found = []
    for _ in range(STEPS):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step() if len(found) < STEPS else None
    return found


def draw(say: dict[str, str]) -> list[Panel]:
    """One panel: the rate over the course of training."""
    panel = Panel(338, 232)
    left, base, wide, high = 52, 186, 266, 130
    panel.line((left, base), (left + wide + 8, base), arrow=True)
    panel.line((left, base), (left, base - high - 26), arrow=True)
    panel.text(left - 8, base, "0", anchor="end", size=SMALL)
    panel.text(left - 8, base - high, f"{RATE:g}", anchor="end", size=SMALL)
    panel.line((left, base - high), (left + wide, base - high), kind="dashed")
    curve = [
        (left + k / (STEPS - 1) * wide, base - rate / RATE * high) for k, rate in enumerate(rates())
    ]
    panel.line(*curve, kind="line-blue")
    rise = left + RISE * wide
    panel.line((rise, base), (rise, base - high), kind="thin")
    panel.text(
        left + wide - 4, base - high - 14, say["constant"], anchor="end", size=SMALL, kind="quiet"
    )
    panel.text(left + wide * 0.80, base - high * 0.72, say["one"], kind="in-blue", bold=True)
    panel.text((left + rise) / 2, base + 14, say["rise"].format(f"{RISE:.0%}"), size=SMALL)
    panel.text((rise + left + wide) / 2, base + 14, say["fall"], size=SMALL)
    panel.text(left, base + 36, say["start"], size=SMALL, kind="quiet")
    panel.text(left + wide, base + 36, say["end"], anchor="end", size=SMALL, kind="quiet")
    return [panel]
