"""The digest's card, its small print, and the forms that answer its asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Chart,
    Choice,
    Form,
    Input,
    Mention,
    Node,
    Note,
    Option,
    Pick,
    Series,
    Span,
    heading,
    subtle,
    text,
)
from bot.text import shown_zone
from bot.turn import SOMEONE
from bot.wire import Action
from handlers.digest.actions import AnswerAsk, OpenAsk, OpenSchedule, SaveSchedule, Snooze
from handlers.digest.asks import LABELS, Ask
from handlers.digest.details import Detail
from handlers.digest.edition import Edition
from handlers.digest.highlight import Highlight, Pattern, Win
from handlers.digest.story import Hint, HintName, Story
from handlers.digest.trend import Trend
from handlers.phrases import shortened
from handlers.reader.names import WEEKDAYS
from handlers.rules.focus import FOCUS
from handlers.ui.actions import (
    OpenObjective,
    OpenOutcome,
    OpenPromise,
    OpenRefine,
    OpenRhythm,
    OpenTake,
    RemindTeams,
)
from handlers.ui.elsewhere import NOWHERE_ELSE, known_ending
from storage.digests import TEAM
from storage.items import Item
from storage.states import DROP_REASONS
from storage.tracked import KnownAs

SNOOZE_DAYS = 14

ASKED_BY_FORM = ("assign", "drop")
"""The asks whose form is the digest's own."""

HINTED: Mapping[HintName, Action] = {
    "iterations": OpenRhythm(),
    "objectives": OpenObjective(),
}
"""What the button of a hint opens."""

BECAME = {
    "accepted": "is done",
    "dropped": "was dropped",
    "started": "is under way now",
    "assign": "has an owner now",
    "refine": "is ready now",
    "drop": "is left in peace for now",
    "snooze": "is left in peace for now",
    "date": "has a day now",
    "remind": "was brought up with the other team",
    "freed": "waits for no other team now",
    "take": "has an item of ours to wait for",
    "outcome": "has a number to move now",
}
"""What an ask says once it is settled, after the item's number: how, or else what was asked for."""


NOTHING_SETTLED: Mapping[int, str] = MappingProxyType({})


def digest(
    story: Story,
    names: Mapping[str, str],
    *,
    edition: Edition,
    settled: Mapping[int, str] = NOTHING_SETTLED,
    still: str = "",
    known: Mapping[int, KnownAs] = NOWHERE_ELSE,
) -> Card:
    """Draw a digest. `settled` tells of items how their asks were; `still` is a quiet week's line.

    The words are those of BECAME. `known` is what items are called in other tools.
    """
    head = title(story.week, edition.level)
    focus = [text(Bold(f"{FOCUS}: "), story.focus)] if story.focus else []
    nodes: list[Node] = [heading(head), *focus, text(Bold(story.verdict.sentence))]
    numbers = " · ".join(map(str, story.numbers))
    nodes.append(text(numbers))
    if story.since:
        nodes.append(subtle(f"Changes are since {story.since}."))
    if story.behind:
        nodes.append(subtle(story.behind))
    if story.trend is not None:
        nodes.append(_chart(story.trend))
    for ask in story.asks:
        ending = known_ending(known.get(ask.number))
        nodes += _ask(ask, names, edition, story.week, settled.get(ask.number, ""), ending)
    if story.highlight is not None:
        nodes.append(_highlight(story.highlight, names))
    if story.hint is not None:
        nodes += _hint(story.hint)
    if still:
        nodes.append(subtle(still))
    return Card(f"{head}: {story.verdict.sentence}", tuple(nodes))


def title(week: str, level: str = TEAM) -> str:
    whose = "Backlog health" if level == TEAM else "The train's backlog health"
    return f"{whose}, week {int(week[-2:])}"


def _chart(trend: Trend) -> Chart:
    series = tuple(Series(line.name, tuple(map(float, line.values))) for line in trend.lines)
    return Chart("line", trend.title, trend.labels, series, trend.sentence)


