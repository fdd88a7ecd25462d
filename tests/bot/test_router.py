"""Every turn is answered once, in plain words, whatever it brings and whatever breaks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any, get_type_hints

import pytest
from structlog.testing import capture_logs

from bot.cards import Form, Input
from bot.feature import CommandSpec, Feature, Verb
from bot.hearing import COMMAND_MAX_CHARS
from bot.pace import ACTIONS_PER_MINUTE
from bot.router import Router
from bot.turn import (
    Answers,
    Ask,
    Click,
    Command,
    Intent,
    Mistake,
    Person,
    Place,
    Reply,
    Said,
    Shortcut,
    Submission,
    Turn,
    whisper,
)
from bot.wire import INT_MAX, Action, Stale, action
from bot.words import read_command
from handlers import FEATURES
from storage import Database, Store, Unavailable, patience
from tests.bot.tally import START, WORKSPACE
from tests.hone import Hone

SLACK_WAITS_S = 3.0
SECRET = "what somebody typed"


@action("desk.save")
@dataclass(frozen=True, slots=True)
class Save(Action):
    """Save the form's words."""


async def note(turn: Turn, store: Store, words: str) -> Reply:
    """Keep a line; some words fail after it was written."""
    await store.lines.add(turn.place.channel, turn.person.id, words)
    match words:
        case "mistake":
            raise Mistake("That cannot be.")
        case "fault":
            raise ZeroDivisionError(SECRET)
        case "down":
            raise Unavailable("TimeoutError")
    return whisper(f"Noted: {words}")


async def save(turn: Turn, store: Store, _: Save) -> Reply:
    words = turn.answers.one("words")
    if not words:
        form = Form("Note", Save(), (Input("words", "Words"),))
        return Ask(form, {"words": "Write something."})
    return await note(turn, store, words)


DESK = Feature(
    name="desk",
    commands={
        "note": CommandSpec("Note", note, "note x", "keeps words", free_text=True),
        "pad": CommandSpec(
            "Pad", note, "pad", "shows the pad", verbs={"clear": Verb(note, "pad clear", "clears")}
        ),
        "desk": CommandSpec("A door", None, "desk note x", "opens the desk"),
        "help": CommandSpec("Help", note, "help", "helps", free_text=True),
    },
    actions={Save: save},
)


class Desk:
    """One person at the router."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.router = Router([DESK], database)
        self.now = START

    def turn(self, intent: Intent, key: str, *, person: str = "ada") -> Turn:
        return Turn(
            workspace=WORKSPACE,
            place=Place("general", "general"),
            person=Person(person, person.title()),
            intent=intent,
            now=self.now,
            key=key,
            acted_at=self.now,
        )

    async def says(self, line: str, key: str = "k", *, person: str = "ada") -> str:
        """Return what the person is told."""
        command = Command(*read_command(line))
        outcome = await self.router.handle(self.turn(command, key, person=person))
        return "\n".join(whisper.card.summary for whisper in outcome.whispers)

    async def notes(self) -> list[str]:
        async with self.database.read(WORKSPACE, self.now) as store:
            return [line.text for line in await store.lines.in_channel("general")]


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


# --- once ------------------------------------------------------------------------------------


async def test_a_delivery_that_comes_again_changes_nothing(desk: Desk) -> None:
    """Slack delivers up to four times, Teams and proxies repeat at will."""
    turn = desk.turn(Command("note", "x"), "same")
    first, *again = [await desk.router.handle(turn) for _ in range(4)]
    assert not first.repeated
    assert all(outcome.repeated and outcome.saved for outcome in again)
    assert await desk.notes() == ["x"]


async def test_copies_that_come_at_the_same_time_count_once(desk: Desk) -> None:
    """Two replicas may hold the two copies in the same moment."""
    turn = desk.turn(Command("note", "x"), "same")
    others = Router([DESK], desk.database)
    outcomes = await asyncio.gather(
        *(router.handle(turn) for router in (desk.router, others) for _ in range(4))
    )
    assert sorted(outcome.repeated for outcome in outcomes) == [False] + [True] * 7
    assert await desk.notes() == ["x"]


async def test_the_same_key_in_another_workspace_is_another_delivery(desk: Desk) -> None:
    await desk.says("note x")
    turn = desk.turn(Command("note", "y"), "k")
    elsewhere = Turn(**{f.name: getattr(turn, f.name) for f in fields(turn)} | {"workspace": "w"})
    assert not (await desk.router.handle(elsewhere)).repeated


async def test_people_who_meet_in_a_new_channel_share_one_team(desk: Desk) -> None:
    """Each first word makes the channel's team; two at once must not make two."""
    await asyncio.gather(*(desk.says("note x", str(n), person=f"p{n}") for n in range(6)))
    async with desk.database.read(WORKSPACE, desk.now) as store:
        assert len(await store.teams.all()) == 1


