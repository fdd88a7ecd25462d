# ruff: noqa: RUF001 (the quotes and full-width signs of phones are what is read here)
"""People type dates, times, names and columns as they do everywhere else; Hone reads them alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.turn import Click, Named
from handlers.capture.actions import TakeOffer
from tests.conversations.items import item
from tests.hone import Hone, Someone

GRACE = Named("grace", "Grace")
TOMAS = Named("tomás", "Tomás")


@pytest.fixture
async def ada(hone: Hone) -> Someone:
    return hone.person("Ada")


# --- typographic twins -----------------------------------------------------------------------


async def test_a_column_is_named_with_whatever_quote_the_phone_has(hone: Hone) -> None:
    """A note that lands in the wrong column is read as its opposite."""
    ada = hone.person("Ada")
    await ada.says("retro start went well")
    await ada.says("retro add didn’t: builds are slow")
    await ada.says("retro add Didn't go well: reviews wait")
    await ada.says("retro add DIDN‘T GO: nobody is asked")
    async with hone.database.read(hone.workspace, hone.now) as store:
        notes = await store.notes.of(1)
    assert {note.column for note in notes} == {1}


@pytest.mark.parametrize(
    "words", ["don't", "don’t", "DON‘T deploy", "tomas", "Tomás", "TOMÁS deploy", "#café", "#cafe"]
)
async def test_a_search_finds_what_people_mean(hone: Hone, words: str) -> None:
    """Nobody types the quotes of a title, or a name's accents, into a search."""
    ada, tomas = hone.person("Ada"), hone.person("Tomás")
    await tomas.says("help")
    await ada.says("improve Don’t deploy on Fridays #café @Tomás", TOMAS)
    await ada.says("improve Reviews wait for days")
    await ada.says(f"backlog {words}")
    assert "#1 Don’t deploy on Fridays" in ada.told
    assert "Reviews wait" not in ada.told


async def test_a_search_finds_words_with_sharp_s_and_finished_items_too(hone: Hone) -> None:
    """Straße and STRASSE are one word; neither database folds them."""
    ada = hone.person("Ada")
    await ada.says("improve Die Straße zum Büro ist gesperrt")
    await ada.clicks("Done")
    await ada.says("backlog STRASSE buro")
    assert "#1 Die Straße" in ada.told


# --- dates behind a sentence -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("ending", "due"),
    [
        ("by Friday 4 December 2026", date(2026, 12, 4)),
        ("by Friday, 4 December", date(2026, 12, 4)),
        ("by 25/12", date(2026, 12, 25)),
        ("by 25.12.2026", date(2026, 12, 25)),
        ("by 2026/12/01", date(2026, 12, 1)),
        ("by 1 Dec 26", date(2026, 12, 1)),
        ("@Grace by EOW", date(2026, 11, 27)),
        ("by Friday please", date(2026, 11, 27)),
        ("by Friday, thank you!", date(2026, 11, 27)),
        ("by 2026-12-04 17:00", date(2026, 12, 4)),
        ("by 31.12.", date(2026, 12, 31)),
        ("by Friday 5pm", date(2026, 11, 27)),
        ("by end of Q1", date(2027, 3, 31)),
        ("by the 5th", date(2026, 12, 5)),
        ("bis Freitag", date(2026, 11, 27)),
        ("para el viernes", date(2026, 11, 27)),
        ("pour vendredi svp", date(2026, 11, 27)),
        ("até sexta-feira por favor", date(2026, 11, 27)),
        ("12月4日まで", date(2026, 12, 4)),
        ("due:2026-12-04 #ci", date(2026, 12, 4)),
        ("--due 2026-12-04", date(2026, 12, 4)),
        ("[due 2026-12-04]", date(2026, 12, 4)),
        ("by Dec 4 at the latest", date(2026, 12, 4)),
        ("@Grace, by Friday!", date(2026, 11, 27)),
        ("by month's end", date(2026, 11, 30)),
        ("by Friday ASAP", date(2026, 11, 27)),
        ("、来週の金曜まで", date(2026, 12, 4)),
        ("再来週の月曜日まで", date(2026, 12, 7)),
    ],
)
async def test_a_due_date_is_read_as_it_is_written(
    hone: Hone, ada: Someone, ending: str, due: date
) -> None:
    """A date that is lost is noticed when it is over."""
    await ada.says(f"improve Estimation runs long {ending}", GRACE)
    saved = await item(hone)
    assert (saved.title, saved.due) == ("Estimation runs long", due)
    assert f"due {due:%A} {due.day} {due:%B %Y}" in ada.told


