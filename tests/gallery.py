"""Every card and form a team meets, as named specimens: what the goldens show.

A room is a feature. Its specimens come out of conversations with Hone, so they change with it.
Beside the plain cases stand the ugly ones: the longest texts, the most items, hostile words.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.cards import Card, Choice, Form
from bot.turn import Joined, Named, Opened, Quote, home_of
from handlers import sample
from handlers.wsjf.ballot import field_id
from handlers.wsjf.cards import ITEMS_MAX
from handlers.wsjf.scale import COLUMNS
from storage import Store
from tests.hone import WORKSPACE, Hone, Someone

HOSTILE = (
    "<!channel> <script>alert(1)</script> *bold* _it_ `x` {{DATE(2026-01-01T00:00:00Z)}} "
    "<at>Ada</at> [a](javascript:alert) <https://evil.test|https://bank.test> '); drop table"
)
"""What acts somewhere if it is taken for markup."""

FAR_AND_WIDE = "👩‍👩‍👧 הפריסה איטית 設計レビュー Ünïcødé"
LONGEST = ("Nobody can say which of our checks still matter and which only cost time. " * 50)[
    :3_000
]
MOST_CRITERIA = "\n".join(f"{n} {HOSTILE[:44]} {LONGEST}"[:94] for n in range(30))
"""As many acceptance criteria as an item takes, as long as they fit together."""

ZOE = "Zoë 🚀 כהן"
"""A name of three scripts, one of them from right to left."""


@dataclass(frozen=True, slots=True)
class Specimen:
    """A card, or a form with the errors it stands open with. `home`: a person's own page."""

    name: str
    what: Card | Form
    errors: Mapping[str, str] = field(default_factory=dict)
    home: bool = False


Room = Callable[[Hone], AsyncIterator[Specimen]]


def form(name: str, person: Someone) -> Specimen:
    assert person.form is not None, f"{name}: no form is open"
    return Specimen(name, person.form, person.errors)


def told(name: str, person: Someone) -> Specimen:
    return Specimen(name, person.whispered)


def posted(name: str, hone: Hone, index: int = -1) -> Specimen:
    return Specimen(name, hone.channel()[index].card)


async def furnish(hone: Hone) -> None:
    """Give the channel's team two months of history."""
    people = {"ada": "Ada", "grace": "Grace", "tomas": "Tomas"}

    async def write(store: Store) -> None:
        await sample.furnish(store, "refinement", people, "Europe/Berlin")

    await hone.database.write(WORKSPACE, hone.now, write)
    await hone.settle()


async def vote(person: Someone, hands: Mapping[int, str]) -> None:
    """Play a hand, `value criticality risk size`, for each of several items."""
    cards = {
        field_id((number, column)): card
        for number, hand in hands.items()
        for column, card in zip(COLUMNS, hand.split(), strict=True)
    }
    await person.clicks("Vote")
    while person.form is not None:
        asked = [each.id for each in person.form.fields if isinstance(each, Choice)]
        await person.fills({field: cards[field] for field in asked})


# --- rooms -----------------------------------------------------------------------------------


async def capture(hone: Hone) -> AsyncIterator[Specimen]:
    ada, zoe = hone.person("Ada"), hone.person(ZOE)
    quote = Quote("Estimation eats my Monday", "Grace", "https://chat.test/c/1?a=1&b=2")
    await ada.uses("log_improvement", quote)
    yield form("form", ada)
    await ada.fills(
        {
            "title": "Estimation runs long",
            "themes": "#estimation #meetings",
            "owner": ada.who.id,
            "due": "2026-12-04",
        }
    )
    yield told("saved", ada)
    await zoe.says("improve Estimation runs too long")
    yield form("form-alike", zoe)
    await zoe.fills({}, press="Add mine to #1")
    yield posted("item", hone)
    await ada.clicks("Edit")
    await ada.fills({"title": "", "themes": "#no! #way!"})
    yield form("form-with-errors", ada)
    await ada.clicks("Drop")
    yield form("form-drop", ada)
    await zoe.says(f"improve {HOSTILE} #{'t' * 40} @Ada", Named("ada", "Ada"))
    yield posted("item-hostile", hone)
    await zoe.says("improve")
    await zoe.fills({"title": LONGEST, "details": f"{FAR_AND_WIDE}\n{LONGEST}"[:3_000]})
    yield posted("item-longest", hone)