# --- plain words -----------------------------------------------------------------------------


async def test_a_mistake_saves_nothing_and_may_be_sent_again(desk: Desk) -> None:
    """Not even the delivery's key stays, or the corrected form would count as a repetition."""
    answers = Answers({"words": ("mistake",)})
    outcome = await desk.router.handle(desk.turn(Submission(Save(), answers), "form"))
    assert outcome.refused
    assert outcome.whispers[0].card.summary == "That cannot be."
    assert await desk.notes() == []
    corrected = Answers({"words": ("right",)})
    outcome = await desk.router.handle(desk.turn(Submission(Save(), corrected), "form"))
    assert not outcome.repeated
    assert await desk.notes() == ["right"]


async def test_a_form_with_errors_stays_open_and_is_sent_again(desk: Desk) -> None:
    outcome = await desk.router.handle(desk.turn(Submission(Save()), "form"))
    assert outcome.ask is not None
    assert outcome.ask.errors == {"words": "Write something."}
    filled_in = Submission(Save(), Answers({"words": ("x",)}))
    outcome = await desk.router.handle(desk.turn(filled_in, "form"))
    assert not outcome.repeated
    again = await desk.router.handle(desk.turn(filled_in, "form"))
    assert again.repeated
    assert await desk.notes() == ["x"]


async def test_our_own_fault_gets_a_number_and_keeps_words_out_of_the_log(desk: Desk) -> None:
    with capture_logs() as logs:
        told = await desk.says("note fault")
    (logged,) = logs
    assert logged["incident"] in told
    assert "nothing was saved" in told
    assert logged["error"] == "ZeroDivisionError"
    assert "fault" not in str({**logged, "event": ""}).replace("turn_failed", "")
    assert SECRET not in str(logs)
    assert await desk.notes() == []
    assert (await desk.router.handle(desk.turn(Command("note", "fault"), "k"))).refused


async def test_a_database_out_of_reach_is_said_plainly(desk: Desk) -> None:
    with capture_logs() as logs:
        outcome = await desk.router.handle(desk.turn(Command("note", "down"), "k"))
    assert (outcome.saved, outcome.refused) == (False, True)
    assert "Not saved" in outcome.whispers[0].card.summary
    assert [log["event"] for log in logs] == ["not_saved"]
    assert not (await desk.router.handle(desk.turn(Command("note", "x"), "k"))).repeated


async def test_too_many_actions_in_a_minute_are_slowed_down(desk: Desk) -> None:
    """A stuck script must not push everybody else out; and it is told that nothing was saved."""
    for n in range(ACTIONS_PER_MINUTE):
        assert "Noted" in await desk.says("note x", f"k{n}")
    assert "not saved" in await desk.says("note x", "one more")
    assert "Noted" in await desk.says("note x", "another", person="grace")
    desk.now += timedelta(minutes=1)
    assert "Noted" in await desk.says("note x", "one more")
    assert len(await desk.notes()) == ACTIONS_PER_MINUTE + 2


# --- commands --------------------------------------------------------------------------------


async def test_a_line_finds_its_command_or_the_nearest_word(
    desk: Desk, subtests: pytest.Subtests
) -> None:
    for line, told in (
        ("note two words", "Noted: two words"),
        ("/NOTE loud", "Noted: loud"),
        ("desk note behind the door", "Noted: behind the door"),
        ("pad", "Noted: "),
        ("pad clear all", "Noted: all"),
        ("pad 12", "Noted: 12"),
        ("", "Noted: "),  # a mention without a word asks for help
        ("desk", "Noted: "),
        ("note help", "Noted: note"),
        ("nope", "I don't know nope; nearest: note, or help."),
        ("pad cler", "I don't know pad cler; nearest: pad clear, or pad help."),
        ("zzzzzz", "I don't know zzzzzz. Try help."),
        ("pad zzzzzz", "I don't know pad zzzzzz. Try pad help."),
    ):
        with subtests.test(line=line):
            assert await desk.says(line, f"key of {line}") == told


async def test_a_word_without_an_end_is_not_echoed_whole(desk: Desk) -> None:
    assert len(await desk.says("q" * 5_000)) < 200


async def test_a_command_over_the_limit_is_refused_with_the_limit(desk: Desk) -> None:
    assert "40,001 characters" in await desk.says("note " + "x" * (COMMAND_MAX_CHARS + 1))
    assert await desk.notes() == []


