"""What several people do at random together: a vote, a retro, a plan, from its start to its end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from bot.cards import Input
from bot.turn import Answers, Click, Command, Submission
from handlers.retro.actions import OpenNotes, TurnBack
from tests.hone import Someone, buttons_of, shown_answers
from tests.monkey.typing import WORRIES

if TYPE_CHECKING:
    from tests.monkey.playing import Monkey

CHANNELS: Final = ("alpha", "beta", "gamma")
LONG_RETRO_NOTES: Final = 12
BIG_VOTE_ITEMS: Final = 18


def those_in(monkey: Monkey, channel: str) -> list[Someone]:
    """Return a channel's own people, in an order that nobody chose."""
    own = monkey.people_of(channel)
    return monkey.dice.sample(own, len(own))


async def presses(monkey: Monkey, person: Someone, *labels: str) -> Any:
    """Press the newest button that begins so, for each in turn; fill in what they open."""
    outcome = None
    for label in labels:
        monkey.hone.now += timedelta(seconds=5)
        action = next(
            (
                button.action
                for card in reversed(monkey.in_sight(person))
                for button in buttons_of(card)
                if button.label.startswith(label)
            ),
            None,
        )
        if action is None:
            continue
        outcome = await monkey.act(person, Click(action))
        if outcome.ask:
            outcome = await monkey.fills(person, outcome.ask.form)
    return outcome


async def says(monkey: Monkey, person: Someone, name: str, rest: str = "") -> Any:
    """Type a command, and fill in what it opens."""
    outcome = await monkey.act(person, Command(name, rest))
    return await monkey.fills(person, outcome.ask.form) if outcome.ask else outcome


async def everybody_votes(monkey: Monkey, _: Someone) -> None:
    here = those_in(monkey, monkey.dice.choice(CHANNELS))
    for voter in here:
        await presses(monkey, voter, monkey.dice.choice(("Vote", "Give my dots", "Add a note")))
    await presses(
        monkey, here[-1], monkey.dice.choice(("Reveal", "Accept scores", "Close the vote"))
    )


async def a_vote_to_its_end(monkey: Monkey, _: Someone) -> None:
    """Somebody leads a vote with each tool there is; it is accepted, or half of this goes wrong."""
    here = those_in(monkey, monkey.dice.choice(CHANNELS))
    lead = here[0]
    await says(monkey, lead, "improve", f"{monkey.dice.choice(WORRIES)} {monkey.mark(lead)}")
    await says(monkey, lead, "wsjf", monkey.dice.choice(("top 3", "start", "")))
    await presses(monkey, lead, "Manage", *_some(monkey, "Remind", "Add items", "Deadline"))
    for voter in here:
        await presses(monkey, voter, "Vote")
    if monkey.dice.random() < 0.3:
        await presses(monkey, lead, "Cancel", "Undo", "Manage", "Hand over")
    await presses(monkey, lead, "Reveal", "All cards")
    await presses(monkey, lead, *_some(monkey, "Agree on a card", "Re-anchor", "Vote again"))
    for voter in here:
        await presses(monkey, voter, "Vote")
    await presses(monkey, lead, "Reveal", "Accept scores", *_some(monkey, "Undo accepting"))
    await says(monkey, lead, "wsjf", "rank")
    await presses(monkey, lead, *_some(monkey, "What if …", "Copy as CSV", "Copy as JSON"))


async def a_big_vote(monkey: Monkey, _: Someone) -> None:
    """Rank more items than one page holds."""
    here = monkey.people_of("alpha")
    lead = here[0]
    for number in range(BIG_VOTE_ITEMS):
        words = f"{monkey.dice.choice(WORRIES)} {number} {monkey.mark(lead)}"
        await monkey.act(here[number % len(here)], Command("improve", words))
        monkey.hone.now += timedelta(seconds=5)
    await says(monkey, lead, "wsjf")
    await monkey.act(lead, Command("wsjf", f"start top {BIG_VOTE_ITEMS}"))
    for voter in here:
        await presses(monkey, voter, "Vote")
    await presses(monkey, lead, "Reveal", "Accept scores")
    await monkey.act(lead, Command("wsjf", "rank"))
    await presses(monkey, lead, "More")


