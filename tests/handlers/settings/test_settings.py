"""Settling how a team works: who may, what is asked, and what it changes."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.cards import Choice
from bot.turn import Submission
from handlers.settings.actions import Save
from storage import Store
from storage.audit import AuditEntry
from tests.hone import START, WORKSPACE, Hone, Someone


async def opens(person: Someone) -> Someone:
    await person.says("hone settings")
    assert person.form is not None, person.told
    return person


async def sets(person: Someone, **answers: str | tuple[str, ...]) -> None:
    await (await opens(person)).fills(answers)


async def audit(hone: Hone) -> list[tuple[str, str]]:
    """Return who did what, the newest first: ids sort by time."""
    async with hone.database.read(WORKSPACE, START) as store:
        rows = await store.session.scalars(select(AuditEntry).order_by(col(AuditEntry.id).desc()))
        return [(entry.person, entry.what) for entry in rows]


def options(person: Someone, field: str) -> list[str]:
    assert person.form is not None
    (choice,) = (f for f in person.form.fields if isinstance(f, Choice) and f.id == field)
    return [option.label for option in choice.options]


# --- what can be set -------------------------------------------------------------------------


async def test_one_form_settles_everything(hone: Hone) -> None:
    ada = hone.person("Ada")
    await hone.person("Grace").says("help")
    await sets(
        ada,
        name="Checkout  crew",
        new_train="Payments",
        zone="europe/berlin",
        facilitators=("grace", "ada"),
        admins=("ada",),
        reveal="anyone",
        guests_vote=("on",),
    )
    assert ada.told.splitlines() == [
        "Saved for Checkout crew.",
        "Team name: Checkout crew",
        "Train: Payments",
        "Time zone: Europe/Berlin",
        "Facilitators: Ada, Grace",
        "Admins: Ada",
        "Who may reveal votes: anyone here",
        "Guests may vote: yes",
    ]
    await ada.says("backlog")
    assert "The backlog of Checkout crew is empty." in ada.told


async def test_the_form_shows_what_holds_now(hone: Hone) -> None:
    ada = hone.person("Ada", zone="Europe/Berlin")
    await sets(ada, name="Checkout", admins=("ada",), guests_vote=("on",))
    await opens(ada)
    await ada.fills({})
    assert ada.told == "Nothing changed."
    async with hone.database.read(WORKSPACE, START) as store:
        team = await store.teams.find(1)
    assert team is not None
    assert (team.name, team.zone, team.guests_vote) == ("Checkout", "Europe/Berlin", True)
    assert not team.anyone_reveals


async def test_only_what_changed_is_told(hone: Hone) -> None:
    ada = hone.person("Ada")
    await sets(ada, zone="Asia/Tokyo")
    assert ada.told.splitlines() == ["Saved for refinement.", "Time zone: Asia/Tokyo"]


async def test_a_new_train_is_made_once_however_it_is_spelt(hone: Hone) -> None:
    await sets(hone.person("Ada"), new_train="Payments")
    await sets(hone.person("Grace", channel="platform"), new_train="payments ")
    tomas = await opens(hone.person("Tomas", channel="search"))
    assert sorted(options(tomas, "train")) == ["Our train", "Payments"]


async def test_an_unknown_zone_keeps_the_form_open_and_names_the_nearest(
    hone: Hone, subtests: pytest.Subtests
) -> None:
    ada = hone.person("Ada")
    for typed, told in (
        ("Europe/Berln", "I don't know the time zone “Europe/Berln”. Did you mean Europe/Berlin?"),
        ("Toky", "I don't know the time zone “Toky”. Did you mean Asia/Tokyo?"),
        ("12:30", "I don't know the time zone “12:30”. Name a city, such as Europe/Berlin."),
        ("../../etc/passwd", "I don't know the time zone “../../etc/passwd”."),
        ("", "I don't know the time zone “”. Name a city, such as Europe/Berlin."),
    ):
        with subtests.test(typed=typed):
            team = f"Checkout {typed}".strip()
            await sets(ada, zone=typed, name=team)
            assert ada.errors["zone"].startswith(told)
            await ada.fills({"zone": "Tokyo"})
            assert f"Team name: {team}" in ada.told, "what was typed in other fields is kept"


async def test_a_wrong_answer_is_told_at_its_field_and_changes_nothing(
    hone: Hone, subtests: pytest.Subtests
) -> None:
    ada = hone.person("Ada")
    for field, answer, told in (
        ("name", "  ", "A team needs a name."),
        ("name", "x" * 81, "This name has 81 characters; at most 80 fit."),
        ("new_train", "x" * 81, "This name has 81 characters; at most 80 fit."),
        ("train", "999", "Choose one of the trains listed, or name a new one."),
        ("train", "1; drop table", "Choose one of the trains listed, or name a new one."),
        ("team", "999", "Choose one of the teams listed."),
        ("reveal", "me", "Choose who may reveal a vote."),
        ("admins", tuple(f"u{n}" for n in range(51)), "You chose 51 people; choose at most 50."),
        ("facilitators", ("u" * 201,), "Choose people from the list."),
    ):
        with subtests.test(field=field, answer=answer[:24]):
            await opens(ada)
            await ada.fills({"zone": "Asia/Tokyo", field: answer})
            assert ada.errors == {field: told}
            assert await audit(hone) == []


# --- who may ---------------------------------------------------------------------------------


async def test_while_a_team_has_no_admin_any_member_may_change_its_settings(hone: Hone) -> None:
    await sets(hone.person("Ada"), admins=("grace",))
    grace = hone.person("Grace")
    await sets(grace, zone="Asia/Tokyo")
    assert "Time zone: Asia/Tokyo" in grace.told


async def test_with_an_admin_only_admins_may(hone: Hone) -> None:
    ada, tomas = hone.person("Ada"), hone.person("Tomas")
    await opens(tomas)
    await sets(ada, admins=("ada",))
    await tomas.fills({"zone": "Asia/Tokyo"})
    refusal = "Only an admin of refinement (Ada) or of the workspace can change its settings."
    assert tomas.told == refusal, "the form was open before there was an admin"
    await tomas.says("hone settings")
    assert tomas.told == refusal
    await sets(hone.person("Wim", role="admin"), zone="Asia/Tokyo")
    assert [who for who, _ in await audit(hone)] == ["wim", "ada"]


@pytest.mark.parametrize("role", ["guest", "external"])
async def test_guests_never_change_settings(hone: Hone, role: str) -> None:
    guest = hone.person("Gus", role=role)  # type: ignore[arg-type]
    await guest.says("hone settings")
    assert guest.told == "Guests cannot change a team's settings."
    await guest.acts(Submission(Save(1)))
    assert guest.told == "Guests cannot change a team's settings."


async def test_alone_with_hone_there_is_no_channel_to_settle(hone: Hone) -> None:
    ada = hone.person("Ada").alone()
    await ada.says("hone settings")
    assert ada.told == "Settings belong to a channel: use hone settings there."


async def test_every_change_is_on_record_without_what_was_typed(hone: Hone) -> None:
    """Who changed what must be answerable; names and words are nobody's business later."""
    await sets(hone.person("Ada"), name="Project Nightfall", admins=("ada", "wim"), reveal="anyone")
    assert await audit(hone) == [
        ("ada", "team 1: name; admins ada wim; anyone_reveals True"),
    ]


