"""Hold a retro in the channel: private notes, one reveal, dots, and improvements that get done."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from bot.cards import (
    Typed,
    filled,
)
from bot.feature import CommandSpec, Feature, Verb
from bot.turn import Ask, Mistake, Post, Reply, Show, Turn, whisper
from handlers.reader.moments import Unreadable
from handlers.reader.turns import asked_by, asked_in
from handlers.retro import (
    draw,
    forms,
    improving,
    on_page,
    revealing,
    sorting,
    taking_over,
    voting,
    writing,
)
from handlers.retro.access import AWAY, goes_on, in_a_channel
from handlers.retro.actions import (
    Cancel,
    Choose,
    ChooseSplit,
    CloseVote,
    Finish,
    FinishWriting,
    GiveDots,
    Improve,
    Merge,
    NotesView,
    OpenChoice,
    OpenDots,
    OpenMerge,
    OpenNotes,
    OpenOwn,
    OpenSort,
    OpenSplit,
    OpenUnsigned,
    ReadNotes,
    Reveal,
    SaveNotes,
    SaveOwn,
    SaveTemplate,
    SaveUnsigned,
    SortNotes,
    Split,
    Start,
    StartVote,
    StepView,
    TakeOver,
    TurnBack,
)
from handlers.retro.facts import facts_for
from handlers.retro.reading import Start as Wanted
from handlers.retro.reading import read_form_deadline, read_start
from handlers.retro.templates import (
    OWN_MAX,
    NoTemplate,
    Template,
    named,
    problems,
    read_columns,
)
from handlers.rules.access import Permission
from handlers.rules.guard import require
from handlers.ui.views import RetroView
from storage import Store
from storage.teams import Team

# --- start -----------------------------------------------------------------------------------


async def retro(turn: Turn, store: Store, words: str) -> Reply:
    """Show the open retro to this person; without one, open the form that starts it."""
    await in_a_channel(turn, store)
    current = await store.retros.open_in(turn.place.channel)
    if current is not None:
        return Show(RetroView(current.id))
    require(turn, Permission.START_RETRO)
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    return Ask(forms.start_form(await store.retros.templates(team.id)))


async def start_by_command(turn: Turn, store: Store, words: str) -> Reply:
    """Start a retro as typed: `start 4Ls anonymous by Friday 16:00`."""
    await in_a_channel(turn, store)
    require(turn, Permission.START_RETRO)
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    own = await store.retros.templates(team.id)
    try:
        wanted = read_start(words, own, await asked_in(turn, store, team, words))
    except (Unreadable, NoTemplate) as error:
        raise Mistake(str(error)) from None
    return await _start(turn, store, team, wanted)


async def start(turn: Turn, store: Store, _: Start) -> Reply:
    """Start a retro as the form says."""
    await in_a_channel(turn, store)
    require(turn, Permission.START_RETRO)
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    own = await store.retros.templates(team.id)
    errors: dict[str, str] = {}
    template = Template("", ())
    try:
        template = named(turn.answers.one("template"), own)
    except NoTemplate as error:
        errors["template"] = str(error)
    deadline = _deadline(turn, team, errors)
    dots = turn.answers.one("dots") or "3"
    if not re.fullmatch("[1-9]|10", dots):
        errors["dots"] = f"Choose 1 to {forms.DOTS_MAX} dots."
    if errors:
        return Ask(filled(forms.start_form(own), turn.answers), errors)
    facts = turn.answers.on("facts")
    wanted = Wanted(template, turn.answers.on("anonymous"), deadline, facts)
    return await _start(turn, store, team, wanted, dots=int(dots))


def _deadline(turn: Turn, team: Team, errors: dict[str, str]) -> datetime | None:
    """Return the deadline of the form, or note what is wrong with it."""
    day, clock = turn.answers.one("day"), turn.answers.one("time")
    if not day and not clock:
        return None
    try:
        return read_form_deadline(day, clock, asked_by(turn, team))
    except Unreadable as error:
        about_the_time = not day or "time of the day" in str(error)
        errors["time" if about_the_time else "day"] = str(error)
        return None


async def _start(turn: Turn, store: Store, team: Team, wanted: Wanted, dots: int = 3) -> Reply:
    await store.teams.locked(team.id)  # two people may press at once
    if (current := await store.retros.open_in(turn.place.channel)) is not None:
        return Show(RetroView(current.id)), whisper("A retro is open here already: this one.")
    begun = await store.retros.start(
        turn.place.channel,
        team.id,
        turn.person.id,
        template=wanted.template.name,
        columns=list(wanted.template.columns),
        anonymous=wanted.anonymous,
        deadline=wanted.deadline,
        dots=dots,
        facts=await facts_for(store, team) if wanted.facts else [],
    )
    await revealing.set_timers(store, begun)
    await goes_on(store, begun)
    return Post(RetroView(begun.id))


# --- templates -------------------------------------------------------------------------------


async def templates(turn: Turn, store: Store, _: str) -> Reply:
    """Open the form for the team's own templates."""
    await in_a_channel(turn, store)
    require(turn, Permission.START_RETRO)
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    return Ask(forms.template_form(await store.retros.templates(team.id)))


