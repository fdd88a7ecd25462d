"""The whole page of the local room, drawn on the server for one person in one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.documents import TABLES
from bot.local.channels import adding_html
from bot.local.html import Html, join, tag
from bot.local.messages import Message, face_html, messages_html
from bot.local.people import RESIDENTS, Resident
from bot.local.room import CHANNELS, Suggestion
from storage.teams import Team


@dataclass(frozen=True, slots=True)
class Screen:
    """What a person sees: a channel, their chat with Hone, or their own page.

    `channels` are all of the room's, `teams` those that a new one may join. `mark` is where the
    page's stream of events begins.
    """

    who: Resident
    channel: str
    channels: Sequence[str]
    teams: Sequence[Team]
    messages: Sequence[Message]
    suggestions: Sequence[Suggestion]
    examples: Sequence[Suggestion]
    mark: str

    @property
    def is_own_page(self) -> bool:
        return self.channel == self.who.home

    @property
    def is_chat(self) -> bool:
        """Whether it is the chat with Hone alone."""
        return self.channel == self.who.direct_channel

    @property
    def title(self) -> str:
        if self.is_own_page:
            return "My page"
        return "Hone" if self.is_chat else f"#{self.channel}"


def screen_html(screen: Screen) -> str:
    """Return the document."""
    title = f"{screen.title} – Hone"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title),
        tag("link", rel="icon", href="/local/icon.svg", type="image/svg+xml"),
        tag("link", rel="stylesheet", href="/local/room.css"),
        tag("script", src="/local/room.js", type="module"),
    )
    body = tag(
        "body",
        tag("a", "Skip to the messages", href="#messages", class_="skip"),
        _side(screen),
        _main(screen),
        tag("div", id="announcer", class_="unseen", aria_live="polite"),
        tag("div", id="notice", role="alert", hidden=True),
        tag(
            "dialog",
            tag("p", id="form-told", class_="unseen", aria_live="polite"),
            id="form",
            class_="asks",
            aria_labelledby="form-title",
            aria_describedby="form-about",
        ),
        adding_html(screen.teams),
        _confirm(),
        data_as=screen.who.person.id,
        data_in=screen.channel,
        data_mark=screen.mark,
    )
    return f"<!doctype html>\n{tag('html', head, body, lang='en')}"


# --- where and who ---------------------------------------------------------------------------


def _side(screen: Screen) -> Html:
    brand = tag(
        "p",
        tag("img", src="/local/icon.svg", alt="", width=28, height=28),
        tag("span", tag("strong", "Hone"), tag("small", "local room")),
        class_="brand",
    )
    people = tag(
        "nav",
        tag("h2", "You are", id="people-title"),
        tag("ul", *(_person_link(resident, screen) for resident in RESIDENTS)),
        class_="people",
        aria_labelledby="people-title",
    )
    channels = tag(
        "nav",
        tag("h2", "Places", id="places-title"),
        tag(
            "ul",
            _place_link(screen.who.home, "My page", "★", screen),
            *(_place_link(channel, channel, "#", screen) for channel in screen.channels),
            _place_link(screen.who.direct_channel, "Hone", "@", screen),
            _new_channel(),
        ),
        class_="places",
        aria_labelledby="places-title",
    )
    about = tag(
        "p",
        "Everything happens on this machine. Be each person in turn to see what they see. Your "
        "colleagues join through Slack or Microsoft Teams: README.md says how.",
        class_="about",
    )
    return tag("header", brand, people, channels, about, class_="side")


def _person_link(resident: Resident, screen: Screen) -> Html:
    """Return the link to be somebody else in the same place: for a chat or a page, in their own."""
    channel = screen.channel
    if screen.is_chat:
        channel = resident.direct_channel
    if screen.is_own_page:
        channel = resident.home
    return tag(
        "li",
        tag(
            "a",
            face_html(resident),
            tag(
                "span",
                tag("span", resident.person.name, class_="name"),
                tag("small", f"{resident.title}, {resident.city}"),
            ),
            href=f"/?as={resident.person.id}&in={channel}",
            aria_current="true" if resident is screen.who else None,
        ),
    )


def _place_link(channel: str, name: str, sign: str, screen: Screen) -> Html:
    return tag(
        "li",
        tag(
            "a",
            tag("span", sign, class_="sign", aria_hidden="true"),
            tag("span", name, class_="name"),
            tag("span", "new", class_="unread", hidden=True),
            href=f"/?as={screen.who.person.id}&in={channel}",
            aria_current="page" if channel == screen.channel else None,
            data_channel=channel,
        ),
    )


def _new_channel() -> Html:
    sign = tag("span", "+", class_="sign", aria_hidden="true")
    name = tag("span", "New channel", class_="name")
    return tag("li", tag("button", sign, name, type="button", id="add", aria_haspopup="dialog"))


# --- what is said ----------------------------------------------------------------------------


def _main(screen: Screen) -> Html:
    first = screen.who.first_name
    what = f"{len(RESIDENTS)} people and Hone"
    if screen.is_chat:
        what = f"Only {first} and Hone read here."
    if screen.is_own_page:
        what = f"Only {first} reads this. It is always up to date."
    return tag(
        "main",
        tag("header", tag("h1", screen.title), tag("p", what), class_="top"),
        tag(
            "div",
            tag("nav", id="pins", aria_label="Pinned", hidden=True),  # the script fills it
            tag(
                "div",
                "" if screen.is_own_page else _try_this(screen.examples),
                tag("h2", "Messages", id="messages-title", class_="unseen"),
                tag(
                    "section",
                    messages_html(screen.messages, screen.who.person.zone) or _nothing_yet(),
                    id="messages",
                    aria_labelledby="messages-title",
                    tabindex=-1,
                ),
                class_="column",
            ),
            class_="scroll",
        ),
        _composer(screen),
    )


def _nothing_yet() -> Html:
    return tag(
        "p",
        "Nothing here yet. Type ",
        tag("code", "/"),
        " below to see what Hone can do.",
        class_="empty",
    )


def _try_this(examples: Sequence[Suggestion]) -> Html:
    cards = (
        tag(
            "li",
            tag(
                "button",
                tag("span", example.what),
                tag("code", example.line),
                type="button",
                data_example=example.line,
            ),
        )
        for example in examples
    )
    return tag(
        "section",
        tag(
            "header",
            tag("h2", "Try this", id="try-title"),
            tag("button", "×", type="button", class_="close", aria_label="Close the examples"),
        ),
        tag("ul", *cards),
        _own_team(),
        id="try",
        aria_labelledby="try-title",
        hidden=True,  # shown by the script until somebody closes it for good
    )


def _own_team() -> Html:
    return tag(
        "p",
        tag("strong", "With your own team? "),
        f"#{CHANNELS[-1]} is empty: name the team there with ",
        tag("code", "/settings"),
        " and bring your items in with ",
        tag("code", "/backlog import"),
        ". Nobody else can enter this room: your colleagues join through Slack or Microsoft Teams, "
        "as README.md says.",
    )


_ACCEPTED = ",".join(f".{ending}" for ending in TABLES)


def _composer(screen: Screen) -> Html:
    options = (
        tag(
            "li",
            tag("code", suggestion.line),
            tag("span", suggestion.what),
            id=f"suggestion-{number}",
            role="option",
            aria_selected="false",
            data_word=suggestion.word,
            data_line=suggestion.line,
            hidden=True,
        )
        for number, suggestion in enumerate(screen.suggestions)
    )
    label = f"Message {screen.title} as {screen.who.person.name}"
    return tag(
        "div",
        tag("ul", *options, id="suggestions", role="listbox", aria_label="Commands", hidden=True),
        tag(
            "form",
            tag("button", "/", type="button", class_="slash", aria_label="Show the commands"),
            tag("label", label, for_="say", class_="unseen"),
            tag(
                "input",
                id="say",
                type="text",
                placeholder=label,
                autocomplete="off",
                role="combobox",
                aria_expanded="false",
                aria_autocomplete="list",
                aria_controls="suggestions",
            ),
            tag(
                "label",
                tag("span", "File", class_="button", title="Hand Hone an export: CSV or JSON"),
                tag("input", id="attach", type="file", class_="unseen", accept=_ACCEPTED),
                class_="attach",
            ),
            tag("button", "Send", type="submit", class_="button primary"),
            id="composer",
        ),
        tag("noscript", tag("p", "The local room needs JavaScript to send what you type.")),
        class_="compose",
        hidden=screen.is_own_page,  # a page is read and pressed; there is nobody to write to
    )


def _confirm() -> Html:
    return tag(
        "dialog",
        tag("h2", "", id="confirm-title"),
        tag("p", "", id="confirm-text"),
        tag(
            "footer",
            tag("button", "", type="button", class_="button quiet", value="no"),
            tag("button", "", type="button", class_="button primary", value="yes"),
        ),
        id="confirm",
        role="alertdialog",
        aria_labelledby="confirm-title",
        aria_describedby="confirm-text",
    )


def unavailable_html() -> str:
    """Return the page for when the database does not answer."""
    page = join(
        tag("title", "Hone is not available"),
        tag("link", rel="stylesheet", href="/local/room.css"),
        tag(
            "p",
            "Hone cannot reach its database right now. Nothing is lost; reload in a moment.",
            class_="empty",
        ),
    )
    return f"<!doctype html>\n{tag('html', page, lang='en')}"
