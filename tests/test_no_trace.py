"""What Hone keeps of somebody who wants to stay unnamed: nothing that leads to them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.turn import Answers, Command, Submission
from handlers.rules.edit_token import EditToken
from storage.notes import RetroNote
from storage.tables import table_of
from tests.attacker import everything, note_field, on_the_disk, write_anonymously
from tests.hone import Hone, buttons_of


async def test_an_anonymous_note_leaves_no_trace_of_a_person(hone: Hone) -> None:
    """A person unknown before is unknown after: not even that they were here is kept."""
    await hone.person("Lead").says("retro start anonymous")
    grace = hone.person("Grace", zone="Asia/Tokyo")
    await write_anonymously(grace, "Nobody listens")
    await grace.clicks("Change or remove", on=grace.whispered)
    await grace.fills({note_field(grace): "Nobody listens to testers"})
    found = await everything(hone.database)
    assert not [row for row in found if row.names("grace") or row.names("Tokyo")]
    keys = [str(row.values["key"]) for row in found if row.table == "deliveries"]
    assert len(keys) == 1, "only the start of the retro was delivered by somebody"


async def test_no_time_finer_than_an_hour_and_soon_none(hone: Hone) -> None:
    """Who was at their desk at 9:07 is easy to find out."""
    await hone.person("Lead").says("retro start anonymous by tomorrow 12:00")
    await hone.wait(minutes=7)
    await write_anonymously(hone.person("Ada"), "Nobody listens")
    async with hone.database.read(hone.workspace, hone.now) as store:
        [note] = await store.notes.of(1)
        assert note.token_hour is not None
        assert (note.token_hour.minute, note.token_hour.second) == (0, 0)
    await hone.wait(minutes=64)
    async with hone.database.read(hone.workspace, hone.now) as store:
        [note] = await store.notes.of(1)
        assert (note.token, note.token_hour, note.author) == (None, None, None)


async def test_what_was_deleted_is_not_left_on_the_disk(hone: Hone) -> None:
    """SQLite leaves deleted rows where they were, unless it is told to overwrite them."""
    if not hone.database.is_sqlite:
        pytest.skip("PostgreSQL removes old rows when it vacuums; docs/anonymity.md says so")
    await hone.person("Lead").says("retro start anonymous")
    ada = hone.person("Ada")
    await write_anonymously(ada, "first words of mine")
    await ada.clicks("Change or remove", on=ada.whispered)
    await ada.fills({note_field(ada): "second words of mine"})
    disk = on_the_disk(hone.database)
    assert disk.count(b"first words of mine") == 0
    assert disk.count(b"second words of mine") == 1


async def test_whoever_gave_which_dots_is_not_left_on_the_disk(hone: Hone) -> None:
    """Votes are counted and forgotten: also where the rows had been."""
    if not hone.database.is_sqlite:
        pytest.skip("PostgreSQL removes old rows when it vacuums; docs/anonymity.md says so")
    people = [hone.person(f"{name}-of-the-platform") for name in ("Ada", "Grace", "Linus", "Uma")]
    ada = people[0]
    await ada.says("retro start")
    await ada.clicks("Add a note")
    await ada.fills({"c0": "Builds wait"})
    await ada.clicks("Reveal")
    await ada.clicks("Start the vote")
    before = on_the_disk(hone.database).count(b"linus-of-the-platform")
    for person in people:
        await person.clicks("Give my dots")
        await person.fills({"g1": "2"})
    given = on_the_disk(hone.database).count(b"linus-of-the-platform")
    await ada.clicks("Close the vote")
    left = on_the_disk(hone.database).count(b"linus-of-the-platform")
    assert before < left < given, "known as a person, no longer as a voter"


async def test_an_anonymous_improvement_leaves_no_trace_of_a_person(hone: Hone) -> None:
    """`improve … --anon` promises the same, by whichever door it is typed."""
    await hone.person("Lead").says("improve Something else")
    hone.now += timedelta(minutes=17)
    grace = hone.person("Grace")
    await grace.says("improve Reviews are used to blame people --anon")
    assert "Nobody's name is kept with it" in grace.told
    await hone.person("Ann").says("hone improve Reviews take revenge --anon")
    await hone.person("Kim").chats("/idea Reviews are a tool of revenge --anon")
    found = await everything(hone.database)
    assert not [row for row in found if any(map(row.names, ("grace", "ann", "kim")))]
    times = [str(row.values["at"]) for row in found if row.table == "item_events"]
    assert sum("09:00:00" in at for at in times) == 4
    assert len([row for row in found if row.table == "deliveries"]) == 1


@pytest.mark.parametrize("option", ["--anon", "--annon"])
async def test_a_question_about_a_secret_leaves_no_trace_of_who_was_asked(
    hone: Hone, option: str
) -> None:
    """They pasted a password and meant to stay unnamed: when they did is a lead to them, too."""
    hone.now += timedelta(minutes=17)
    await hone.person("Grace").says(f"improve He shares xoxb-1234567890-abcdefghij {option}")
    found = await everything(hone.database)
    assert not [row for row in found if row.table == "people"]
    [kept] = [row.values for row in found if row.table == "deliveries"]
    assert str(kept["key"]).startswith("asked:"), "a hash of what was asked about"
    assert "09:00:00" in str(kept["at"])


async def test_an_anonymous_improvement_is_taken_back_by_its_author_alone(hone: Hone) -> None:
    await hone.person("Lead").says("improve Something else")
    grace = hone.person("Grace")
    hone.now += timedelta(minutes=17)
    await grace.says("improve Reviews are used to blame people --anon")
    await grace.clicks("Take it back", on=grace.whispered)
    assert grace.told == "Taken back: #2 is dropped."
    assert grace.outcome.whispers[0].replaces
    assert "State: dropped: taken back" in hone.last()
    found = await everything(hone.database)
    assert not [row for row in found if row.names("grace")]
    assert all("09:17" not in str(row.values.get("at")) for row in found)


async def test_an_anonymous_improvement_stays_after_ten_minutes_or_a_change(hone: Hone) -> None:
    ada, grace = hone.person("Ada"), hone.person("Grace")
    await ada.says("improve Reviews are used to blame people --anon")
    card = ada.whispered
    await grace.clicks("Edit")
    await grace.fills({"details": "Since spring"})
    await ada.clicks("Take it back", on=card)
    assert ada.told == "Somebody has changed #1 since, so it stays."
    await hone.wait(minutes=11)
    await ada.clicks("Take it back", on=card)
    assert ada.told.startswith("The ten minutes are over")
    await hone.wait(hours=2)
    found = await everything(hone.database)
    assert not [row for row in found if row.values.get("kind") == "capture.unsigned"]
    assert "State: captured" in hone.last()


async def test_an_anonymous_delivery_that_comes_twice_counts_once(hone: Hone) -> None:
    """Nothing traces it to a person, and still Slack may send it again."""
    ada = hone.person("Ada")
    await hone.person("Lead").says("retro start anonymous")
    await ada.clicks("Add a note")
    assert ada.form is not None
    intent = Submission(ada.form.submit, Answers({"c0": ("Nobody listens",)}))
    for _ in range(4):
        await ada.acts(intent, key="form:V1:nonce")
    assert ada.outcome.repeated
    for _ in range(4):
        await ada.acts(Command("improve", "Reviews blame people --anon"), key="command:1")
    async with hone.database.read(hone.workspace, hone.now) as store:
        assert await store.notes.count(1) == 1
        assert await store.items.find(2) is None


async def test_only_the_private_card_opens_a_note_and_only_for_ten_minutes(hone: Hone) -> None:
    """The secret is on the author's card alone; after ten minutes even it is worth nothing."""
    await hone.person("Lead").says("retro start anonymous")
    ada, grace = hone.person("Ada"), hone.person("Grace")
    await write_anonymously(ada, "Nobody listens")
    card = ada.whispered
    secret = str(buttons_of(card)[0].action)
    async with hone.database.read(hone.workspace, hone.now) as store:
        [note] = await store.notes.of(1)
    assert str(note.token) not in secret
    await write_anonymously(grace, "Another one")
    await grace.clicks("Change or remove", on=grace.whispered)
    assert grace.form is not None
    assert "Nobody listens" not in str(grace.form)
    hone.now += timedelta(minutes=10)
    await ada.clicks("Change or remove", on=card)
    assert "The ten minutes are over" in ada.told