# --- several channels, one team --------------------------------------------------------------


async def test_two_channels_share_one_backlog(hone: Hone) -> None:
    await hone.person("Ada").says("improve Estimation runs long")
    grace = hone.person("Grace", channel="retro")
    await sets(grace, team="1", name="ignored")
    assert "This channel speaks for refinement now." in grace.told
    await grace.says("backlog")
    assert "#1 Estimation runs long" in grace.told
    await opens(hone.person("Ada"))
    assert await audit(hone) == [("grace", "channel retro: team 1")]


async def test_joining_a_team_leaves_its_settings_alone(hone: Hone) -> None:
    await sets(hone.person("Ada"), zone="Asia/Tokyo")
    await sets(hone.person("Grace", channel="retro"), team="1", zone="Europe/Berlin")
    async with hone.database.read(WORKSPACE, START) as store:
        team = await store.teams.of_channel("retro")
    assert team is not None
    assert (team.id, team.zone) == (1, "Asia/Tokyo")


async def test_a_team_with_admins_is_joined_only_by_them(hone: Hone) -> None:
    """Otherwise any channel could let itself into any backlog."""
    await sets(hone.person("Ada"), admins=("ada",))
    grace = hone.person("Grace", channel="retro")
    await sets(grace, team="1")
    assert grace.told.startswith("Only an admin of refinement (Ada)")
    await sets(hone.person("Ada", channel="retro"), team="1")