async def wsjf(hone: Hone) -> AsyncIterator[Specimen]:
    ada, grace, tomas = hone.person("Ada"), hone.person("Grace"), hone.person("Tomas")
    for title in ("Builds take forty minutes", "Nobody owns staging", "Reviews wait two days"):
        await ada.says(f"improve {title}")
    await ada.says("wsjf")
    yield form("form-start", ada)
    await ada.says("wsjf #1 #2 #3")
    await vote(ada, {1: "8 5 3 1", 2: "5 8 1 3", 3: "1 1 1 1"})
    await vote(grace, {1: "13 5 3 1", 2: "5 20 1 5", 3: "1 1 1 2"})
    await tomas.clicks("Vote")
    yield form("ballot", tomas)
    await tomas.fills({"ubv.1": "8", "ubv.2": "5", "ubv.3": "1"})
    yield posted("open", hone)
    await vote(tomas, {1: "8 5 5 1", 2: "5 1 1 3", 3: "1 1 ? 1"})
    await ada.clicks("Reveal")
    yield posted("result", hone, -2)
    yield posted("result-note", hone)
    await ada.says("wsjf #1")
    await grace.clicks("Vote")
    yield form("ballot-of-one", grace)
    await ada.clicks("Cancel")
    yield posted("cancelled", hone)


async def wsjf_most(hone: Hone) -> AsyncIterator[Specimen]:
    """As many items as a vote takes, with the longest and the worst of titles and names."""
    people = [hone.person(name) for name in ("Ada", ZOE, "O'Brien <b>&amp;</b>", "Grace")]
    titles = [LONGEST, HOSTILE, FAR_AND_WIDE, *(f"{n} {LONGEST[:140]}" for n in range(4, 21))]

    async def write(store: Store) -> None:
        team = await store.teams.here("refinement", "ada")
        for title in titles[:ITEMS_MAX]:
            await store.items.add(team.id, title, by="ada")

    await people[0].says("help")
    await hone.database.write(WORKSPACE, hone.now, write)
    numbers = range(1, ITEMS_MAX + 1)
    await people[0].says("wsjf " + " ".join(f"#{n}" for n in numbers))
    await people[0].clicks("Vote")
    yield form("ballot", people[0])
    cards = ("1", "2", "3", "5", "8", "13", "20")
    for i, person in enumerate(people):
        await vote(
            person,
            {n: " ".join(cards[(n * step + i * 3) % 7] for step in (1, 2, 3, 5)) for n in numbers},
        )
        await hone.wait(minutes=1)
    yield posted("open", hone)
    await people[0].clicks("Reveal")
    yield posted("result", hone, -2)


