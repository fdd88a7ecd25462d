"""The problem-solving workshop of Inspect & Adapt: five whys, dots, an item with owner and day."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import Card, filled
from bot.turn import Ask, Mistake, NotFound, Post, Reply, Turn, whisper
from handlers.rules.access import Permission
from handlers.rules.guard import lead_train, require
from handlers.rules.limits import TITLE_MAX_CHARS, too_long
from handlers.themes import workshop_cards as cards
from handlers.themes.actions import (
    GiveDots,
    OpenCause,
    OpenDots,
    OpenRemedy,
    OpenWorkshop,
    SaveCause,
    SaveRemedy,
    ShowBiggest,
    StartWorkshop,
    WorkshopView,
)
from handlers.themes.gather import findings
from handlers.ui.forms import day_in, unlisted
from handlers.ui.train_news import tell_train
from handlers.ui.views import ItemView
from storage import Store
from storage.workshops import CHOSEN, DONE, LOOKING, Cause, Workshop

CAUSES_MAX = 8
DOTS = 3


# --- begin -----------------------------------------------------------------------------------


async def open_workshop(turn: Turn, store: Store, _: OpenWorkshop) -> Reply:
    """Ask which problem to solve: a pattern, something open, or one in words of one's own."""
    require(turn, Permission.READ_TRAIN)
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    return Ask(cards.start_form(await _problems(store, team.train_id)))


async def start(turn: Turn, store: Store, _: StartWorkshop) -> Reply:
    """Begin the workshop where the team talks."""
    require(turn, Permission.READ_TRAIN)
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    problems = await _problems(store, team.train_id)
    words = " ".join(turn.answers.one("words").split())
    chosen = turn.answers.one("problem")
    problem = words or (problems[int(chosen)] if _is_place(chosen, problems) else "")
    wrong = too_long(problem, TITLE_MAX_CHARS) if problem else "Choose a problem, or write one."
    if wrong:
        return Ask(filled(cards.start_form(problems), turn.answers), {"words": wrong})
    channels = await store.channels.of_team(team.id) if turn.place.private else ()
    workshop = await store.workshops.open(team.train_id, team.id, problem, turn.person.id)
    return Post(WorkshopView(workshop.id), channel=channels[0].id if channels else None)


def _is_place(chosen: str, problems: Sequence[str]) -> bool:
    return chosen.isdecimal() and int(chosen) < len(problems)


async def _problems(store: Store, train_id: int) -> list[str]:
    known = await findings(store, train_id)
    names = [pattern.name for pattern in known.patterns]
    names += [item.title for item in known.items if item.is_open]
    return list(dict.fromkeys(names))[: cards.PROBLEMS_MAX]


# --- look for causes -------------------------------------------------------------------------


async def open_cause(turn: Turn, store: Store, act: OpenCause) -> Reply:
    """Ask why, up to five times; `no` changes a cause that is there."""
    workshop = await _at(turn, store, act.workshop_id, LOOKING)
    cause = await _cause(store, workshop, act.no) if act.no else None
    return Ask(cards.cause_form(workshop, act.no, cause.whys if cause else ()))


async def save_cause(turn: Turn, store: Store, act: SaveCause) -> Reply:
    """Keep the answers; without any, a cause that was there is taken away."""
    workshop = await _at(turn, store, act.workshop_id, LOOKING)
    answers = (turn.answers.one(f"why{place}") for place in range(cards.WHYS))
    whys = [words for answer in answers if (words := " ".join(answer.split()))]
    cause = await _cause(store, workshop, act.no) if act.no else None
    errors = {
        f"why{place}": wrong
        for place, words in enumerate(whys)
        if (wrong := too_long(words, cards.WHY_MAX_CHARS))
    }
    if not whys and cause is None:
        errors["why0"] = "Why does it happen? Answer at least once."
    elif cause is None and len(await store.workshops.causes(workshop.id)) >= CAUSES_MAX:
        errors["why0"] = f"There are {CAUSES_MAX} causes already: change or empty one of them."
    if errors:
        return Ask(filled(cards.cause_form(workshop, act.no, whys), turn.answers), errors)
    if cause is None:
        await store.workshops.add_cause(workshop, whys)
    elif whys:
        cause.whys = whys
    else:
        await store.workshops.remove_cause(cause)
    return None


async def open_dots(turn: Turn, store: Store, act: OpenDots) -> Reply:
    """Ask where the person's dots go."""
    workshop = await _at(turn, store, act.workshop_id, LOOKING)
    causes = await store.workshops.causes(workshop.id)
    if not causes:
        raise Mistake("There is no cause yet. To write the first one, press Add a cause.")
    return Ask(cards.dots_form(workshop, causes, DOTS))


