"""Reads HTML that others wrote, whatever it is: linear in its length, and raising nothing.

The library's own parser takes minutes for 50 KB of `<a <a <a`, and fails on `<![x[` and on `&#`
with five thousand digits behind it: whoever writes an issue could hold up all others by that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from typing import Final

Attrs = Sequence[tuple[str, str | None]]

_NAME: Final = re.compile(r"[a-zA-Z][^\s/>]*")
_BETWEEN: Final = re.compile(r"[\s/]*")
_ATTRIBUTE: Final = re.compile(r"=?[^\s/>=]*")
_IS: Final = re.compile(r"\s*=\s*")
_UNQUOTED: Final = re.compile(r"[^\s>]*")
_RAW: Final = {tag: re.compile(rf"</{tag}(?=[\s/>])", re.IGNORECASE) for tag in ("script", "style")}
_TOO_LARGE: Final = re.compile(r"&#[0-9]{8,};?")


class HtmlReader:
    """Tells its subclass what stands in a page, in order: tags in lower case, and words."""

    def handle_starttag(self, tag: str, attrs: Attrs) -> None:
        pass

    def handle_startendtag(self, tag: str, attrs: Attrs) -> None:
        """Hear of `<tag/>`; unless told otherwise it is both."""
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        pass

    def handle_data(self, data: str) -> None:
        pass

    def handle_cdata(self, data: str) -> None:
        """Hear of what stands in `<![CDATA[…]]>`, which HTML does not have."""

    def read(self, html: str) -> None:
        """Read a whole page; from a tag on that never ends all of it is words."""
        self._html, self._counted, self._line = html, 0, 1
        at = 0
        while (begin := html.find("<", at)) >= 0:
            self._tell(at, begin)
            self._at = begin
            end = self._markup(begin)
            if end is None:
                at = begin
                break
            at = end
        self._at = len(html)
        self._tell(at, len(html))

    @property
    def line(self) -> int:
        """The line, from 1, of what is being told."""
        self._line += self._html.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    @property
    def written(self) -> str:
        """The name of the tag that is being opened, as it is written."""
        name = _NAME.match(self._html, self._at + 1)
        return name[0] if name else ""

    def _tell(self, begin: int, end: int) -> None:
        if begin < end:
            self.handle_data(_spelt_out(self._html[begin:end]))

    def _markup(self, begin: int) -> int | None:
        """Tell what begins with `<`, and return where it ends; None if it never does."""
        html = self._html
        if name := _NAME.match(html, begin + 1):
            return self._opened(name[0].lower(), name.end())
        if name := _NAME.match(html, begin + 2 if html.startswith("</", begin) else len(html)):
            end = _behind(html, ">", name.end())
            if end is not None:
                self.handle_endtag(name[0].lower())
            return end
        if html.startswith("<!--", begin):
            return _behind(html, "-->", begin + 4)
        if html.startswith("<![CDATA[", begin):
            if (end := _behind(html, "]]>", begin)) is not None:
                self.handle_cdata(html[begin + len("<![CDATA[") : end - len("]]>")])
            return end
        if html.startswith(("<!", "<?", "</"), begin):
            return _behind(html, ">", begin)
        self.handle_data("<")
        return begin + 1

    def _opened(self, tag: str, at: int) -> int | None:
        html, attrs = self._html, list[tuple[str, str | None]]()
        while (begin := _end(_BETWEEN, html, at)) < len(html) and html[begin] != ">":
            at = _end(_ATTRIBUTE, html, begin)
            name, value = html[begin:at].lower(), None
            if given := _IS.match(html, at):
                begin = given.end()
                quote = html[begin : begin + 1]
                if quote in ('"', "'"):
                    if (end := html.find(quote, begin + 1)) < 0:
                        return None
                    value, at = html[begin + 1 : end], end + 1
                else:
                    at = _end(_UNQUOTED, html, begin)
                    value = html[begin:at]
            attrs.append((name, None if value is None else _spelt_out(value)))
        if begin >= len(html):
            return None
        if html[at:begin].endswith("/"):
            self.handle_startendtag(tag, attrs)
            return begin + 1
        self.handle_starttag(tag, attrs)
        return self._raw(tag, begin + 1) if tag in _RAW else begin + 1

    def _raw(self, tag: str, at: int) -> int:
        """Tell what is no HTML, up to the tag that ends it, and return where that is."""
        ends = _RAW[tag].search(self._html, at)
        end = ends.start() if ends else len(self._html)
        if at < end:
            self.handle_data(self._html[at:end])
        return end


def _spelt_out(words: str) -> str:
    return unescape(_TOO_LARGE.sub("\ufffd", words))


def _behind(html: str, sign: str, at: int) -> int | None:
    found = html.find(sign, at)
    return found + len(sign) if found >= 0 else None


def _end(pattern: re.Pattern[str], html: str, at: int) -> int:
    found = pattern.match(html, at)
    return found.end() if found else at
