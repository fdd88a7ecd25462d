"""A vote's live card while it is open or cancelled, its one reminder, and its leader's tools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Confirm,
    Node,
    Only,
    Span,
    Text,
    When,
    heading,
    subtle,
    text,
)
from handlers.phrases import counted, listed, shortened
from handlers.ui.elsewhere import NOWHERE_ELSE, known_ending, known_span
from handlers.ui.views import UNDO_FOR
from handlers.wsjf.access import HONE
from handlers.wsjf.actions import (
    Cancel,
    Manage,
    OpenAdd,
    OpenBallot,
    OpenDeadline,
    OpenHandOver,
    Remind,
    Reveal,
    Uncancel,
)
from handlers.wsjf.words import asked_again, subject, titled, vote_title, why_closed
from storage.items import Item
from storage.polls import Poll
from storage.states import OPEN_STATES
from storage.tracked import KnownAs

ITEMS_MAX = 20
ITEMS_IN_NUDGE = 5
NAMES_IN_CONFIRM, NAME_IN_CONFIRM_CHARS = 5, 40

CANCEL_CONFIRM = Confirm(
    "Cancel this vote?",
    "No card will be shown. You can undo it for ten minutes.",
    "Cancel the vote",
    "Keep it open",
)


@dataclass(frozen=True, slots=True)
class Underway:
    """Somebody who has begun: `done` of the round's columns are finished."""

    name: str
    done: int


@dataclass(frozen=True, slots=True)
class Progress:
    """Where everybody stands in this round. Names and counts, never values.

    `waiting` are the people Hone knows here who have not begun.
    """

    finished: tuple[str, ...]
    underway: tuple[Underway, ...]
    waiting: tuple[str, ...]
    columns: int
    done: Mapping[str, int] = field(default_factory=dict)
    """Each of them by id, and how many columns they have finished."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Those who have not finished, as far as Hone knows them."""
        return (*(each.name for each in self.underway), *self.waiting)


@dataclass(frozen=True, slots=True)
class Leading:
    """Who may reveal a vote, and who may do the rest of leading it; None is everybody."""

    reveal: Only | None
    rest: Only | None


def open_poll(
    poll: Poll,
    items: Sequence[Item],
    progress: Progress,
    leading: Leading,
    facilitator: str,
    zone: str,
    now: datetime,
    known: Mapping[int, KnownAs] = NOWHERE_ELSE,
) -> Card:
    """Draw a vote that is open: nothing on it depends on any card.

    `known` is what its items are called in other tools.
    """
    title = vote_title(poll, items)
    nodes: list[Node] = [heading(title)]
    if len(items) > 1:
        nodes += [
            text(titled(item), _meanwhile(item), *known_ending(known.get(item.number)))
            for item in items
        ]
    elif here := known.get(items[0].number):
        nodes.append(text(known_span(here)))
    nodes += [*_progress(progress), *_small_print(poll, facilitator, zone)]
    if not poll.takes_votes(now):
        nodes.append(text("The deadline has passed; the cards are being revealed."))
    nodes.append(_buttons(poll, items, progress, leading))
    own = tuple((person, _yours(done, progress.columns)) for person, done in progress.done.items())
    return Card(f"{title}. {count_words(progress)}.", tuple(nodes), own)


def _yours(done: int, columns: int) -> Text:
    if done >= columns:
        return text(Bold("You: "), "finished. You can change your cards until the reveal.")
    return text(Bold("You: "), f"{done} of {counted(columns, 'column', 'columns')}")


def _meanwhile(item: Item) -> str:
    return "" if item.state in OPEN_STATES else f" ({item.state} meanwhile)"


def _progress(progress: Progress) -> list[Node]:
    nodes: list[Node] = [text(Bold(f"{count_words(progress)}."))]
    if progress.finished:
        nodes.append(text("Finished: ", listed(progress.finished)))
    if progress.underway:
        begun = [_how_far(each, progress.columns) for each in progress.underway]
        nodes.append(text("Underway: ", listed(begun)))
    if progress.waiting:
        nodes.append(subtle("Not started: ", listed(progress.waiting)))
    return nodes