async def save_template(turn: Turn, store: Store, _: SaveTemplate) -> Reply:
    """Keep a template, or remove it when it has no columns left."""
    await in_a_channel(turn, store)
    require(turn, Permission.START_RETRO)
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    own = await store.retros.templates(team.id)
    name = " ".join(turn.answers.one("name").split())
    columns = read_columns(turn.answers.one("columns"))
    errors = problems(name, columns)
    if not errors and not columns and name not in own:
        errors["columns"] = "Write two columns or more, one per line."
    if not errors and len(own) >= OWN_MAX and name not in own:
        errors["name"] = f"A team keeps at most {OWN_MAX} templates. Remove one first."
    if errors:
        return Ask(filled(forms.template_form(own), turn.answers), errors)
    if not columns:
        await store.retros.drop_template(team.id, name)
        return whisper(f"The template “{name}” is gone.")
    await store.retros.keep_template(team.id, name, columns)
    return whisper(
        f"Saved “{name}”: {', '.join(columns)}. To use it: ", Typed(f"retro start {name}")
    )


def feature(verbs: Mapping[str, Verb]) -> Feature:
    """Return the retro with further verbs, which other features bring to its command."""
    return Feature(
        name="retro",
        commands={
            "retro": CommandSpec(
                summary="Hold a retro that leads to something",
                run=retro,
                example="retro",
                what="shows the open retro, only to you; without one, opens the form to start it",
                verbs={
                    "start": Verb(
                        start_by_command,
                        "retro start 4Ls anonymous by Friday 16:00",
                        "starts one: a template, anonymous or not, until when or for how long, "
                        "and with the team's facts if you like",
                    ),
                    "add": Verb(
                        writing.add_by_command,
                        "retro add stop: meetings without a question",
                        "adds one note with your name",
                    ),
                    "templates": Verb(
                        templates, "retro templates", "keeps templates of your team's own"
                    ),
                    **verbs,
                },
            )
        },
        actions={
            Start: start,
            SaveTemplate: save_template,
            OpenNotes: writing.open_notes,
            SaveNotes: writing.save_notes,
            OpenOwn: writing.open_own,
            SaveOwn: writing.save_own,
            OpenUnsigned: writing.open_unsigned,
            SaveUnsigned: writing.save_unsigned,
            FinishWriting: writing.finish_writing,
            Reveal: revealing.reveal,
            Cancel: revealing.cancel,
            TakeOver: taking_over.take_over,
            OpenSort: sorting.open_sort,
            SortNotes: sorting.sort_notes,
            OpenMerge: sorting.open_merge,
            Merge: sorting.merge,
            OpenSplit: sorting.open_split,
            ChooseSplit: sorting.choose_split,
            Split: sorting.split,
            StartVote: voting.start_vote,
            OpenDots: voting.open_dots,
            GiveDots: voting.give_dots,
            TurnBack: voting.turn_back,
            CloseVote: voting.close_vote,
            OpenChoice: improving.open_choice,
            Choose: improving.choose,
            Improve: improving.improve,
            Finish: improving.finish,
            ReadNotes: draw.read_notes,
        },
        views={RetroView: draw.board, StepView: draw.step, NotesView: draw.notes},
        due={
            revealing.DEADLINE: revealing.reveal_at_deadline,
            revealing.SOON: revealing.remind,
            revealing.TOKENS: revealing.expire_tokens,
            AWAY: taking_over.tell,
        },
        is_anonymous=writing.is_anonymous,
        on_page=on_page.entries,
    )