@pytest.mark.parametrize(
    ("ending", "left"),
    [
        ("🙏", " 🙏"),
        ("please 🙏", " 🙏"),
        (":pray:", " :pray:"),
        ("https://x.example/a?b=1", " https://x.example/a?b=1"),
    ],
)
async def test_what_follows_a_date_is_kept_and_the_date_is_read(
    hone: Hone, ada: Someone, ending: str, left: str
) -> None:
    """Thanks are said to Hone; an emoji and an address belong to the sentence."""
    await ada.says(f"improve Builds are slow by Friday {ending}")
    saved = await item(hone)
    assert (saved.title, saved.due) == (f"Builds are slow{left}", date(2026, 11, 27))


@pytest.mark.parametrize(
    "said",
    [
        "owner: @Grace",
        "owner @Grace",
        "Owner: Grace",
        "assignee: @grace",
        "owner:@Grace",
        "assigned to @Grace",
        "--owner @Grace",
        "verantwortlich: @Grace",
        "＠Ｇｒａｃｅ",
    ],
)
async def test_an_owner_is_read_behind_the_word_for_it(hone: Hone, ada: Someone, said: str) -> None:
    await ada.says(f"improve Estimation runs long {said} by Friday", GRACE)
    saved = await item(hone)
    assert (saved.title, saved.owner) == ("Estimation runs long", "grace")
    assert saved.due


async def test_a_day_that_is_just_over_is_next_years_and_that_is_said(
    hone: Hone, ada: Someone
) -> None:
    """Whoever means last week's Friday should see it at once."""
    await ada.says("improve Estimation runs long by 20 Nov")
    assert (await item(hone)).due == date(2027, 11, 20)
    assert "“by 20 Nov” is read as Saturday 20 November 2027: this year's is over." in ada.told


async def test_what_was_not_read_is_told_in_a_sentence_of_its_own(ada: Someone) -> None:
    await ada.alone().chats("Deploys broke again today @Grace")
    card = ada.hone.last("dm-ada")
    assert "write “by today”.\n" in card or "Nobody called “Grace” is known here" in card
    assert ".." not in card


async def test_me_is_whoever_speaks(hone: Hone, ada: Someone) -> None:
    await ada.says("improve Estimation runs long @me by Friday")
    assert (await item(hone)).owner == "ada"


async def test_me_is_nobody_where_no_name_is_kept(hone: Hone, ada: Someone) -> None:
    """The owner's name would tell who wrote it."""
    await ada.says("improve My manager shouts @me --anon")
    saved = await item(hone)
    assert (saved.owner, saved.created_by) == (None, None)


# --- what was not understood is offered ------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "label", "due"),
    [
        ("Fix the gate by mid December", "Due Tue 15 Dec", date(2026, 12, 15)),
        ("Prepare the demo by Friday for the board", "Due Fri 27 Nov", date(2026, 11, 27)),
        ("Fix the gate until Friday", "Due Fri 27 Nov", date(2026, 11, 27)),
        ("Fix the gate before Friday", "Due Thu 26 Nov", date(2026, 11, 26)),
        ("Fix the gate by next week", "Due Fri 4 Dec", date(2026, 12, 4)),
        ("Fix the gate by Thursday 4 December", "Due Fri 4 Dec", date(2026, 12, 4)),
        ("Fix the gate by 17:00", "Due Mon 23 Nov", date(2026, 11, 23)),
        ("12月4日までにビルドを直す", "Due Fri 4 Dec", date(2026, 12, 4)),
        ("By Friday: fix the gate", "Due Fri 27 Nov", date(2026, 11, 27)),
        ("Fix the gate by Firday", "Due Fri 27 Nov", date(2026, 11, 27)),
        ("Fix the gate by Wendesday", "Due Wed 25 Nov", date(2026, 11, 25)),
        ("Fix the gate nächsten Freitag", "", None),
        ("Fix the gate bis nächsten Freitag", "Due Fri 27 Nov", date(2026, 11, 27)),
        ("Ship it 4 December 2026", "Due Fri 4 Dec", date(2026, 12, 4)),
        ("Fix the gate by 4.12", "Due Fri 4 Dec", date(2026, 12, 4)),
    ],
)
async def test_a_day_that_is_not_sure_is_a_button(
    hone: Hone, ada: Someone, words: str, label: str, due: date | None
) -> None:
    """One press is less than typing it again, and nothing is set that nobody said."""
    await ada.says(f"improve {words}")
    assert (await item(hone)).due is None
    if label:
        await ada.clicks(label)
        assert f"#1 is due {due:%a} {due.day} {due:%b %Y}" in ada.told if due else True
    assert (await item(hone)).due == due
    assert (await item(hone)).title == words


