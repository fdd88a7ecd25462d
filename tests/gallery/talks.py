"""The gallery's rooms for what people talk through: coaching, retros, themes, follow-through."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import timedelta

from bot.cards import Choice, Form
from bot.turn import Click, Named
from handlers.retro.reading import NOTE_MAX_CHARS
from handlers.retro.templates import COLUMN_MAX_CHARS, COLUMNS_MAX, NAME_MAX_CHARS
from handlers.themes.actions import ReadMarkdown
from storage import Store
from tests.gallery.specimen import (
    FAR_AND_WIDE,
    HOSTILE,
    LONGEST,
    ZOE,
    Room,
    Specimen,
    form,
    posted,
    told,
)
from tests.hone import WORKSPACE, Hone, Someone, buttons_of

GRACE = Named("grace", "Grace")


def alone(name: str, person: Someone, index: int = -1) -> Specimen:
    """What stands in somebody's own chat with Hone."""
    return Specimen(name, person.hone.channel(f"dm-{person.who.id}")[index].card)


# --- coaching --------------------------------------------------------------------------------


async def coach(hone: Hone) -> AsyncIterator[Specimen]:
    """A grumble becomes a proposal, then a question at a time, then a form with the rest."""
    ada = hone.person("Ada").alone()
    await hone.person("Grace").says("improve We wait for test data all the time")
    await ada.chats("we keep waiting for test data #test-data by Friday")
    yield alone("proposal", ada)
    await ada.clicks("Coach me")
    yield alone("question-alike", ada)
    await ada.chats("Stories wait three days for a copy of production")
    yield alone("answered", ada, -2)
    for answer in ("skip", "Generate the data with a script"):
        await ada.chats(answer)
    yield alone("question-owner", ada)
    await ada.clicks("Me")
    yield alone("question-due", ada)
    for answer in ("skip", "days a story waits", "3 days", "1 day"):
        await ada.chats(answer)
    yield alone("question-check", ada)
    await ada.clicks("All in one form")
    yield form("form", ada)
    await ada.fills({"due": "2026-02-30", "start": "many"})
    yield form("form-with-errors", ada)
    await ada.fills({"due": "2026-12-04", "start": "3 days"})
    yield told("saved", ada)
    yield alone("item", ada)
    await ada.says("coach Stand-ups drag on")
    await ada.clicks("Cancel")
    yield told("cancelled", ada)
    yield alone("over", ada)


async def coach_most(hone: Hone) -> AsyncIterator[Specimen]:
    """The longest and worst of answers, about words that three long items say already."""
    ada = hone.person(ZOE).alone()
    await hone.person("Ada").says("help")

    async def write(store: Store) -> None:
        team = await store.teams.resolve("refinement", "ada")
        for number in range(3):
            await store.items.add(team.id, f"{LONGEST[:2_900]} {HOSTILE}{number}"[:3_000], by="ada")

    await hone.database.write(WORKSPACE, hone.now, write)
    await hone.person(ZOE).says("help")  # so that Hone knows her team
    await ada.says(f"coach {LONGEST}")
    yield alone("question", ada)
    await ada.chats((HOSTILE + LONGEST)[:700])
    yield alone("answered", ada, -2)
    for answer in (FAR_AND_WIDE, (HOSTILE * 5)[:700], "me", "in 2 weeks", (HOSTILE * 2)[:200]):
        await ada.chats(answer)
    for answer in (f"2 {HOSTILE}"[:80], f"1 {LONGEST}"[:80]):
        await ada.chats(answer)
    yield alone("question-check", ada)
    await ada.clicks("All in one form")
    yield form("form", ada)
    await ada.fills({})
    yield told("saved", ada)


# --- retros ----------------------------------------------------------------------------------