def _how_far(underway: Underway, columns: int) -> str:
    if columns == 1:
        return underway.name
    return f"{underway.name} ({underway.done} of {counted(columns, 'column', 'columns')})"


def count_words(progress: Progress) -> str:
    if not progress.finished:
        return f"Nobody has {'finished' if progress.underway else 'voted'} yet"
    voted = f"{counted(len(progress.finished), 'person has', 'people have')} voted"
    everybody = len(progress.finished) > 1 and not progress.missing
    return f"{voted}: everybody I know here" if everybody else voted


def _small_print(poll: Poll, facilitator: str, zone: str) -> list[Node]:
    nodes: list[Node] = []
    if poll.closes_at is not None:
        nodes.append(text("Closes by itself: ", When(poll.closes_at, zone)))
    words: list[Span] = [f"Cards stay hidden until the reveal. {facilitator} leads this vote."]
    if poll.anonymous:
        words.append(" It is anonymous: no name is ever shown with a card.")
    if poll.round > 1:
        words.append(" The earlier cards stand in the thread.")
    return [*nodes, subtle(*words)]


def _reveal(poll: Poll, progress: Progress, only: Only | None = None) -> Button:
    """Return the button that ends the round; before it acts it says who would be left out."""
    missing = listed(
        [shortened(name, NAME_IN_CONFIRM_CHARS) for name in progress.missing], NAMES_IN_CONFIRM
    )
    left = f"Not finished: {missing}. " if missing else ""
    confirm = Confirm("Reveal all cards?", f"{left}Everyone here will see the result.", "Reveal")
    return Button("Reveal", Reveal(poll.id), confirm=confirm, only=only)


def _buttons(poll: Poll, items: Sequence[Item], progress: Progress, leading: Leading) -> Buttons:
    more = "Remind, add items, deadline, hand over"
    return Buttons(
        (
            Button(
                "Vote",
                OpenBallot(poll.id),
                style="primary",
                opens_form=True,
                hint=shortened(f"Vote on {subject(items)}, opens your private ballot", 75),
            ),
            _reveal(poll, progress, leading.reveal),
            Button("Manage", Manage(poll.id), hint=more, only=leading.rest),
            Button("Cancel", Cancel(poll.id), confirm=CANCEL_CONFIRM, only=leading.rest),
        )
    )


def cancelled_poll(poll: Poll, items: Sequence[Item], by: str, now: datetime) -> Card:
    """Draw a vote that was closed without a reveal; for ten minutes it can be opened again."""
    title = vote_title(poll, items)
    nodes: list[Node] = [heading(title)]
    if poll.closed_by == HONE:
        nodes.append(text("The deadline passed before anybody voted, so this vote is closed."))
    else:
        nodes.append(text(f"{by} cancelled this vote. No cards were shown."))
    nodes += undo_button(poll, now)
    return Card(f"{title} was cancelled.", tuple(nodes))


def undo_button(poll: Poll, now: datetime) -> list[Node]:
    if poll.cancelled_at is None or now - poll.cancelled_at >= UNDO_FOR:
        return []
    hint = "Open this vote again with every card in it"
    return [Buttons((Button("Undo", Uncancel(poll.id), hint=hint),))]


def nudge_over(poll: Poll, round: int, items: Sequence[Item], now: datetime) -> Card:
    """Draw what a reminder leaves behind once its round takes no votes."""
    why = why_closed(poll, now) if poll.round == round else "has moved on"
    words = f"The vote on {subject(items)} {why}: nothing left to do."
    return Card(words, (subtle(words),))


def nudge_heard(poll: Poll, items: Sequence[Item]) -> Card:
    """Draw the reminder of somebody who has finished since; the ballot can still be changed."""
    words = f"Your vote on {subject(items)} is in. You can change it until the reveal."
    change = Button("Vote", OpenBallot(poll.id), opens_form=True)
    return Card(words, (text(words), Buttons((change,))))


