"""Whatever is typed, sent or forged: one plain sentence, the person's text kept, nothing written.

And never a word of it in a log: every test here ends by looking for MARK in what was logged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import get_type_hints

import pytest
from sqlalchemy import func, select
from sqlmodel import SQLModel

from bot.cards import Form, Input
from bot.hearing import COMMAND_MAX_CHARS
from bot.turn import Answers, Click, Submission
from bot.wire import NotOnTheWire, Stale, Wire, name_of
from handlers import FEATURES
from handlers.capture.actions import Join
from tests.forgery import MARK, OUR_FAULT, Anything, acts_slowly, forged, words
from tests.gallery.specimen import HOSTILE
from tests.hone import WORKSPACE, Hone, Someone

KEPT_ANYWAY = {
    *("deliveries", "people", "channels", "teams", "trains", "workspaces", "counters"),
    "timers",  # an Undo runs out while these tests take their time
}
"""Tables that any act may write: who acted, where, and that it was handled."""


pytestmark = pytest.mark.usefixtures("nothing_typed_is_logged")


@pytest.fixture
async def ada(hone: Hone) -> Someone:
    return await somebody(hone)


async def somebody(hone: Hone, workspace: str = WORKSPACE) -> Someone:
    """Return a person in a team with two items and an open vote on the first."""
    ada = hone.person("Ada", zone="Europe/Berlin", workspace=workspace)
    await ada.says("improve Builds take forty minutes")
    await ada.says("improve Nobody knows who owns the staging database")
    await ada.says("wsjf #1")
    return ada


async def rows(hone: Hone) -> dict[str, int]:
    """Count the rows of every table that only something saved adds to."""
    async with hone.database.engine.connect() as connection:
        return dict((await connection.execute(_ROWS)).mappings().one())


_ROWS = select(
    *(
        select(func.count()).select_from(table).scalar_subquery().label(table.name)
        for table in SQLModel.metadata.sorted_tables
        if table.name not in KEPT_ANYWAY
    )
)


# --- commands --------------------------------------------------------------------------------

COMMANDS = (
    ("", "What you can type"),
    ("improv Quokka", "nearest: improve"),
    ("xyzzy Quokka", "I don't know xyzzy. Try help."),
    ("help Quokka", "I don't know quokka"),
    ("improve #only #themes", "title"),
    (f"improve Quokka {'x' * COMMAND_MAX_CHARS}", "40,000"),
    (f"improve {'x' * 3_001} Quokka", "3,000"),
    ("wsjf Quokka", "Name items by number"),
    ("wsjf #99", "There is no item #99 here."),
    ("wsjf #0", "There is no item #0 here."),
    ("wsjf #1 #999999999", "There is no item #999999999 here."),
    ("wsjf " + " ".join(f"#{n}" for n in range(1, 30)), "up to 20 items"),
    ("backlog #99", "There is no item #99 here."),
    ("backlog Quokka", "No item has"),
    ("digest onn", "nearest: digest on"),
    ("digest on Mnday 9:00", "Did you mean Monday?"),
    ("digest on Monday 25:61", "25:61"),
    ("digest on Monday 9:00 Quokka/Nowhere", "zone"),
    ("hone", "What you can type"),
    ("hone Quokka", "To save it: improve Quokka"),
)


async def test_a_command_that_makes_no_sense_is_answered(
    hone: Hone, ada: Someone, subtests: pytest.Subtests
) -> None:
    for line, answer in COMMANDS:
        with subtests.test(line=line[:24]):
            before = await rows(hone)
            await ada.says(line)
            assert answer.casefold() in ada.told.casefold()
            assert OUR_FAULT not in ada.told
            assert await rows(hone) == before


TITLES = (
    "<!channel> Quokka",
    "<@U1> of elsewhere, Quokka",
    "<https://evil|https://bank> Quokka",
    "*bold* _Quokka_ `code`",
    "{{7*7}} Quokka",
    "Quokka'); drop table items; -- now",
    HOSTILE,
)


async def test_hostile_words_are_words(hone: Hone, subtests: pytest.Subtests) -> None:
    for place, title in enumerate(TITLES):
        with subtests.test(title=title[:40]):
            ada = hone.person("Ada", channel=f"team-{place}", workspace=f"test:{place}")
            await ada.says(f"improve {title}")
            assert "Saved as #1" in ada.told
            assert title[:100] in hone.last(ada.place.channel)
            await ada.says("backlog")
            assert title[:60] in ada.told


# --- forms -----------------------------------------------------------------------------------

NOT_CARDS = ("0", "-1", "4", "1e9", "2.5", "True", "NaN", "1_0", "٣", "٢٠", "Quokka", "")


async def test_a_score_off_the_scale_is_refused(
    hone: Hone, ada: Someone, subtests: pytest.Subtests
) -> None:
    """Platforms send what was chosen, and a forged request anything at all."""
    for card in NOT_CARDS:
        with subtests.test(card=card):
            await ada.clicks("Vote")
            before = await rows(hone)
            await ada.fills({"ubv.1": card, "tc.1": card, "rroe.1": card, "size.1": card})
            assert ada.form is not None, "the form closed"
            assert set(ada.errors) == {"ubv.1", "tc.1", "rroe.1", "size.1"}
            assert "1, 2, 3, 5, 8, 13 or 20" in ada.errors["ubv.1"]
            assert await rows(hone) == before
            assert "Nobody has voted yet" in hone.last()


ITEM_FORM = (
    ("title", "", "title is missing"),
    ("title", "Quokka" * 501, "3,000"),
    ("details", "Quokka" * 501, "3,000"),
    ("themes", "#two words! Quokka", "one word"),
    ("due", "2026-02-30", "2026-02-30"),
    ("due", "Quokka", "names no single day"),
    ("kind", "Quokka", "Choose one of"),
    ("level", "Quokka", "backlog"),
    ("owner", "Quokka" * 50, "from the list"),
)


async def test_the_form_of_an_item_stays_open_with_what_was_typed(
    hone: Hone, ada: Someone, subtests: pytest.Subtests
) -> None:
    for field, typed, error in ITEM_FORM:
        with subtests.test(field=field, typed=typed[:24]):
            await ada.says("improve")
            before = await rows(hone)
            await ada.fills({"title": f"{MARK} waits", "details": "Since Monday.", field: typed})
            assert error in ada.errors[field]
            assert ada.form is not None
            kept = shown(ada.form)
            assert kept["title"] == (typed if field == "title" else f"{MARK} waits")
            assert kept["details"] == (typed if field == "details" else "Since Monday.")
            if isinstance(asked(ada.form, field), Input):
                assert kept[field] == typed
            assert await rows(hone) == before


async def test_only_a_person_whom_somebody_met_can_own_an_item(
    hone: Hone, ada: Someone, subtests: pytest.Subtests
) -> None:
    for label in ("Edit", "Assign"):
        with subtests.test(label=label):
            await ada.says(f"improve Nobody likes to {label.casefold()} the wiki")
            await ada.clicks(label)
            before = await rows(hone)
            await ada.fills({"owner": "Quokka" * 50})
            assert ada.errors == {"owner": "Choose a person from the list."}
            assert await rows(hone) == before
            await ada.fills({"owner": "ada"})
            assert "Owner: Ada" in hone.last()


async def test_words_added_to_an_item_are_no_longer_than_a_title(hone: Hone, ada: Someone) -> None:
    before = await rows(hone)
    await ada.acts(Submission(Join(1), Answers({"title": (MARK * 600,)})))
    assert "at most 3,000 fit" in ada.told
    assert await rows(hone) == before


async def test_an_unknown_zone_is_said_at_its_field(
    hone: Hone, ada: Someone, subtests: pytest.Subtests
) -> None:
    for command in ("settings", "digest on"):
        with subtests.test(command=command):
            await ada.says(command)
            before = await rows(hone)
            await ada.fills({"zone": "Quokka/Nowhere"})
            assert set(ada.errors) == {"zone"}
            assert ada.form is not None
            assert shown(ada.form)["zone"] == "Quokka/Nowhere"
            assert await rows(hone) == before


async def test_a_form_sent_twice_counts_once(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("improve")
    assert ada.form is not None
    sent = Submission(ada.form.submit, Answers({"title": ("Builds take forty minutes",)}))
    await ada.acts(sent, key="form-1")
    once = await rows(hone)
    outcome = await ada.acts(sent, key="form-1")
    assert outcome.repeated
    assert await rows(hone) == once


async def test_a_form_that_was_mended_can_be_sent_again(hone: Hone) -> None:
    """The same form, under the same name: the mistake must not count as its delivery."""
    ada = hone.person("Ada")
    await ada.says("improve")
    assert ada.form is not None
    save = ada.form.submit
    await ada.acts(Submission(save, Answers({"title": ()})), key="form-1")
    assert "title" in ada.errors
    await ada.acts(Submission(save, Answers({"title": ("Builds are slow",)})), key="form-1")
    assert "Saved as #1" in ada.told


# --- forged and stale presses ----------------------------------------------------------------

ACTIONS = sorted(
    {action for feature in FEATURES for action in feature.actions},
    key=lambda action: action.__name__,
)
FORGED = (-1, 99, 2**31, 2**63 - 1, 0)


async def test_an_id_that_does_not_exist_is_not_found(
    hone: Hone, ada: Someone, subtests: pytest.Subtests
) -> None:
    """Every button and form there is, with an id that nobody here was given.

    Zero stands for "none yet" in some of them, so with it a conversation may begin.
    """
    numbered = [kind for kind in ACTIONS if int in get_type_hints(kind).values()]
    for number in FORGED:
        with subtests.test(number=number):
            before = await rows(hone)
            for kind in numbered:
                for intent in (
                    Click(forged(kind, number)),
                    Submission(forged(kind, number), Anything("1")),
                ):
                    outcome = await acts_slowly(ada, intent)
                    assert OUR_FAULT not in words(outcome), name_of(kind)
            if number != 0:
                assert await rows(hone) == before


async def test_ids_of_another_workspace_are_not_found(hone: Hone, ada: Someone) -> None:
    """With the same words as for an id that never was, so that nobody can tell the two apart."""
    eve = hone.person("Eve", workspace="test:other")
    before = await rows(hone)
    for kind in ACTIONS:
        if not {"number", "poll_id"} & {field.name for field in fields(kind)}:  # type: ignore[arg-type]
            continue
        foreign = words(await acts_slowly(eve, Click(forged(kind, 1))))
        missing = words(await acts_slowly(eve, Click(forged(kind, 99))))
        assert foreign.replace("#1", "") == missing.replace("#99", ""), name_of(kind)
        sent = words(await acts_slowly(eve, Submission(forged(kind, 1), Anything("1"))))
        for told in (foreign, sent):
            assert "forty minutes" not in told
            assert "staging" not in told
    assert await rows(hone) == before


def test_numbers_past_the_wire_are_out_of_date() -> None:
    wire = Wire(ACTIONS)
    for coded in (
        '["capture.edit",9223372036854775808]',
        '["capture.edit","1"]',
        "[]",
        "{",
        "null",
    ):
        with pytest.raises(NotOnTheWire):
            wire.decode_action(coded)


async def test_a_card_out_of_date_says_so(ada: Someone) -> None:
    await ada.acts(Click(Stale()))
    assert "out of date" in ada.told


GARBAGE = (
    *("", "NaN", "-1", "9" * 5_000, "2026-02-30", "0001-01-01", "9999-12-31", "on", "٣"),
    *(MARK * 600, HOSTILE + MARK),
)
OF_A_DATABASE = ("9" * 5_000, "0001-01-01", "9999-12-31", HOSTILE + MARK)
"""What a database may refuse that let it come so far: PostgreSQL is asked about these alone."""


async def test_no_answer_to_any_form_is_our_mistake(hone: Hone, subtests: pytest.Subtests) -> None:
    """Every form there is, about things that exist, answered with the same nonsense everywhere.

    What took the first nonsense without looking at it is sent no other.
    """
    looking = ACTIONS
    for place, garbage in enumerate(GARBAGE if hone.database.is_sqlite else OF_A_DATABASE):
        with subtests.test(garbage=garbage[:24]):
            ada = await somebody(hone, workspace=f"test:{place}")
            sent = {kind: Anything(garbage) for kind in looking}
            for kind, answers in sent.items():
                outcome = await acts_slowly(ada, Submission(forged(kind, 1), answers))
                assert OUR_FAULT not in words(outcome), name_of(kind)
            looking = [kind for kind, answers in sent.items() if answers.were_read]
            assert looking


# --- how it is done --------------------------------------------------------------------------


def asked(form: Form, field: str) -> object:
    return next(each for each in form.fields if getattr(each, "id", "") == field)


def shown(form: Form) -> Mapping[str, str]:
    return {each.id: each.value for each in form.fields if isinstance(each, Input)}
