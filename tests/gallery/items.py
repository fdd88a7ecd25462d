"""The gallery's rooms for items: captured, listed, moved, refined, copied in and out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

from bot.turn import Document, Named, Quote
from tests.gallery.specimen import (
    FAR_AND_WIDE,
    HOSTILE,
    LONGEST,
    MOST_CRITERIA,
    ZOE,
    Room,
    Specimen,
    form,
    furnish,
    posted,
    told,
)
from tests.hone import Hone


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
    await ada.says("improve")
    await ada.fills({"title": "Invoices as PDF", "kind": "feature"})
    yield told("saved-feature", ada)
    await ada.clicks("Say what should change", on=ada.whispered)
    await ada.fills({})
    yield form("form-outcome-with-error", ada)


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


async def dependencies(hone: Hone) -> AsyncIterator[Specimen]:
    """One team waits for another one, which reads so, answers, and is reminded."""
    ada, zoe = hone.person("Ada"), hone.person(ZOE, channel="search")
    await zoe.says("improve Serve test data on request")
    await ada.says("improve Test the ranking under load")
    await ada.says("refine #2")
    await ada.fills({"waits_for": "#1, search"})
    await hone.wait(minutes=1)
    cards = [shown.card for shown in hone.channel("search")[-2:]]
    yield Specimen("waits-for-an-item", cards[0])
    yield Specimen("waits-for-a-team", cards[1])
    await zoe.clicks("Say when")
    yield form("form-when", zoe)
    await zoe.fills({"due": "2026-12-11"})
    await zoe.clicks("Take it")
    await zoe.fills({"which": "#2"})
    yield form("form-take-with-an-error", zoe)
    await hone.wait(days=27)
    await zoe.says("backlog deps")
    yield told("of-others", zoe)
    await zoe.says("backlog deps train")
    yield told("of-the-train", zoe)
    await ada.says("digest")
    yield told("digest", ada)
    await ada.clicks("Remind", on=ada.whispered)
    yield Specimen("reminder", hone.channel("search")[-1].card)
    await zoe.says("backlog finish #1")
    await hone.wait(minutes=1)
    yield posted("over", hone)


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
    """A backlog that comes in and goes out, by file or by copy and paste."""
    ada = hone.person("Ada")
    await ada.says("backlog import")
    yield form("form-import", ada)
    await ada.fills({"rows0": 'title,points\nPay,"5'})
    yield form("form-import-with-errors", ada)
    await ada.fills({"rows0": f"Aufgabe,{'Punkte' * 40}\nZahlen,5"})
    yield form("form-columns", ada)
    rows = "\n".join(
        f'K-{n},"{LONGEST[:90]}",{HOSTILE.split()[0]} {n % 14},Nobody {n % 14},wish {n % 14},many,x'
        for n in range(40)
    )
    columns = f"key,title,state,owner,type,points,{'mood ' * 40}"
    await ada.says("backlog import")
    await ada.fills({"rows0": f"{columns}\n{rows[:2_500]}", "rows1": rows[2_500:5_400]})
    yield form("form-words", ada)
    await ada.fills({}, press="Guess the rest")
    yield form("form-confirm", ada)
    await ada.fills({})
    yield told("begun", ada)
    yield Specimen("intake", hone.channel("dm-ada")[-1].card)
    await hone.wait(minutes=1)
    imported = hone.channel("dm-ada")[-1].card
    yield Specimen("imported", imported)
    await ada.clicks("All 7 notes", on=imported)
    yield told("notes", ada)
    lines = (f"Z-{n},{LONGEST[:40]} {n}" for n in range(3_000))
    await ada.alone().sends(Document("a.csv", "\n".join(("key,Aufgabe", *lines)).encode()))
    yield Specimen("reading", hone.channel("dm-ada")[-1].card)
    await hone.wait(minutes=1)
    yield Specimen("file-without-titles", hone.channel("dm-ada")[-1].card)
    await ada.alone().sends(Document("b.csv", b"title,state\nPay,odd"))
    yield Specimen("file-with-new-words", hone.channel("dm-ada")[-1].card)
    await ada.says("backlog export")
    yield form("form-export", ada)


ROOMS: Mapping[str, Room] = {
    "capture": capture,
    "backlog": backlog,
    "moving": moving,
    "dependencies": dependencies,
    "refine": refine,
    "exchange": exchange,
}