async def a_retro_to_its_end(monkey: Monkey, _: Someone) -> None:
    """A team writes, reads, groups, gives its dots and takes something on."""
    here = those_in(monkey, monkey.dice.choice(CHANNELS))
    lead = here[0]
    await says(monkey, lead, "retro", monkey.dice.choice(("start", "templates", "start 4Ls")))
    await says(monkey, lead, "retro", "start")
    for writer in here:
        await presses(monkey, writer, "Add a note", *_some(monkey, "Change", "My notes"))
    await presses(monkey, lead, "Reveal", "Reveal all the same", "Read all notes")
    await presses(monkey, lead, *_some(monkey, "Merge groups", "Split a group"), "Start the vote")
    for voter in here:
        await presses(monkey, voter, "Give my dots")
    await presses(monkey, lead, "Close the vote")
    await presses(monkey, lead, monkey.dice.choice(("Choose improvements", "Finish without")))


async def a_long_retro(monkey: Monkey, _: Someone) -> None:
    """Fill a retro until its dots need a second page, and come back from there."""
    here = those_in(monkey, monkey.dice.choice(CHANNELS))
    lead = here[0]
    await monkey.act(lead, Command("retro", "start"))
    opened = next(
        (
            button.action
            for card in reversed(monkey.in_sight(lead))
            for button in buttons_of(card)
            if isinstance(button.action, OpenNotes)
        ),
        None,
    )
    if opened is None:
        return
    for writer in here[:3]:
        outcome = await monkey.act(writer, Click(opened))
        if outcome.ask:
            lines = [
                f"{_word(monkey)} {_word(monkey)} {monkey.mark(writer)}"
                for _ in range(LONG_RETRO_NOTES)
            ]
            given = Answers({"c0": ("\n".join(lines),)})
            await monkey.act(writer, Submission(outcome.ask.form.submit, given))
    await presses(monkey, lead, "Reveal", "Reveal all the same", "Start the vote")
    await presses(monkey, lead, "Give my dots")
    await monkey.act(lead, Submission(TurnBack(opened.retro_id, 1), Answers({})))
    await presses(monkey, lead, "Close the vote")


async def a_plan_to_its_end(monkey: Monkey, _: Someone) -> None:
    """A planning interval with all there is to it, which somebody rates and closes one day."""
    here = those_in(monkey, monkey.dice.choice(CHANNELS))
    lead = here[0]
    await says(monkey, lead, "pi", "setup")
    await says(monkey, lead, "pi", "objective add")
    await says(monkey, lead, "pi", f"risk {monkey.dice.choice(WORRIES)} {monkey.mark(lead)}")
    await presses(monkey, lead, "Decide")
    await says(monkey, lead, "pi", "confidence")
    for voter in here:
        await presses(monkey, voter, "Vote")
    await presses(monkey, lead, monkey.dice.choice(("Reveal", "Cancel")))
    await says(monkey, lead, "pi")
    await presses(
        monkey, lead, *_some(monkey, "Vision and themes", "Link items", "Decide about", "Next")
    )
    if monkey.dice.random() < 0.4:
        await says(monkey, lead, "pi", "score")
        await says(monkey, lead, "pi", "close")


async def a_file_is_brought(monkey: Monkey, _: Someone) -> None:
    """Somebody pastes a table, and says which column means what."""
    [person] = monkey.dice.sample(monkey.people_of(monkey.dice.choice(CHANNELS)), 1)
    number = monkey.dice.randint(1, 99)
    table = (
        f"id,title,state,points\n{number},{_word(monkey)} {monkey.mark(person)},ready,3\n"
        f"{number + 1},{_word(monkey)} {monkey.mark(person)},{_word(monkey)},eight"
    )
    outcome = await monkey.act(person, Command("backlog", "import"))
    if outcome.ask:
        form = outcome.ask.form
        given = shown_answers(form) | {
            each.id: (table,) for each in form.fields if isinstance(each, Input) and each.multiline
        }
        outcome = await monkey.act(person, Submission(form.submit, Answers(given)))
    if outcome.ask:
        await monkey.fills(person, outcome.ask.form)


def _some(monkey: Monkey, *labels: str) -> list[str]:
    return [label for label in labels if monkey.dice.random() < 0.5]


def _word(monkey: Monkey) -> str:
    return "".join(monkey.dice.choices("abcdefghijklmnoprstuvw", k=9))


STORIES: Final[dict[Callable[[Monkey, Someone], Awaitable[None]], float]] = {
    everybody_votes: 2,
    a_vote_to_its_end: 0.5,
    a_big_vote: 0.2,
    a_retro_to_its_end: 0.5,
    a_long_retro: 0.3,
    a_plan_to_its_end: 0.4,
    a_file_is_brought: 0.3,
}
"""How often each is played, among a hundred steps."""