async def test_few_notes_are_not_counted_in_an_anonymous_retro(hone: Hone) -> None:
    """When the third of three people writes, a count of three would say so."""
    await hone.person("Lead").says("retro start anonymous")
    for number in range(4):
        await write_anonymously(hone.person(f"P{number}"), f"Something {number}")
        assert "So far: fewer than 5 notes" in hone.last()
    await write_anonymously(hone.person("P5"), "One more thing")
    assert "So far: 5 notes" in hone.last()


async def test_a_command_never_adds_an_anonymous_note(hone: Hone) -> None:
    """Commands may be logged with the name of whoever typed them; the form says so first."""
    await hone.person("Lead").says("retro start anonymous")
    ada = hone.person("Ada")
    await ada.says("retro add Nobody listens")
    assert "This retro is anonymous" in ada.told
    assert "Nothing was saved" in ada.told
    async with hone.database.read(hone.workspace, hone.now) as store:
        assert await store.notes.count(1) == 0
        assert await store.people.find("ada") is None


def test_rows_without_a_name_have_no_row_numbers() -> None:
    """SQLite numbers rows as they come, unless a table says that it wants none."""
    table = table_of(RetroNote)
    assert table.dialect_options["sqlite"]["with_rowid"] is False


# --- where few could have written ------------------------------------------------------------


