"""Settle how a channel's team works with Hone: name, train, zone, iterations, who may what."""

from __future__ import annotations

from dataclasses import replace

from bot.cards import (
    Card,
    Form,
    Typed,
    filled,
)
from bot.feature import CommandSpec, Feature
from bot.text import alike
from bot.turn import Ask, Mistake, Reply, Turn, Whisper
from handlers.phrases import shortened
from handlers.rules.guard import change_settings
from handlers.settings import cards, rhythm
from handlers.settings.actions import Save, SaveRhythm
from handlers.settings.choices import (
    ANYONE,
    LEADERS,
    RECHECKED,
    Choices,
    TeamRhythm,
    differing,
    read,
    recheck_of,
)
from handlers.ui.actions import OpenRhythm
from handlers.ui.elsewhere import tool_of
from storage import Store
from storage.teams import Team


async def settings(turn: Turn, store: Store, _: str) -> Reply:
    """Open the form of the team that talks here."""
    team = await _changeable(turn, store)
    return Ask(await _form(store, team))


async def save(turn: Turn, store: Store, act: Save) -> Reply:
    """Save the form; choosing another team moves the channel and leaves both teams as they are."""
    team = await _changeable(turn, store)
    if team.id != act.team_id:
        raise Mistake("This channel changed its team meanwhile. Please open the settings again.")
    speaks_for = turn.answers.one("team") or str(team.id)
    if speaks_for not in (str(team.id), cards.OWN):
        return await _move(turn, store, team, speaks_for)
    scopes = await _scopes(store, team)
    wanted, errors = read(turn, {train.id for train in await store.teams.trains()}, scopes)
    errors |= await _name_taken(store, team, wanted.name)
    if errors:
        return Ask(filled(await _form(store, team), turn.answers), errors)
    wanted = replace(wanted, train=await _train(store, turn.answers.one("new_train"), wanted))
    if speaks_for == cards.OWN:
        return await _start_own(turn, store, team, wanted)
    return Whisper(await _keep(turn, store, team, wanted))


# --- how it is done --------------------------------------------------------------------------


async def _form(store: Store, team: Team) -> Form:
    return cards.form(
        team,
        await _choices(store, team),
        teams=await store.teams.all(),
        trains=await store.teams.trains(),
        shared=len(await store.channels.of_team(team.id)) > 1,
        scopes=await _scopes(store, team),
    )


async def _scopes(store: Store, team: Team) -> dict[int, str]:
    """Return what the team follows and may put items into, by name."""
    return {
        home.scope_id: f"{shortened(home.scope_name, 50)} ({tool_of(home.kind)})"
        for home in await store.records.homes_of_team(team.id)
        if home.takes_items
    }


async def _choices(store: Store, team: Team) -> Choices:
    return Choices(
        name=team.name,
        train=team.train_id,
        zone=team.zone,
        facilitators=tuple(sorted(await store.teams.people_with(team.id, "facilitator"))),
        admins=tuple(sorted(await store.teams.people_with(team.id, "admin"))),
        anyone_reveals=team.anyone_reveals,
        guests_vote=team.guests_vote,
        anonymous_votes=team.anonymous_votes,
        min_ballots=team.min_ballots,
        rhythm=TeamRhythm(team.iteration_first, team.iteration_weeks or 0),
        recheck=recheck_of(team.recheck_days),
        put_into=put_into if (put_into := team.put_into or 0) in await _scopes(store, team) else 0,
    )