async def test_an_old_card_says_so_and_is_drawn_again(desk: Desk) -> None:
    outcome = await desk.router.handle(desk.turn(Click(Stale()), "k"))
    assert "out of date" in outcome.whispers[0].card.summary


async def test_an_old_form_stays_open_with_what_was_typed(desk: Desk) -> None:
    outcome = await desk.router.handle(desk.turn(Submission(Stale()), "k2"))
    assert "copy what you typed" in outcome.whispers[0].card.summary
    assert outcome.refused


async def test_a_shortcut_of_an_older_manifest_is_no_fault(desk: Desk) -> None:
    outcome = await desk.router.handle(desk.turn(Shortcut("gone"), "k"))
    assert "out of date" in outcome.whispers[0].card.summary


async def test_two_features_cannot_answer_the_same_word(database: Database) -> None:
    with pytest.raises(ValueError, match="two features answer"):
        Router([DESK, DESK], database)


# --- every feature -----------------------------------------------------------------------------


FORGED: dict[type, list[Any]] = {
    int: [-1, INT_MAX],
    str: ["", "'); drop table items; --", "x" * 400],
    bool: [True],
    float: [1e300],
}
AT_ONCE = 10
TYPED = (
    "<!channel> *bold* {{7*7}} <https://evil|https://bank>",
    "'); drop table items; -- #999999999 #2147483648",
    "=1+1 \u0663 1_0 NaN 2.5 -1",
)


async def test_a_forged_button_finds_nothing_and_breaks_nothing(hone: Hone) -> None:
    """Ids of nowhere, in every button there is: one plain sentence, no incident, no error."""
    await hone.person("Ada").says("improve Something to find")
    forged = [
        _made(cls, {kind: values[n % len(values)] for kind, values in FORGED.items()})
        for cls in _actions()
        for n in range(len(FORGED[int]))
    ]
    await _no_incident(hone, [Click(each) for each in forged])
    await _no_incident(hone, [Submission(each) for each in forged])


async def test_every_form_can_be_sent_empty(hone: Hone) -> None:
    """Platforms leave out what was not filled in; a field error is the answer, not an incident."""
    await hone.person("Ada").says("improve Something")
    ones: dict[type, Any] = {int: 1, str: "x", bool: True, float: 1.0}
    await _no_incident(hone, [Submission(_made(cls, ones)) for cls in _actions()])


async def test_what_people_type_is_never_an_incident(hone: Hone) -> None:
    """Every command and every chat, with everything that other bots trip over."""
    names = [name for feature in FEATURES for name in feature.commands]
    for private in (False, True):
        said: list[Intent] = [Said(typed) for typed in TYPED]
        commands = [Command(name, typed) for typed in TYPED for name in names]
        await _no_incident(hone, [*said, *commands], private=private)


def _actions() -> list[type[Action]]:
    return [each for feature in FEATURES for each in feature.actions]


def _made(cls: type[Action], values: dict[type, Any]) -> Action:
    hints = get_type_hints(cls)
    return cls(*(values[hints[field.name]] for field in fields(cls)))  # type: ignore[arg-type]


async def _no_incident(hone: Hone, intents: Sequence[Intent], *, private: bool = False) -> None:
    """Have everyone act at once, and each on their own behalf."""

    async def act(n: int, intent: Intent) -> None:
        turn = Turn(
            workspace=hone.workspace,
            place=Place(f"dm-{n}" if private else "refinement", private=private),
            person=Person(f"mallory{n}", "Mallory"),
            intent=intent,
            now=hone.now,
            key=hone.next_key(),
            acted_at=hone.now,
        )
        outcome = await hone.router.handle(turn)
        told = "\n".join(whisper.card.summary for whisper in outcome.whispers)
        assert outcome.saved, (intent, told)
        assert "incident" not in told, intent

    with capture_logs() as logs:
        for first in range(0, len(intents), AT_ONCE):
            batch = intents[first : first + AT_ONCE]
            await asyncio.gather(*(act(n, intent) for n, intent in enumerate(batch)))
    assert not [log for log in logs if log["event"] == "turn_failed"]


def test_a_line_is_read_as_a_word_and_the_rest() -> None:
    assert read_command("  /Improve  Builds are slow ") == ("improve", "Builds are slow")
    assert read_command("improve\nsecond line") == ("improve", "second line")


def test_a_turn_gives_up_before_a_platform_does() -> None:
    """Slack waits three seconds, then shows an error of its own: by then it must be "not saved"."""
    assert patience.PATIENCE_S <= SLACK_WAITS_S - 0.5