async def wsjf_led(hone: Hone) -> AsyncIterator[Specimen]:
    """What the one who leads a vote does with it, from the first reminder to the ranking."""
    ada, grace, tomas = hone.person("Ada"), hone.person("Grace"), hone.person("Tomas")
    for title in ("Builds take forty minutes", "Nobody owns staging"):
        await ada.says(f"improve {title}")
    await grace.says("backlog")
    await ada.says("wsjf #1 #2 by 16:00")
    await ada.clicks("Manage")
    tools = ada.whispered
    yield told("tools", ada)
    await ada.clicks("Deadline", on=tools)
    await ada.fills({"closes": "someday"})
    yield form("form-deadline-with-error", ada)
    await ada.clicks("Hand over", on=tools)
    yield form("form-hand-over", ada)
    await ada.clicks("Remind", on=tools)
    yield Specimen("reminder", hone.channel("dm-grace")[-1].card)
    await vote(ada, {1: "8 5 3 2", 2: "1 2 2 1"})
    await vote(tomas, {1: "8 5 3 13", 2: "3 2 2 2"})
    for person in (hone.person("Uma"), hone.person("Wim")):
        await hone.wait(minutes=1)
        await vote(person, {1: "8 5 5 5", 2: "2 3 2 1"})
    await vote(grace, {1: "13 5 3 2", 2: "2 3 2 1"})
    await grace.clicks("Vote")
    await ada.clicks("Reveal")
    await grace.fills({})
    yield form("ballot-too-late", grace)
    await ada.clicks("Vote again on Job size")
    yield form("form-again", ada)
    await ada.clicks("Agree on a card")
    await ada.fills({})
    yield form("form-agree-with-error", ada)
    await ada.fills({"card": "5"})
    await ada.clicks("Accept scores")
    yield posted("accepted", hone, -2)
    await ada.says("wsjf rank")
    ranking = ada.whispered
    yield told("ranking", ada)
    await ada.clicks("What if …", on=ranking)
    yield form("form-what-if", ada)
    await ada.fills({"veto": "size"})
    yield told("what-if", ada)
    await ada.clicks("Copy as CSV", on=ranking)
    yield form("form-export", ada)


async def wsjf_rounds(hone: Hone) -> AsyncIterator[Specimen]:
    """What is told around a vote: to its leader, to who had finished, and to the channel."""
    ada, grace, tomas = hone.person("Ada"), hone.person("Grace"), hone.person("Tomas")
    for title in ("Builds take forty minutes", "Nobody owns staging"):
        await ada.says(f"improve {title}")
    await ada.says("wsjf #1 by 9:40")
    await vote(grace, {1: "8 5 3 2"})
    await ada.clicks("Manage")
    await ada.clicks("Add items", on=ada.whispered)
    await ada.fills({"items": ("2",)})
    yield Specimen("joined", hone.channel("dm-grace")[-1].card)
    await hone.wait(minutes=45)
    yield Specimen("thin", hone.channel("dm-ada")[-1].card)
    await ada.clicks("Manage")
    await ada.clicks("Hand over", on=ada.whispered)
    await ada.fills({"person": ("grace",)})
    yield Specimen("handed-over", hone.channel("dm-grace")[-1].card)
    for person in (ada, tomas):
        await vote(person, {1: "8 5 3 2", 2: "3 2 2 3"})
    await grace.clicks("Reveal")
    await grace.clicks("Re-anchor")
    yield form("form-anchor", grace)
    await grace.clicks("Vote again")
    await grace.fills({"columns": ("size",), "items": ("1",)})
    yield posted("next-round", hone)


async def backlog(hone: Hone) -> AsyncIterator[Specimen]:
    ada = hone.person("Ada")
    await ada.says("backlog")
    yield told("empty", ada)
    await furnish(hone)
    await ada.says("backlog")
    yield told("list", ada)
    await ada.says("backlog test")
    yield told("search", ada)
    await ada.says("backlog #3")
    yield told("story", ada)


async def moving(hone: Hone) -> AsyncIterator[Specimen]:
    """Move, send back, split and lift; the worst case has all the criteria there may be."""
    ada = hone.person("Ada")
    for title in ("Pay on account", LONGEST):
        await ada.says("improve")
        await ada.fills({"title": title})
    await ada.says("backlog move #1")
    yield form("form-move", ada)
    await ada.says("refine #2")
    await ada.fills({"criteria": MOST_CRITERIA, "points": "8"})
    for state in ("ready", "in progress", "in review"):
        await ada.says("backlog move #2")
        await ada.fills({"state": state})
    await ada.says("backlog move #2")
    await ada.fills({"state": "refining"})
    yield form("form-move-back-with-errors", ada)
    await ada.fills({"reason": "other", "words": HOSTILE[:300]})
    yield posted("item-most-criteria", hone)
    await ada.says("backlog #2")
    yield told("story-most-criteria", ada)
    await ada.says("backlog split #2")
    await ada.fills({"titles": "One"})
    yield form("form-split-with-errors", ada)
    await ada.says("backlog lift #2")
    yield form("form-lift", ada)
    await ada.fills({"title": "Customers pay as they like"})
    yield posted("item-of-the-train", hone)
    await ada.says("refine #1")
    await ada.fills({"waits_for": f"#2, {', '.join(f'{n} {LONGEST[:70]}' for n in range(9))}"})
    await ada.says("backlog deps")
    yield told("dependencies", ada)