async def _keep(turn: Turn, store: Store, team: Team, wanted: Choices) -> Card:
    """Write what differs, and return what to tell about it."""
    changed = differing(await _choices(store, team), wanted)
    if not changed:
        return cards.unchanged()
    team.name, team.zone, team.train_id = wanted.name, wanted.zone, wanted.train
    team.settings = {
        **team.settings,
        "reveal": ANYONE if wanted.anyone_reveals else LEADERS,
        "guests_vote": wanted.guests_vote,
        "anonymous_votes": wanted.anonymous_votes,
        "min_ballots": wanted.min_ballots,
        **wanted.rhythm.settings,
        "put_into": wanted.put_into or None,
        "recheck_days": {kind: days for field, days in wanted.recheck for kind in RECHECKED[field]},
    }
    if not {"zone", "rhythm"}.isdisjoint(changed):
        await rhythm.follow(store, team)
    await store.teams.set_people(team.id, "facilitator", wanted.facilitators)
    await store.teams.set_people(team.id, "admin", wanted.admins)
    acts = "; ".join(_act(name, wanted) for name in changed)
    await store.audit.add(turn.person.id, f"team {team.id}: {acts}")
    trains = {train.id: train.name for train in await store.teams.trains()}
    people = await store.people.named([*wanted.facilitators, *wanted.admins])
    return cards.saved(team, changed, wanted, trains, people, await _scopes(store, team))


def _act(name: str, wanted: Choices) -> str:
    """A change as the audit trail keeps it: ids and yes or no, never a name that was typed."""
    match name:
        case "facilitators" | "admins":
            return " ".join((name, *getattr(wanted, name)))
        case (
            "train"
            | "anyone_reveals"
            | "guests_vote"
            | "anonymous_votes"
            | "min_ballots"
            | "recheck"
            | "put_into"
        ):
            return f"{name} {getattr(wanted, name)}"
        case _:
            return name


async def _move(turn: Turn, store: Store, team: Team, chosen: str) -> Reply:
    """Let the channel speak for another team that is there already."""
    target = next((other for other in await store.teams.all() if str(other.id) == chosen), None)
    if target is None:
        form = filled(await _form(store, team), turn.answers)
        return Ask(form, {"team": "Choose one of the teams listed."})
    await change_settings(turn, store, target)
    await _join(turn, store, target)
    return Whisper(cards.moved(team, target))


async def _start_own(turn: Turn, store: Store, shared: Team, wanted: Choices) -> Reply:
    """Give the channel a new team; one that was not named takes the channel's name."""
    place = turn.place
    name = wanted.name if wanted.name != shared.name else place.name or place.channel
    team = await store.teams.add(name, wanted.zone)
    await _join(turn, store, team)
    await _keep(turn, store, team, replace(wanted, name=name))
    return Whisper(cards.moved(shared, team))


async def _join(turn: Turn, store: Store, team: Team) -> None:
    await store.channels.join_team(turn.place.channel, team.id)
    await store.audit.add(turn.person.id, f"channel {turn.place.channel}: team {team.id}")


async def _train(store: Store, new: str, wanted: Choices) -> int:
    """Return the chosen train, or the one with the name that was typed."""
    name = " ".join(new.split())
    if not name:
        return wanted.train
    for train in await store.teams.trains():
        if alike(train.name) == alike(name):
            return train.id
    return (await store.teams.add_train(name)).id


async def _name_taken(store: Store, team: Team, name: str) -> dict[str, str]:
    others = {alike(other.name) for other in await store.teams.all() if other.id != team.id}
    if name == team.name or alike(name) not in others:
        return {}
    return {"name": "Another team has this name. To share its backlog, choose it above."}


# --- who may ---------------------------------------------------------------------------------


async def _changeable(turn: Turn, store: Store) -> Team:
    """Return the team of this channel, kept from other changes, if this person may change it."""
    if turn.place.private:
        raise Mistake("Settings belong to a channel: use ", Typed("hone settings"), " there.")
    current_team = await store.teams.resolve(turn.place.channel, turn.person.id)
    team = await store.teams.locked(current_team.id)
    assert team is not None
    await change_settings(turn, store, team)
    return team


FEATURE = Feature(
    name="settings",
    commands={
        "settings": CommandSpec(
            summary="Settle how this team works",
            run=settings,
            example="hone settings",
            what="opens the settings of this channel's team",
        ),
        "hone": CommandSpec(
            summary="One door to every command",
            run=None,
            example="hone wsjf #1",
            what="runs any command, should another app have taken its name",
        ),
    },
    actions={
        Save: save,
        OpenRhythm: rhythm.open_rhythm,
        SaveRhythm: rhythm.save_rhythm,
    },
    due={rhythm.TIMER: rhythm.begin},
)