def nudge(poll: Poll, items: Sequence[Item], facilitator: str) -> Card:
    """Draw the reminder, in the private chat of somebody who has not finished."""
    words = f"{facilitator} asks for your vote on {subject(items)}."
    lines: list[Node] = [text(words)]
    if len(items) > 1:
        lines += [text(titled(item)) for item in items[:ITEMS_IN_NUDGE]]
    if len(items) > ITEMS_IN_NUDGE:
        lines.append(subtle(f"And {len(items) - ITEMS_IN_NUDGE} more."))
    if poll.closes_at is not None:
        lines.append(text("It closes by itself: ", When(poll.closes_at)))
    button = Button("Vote", OpenBallot(poll.id), style="primary", opens_form=True)
    small = subtle("This is the only reminder of this round.")
    return Card(words, (*lines, Buttons((button,)), small))


def thin(poll: Poll, items: Sequence[Item], voted: int, needed: int, progress: Progress) -> Card:
    """Ask the one who leads what to do: fewer have voted than a score takes."""
    short = f"{voted} of the {needed} people that a score takes"
    words = f"The deadline of the vote on {subject(items)} has come, and {short} have voted."
    lines: list[Node] = [text(words)]
    if poll.closes_at is not None:
        lines.append(text("No card was shown. It now closes by itself: ", When(poll.closes_at)))
    else:
        lines.append(text("No card was shown. It stays open until you reveal or cancel it."))
    buttons = (
        Button("Remind", Remind(poll.id), style="primary", hint="One private reminder for each"),
        Button("Deadline", OpenDeadline(poll.id), opens_form=True),
        _reveal(poll, progress),
        Button("Cancel", Cancel(poll.id), confirm=CANCEL_CONFIRM),
    )
    return Card(words, (*lines, Buttons(buttons)))


def yours(poll: Poll, items: Sequence[Item], progress: Progress) -> Card:
    """Tell somebody that they lead a vote from now on."""
    words = f"You lead the vote on {subject(items)} from now on: you reveal it when it is time."
    buttons = (
        Button("Vote", OpenBallot(poll.id), style="primary", opens_form=True),
        _reveal(poll, progress),
        Button("Manage", Manage(poll.id), hint="Remind, add items, deadline, hand over"),
    )
    return Card(words, (text(words), Buttons(buttons)))


def next_round(poll: Poll, items: Sequence[Item]) -> Card:
    """Tell the channel that there is something to vote on again."""
    words = f"Round {poll.round}: please vote again on {asked_again(poll, items)}."
    lines: list[Node] = [text(words)]
    if poll.closes_at is not None:
        lines.append(text("It closes by itself: ", When(poll.closes_at)))
    small = subtle("It is blind again. Who plays no new card keeps the one they have.")
    button = Button("Vote", OpenBallot(poll.id), style="primary", opens_form=True)
    return Card(words, (*lines, small, Buttons((button,))))


def joined(poll: Poll, items: Sequence[Item]) -> Card:
    """Tell somebody who had finished that the vote has more items now."""
    words = f"More items joined the vote: it is on {subject(items)} now. Your cards are kept."
    button = Button("Vote on the rest", OpenBallot(poll.id), style="primary", opens_form=True)
    return Card(words, (text(words), Buttons((button,))))


def tools(poll: Poll, items: Sequence[Item], missing: Sequence[str]) -> Card:
    """Draw what only the one who leads the vote can do; `missing` have not finished."""
    words = f"Your tools for the vote on {subject(items)}"
    left = (
        f"Not finished: {listed(missing)}. Each can be reminded once."
        if missing
        else "Everybody I know here has finished."
    )
    buttons = [Button("Remind", Remind(poll.id), hint="One private reminder for each")]
    if poll.round == 1:
        buttons.append(Button("Add items", OpenAdd(poll.id), opens_form=True))
    buttons += [
        Button("Deadline", OpenDeadline(poll.id), opens_form=True),
        Button("Hand over", OpenHandOver(poll.id), opens_form=True),
    ]
    return Card(words, (text(Bold(words)), text(left), Buttons(tuple(buttons))))
