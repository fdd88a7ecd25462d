"""HTML of others is read whatever it is: somebody may have built it to hold Hone up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.html import Attrs, HtmlReader
from bot.text import DOCUMENT_DEPTH_MAX, words_of_document, words_of_html

LONG = 100_000
"""Read tag by tag from each of so many places, a page would take hours."""


class _Told(HtmlReader):
    def __init__(self) -> None:
        self.told: list[object] = []

    def handle_starttag(self, tag: str, attrs: Attrs) -> None:
        self.told.append((self.line, tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.told.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        self.told.append(data)


def told(html: str) -> list[object]:
    reader = _Told()
    reader.read(html)
    return reader.told


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("a &lt; b", ["a < b"]),
        ("<P Class=x>a</P >", [(1, "p", {"class": "x"}), "a", "/p"]),
        ("\n<br/>", ["\n", (2, "br", {}), "/br"]),
        (
            "<a href='/?a=1&amp;b=>' title = \"it's\" hidden>",
            [(1, "a", {"href": "/?a=1&b=>", "title": "it's", "hidden": None})],
        ),
        ("<a href=/x/>y", [(1, "a", {"href": "/x/"}), "y"]),
        ("<a b==c =d>", [(1, "a", {"b": "=c", "=d": None})]),
        ("<!DOCTYPE html><?xml?><!-- <b> -->a<![CDATA[ <b> ]]></ ></>", ["a"]),
        ("1 < 2<3", ["1 ", "<", " 2", "<", "3"]),
        (
            "<script>if (a<b) '</p>'</script>c",
            [(1, "script", {}), "if (a<b) '</p>'", "/script", "c"],
        ),
        ("<style>p {", [(1, "style", {}), "p {"]),
    ],
)
def test_a_page_is_told_in_order(html: str, expected: list[object]) -> None:
    assert told(html) == expected


@pytest.mark.parametrize("unfinished", ["<p", "<a href='x>y</a>", "</p", "<!-- a", "<! a", "<a b="])
def test_from_a_tag_that_never_ends_all_is_words(unfinished: str) -> None:
    """What somebody wrote is not lost because it looks like a tag."""
    assert told(f"a<br>b{unfinished}") == ["a", (1, "br", {}), "b", unfinished]


@pytest.mark.parametrize(
    "piece",
    [
        *("<", "<a ", "<a b='", '<a b="', "<a b=", "<a/", "<!", "<!--", "<!-- --", "<![CDATA["),
        *("<?", "</", "</a ", "<script", "<script>", "</script ", "&", "&#", "&#9", "=", "<p>"),
    ],
)
def test_long_pages_are_read_in_one_go(piece: str) -> None:
    """Whoever edits an issue could stop everybody's Hone for an hour with 50 KB of `<a `."""
    told(piece * (LONG // len(piece)))


@pytest.mark.parametrize("odd", ["<![x[ a", "<![ 5", "&#" + "9" * 5_000, "<a b='&#99999999999;'>"])
def test_what_the_library_fails_on_is_read(odd: str) -> None:
    words_of_html(odd)


@given(st.text(alphabet="<>!-[]/='\"& a#9;scriptyle\n"))
def test_nothing_makes_it_fail(html: str) -> None:
    told(html)


def test_a_document_as_deep_as_its_author_likes_is_read() -> None:
    """An issue whose description nobody can read holds up no other."""
    inner = {"type": "paragraph", "content": [{"type": "text", "text": "deep"}]}
    for depth in range(DOCUMENT_DEPTH_MAX * 10):
        if depth == DOCUMENT_DEPTH_MAX - 1:
            assert words_of_document({"type": "doc", "content": [inner]}) == "deep"
        inner = {"type": "blockquote", "content": [inner]}
    outer = {"type": "paragraph", "content": [{"type": "text", "text": "on top"}]}
    assert words_of_document({"type": "doc", "content": [outer, inner]}) == "on top"