async def test_who_writes_among_few_is_told_and_may_sign(hone: Hone) -> None:
    """Without a name among three people is a promise nobody can keep: say so before."""
    lead = hone.person("Lead")
    await lead.says("retro start anonymous")
    assert "I know fewer than 5 people of this team" in hone.last()
    ada = hone.person("Ada")
    await ada.clicks("Add a note")
    assert "sign it, or to wait until more have joined in" in str(ada.form)
    await ada.fills({"c0": "Nobody listens", "signed": ("on",)})
    assert ada.told.startswith("Added 1 note.")
    await ada.clicks("My notes", on=ada.whispered)
    await ada.fills({note_field(ada): "Nobody listens to testers"})
    await lead.clicks("Reveal")
    assert "Nobody listens to testers (Ada)" in hone.channel()[0].text, "signed: no need to ask"


async def test_the_leader_is_told_before_few_are_revealed_and_may_wait(hone: Hone) -> None:
    lead = hone.person("Lead")
    await lead.says("retro start anonymous")
    await write_anonymously(hone.person("Ada"), "Nobody listens")
    await lead.clicks("Reveal")
    assert "Not revealed yet: fewer than 5 people may have written" in lead.told
    card = lead.whispered
    assert "Nobody listens" not in hone.channel()[0].text
    await lead.clicks("Reveal all the same", on=card)
    assert "Nobody listens" in hone.channel()[0].text


async def test_a_crowd_is_neither_warned_nor_asked(hone: Hone) -> None:
    people = [hone.person(f"P{number}") for number in range(5)]
    for number, person in enumerate(people):
        await person.says(f"improve Nobody owns the {number}. changelog of them")
    await people[0].says("retro start anonymous")
    assert "fewer than" not in hone.last()
    for number, person in enumerate(people):
        await person.clicks("Add a note")
        assert "signed" not in str(person.form)
        await person.fills({"c0": f"Something {number}"})
    await people[0].clicks("Reveal")
    assert "Something 3" in hone.last() + "".join(shown.text for shown in hone.channel())


def test_when_a_secret_ends_cannot_be_moved() -> None:
    """It stands on its holder's own card: whoever changes it there holds another secret."""
    ends = EditToken("secret", 1_000)
    assert ends.hash(1) == EditToken("secret", 1_000).hash(1)
    assert ends.hash(1) != EditToken("secret", 2_000).hash(1)
    assert ends.hash(1, 0) != ends.hash(1, 1), "two notes of one person do not belong together"
