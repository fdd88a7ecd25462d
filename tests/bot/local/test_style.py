"""The page's colours can be told apart, in light and dark: WCAG 2.2 AA, computed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import bot.local.adapter

CSS = (Path(bot.local.adapter.PAGE) / "room.css").read_text(encoding="utf-8")

TEXT_CONTRAST_MIN = 4.5
GRAPHIC_CONTRAST_MIN = 3.0


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", block))


LIGHT = colours(CSS.split("@media (prefers-color-scheme: dark)")[0])
DARK = LIGHT | colours(CSS.split("@media (prefers-color-scheme: dark)")[1].split("\n}\n")[0])


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    channels = [int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


BACKGROUNDS = ("paper", "side", "surface", "sunken", "private")


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_can_be_read(scheme: dict[str, str]) -> None:
    pairs = [(ink, on) for ink in ("ink", "muted", "accent") for on in BACKGROUNDS]
    pairs += [("on-accent", "accent"), ("on-accent", "accent-hover"), ("accent", "accent-soft")]
    pairs += [("danger", "surface"), ("danger", "danger-soft"), ("paper", "ink")]
    low = {
        pair: round(ratio, 2)
        for pair in pairs
        if (ratio := contrast(scheme[pair[0]], scheme[pair[1]])) < TEXT_CONTRAST_MIN
    }
    assert not low
    for face in ("face-0", "face-1", "face-2"):
        assert contrast("#fff", scheme[face]) >= TEXT_CONTRAST_MIN, face


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_lines_frames_and_the_focus_can_be_seen(scheme: dict[str, str]) -> None:
    for mark in ("series-0", "series-1", "series-2", "series-3", "strong-line"):
        assert contrast(scheme[mark], scheme["surface"]) >= GRAPHIC_CONTRAST_MIN, mark
    for background in BACKGROUNDS:
        assert contrast(scheme["focus"], scheme[background]) >= GRAPHIC_CONTRAST_MIN, background