async def retro(hone: Hone) -> AsyncIterator[Specimen]:
    """From the form that starts one to its record, and how the next one opens."""
    ada, grace = hone.person("Ada", zone="Europe/Berlin"), hone.person("Grace")
    await ada.says("retro templates")
    await ada.fills({"name": "4Ls", "columns": "One"})
    yield form("form-template-with-errors", ada)
    await ada.fills({"name": "Sailboat", "columns": "Wind\nAnchor"})
    yield told("template-saved", ada)
    await ada.says("retro")
    await ada.fills({"time": "late", "day": "2026-02-30"})
    yield form("form-start-with-errors", ada)
    await ada.says("retro start by Friday 16:00")
    await grace.clicks("Add a note")
    yield form("form-notes", grace)
    await grace.fills({"c1": "Merging without reviews\n- Meetings without an agenda"})
    yield told("kept", grace)
    await ada.clicks("Add a note")
    await ada.fills({"c1": "Merging without a review", "unsigned": ("on",)})
    yield told("kept-unsigned", ada)
    await ada.clicks("Add a note")
    await ada.fills({"c0": "Pair on reviews #reviews", "c2": "Demo every Friday"})
    yield posted("collecting", hone)
    await ada.clicks("My notes")
    yield form("form-own", ada)
    await hone.wait(days=3, hours=12)
    yield posted("soon", hone)
    await ada.clicks("Reveal")
    yield told("before-revealing", ada)
    await ada.clicks("Reveal all the same", on=ada.whispered)
    yield posted("revealed", hone, 0)
    yield posted("step-revealed", hone)
    await ada.clicks("Merge groups")
    await ada.fills({"groups": ("1",)})
    yield form("form-merge-with-errors", ada)
    await ada.clicks("Split a group")
    await ada.fills({"group": "2"})
    yield form("form-split", ada)
    await ada.clicks("Start the vote")
    for person, dots in ((ada, {"g2": "2", "g4": "1"}), (grace, {"g2": "3"})):
        await person.clicks("Give my dots")
        await person.fills(dots)
    yield posted("voting", hone, 0)
    await grace.clicks("Give my dots")
    await grace.fills({"g1": "1"})
    yield form("form-dots-with-error", grace)
    await ada.clicks("Close the vote")
    yield posted("counted", hone, 0)
    await ada.clicks("Read all notes")
    yield told("all-notes", ada)
    await ada.clicks("Choose improvements")
    yield form("form-choose", ada)
    await ada.fills({"groups": ("2", "4")})
    await ada.fills({"title2": "", "due2": "2026-02-30"})
    yield form("form-improve-with-errors", ada)
    metric = "escaped defects from 5 a month to 2"
    plan = {"title2": "Every merge has a reviewer", "owner2": "grace", "due2": "2026-12-04"}
    await ada.fills({**plan, "metric2": metric, "check2": "2027-01-15"})
    yield posted("record", hone, 0)
    yield posted("improvement", hone, -2)
    await ada.says("retro start sailboat anonymous")
    yield posted("next-one", hone)
    await ada.clicks("Add a note")
    yield form("form-notes-anonymous", ada)
    await ada.clicks("Cancel")
    yield posted("cancelled", hone)


async def retro_most(hone: Hone) -> AsyncIterator[Specimen]:
    """Sixty of the longest notes in as many columns as there are, by people with such names."""
    ada = hone.person("Ada")
    columns = [f"{number} {HOSTILE}"[:COLUMN_MAX_CHARS] for number in range(COLUMNS_MAX)]
    name = f"{HOSTILE[:NAME_MAX_CHARS]}"
    await ada.says("retro templates")
    await ada.fills({"name": name, "columns": "\n".join(columns)})
    await ada.says(f"retro start {name} by Friday 16:00")
    yield posted("collecting", hone)
    for number, writer in enumerate((ZOE, "O'Brien <b>&amp;</b>", "Grace Hopper " * 5)):
        person = hone.person(writer)
        await person.clicks("Add a note")
        await person.fills(dict(_notes(number)))
    await ada.clicks("Reveal")
    yield posted("revealed", hone, 0)
    await ada.clicks("Read all notes")
    yield told("all-notes", ada)
    while any(button.label == "Next" for button in buttons_of(ada.whispered)):
        await ada.clicks("Next", on=ada.whispered)
        yield told("all-notes-last", ada)
    hone.now += timedelta(minutes=1)  # nobody presses that fast
    await ada.clicks("Merge groups")
    yield form("form-merge", ada)
    await ada.clicks("Start the vote")
    await ada.clicks("Give my dots")
    while ada.form is not None:
        yield form("form-dots-last", ada)
        first = next(each for each in ada.form.fields if isinstance(each, Choice))
        await ada.fills({first.id: "1"})
    await ada.clicks("Close the vote")
    yield posted("counted", hone, 0)
    await ada.clicks("Choose improvements")
    yield form("form-choose", ada)
    await ada.fills({})
    yield form("form-improve", ada)
    await ada.fills(dict(_plans(ada.form)))
    yield posted("record", hone, 0)
    await ada.says("retro start")
    yield posted("next-one", hone)