async def refine(hone: Hone) -> AsyncIterator[Specimen]:
    ada = hone.person("Ada")
    await ada.says("improve Pay on account")
    await ada.says("refine next")
    yield form("form", ada)
    await ada.fills({"points": "many", "waits_for": "#99", "criteria": "x" * 301})
    yield form("form-with-errors", ada)
    await ada.fills(
        {
            "details": "So that regulars need no card",
            "points": "13",
            "waits_for": "Legal",
            "criteria": "[x] A receipt arrives by mail\nIt works well",
            "metric": "Churn of regulars",
            "from": "4 %",
            "to": "2 %",
        }
    )
    yield told("hints", ada)
    await ada.clicks("Ready anyway", on=ada.whispered)
    yield form("form-anyway", ada)
    await ada.fills({"reason": HOSTILE[:300]})
    yield told("hints-ready", ada)
    await ada.clicks("Override a hint", on=ada.whispered)
    yield form("form-override", ada)
    await ada.fills({"hint": "Small", "reason": LONGEST[:299]})
    yield told("hints-set-aside", ada)
    await ada.says("refine ready-definition")
    yield form("form-definition", ada)
    most = "\n".join(f"{place} {HOSTILE}"[:75] for place in range(10))
    rules = ("described", "criteria", "points", "small", "unblocked", "owned", "scored")
    await ada.fills({"lines": most, "rules": rules})
    yield told("definition", ada)
    await ada.says("improve")
    await ada.fills({"title": LONGEST})
    await ada.says("refine #2")
    waits = ", ".join(f"{n} {FAR_AND_WIDE} {LONGEST[:30]}" for n in range(10))
    await ada.fills({"details": LONGEST, "criteria": MOST_CRITERIA, "waits_for": waits})
    yield told("hints-longest", ada)
    await ada.says("refine #2")
    yield form("form-longest", ada)


async def exchange(hone: Hone) -> AsyncIterator[Specimen]:
    """A backlog that comes in and goes out by copy and paste."""
    ada = hone.person("Ada")
    await ada.says("backlog import")
    yield form("form-import", ada)
    await ada.fills({"rows0": "title,points\nPay,many\nBill,more\n,4"})
    yield form("form-import-with-errors", ada)
    rows = "\n".join(f'K-{n},"{LONGEST[:100]}",done,Nobody' for n in range(20))
    await ada.fills({"rows0": f"key,title,state,owner,{'sprint' * 40}\n{rows}"})
    yield form("form-confirm", ada)
    await ada.fills({})
    yield told("imported", ada)
    await ada.says("backlog export")
    yield form("form-export", ada)


async def digest(hone: Hone) -> AsyncIterator[Specimen]:
    ada = hone.person("Ada", zone="Europe/Berlin")
    await ada.says("digest preview")
    yield told("of-an-empty-backlog", ada)
    await furnish(hone)
    await ada.says("digest on")
    await ada.fills({"at": "half past nine-ish"})
    yield form("form-schedule-with-error", ada)
    await ada.fills({"at": "9:00"})
    yield told("scheduled", ada)
    await hone.wait(days=7)
    yield posted("week", hone, -2)
    yield posted("details", hone)
    await ada.clicks("Refine")
    yield form("form-refine", ada)
    await ada.fills({"details": "Anybody can find who owns it."})
    yield posted("week-with-an-answer", hone, -2)