def _ask(
    ask: Ask,
    names: Mapping[str, str],
    edition: Edition,
    week: str,
    settled: str,
    ending: tuple[Span, ...],
) -> list[Node]:
    if settled:
        return [text(f"✓ #{ask.number} {ask.title} {BECAME[settled]}.")]
    name = names.get(ask.person)
    asked = text(Bold(name) if name else Mention(ask.person, SOMEONE), f", {ask.question}", *ending)
    label = LABELS[ask.action]
    hint = f"{label} #{ask.number}"
    if ask.action == "snooze":
        snooze = Snooze(ask.number, edition.channel, week, edition.level)
        return [asked, Buttons((Button(label, snooze, hint=hint),))]
    if ask.action == "remind":
        return [asked, Buttons((Button(label, RemindTeams(ask.number), hint=hint),))]
    opens: Action = OpenAsk(ask.action, ask.number, edition.channel, week, edition.level)
    if ask.action == "refine":
        opens = OpenRefine(ask.number)  # with the team's Definition of Ready
    elif ask.action == "date":
        opens = OpenPromise(ask.number)
    elif ask.action == "take":
        opens = OpenTake(ask.number)
    elif ask.action == "outcome":
        opens = OpenOutcome(ask.number)
    return [asked, Buttons((Button(label, opens, opens_form=True, hint=f"{hint}, opens a form"),))]


def _hint(hint: Hint) -> list[Node]:
    """Draw what would help the team next; a name whose form is elsewhere has no button."""
    opens = HINTED.get(hint.name)
    button = [Buttons((Button(hint.label, opens, opens_form=True),))] if opens else []
    return [subtle(hint.sentence), *button]


def _highlight(highlight: Highlight, names: Mapping[str, str]) -> Node:
    match highlight:
        case Pattern(sentence=sentence):
            return text(Bold("Pattern: "), sentence)
        case Win(sentence=sentence, person=person):
            thanked = names.get(person) if person else None
            thanks = f" Thank you, {thanked}." if thanked else ""
            return text(Bold("Win: "), f"{sentence}{thanks}")


def small_print(week: str, details: Sequence[Detail]) -> Card:
    """Draw the digest's details for its thread."""
    nodes: list[Node] = []
    for detail in details:
        # One paragraph for each heading: every line of its own would pass Slack's 50 blocks.
        nodes.append(text(Bold(detail.heading), "\n", "\n".join(detail.lines)))
    return Card(f"{title(week)}: the details", tuple(nodes))


# --- forms -----------------------------------------------------------------------------------


def ask_form(act: OpenAsk | AnswerAsk, item: Item) -> Form:
    """The form that answers an ask about an item: assign or drop."""
    about = Note(text(Bold(f"#{item.number} "), shortened(item.title, 140)))
    answer = AnswerAsk(act.kind, act.number, act.channel, act.week, act.level)
    if act.kind == "assign":
        owner = Pick("owner", "Owner", (item.owner,) if item.owner else (), optional=False)
        return Form(f"Assign #{item.number}", answer, (about, owner))
    options = tuple(Option(reason.capitalize(), reason) for reason in DROP_REASONS)
    why = Choice("reason", "Why?", options)
    return Form(f"Drop #{item.number}", answer, (about, why), submit_label="Drop it")


def schedule_form(edition: Edition, zone: str, weekday: int = 1, at: str = "9:00") -> Form:
    options = tuple(Option(name, name) for name in WEEKDAYS)
    return Form(
        "Weekly digest",
        SaveSchedule(edition.channel, edition.level),
        (
            Choice("weekday", "Every", options, (WEEKDAYS[weekday - 1],)),
            Input("at", "At", at, max_chars=20, hint="Such as 9:00, 16:30 or 4pm"),
            Input(
                "zone", "Time zone", shown_zone(zone), max_chars=60, hint="Such as Europe/Berlin"
            ),
        ),
        submit_label="Turn it on",
    )


def offer_schedule(edition: Edition) -> Node:
    opens = OpenSchedule(edition.channel, edition.level)
    turn_on = Button("Turn on the weekly digest", opens, opens_form=True)
    return Buttons((turn_on,))
