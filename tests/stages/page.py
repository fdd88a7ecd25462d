"""Read the local room's markup as its page does: words, buttons, and what stands in a form."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"hr", "img", "input", "link", "meta", "br"})
OWN_LINE = frozenset(
    {"p", "h1", "h2", "h3", "li", "tr", "dt", "dd", "caption", "blockquote", "legend", "header"}
    | {"text", "title", "div", "label"}
)
Attributes = dict[str, str]


@dataclass(frozen=True, slots=True)
class PageButton:
    """A button of a card, and the message and thread it stands in, as the page would name them."""

    label: str
    action: str
    post: str
    thread: str


@dataclass(slots=True)
class Page:
    """The messages of a page or of a private answer; `lines` are the ids of people's own words."""

    text: str = ""
    buttons: list[PageButton] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


@dataclass(slots=True)
class PageForm:
    """A form: every field with what stands in it, and what each button sends."""

    text: str = ""
    nonce: str = ""
    primary: str = ""
    answers: dict[str, list[str]] = field(default_factory=dict)
    submits: dict[str, str] = field(default_factory=dict)


def read_page(markup: str) -> Page:
    reader = _PageReader()
    reader.feed(markup)
    reader.page.text = reader.text
    return reader.page


def read_form(markup: str) -> PageForm:
    reader = _FormReader()
    reader.feed(markup)
    reader.form.text = reader.text
    return reader.form


class _Words(HTMLParser):
    """Gathers words, a line for each paragraph, and the elements that are open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, Attributes]] = []
        self._words: list[str] = []

    @property
    def text(self) -> str:
        lines = (" ".join(line.split()) for line in "".join(self._words).split("\n"))
        return "\n".join(line for line in lines if line)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self._words += ["\n"] if tag in OWN_LINE else [" "] if tag in ("td", "th", "button") else []
        if tag not in VOID:
            self.open.append((tag, attributes))
        self.starts(tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open[-1][0] != tag:
            self.open.pop()
        if self.open:
            self.open.pop()
        self._words += ["\n"] if tag in OWN_LINE else []

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1][0] in ("script", "style"):
            return
        self._words.append(self.reads(data))

    def inside(self, tag: str, name: str = "") -> Attributes | None:
        """Return the attributes of the innermost open element of that tag, or None."""
        found = (a for t, a in reversed(self.open) if t == tag and (not name or name in a))
        return next(found, None)

    def starts(self, tag: str, attributes: Attributes) -> None: ...

    def reads(self, data: str) -> str:
        """Return what of these words is shown."""
        return data


class _PageReader(_Words):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()

    def starts(self, tag: str, attributes: Attributes) -> None:
        if "data-shortcut" in attributes:
            self.page.lines.append(attributes["data-line"])

    def reads(self, data: str) -> str:
        if self.inside("body") is not None and self.inside("section", "tabindex") is None:
            return ""  # what stands around the messages
        tag, button = self.open[-1] if self.open else ("", {})
        if tag == "button" and "data-action" in button:
            self._offer(data, button)
            return f"[{data}]"
        return data

    def _offer(self, data: str, button: Attributes) -> None:
        message = self.inside("article") or {}
        self.page.buttons.append(
            PageButton(
                data,
                button["data-action"],
                _ref(message.get("id", "")),
                _ref(message.get("data-thread", "")),
            )
        )


def _ref(id: str) -> str:
    return id.removeprefix("post-") if id.startswith("post-") else ""


class _FormReader(_Words):
    def __init__(self) -> None:
        super().__init__()
        self.form = PageForm()
        self._field = ""

    def starts(self, tag: str, attributes: Attributes) -> None:
        if nonce := attributes.get("data-nonce"):
            self.form.nonce = nonce
        if "data-field" in attributes:
            self._field = attributes["data-field"]
            self.form.answers[self._field] = []
        match tag, attributes.get("type"):
            case "input", "radio" | "checkbox" if "checked" not in attributes:
                return
            case "input", _:
                self._answer(attributes.get("value", ""))
            case "option", _ if "selected" in attributes:
                self._answer(attributes["value"])
            case "button", "submit" if "primary" in attributes.get("class", ""):
                self.form.primary = attributes["value"]

    def reads(self, data: str) -> str:
        tag, attributes = self.open[-1]
        if tag == "textarea":
            self._answer(data.removeprefix("\n"))
        elif tag == "button" and attributes.get("type") == "submit":
            self.form.submits[data] = attributes["value"]
        return data

    def _answer(self, value: str) -> None:
        if value:
            self.form.answers[self._field].append(value)