async def settings(hone: Hone) -> AsyncIterator[Specimen]:
    ada = hone.person("Ada", zone="Europe/Berlin")
    await ada.says("settings")
    yield form("form", ada)
    await ada.fills({"name": "Checkout", "facilitators": ("ada",), "reveal": "anyone"})
    yield told("saved", ada)


def own_page(name: str, person: Someone) -> Specimen:
    return Specimen(name, person.hone.channel(home_of(person.who.id))[-1].card, home=True)


async def mypage(hone: Hone) -> AsyncIterator[Specimen]:
    """Nothing, something of everything, a copy, and what stays when a page has moved."""
    ada, grace = hone.person("Ada"), hone.person("Grace", zone="Asia/Kolkata")
    alone = grace.alone()
    await alone.acts(Opened(empty=True))
    yield own_page("empty", grace)
    await furnish(hone)
    me = Named("grace", "Grace")
    await ada.says("improve Alarms wake the wrong people @Grace by 2026-12-04", me)
    await ada.says("improve Nobody owns the runbook @Grace by tomorrow", me)
    await ada.says("digest on Tuesday 9:00")
    await hone.wait(days=2, hours=2)
    await ada.says("pi setup")
    await ada.fills({"name": "PI 7", "starts": "2026-11-23", "length": "10 weeks"})
    await ada.says("pi confidence")
    await ada.says("retro start by Friday 16:00")
    await ada.says("wsjf start #14 #15 #2 by 16:00")
    await alone.says("coach Builds take forty minutes")
    await alone.chats("Everybody waits for the slowest test")
    yield own_page("full", grace)
    await grace.says("me")
    yield told("copy", grace)
    await alone.says("me")
    await hone.wait(hours=1)
    await alone.says("me")
    chat = hone.channel(alone.place.channel)
    yield Specimen("moved", next(m.card for m in chat if "further down" in m.text))


async def mypage_most(hone: Hone) -> AsyncIterator[Specimen]:
    """More of everything than is shown, with the longest and the worst of titles and names."""
    zoe = hone.person(ZOE, zone="Asia/Kolkata")
    channels = [f"{n} {HOSTILE}"[:80] for n in range(6)]
    titles = [LONGEST, HOSTILE, FAR_AND_WIDE, *(f"{n} {LONGEST[:140]}" for n in range(4, 21))]

    async def write(store: Store) -> None:
        for channel in channels:
            team = (await store.channels.ensure(channel, channel, "UTC")).team_id
            await store.people.join(zoe.who.id, team)
            numbers = [
                (await store.items.add(team, title, by="ada", owner=zoe.who.id)).number
                for title in titles[:5]
            ]
            at = hone.now + timedelta(days=2, hours=len(numbers))
            await store.polls.start(channel, team, "ada", numbers, closes_at=at)
            late = await store.items.add(team, LONGEST, by="ada", owner=zoe.who.id)
            late.due = late.due_asked = hone.now.date()

    await hone.database.write(WORKSPACE, hone.now, write)
    for channel in channels:
        await hone.person("Ada", channel=channel).says("digest on Tuesday 9:00")
    await hone.wait(days=1, hours=1)
    await zoe.alone().acts(Opened(empty=True))
    await hone.settle()
    yield own_page("page", zoe)


async def help(hone: Hone) -> AsyncIterator[Specimen]:
    ada = hone.person("Ada")
    await ada.acts(Joined())
    yield posted("welcome", hone)
    await ada.says("help")
    yield told("every-command", ada)
    await ada.says("help digest")
    yield told("one-command", ada)
    alone = ada.alone()
    await alone.chats("Improv <please>")
    yield told("no-command", alone)


ROOMS: Mapping[str, Room] = {
    "capture": capture,
    "wsjf": wsjf,
    "wsjf-led": wsjf_led,
    "wsjf-most": wsjf_most,
    "wsjf-rounds": wsjf_rounds,
    "backlog": backlog,
    "moving": moving,
    "refine": refine,
    "exchange": exchange,
    "digest": digest,
    "settings": settings,
    "mypage": mypage,
    "mypage-most": mypage_most,
    "help": help,
}