async def give_dots(turn: Turn, store: Store, act: GiveDots) -> Reply:
    """Keep a person's dots; given again, they move."""
    workshop = await _at(turn, store, act.workshop_id, LOOKING)
    causes = await store.workshops.causes(workshop.id)
    chosen = turn.answers.many("causes")
    numbers = [cause.no for cause in causes if str(cause.no) in chosen]
    if not 0 < len(numbers) <= DOTS:
        form = filled(cards.dots_form(workshop, causes, DOTS), turn.answers)
        return Ask(form, {"causes": f"Choose one to {DOTS} causes."})
    await store.workshops.give_dots(workshop, turn.person.id, numbers)
    return whisper("Your dots are given. Press Give dots again to move them.")


async def show_biggest(turn: Turn, store: Store, act: ShowBiggest) -> Reply:
    """Close the dots: the cause with the most is the one to work on; of equals the first."""
    workshop = await _at(turn, store, act.workshop_id, LOOKING)
    await lead_train(turn, store, workshop.train_id, leader=workshop.leader)
    biggest = await store.workshops.close_dots(workshop)
    if biggest is None:
        raise Mistake("Nobody has given a dot yet.")
    workshop.root, workshop.stage = biggest.no, CHOSEN
    return None


# --- the improvement -------------------------------------------------------------------------


async def open_remedy(turn: Turn, store: Store, act: OpenRemedy) -> Reply:
    """Ask what is done about the biggest cause, by whom, and by when."""
    workshop = await _at(turn, store, act.workshop_id, CHOSEN)
    await lead_train(turn, store, workshop.train_id, leader=workshop.leader)
    return Ask(cards.remedy_form(workshop, await _root(store, workshop)))


async def save_remedy(turn: Turn, store: Store, act: SaveRemedy) -> Reply:
    """Save the improvement item of the whole train; it stays in themes until it is closed."""
    workshop = await _at(turn, store, act.workshop_id, CHOSEN)
    await lead_train(turn, store, workshop.train_id, leader=workshop.leader)
    root = await _root(store, workshop)
    title = " ".join(turn.answers.one("title").split())
    owner = turn.answers.one("owner")
    due, late = day_in(turn, turn.answers.one("due"))
    wrong = {
        "title": too_long(title, TITLE_MAX_CHARS) if title else "Say what you will do about it.",
        "owner": "" if owner else "Who does it? What belongs to all is done by nobody.",
        "due": late or ("" if due else "By when? A day in the next PI will do."),
    }
    errors = {field: words for field, words in wrong.items() if words}
    errors |= await unlisted(store, "owner", owner)
    if errors:
        return Ask(filled(cards.remedy_form(workshop, root), turn.answers), errors)
    item = await store.items.add(
        workshop.team_id,
        title,
        by=turn.person.id,
        level="train",
        description=cards.story(workshop, root),
        owner=owner,
        due=due,
    )
    workshop.stage, workshop.item = DONE, item.number
    teams = len(await store.teams.in_train(workshop.train_id))
    await store.themes.confirm(workshop.train_id, workshop.problem, item.number, teams, teams)
    told = await tell_train(store, workshop.train_id, item.number, workshop.team_id)
    return Post(ItemView(item.number)), *told


# --- how it is done --------------------------------------------------------------------------


async def draw(store: Store, view: WorkshopView) -> Card:
    """Draw the workshop as it stands; how many dots each cause has is told once they are closed."""
    workshop = await store.workshops.find(view.workshop_id)
    if workshop is None:
        raise NotFound("There is no such workshop here.")
    causes = await store.workshops.causes(workshop.id)
    voters = await store.workshops.voters(workshop.id)
    item = await store.items.find(workshop.item) if workshop.item else None
    known = await store.tracked.known_as([item.number] if item else [])
    return cards.board(workshop, causes, voters, item, known.get(workshop.item or 0))


async def _at(turn: Turn, store: Store, id: int, stage: str) -> Workshop:
    require(turn, Permission.READ_TRAIN)
    workshop = await store.workshops.find(id, lock=True)
    if workshop is None:
        raise NotFound("There is no such workshop here.")
    if workshop.stage != stage:
        raise Mistake("This workshop has gone on meanwhile: its card shows how it stands.")
    return workshop


async def _cause(store: Store, workshop: Workshop, no: int) -> Cause:
    causes = await store.workshops.causes(workshop.id)
    cause = next((each for each in causes if each.no == no), None)
    if cause is None:
        raise NotFound("This cause is gone. To write it again, press Add a cause.")
    return cause


async def _root(store: Store, workshop: Workshop) -> Cause:
    assert workshop.root is not None, "the stage says that a root was chosen"
    return await _cause(store, workshop, workshop.root)
