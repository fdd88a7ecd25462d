"""What is cut to fit a line keeps every sign whole."""

from __future__ import annotations

import pytest

from handlers.phrases import clipped, cut, shortened
from tests.hone import Hone

FAMILY = "👩\u200d👩\u200d👧"


@pytest.mark.parametrize("sign", [FAMILY, "🇩🇪", "👍🏼", ":partyparrot:"])
def test_a_sign_that_does_not_fit_is_left_out_whole(sign: str) -> None:
    words = f"Builds are slow {sign} and nobody looks"
    limit = len("Builds are slow ") + len(sign)  # the dots take one
    assert shortened(words, limit) == cut(words, limit) == "Builds are slow…"
    assert clipped(words, limit - 1) == "Builds are slow "
    assert clipped(words, limit) == f"Builds are slow {sign}"


async def test_a_long_title_never_ends_in_half_an_emoji(hone: Hone) -> None:
    """Cards, digests and menus each cut titles at lengths of their own."""
    ada = hone.person("Ada")
    await ada.says(f"improve {FAMILY * 60}")
    await ada.says("backlog")
    shown = hone.last() + ada.told
    assert FAMILY in shown
    assert "\u200d…" not in shown
    assert f"{FAMILY[0]}…" not in shown
    assert not shown.replace(FAMILY, "").count("\u200d")