@pytest.mark.parametrize(
    ("locale", "labels"),
    [
        ("en-US", "[Due Wed 12 May 2027] [Due Sat 5 Dec]"),
        ("en-GB", "[Due Sat 5 Dec] [Due Wed 12 May 2027]"),
        ("de-DE", "[Due Sat 5 Dec] [Due Wed 12 May 2027]"),
    ],
)
async def test_two_days_are_two_buttons_the_readers_own_first(
    hone: Hone, ada: Someone, locale: str, labels: str
) -> None:
    """5/12 is the fifth of December to one half of the world."""
    ada.who = replace(ada.who, locale=locale)
    await ada.says("improve Fix the gate by 5/12")
    assert labels in ada.told
    assert (await item(hone)).due is None


async def test_a_person_inside_the_sentence_is_a_button(hone: Hone, ada: Someone) -> None:
    await ada.says("improve Ask @Grace about flaky tests", GRACE)
    assert (await item(hone)).owner is None
    await ada.clicks("Make Grace owner")
    assert (await item(hone)).owner == "grace"
    assert "#1 belongs to Grace now" in ada.told


async def test_a_slip_in_a_name_is_offered_among_the_people_of_the_team(
    hone: Hone, ada: Someone
) -> None:
    await hone.person("Grace").says("help")
    await ada.says("improve Estimation runs long @Garce by Friday")
    assert "Nobody called “Garce” is known here" in ada.told
    await ada.clicks("Make Grace owner")
    saved = await item(hone)
    assert (saved.owner, saved.due) == ("grace", date(2026, 11, 27))


async def test_two_people_of_a_name_are_two_buttons(hone: Hone, ada: Someone) -> None:
    marys = (Named("m1", "Mary Ann Evans"), Named("m2", "Mary Jackson"))
    await ada.says("improve Estimation runs long @Mary", *marys)
    assert "[Make Mary Ann Evans owner] [Make Mary Jackson owner]" in ada.told


@pytest.mark.parametrize(
    ("words", "label", "field", "value"),
    [
        ("Fix the gate #ci/cd", "Add #ci-cd", "themes", ["ci-cd"]),
        ("Fix the gate --storry", "Make it a story", "kind", "story"),
        ("Fix the gate --enablr", "Make it an enabler", "kind", "enabler"),
        ("Document the --feature flag", "Make it a feature", "kind", "feature"),
        ("Fix the gate --art --team", "For the whole train", "level", "train"),
    ],
)
async def test_a_tag_or_an_option_that_is_nearly_one_is_a_button(
    hone: Hone, ada: Someone, words: str, label: str, field: str, value: object
) -> None:
    await ada.says(f"improve {words}")
    await ada.clicks(label)
    assert getattr(await item(hone), field) == value


@pytest.mark.parametrize(
    "words",
    [
        "Nobody wants to deploy on Friday",
        "Deploys broke again today",
        "Tests flake on Mondays",
        "We cut it by two days",
        "Reviewed by Sam",
        "See https://x.example/#build",
        "Thanks for the fish",
        "We love C#",
    ],
)
async def test_a_sentence_without_a_date_gets_no_button(ada: Someone, words: str) -> None:
    await ada.says(f"improve {words}")
    assert "[" not in ada.told.removeprefix("Saved as #1.")


async def test_plain_words_keep_what_was_offered_until_they_are_saved(
    hone: Hone, ada: Someone
) -> None:
    """Alone with Hone, too, nothing is dropped."""
    alone = ada.alone()
    await ada.says("help")
    await alone.chats("Prepare the demo by mid December")
    await alone.clicks("Save as improvement")
    await alone.clicks("Due Tue 15 Dec")
    assert (await item(hone)).due == date(2026, 12, 15)


@pytest.mark.parametrize(
    "act", [("due", "soon"), ("owner", "nobody"), ("kind", "epic"), ("x", "y"), ("theme", "a b")]
)
async def test_a_forged_offer_changes_nothing(
    hone: Hone, ada: Someone, act: tuple[str, str]
) -> None:
    await ada.says("improve Builds are slow")
    before = await item(hone)
    await ada.acts(Click(TakeOffer(1, *act)))
    assert ada.outcome.refused
    assert await item(hone) == before


async def test_end_of_sprint_is_the_teams_own(hone: Hone, ada: Someone) -> None:
    """Where iterations are set, everybody knows which day that is."""
    await ada.says("improve First by end of sprint")
    assert "this team has no iterations yet" in ada.told
    await ada.says("settings")
    await ada.fills({"iteration_weeks": "2", "iteration_first": "2026-11-16"})
    await ada.says("improve Second by end of sprint")
    assert (await item(hone, 2)).due == date(2026, 11, 29)
    await ada.says("improve Third by the end of the next iteration")
    assert (await item(hone, 3)).due == date(2026, 12, 13)
