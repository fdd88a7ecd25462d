"""Themes across teams, the form that makes one the train's, and the packet for Inspect & Adapt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Chart,
    Choice,
    Code,
    Day,
    Divider,
    Field,
    Form,
    Input,
    Node,
    Note,
    Option,
    Pick,
    Series,
    Span,
    Table,
    Typed,
    heading,
    subtle,
    text,
)
from handlers.phrases import counted, cut, shortened
from handlers.reader.names import in_words
from handlers.rules.limits import DETAILS_MAX_CHARS, TITLE_MAX_CHARS
from handlers.themes.actions import (
    ConfirmItem,
    OpenWorkshop,
    Propose,
    ReadMarkdown,
    SharePacket,
)
from handlers.themes.packet import (
    Evidence,
    Packet,
    TrainItem,
    divided,
    markdown,
    trend_words,
    who_words,
)
from handlers.themes.patterns import Pattern, systemic_from
from handlers.ui.elsewhere import known_ending

PATTERNS_SHOWN = 6
SAID_SHOWN = 4
SAID_CHARS = 150
SAID_ALL_CHARS, SAID_TEAMS = 1_100, 30
"""What the sentences of a pattern take together, one of each team: the Markdown has all of more."""

OPTION_CHARS = 70
ITEMS_SHOWN = 10
TEAMS_SHOWN = 30
TEAMS_NAMED = 8
"""Teams named beside a pattern; the Markdown names them all."""

PROPOSED_MAX_CHARS = 300
"""How long a title the form proposes."""


WINDOW = "ten weeks"

_MEANING = {"systemic": "systemic", "watch": "one to watch"}


# --- patterns --------------------------------------------------------------------------------


def patterns(
    train: str,
    teams: int,
    pairs: list[tuple[Pattern, Evidence]],
    became: Mapping[str, int],
    carried: Sequence[TrainItem],
) -> Card:
    """Draw what several teams of a train report, with one button each to act on it."""
    title = f"Across the teams of {train}"
    nodes: list[Node] = [heading(title), text(_verdict(pairs, teams))]
    for pattern, evidence in pairs[:PATTERNS_SHOWN]:
        nodes += [Divider(), *_pattern(pattern, evidence, became.get(pattern.key))]
    if len(pairs) > PATTERNS_SHOWN:
        more = len(pairs) - PATTERNS_SHOWN
        nodes.append(subtle(f"And {more} more: ", Typed("retro ia"), " has them all."))
    if carried:
        nodes += [Divider(), text(Bold("The train still works on"))]
        nodes += [text(*_item_spans(item)) for item in carried[:ITEMS_SHOWN]]
    nodes.append(subtle(_rule(teams)))
    return Card(f"{title}: {_verdict(pairs, teams)}", tuple(nodes))


def _verdict(pairs: list[tuple[Pattern, Evidence]], teams: int) -> str:
    systemic = sum(pattern.level == "systemic" for pattern, _ in pairs)
    watched = len(pairs) - systemic
    if teams < 2:
        return "This train has one team so far, and it takes two to share a theme."
    if not pairs:
        return "No theme is reported by enough teams to stand out."
    parts = [f"{systemic} systemic"] if systemic else []
    parts += [f"{watched} to watch"] if watched else []
    return f"{' and '.join(parts)}, worth solving together."


def _rule(teams: int) -> str:
    counted = f"Counted are items and retro notes of the last {WINDOW}."
    if teams < 2:
        return f"{counted} A channel of another team, once Hone is used there, brings it in."
    systemic = systemic_from(teams)
    return (
        f"{counted} In a train of {teams} teams a theme is systemic from {systemic} different "
        f"teams on, and worth watching from {systemic - 1}."
    )


def _pattern(pattern: Pattern, evidence: Evidence, item: int | None) -> list[Node]:
    nodes: list[Node] = [
        text(
            Bold(shortened(evidence.name, 150)),
            f" is {_MEANING[evidence.level]}: {who_words(evidence, most=TEAMS_NAMED)}",
        )
    ]
    shown = evidence.quotes[: max(SAID_SHOWN, min(evidence.said, SAID_TEAMS))]
    room = min(SAID_CHARS, SAID_ALL_CHARS // max(len(shown), 1))
    lines = [f"• {shortened(words, room)}" for words in shown]
    if len(evidence.quotes) > len(shown):
        lines.append(f"• and {len(evidence.quotes) - len(shown)} more")
    if lines:
        nodes.append(text("\n".join(lines)))
    if evidence.perhaps and item is None:
        nodes.append(text(Bold(surely(evidence)), " Perhaps also:"))
        also = [f"• {shortened(words, SAID_CHARS)}" for words in evidence.perhaps[:SAID_SHOWN]]
        nodes.append(text("\n".join(also)))
    if item is not None:
        nodes.append(text(f"The train works on it: #{item}."))
    else:
        propose = Button(
            "Propose a train item",
            Propose(pattern.key),
            opens_form=True,
            hint=f"Propose a train item for {shortened(evidence.name, 30)}",
        )
        nodes.append(Buttons((propose,)))
    return nodes


def surely(evidence: Evidence) -> str:
    """Say how many teams surely report a pattern, and how many perhaps: 3 surely, 1 perhaps."""
    return f"{counted(evidence.teams, 'team')} surely, {len(evidence.perhaps)} perhaps."


def propose_form(
    pattern: Pattern, evidence: Evidence, also: Sequence[tuple[str, str]] = ()
) -> Form:
    """Ask a person to confirm a pattern, with all of its evidence before them.

    `also` are (report, words) of teams that perhaps mean the same; the person says which do.
    """
    head = f"Reported by {who_words(evidence, most=TEAMS_NAMED)}"
    room = (DETAILS_MAX_CHARS - len(head)) // max(len(evidence.quotes), 1) - len("• \n")
    lines = "\n".join(f"• {shortened(words, max(room, 20))}" for words in evidence.quotes)
    details = cut(f"{head}\n{lines}", DETAILS_MAX_CHARS)
    perhaps: tuple[Field, ...] = ()
    if also:
        options = tuple(Option(shortened(words, OPTION_CHARS), ref) for ref, words in also[:20])
        perhaps = (
            Note(text(surely(evidence))),
            Choice("perhaps", "Who means the same?", options, many=True, optional=True),
        )
    return Form(
        "Propose a train item",
        ConfirmItem(pattern.key),
        (
            Note(text(Bold(shortened(evidence.name, 150)), f" is {_MEANING[evidence.level]}.")),
            Note(text(who_words(evidence, most=TEAMS_NAMED))),
            *perhaps,
            Input(
                "title", "What should change for all?", _title(pattern), max_chars=TITLE_MAX_CHARS
            ),
            Input(
                "details",
                "Evidence",
                details,
                multiline=True,
                optional=True,
                max_chars=DETAILS_MAX_CHARS,
            ),
            Pick("owner", "Owner"),
            Day("due", "Due"),
        ),
        submit_label="Make it the train's",
    )


def _title(pattern: Pattern) -> str:
    if not pattern.key.startswith("#"):
        return shortened(pattern.name, PROPOSED_MAX_CHARS)
    shortest = min((report.text for report in pattern.reports), key=len, default="")
    return shortened(
        f"{pattern.name}: {shortest}" if shortest else pattern.name, PROPOSED_MAX_CHARS
    )


# --- the packet ------------------------------------------------------------------------------


def packet_card(packet: Packet, *, shared: bool = False) -> Card:
    """Draw the packet for Inspect & Adapt; one that is `shared` cannot be so again."""
    title = f"Inspect & Adapt: {packet.train}"
    period = f"From {in_words(packet.since)} to {in_words(packet.until)}."
    nodes: list[Node] = [heading(title), subtle(period), *_patterns_table(packet)]
    if packet.items:
        nodes.append(text(Bold("Train items")))
        nodes += [text(*_item_spans(item)) for item in packet.items[:ITEMS_SHOWN]]
    nodes += [text(Bold("Follow-through: improvements done by their day"))]
    followed = [f"{each.team}: {each.words}" for each in packet.followed[:TEAMS_SHOWN]]
    nodes.append(text("\n".join(followed) or "No team yet."))
    if packet.trend:
        nodes.append(_trend(packet))
    if packet.paid_off:
        nodes += [text(Bold("Did the votes pay off?")), *(text(line) for line in packet.paid_off)]
    markdown = Button("As Markdown", ReadMarkdown(0))
    share = Button("Share", SharePacket(), hint="Show this to the channel")
    solve = Button("Problem-solving workshop", OpenWorkshop(), opens_form=True)
    nodes.append(Buttons((markdown, solve) if shared else (share, markdown, solve)))
    return Card(title, tuple(nodes))


def _trend(packet: Packet) -> Chart:
    """Draw follow-through over the last PIs; one in which nothing was due has no bar."""
    windows = [each for each in packet.trend if each.due]
    values = tuple(round(100.0 * each.done / each.due) for each in windows)
    labels = tuple(f"{each.until:%d %b}" for each in windows)
    percent = Series("Done by their day, %", tuple(map(float, values)))
    return Chart(
        "bar", "Follow-through from PI to PI", labels, (percent,), trend_words(packet.trend)
    )


def _patterns_table(packet: Packet) -> list[Node]:
    if not packet.patterns:
        return [text("No theme was reported by enough teams.")]
    rows = tuple(
        (
            shortened(each.name, 80),
            each.level,
            f"{each.teams} of {each.all_teams}",
            shortened(", ".join(each.named) or "not named", 80),
        )
        for each in packet.patterns[:20]
    )
    return [Table(("Theme", "Level", "Teams", "Which"), rows, caption="Patterns")]


def _item_spans(item: TrainItem) -> tuple[Span, ...]:
    parts = [f"#{item.number} {shortened(item.title, 120)}: {item.state}", item.owner]
    if item.due:
        parts.append(f"due {in_words(item.due)}")
    if item.parts:
        parts.append(f"gathers {', '.join(f'#{number}' for number in item.parts[:20])}")
    came = (f". {item.came}",) if item.came else ()
    return (", ".join([*parts, item.age]), *known_ending(item.known), *came)


def markdown_page(packet: Packet, page: int) -> Card:
    """Draw one page of the packet's Markdown, to copy."""
    pages = divided(markdown(packet))
    page = min(max(page, 0), len(pages) - 1)
    title = f"The packet as Markdown, page {page + 1} of {len(pages)}"
    nodes: list[Node] = [heading(title), text(Code(pages[page].rstrip("\n")))]
    turns = []
    if page:
        turns.append(Button("Back", ReadMarkdown(page - 1, True)))
    if page + 1 < len(pages):
        turns.append(Button("Next", ReadMarkdown(page + 1, True)))
    if turns:
        nodes.append(Buttons(tuple(turns)))
    return Card(title, tuple(nodes))
