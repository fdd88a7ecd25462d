"""Build markup in which text cannot become markup: whatever is not `Html` is escaped."""

from __future__ import annotations

from html import escape

_VOID = frozenset({"hr", "img", "input", "link", "meta"})


class Html(str):
    """Markup made by `tag` or `join`. Adding or formatting it yields a plain text again."""

    __slots__ = ()


Attribute = str | int | float | bool | None


def tag(name: str, /, *children: str, **attributes: Attribute) -> Html:
    """Return an element; children that are not `Html` are escaped.

    Attribute names lose a trailing `_` and turn `_` into `-` (`class_`, `aria_label`).
    True stands alone, False and None are left out, anything else is quoted and escaped.
    """
    opening = f"<{name}{''.join(_attribute(key, value) for key, value in attributes.items())}>"
    if name in _VOID:
        return Html(opening)
    return Html(f"{opening}{join(*children)}</{name}>")


def join(*pieces: str) -> Html:
    """Return the pieces one after another; those that are not `Html` are escaped."""
    return Html("".join(p if isinstance(p, Html) else escape(p, quote=False) for p in pieces))


def _attribute(key: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = key.removesuffix("_").replace("_", "-")
    if value is True:
        return f" {name}"
    return f' {name}="{escape(str(value))}"'