def _notes(writer: int) -> Iterator[tuple[str, str]]:
    """Return twenty notes by column, no two alike, as long as they may be."""
    words = [chr(ord("a") + number) * 5 for number in range(20)]
    for column in range(COLUMNS_MAX):
        here = words[column::COLUMNS_MAX]
        notes = (f"{word}{writer} {HOSTILE if writer else FAR_AND_WIDE} " for word in here)
        yield f"c{column}", "\n".join(f"{n}{(n[:7] + ' ') * 60}"[:NOTE_MAX_CHARS] for n in notes)


def _plans(asked: Form | None) -> Iterator[tuple[str, str]]:
    assert asked is not None
    for field in asked.fields:
        field_id = getattr(field, "id", "")
        if field_id.startswith("metric"):
            yield field_id, f"{HOSTILE * 3}"[:200] + f" from 1 {LONGEST[:70]} to 2 {LONGEST[:70]}"
        elif field_id.startswith("title"):
            yield field_id, f"{field_id} {HOSTILE} {FAR_AND_WIDE} {LONGEST}"[:300]
        elif field_id.startswith(("due", "check")):
            yield field_id, "2026-12-04"


# --- themes ----------------------------------------------------------------------------------

SAID = {
    "checkout": "Waiting for the platform team to open ports #dependencies",
    "search": "Platform team takes a week to open a port #dependencies",
    "mobile": "Ports opened late by the platform team #dependencies",
    "billing": "We wait for platform to open ports #dependencies",
}


async def themes(hone: Hone) -> AsyncIterator[Specimen]:
    """Four teams of six name the same dependency, and it becomes the train's."""
    ann = hone.person("Ann", channel="checkout")
    await ann.says("themes")
    yield told("nothing", ann)
    for channel, words in SAID.items():
        unsigned = " --anon" if channel == "billing" else " by tomorrow"
        await hone.person(f"{channel}-bo", channel=channel).says(f"improve {words}{unsigned}")
    await hone.person("Bo", channel="web").says("improve The style guide is out of date")
    await ann.says("themes")
    yield told("systemic", ann)
    await ann.clicks("Propose a train item", on=ann.whispered)
    await ann.fills({"title": "", "due": "2026-02-30"})
    yield form("form-with-errors", ann)
    await ann.fills({"title": "Ports open the same day", "owner": "ann", "due": "2026-12-18"})
    yield posted_in("checkout", "train-item", hone)
    await hone.wait(days=3)
    await ann.says("themes")
    yield told("confirmed", ann)
    await ann.says("retro ia")
    yield told("packet", ann)
    await ann.clicks("As Markdown", on=ann.whispered)
    yield told("markdown", ann)


async def own_topics(hone: Hone) -> AsyncIterator[Specimen]:
    """A theme is suggested for an item and chosen; topics of one's own are written and listed."""
    ann, bo = hone.person("Ann"), hone.person("Bo", channel="search")
    await bo.says("improve Builds take forty minutes #builds")
    await bo.says("improve Nightly tests of the shop are red on Mondays #flaky")
    await ann.says("improve Our builds take twenty minutes")
    yield told("suggested", ann)
    await ann.clicks("Another …", on=ann.whispered)
    yield form("form-theme", ann)
    await ann.fills({"tag": "#speed"})
    yield told("chosen", ann)
    await ann.says("improve The nightly tests of the api are never red")
    yield told("offered", ann)
    await ann.says("themes add")
    await ann.fills({"title": "", "said": "Licences run out"})
    yield form("form-with-errors", ann)
    await ann.fills({"title": "Licences", "said": "\n".join(f"Seat {n} is gone" for n in range(5))})
    yield told("saved", ann)
    await ann.says("themes topics")
    yield told("list", ann)


def posted_in(channel: str, name: str, hone: Hone) -> Specimen:
    return Specimen(name, hone.channel(channel)[-1].card)


