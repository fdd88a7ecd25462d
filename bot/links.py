"""How a link reads as text: as somebody typed it, or as the label they made and its address."""

from __future__ import annotations

import re
from urllib.parse import unquote

_SCHEME = re.compile(r"^(?:[a-z][a-z0-9+.-]*://|mailto:|tel:)")
_NO_DIGITS = re.compile(r"\D+")


def link_words(target: str, label: str) -> str:
    """Return what a reader sees of a link, and the address behind a label that somebody made.

    Platforms make a link of whatever looks like an address: of README.md, one to http://README.md.
    """
    if not label or label == target:
        return target.removeprefix("mailto:").removeprefix("tel:")
    return label if _is_as_typed(target, label) else f"{label} ({target})"


def _is_as_typed(target: str, label: str) -> bool:
    if target.startswith("tel:"):
        digits = _NO_DIGITS.sub("", label).removeprefix("0")
        return bool(digits) and _NO_DIGITS.sub("", target).endswith(digits)
    return _bare(target) == _bare(label)


def _bare(address: str) -> str:
    return _SCHEME.sub("", unquote(address).casefold()).removesuffix("/")