async def test_a_sharing_channel_can_start_a_team_of_its_own_again(hone: Hone) -> None:
    ada, grace = hone.person("Ada"), hone.person("Grace", channel="retro")
    await opens(ada)
    assert "A new team of its own" not in options(ada, "team"), "it has one already"
    await sets(grace, team="1")
    await sets(grace, team="own", zone="Asia/Tokyo")
    assert "This channel speaks for retro now." in grace.told
    async with hone.database.read(WORKSPACE, START) as store:
        own, shared = await store.teams.of_channel("retro"), await store.teams.find(1)
    assert own is not None
    assert shared is not None
    assert (own.zone, shared.zone) == ("Asia/Tokyo", "UTC")


async def test_a_form_for_another_team_is_out_of_date(hone: Hone) -> None:
    """The channel moved while the form was open: its answers were meant for the other team."""
    ada, grace = hone.person("Ada", channel="retro"), hone.person("Grace", channel="retro")
    await hone.person("Tomas").says("help")
    await opens(ada)
    await sets(grace, team="1")
    await ada.fills({"name": "Retro"})
    assert "This channel changed its team meanwhile." in ada.told


async def test_two_teams_of_one_name_are_told_apart(hone: Hone) -> None:
    ada = hone.person("Ada")
    await hone.person("Grace", channel="retro").says("help")
    await sets(ada, name="RETRO")
    assert ada.errors == {
        "name": "Another team has this name. To share its backlog, choose it above."
    }


async def test_a_workspace_of_many_teams_still_fits_the_form(hone: Hone) -> None:
    """Slack takes a hundred options; the channel's own team must be among them."""

    async def write(store: Store) -> None:
        for number in range(120):
            await store.channels.ensure(f"c{number:03}", f"c{number:03}", "UTC")

    await hone.database.write(WORKSPACE, hone.now, write)
    last = await opens(hone.person("Ada", channel="c119"))
    shown = options(last, "team")
    assert len(shown) <= 100
    assert shown[0] == "c119"


# --- what the settings do --------------------------------------------------------------------


async def start_vote(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("improve Estimation runs long")
    await ada.says("wsjf #1")
    await ada.clicks("Vote")
    await ada.fills({f"{column}.1": "3" for column in ("ubv", "tc", "rroe", "size")})


async def test_others_reveal_a_vote_only_where_anyone_may(hone: Hone) -> None:
    await start_vote(hone)
    tomas = hone.person("Tomas")
    await tomas.clicks("Reveal")
    assert tomas.told == "Only Ada, a facilitator or an admin of this team can do that."
    await sets(hone.person("Ada"), reveal="anyone")
    guest = hone.person("Gus", role="guest")
    await guest.clicks("Reveal")
    assert "Only Ada" in guest.told, "anyone here is a member"
    await tomas.clicks("Cancel")
    assert "Only Ada" in tomas.told, "revealing is not cancelling"
    await tomas.clicks("Reveal")
    assert "WSJF result" in hone.channel()[1].text


async def test_guests_vote_only_where_the_team_lets_them(hone: Hone) -> None:
    await start_vote(hone)
    guest = hone.person("Gus", role="guest")
    await guest.clicks("Vote")
    assert "Guests cannot vote here." in guest.told
    await sets(hone.person("Ada"), guests_vote=("on",))
    await guest.clicks("Vote")
    await guest.fills({f"{column}.1": "5" for column in ("ubv", "tc", "rroe", "size")})
    assert "Your vote is in" in guest.told
    await guest.says("wsjf #1")
    assert "Guests cannot start" in guest.told