async def themes_most(hone: Hone) -> AsyncIterator[Specimen]:
    """Thirty teams with the worst of names and words, which all name the same eight themes."""
    ann = hone.person("Ann", channel="c0")
    await ann.says("help")

    async def write(store: Store) -> None:
        for number in range(30):
            channel = await store.channels.ensure(f"c{number}", f"{number} {HOSTILE}"[:80], "UTC")
            for theme in "abcdefgh":
                words = f"{theme * 9} {number} {HOSTILE} {FAR_AND_WIDE}"
                await store.items.add(channel.team_id, words, by="ann", themes=[theme * 40])

    await hone.database.write(WORKSPACE, hone.now, write)
    await ann.says("themes")
    yield told("systemic", ann)
    offer = ann.whispered
    await ann.clicks("Propose a train item", on=offer)
    yield form("form", ann)
    await ann.fills({"title": (HOSTILE * 3)[:300]})
    await ann.says("retro ia")
    yield told("packet", ann)
    await ann.clicks("As Markdown", on=ann.whispered)
    yield told("markdown", ann)
    await ann.acts(Click(ReadMarkdown(99, True)))
    yield told("markdown-last", ann)


# --- follow-through --------------------------------------------------------------------------


async def follow(hone: Hone) -> AsyncIterator[Specimen]:
    """What an owner is asked on a morning: one thing, then several, and what they answer."""
    ada, grace = hone.person("Ada"), hone.person("Grace").alone()
    await hone.person("Grace").says("help")
    await ada.says("improve Reviews wait @Grace by tomorrow", GRACE)
    await hone.wait(days=2)
    yield alone("due", grace)
    await grace.clicks("Later")
    await grace.fills({"due": "2026-11-01"})
    yield form("form-later-with-error", grace)
    await grace.fills({"due": "2026-12-04"})
    yield alone("due-answered", grace)
    await ada.says("coach #1")
    metric = {"metric": "days a review waits", "start": "2 days", "goal": "4 hours"}
    await ada.fills({**metric, "experiment": "Review before lunch", "check": "2026-12-07"})
    await ada.clicks("Done")
    for title in ("Builds take forty minutes", "Nobody owns staging"):
        await ada.says(f"improve {title} @Grace by 4 Dec", GRACE)
    await hone.wait(days=12)
    yield alone("several", grace)
    await grace.clicks("Drop")
    await grace.fills({})
    yield form("form-drop-with-error", grace)
    await grace.fills({"reason": "no longer true"})
    await grace.clicks("It moved")
    await grace.fills({"value": "a lot"})
    yield form("form-effect-with-error", grace)
    await grace.clicks("Ask me later")
    yield form("form-recheck", grace)
    await grace.clicks("It moved")
    await grace.fills({"value": "5 hours"})
    yield alone("several-answered", grace)
    await grace.clicks("Done")
    yield alone("all-answered", grace)


async def follow_most(hone: Hone) -> AsyncIterator[Specimen]:
    """Twenty questions on one morning, about the longest and the worst of items."""
    await hone.person("Grace").says("help")
    today = hone.now.date()

    async def write(store: Store) -> None:
        team = await store.teams.resolve("refinement", "grace")
        for number in range(20):
            title = f"{number} {HOSTILE} {FAR_AND_WIDE} {LONGEST}"[:3_000]
            item = await store.items.add(team.id, title, by="grace", owner="grace", due=today)
            hoped = {
                "experiment": (HOSTILE * 5)[:700],
                "metric": f"{HOSTILE} {FAR_AND_WIDE}"[:200],
                "metric_from": f"1 {LONGEST[:78]}",
                "metric_to": f"2 {LONGEST[:78]}",
                "check_on": today + timedelta(days=1),
            }
            if number % 2:
                await store.items.change(item, {**hoped, "state": "accepted"}, by="grace")

    await hone.database.write(WORKSPACE, hone.now, write)
    await hone.wait(days=1)
    grace = hone.person("Grace").alone()
    yield alone("several", grace)
    for press in ("Done",) * 10 + ("Cannot tell",) * 4:
        hone.now += timedelta(seconds=5)
        await grace.clicks(press)
    yield alone("several-answered", grace)


ROOMS: Mapping[str, Room] = {
    "coach": coach,
    "coach-most": coach_most,
    "retro": retro,
    "retro-most": retro_most,
    "themes": themes,
    "topics": own_topics,
    "themes-most": themes_most,
    "follow": follow,
    "follow-most": follow_most,
}
