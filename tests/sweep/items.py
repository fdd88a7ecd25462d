"""Scenes about items: how they come in, are thought through, made ready, moved and listed."""

from __future__ import annotations

from bot.turn import Answers, Click, Document, Submission
from handlers.backlog.exchange.actions import ShowNotes, TurnExport
from handlers.refine.actions import OpenDefinition
from handlers.ui.actions import RemindTeams
from tests.hone import Hone, buttons_of
from tests.sweep.workspace import first, improves, standing


async def capture(hone: Hone) -> None:
    """A message is logged, joined, changed, and taken back as each can be."""
    ada, grace = hone.person("Ada"), hone.person("Grace")
    await ada.uses("offer_to_log")
    await ada.clicks("Log improvement", on=ada.whispered)
    await ada.fills({"title": "Contracts are signed on paper"})
    await grace.says("improve Contracts are signed on paper")
    await grace.fills({}, press=grace.form.also[0].label if grace.form else "")
    await ada.clicks("Edit")
    await ada.fills({"title": "Contracts need a printer"})
    await ada.clicks("Assign")
    await ada.fills({"owner": "ada", "due": "2027-02-01"})
    await hone.wait(minutes=11)
    await ada.clicks("Make it our focus")
    await ada.clicks("Done")
    await ada.clicks("Undo")
    await ada.clicks("Drop")
    await ada.fills({"reason": "duplicate"})
    await ada.says("improve")
    await ada.fills({"title": "Refunds at the counter", "kind": "feature"})
    await ada.clicks("Say what should change", on=ada.whispered)
    await ada.fills({"metric": "letters about refunds from 9 a day to 2"})
    await ada.says("improve My manager forgets the invoices --anon")
    await ada.clicks("Take it back", on=ada.whispered)


async def several(hone: Hone) -> None:
    """Two problems of one message are saved together; a long one is read."""
    ada = hone.person("Ada")
    await ada.says("improve Nobody waters the roof; nobody reads the mail; nobody feeds the cat")
    await ada.clicks("Save all", on=ada.whispered)
    await ada.says(f"improve The roof leaks when it rains. {'It drips on the servers. ' * 40}")
    await ada.clicks("Read it all")


async def proposals(hone: Hone) -> None:
    """Plain words are saved, become a voice, a coaching or nothing."""
    ada = hone.person("Ada").alone()
    number = await improves(hone.person("Grace"), "We wait for licences")
    for words, press in (
        ("we keep paying for parking twice", "Save as improvement"),
        ("we wait for licences all the time", f"Add mine to #{number}"),
        ("we always wait for meeting rooms", "Not now"),
        ("we are waiting for laptops too long", "Coach me"),
    ):
        await ada.chats(words)
        await ada.clicks(press)
    await ada.clicks("Cancel")


async def coaching(hone: Hone) -> None:
    """A conversation goes back and forth, through a form and out of it again."""
    ada = hone.person("Ada").alone()
    number = await improves(hone.person("Grace"), "Nobody waters the plants")
    await ada.says("coach Nobody waters the plants any more")
    await ada.clicks(f"It is #{number}")
    await ada.clicks("Skip")
    await ada.clicks("Back")
    for answer in ("They dry out", "skip", "A plan on the door"):
        await ada.chats(answer)
    await ada.clicks("Me")
    await ada.clicks("All in one form")
    await ada.fills({}, press="Ask me one by one")
    await ada.clicks("Cancel")
    grace = hone.person("Grace")
    await grace.clicks("Coach me", on=standing(hone, f"#{number}"))
    await grace.fills({"metric": "dry plants", "start": "7", "goal": "0", "check": "2027-01-08"})


async def refinement(hone: Hone) -> None:
    """An item gets what it lacks, or is called ready without it."""
    ada = hone.person("Ada")
    await improves(ada, "Refunds take a week")
    number = await improves(ada, "Invoices go out late")
    await ada.acts(Click(OpenDefinition()))  # no card offers it: it is typed
    await ada.fills({"lines": "", "rules": ("points",)})
    await ada.says(f"refine #{number}")
    await ada.fills({"details": "So that we are paid"})
    await ada.clicks("Override a hint", on=ada.whispered)
    await ada.fills({"hint": first(ada, "hint"), "reason": "We know what it means"})
    await ada.clicks("Ready anyway", on=ada.whispered)
    await ada.fills({"reason": "It is urgent"})
    await ada.clicks("Next", on=ada.whispered)
    await ada.fills({"points": "3"})
    await ada.clicks("Mark ready", on=ada.whispered)


async def moving(hone: Hone) -> None:
    """An item is moved, refined, split and lifted, all from one form."""
    ada = hone.person("Ada")
    number = await improves(ada, "Orders get lost between two shops")
    for press, answers in (
        ("Refine", {"points": "5"}),
        ("Lift to the train", {"title": "No order is ever lost"}),
        ("Split", {"titles": "Orders get lost\nOrders come twice"}),
    ):
        await ada.clicks("Move", on=standing(hone, f"#{number}"))
        await ada.fills({}, press=press)
        await ada.fills(answers)
    await ada.clicks("Move", on=standing(hone, "#1 "))
    await ada.fills({})


async def between_teams(hone: Hone) -> None:
    """Another team's item and then the team itself is waited for; it says when, and takes it on."""
    ada, eve = hone.person("Ada"), hone.person("Eve", channel="search")
    served = await improves(eve, "The index forgets old orders")
    number = await improves(ada, "Ranking is not tried under load")
    await ada.says(f"refine #{number}")
    await ada.fills({"waits_for": f"#{served}, search"})
    await hone.wait(minutes=2)
    await eve.clicks("Say when", on=standing(hone, "refinement waits for #", "search"))
    await eve.fills({"due": "2027-03-01"})
    await eve.clicks("Take it", on=standing(hone, "refinement waits for your team", "search"))
    await eve.fills({"which": "An index to try things on"})
    await ada.acts(Click(RemindTeams(number)))  # the digest offers it when the wait is old
    await eve.says(f"backlog finish #{served}")
    await hone.wait(minutes=2)


async def lists(hone: Hone) -> None:
    """The backlog is read page by page, and comes in and goes out by file or by copy and paste."""
    ada = hone.person("Ada")
    await ada.says("backlog")
    await ada.clicks("Next", on=ada.whispered)
    await ada.says("backlog import")
    rows = "\n".join(f"The intercom of floor {n} is broken,Cooking" for n in range(30))
    await ada.fills({"rows0": f"title,state\n{rows}"})
    await ada.fills({}, press="")
    await ada.fills({})
    await hone.wait(seconds=5)
    await ada.acts(Click(ShowNotes(1)))
    chat = ada.alone()
    await chat.sends(Document("a.csv", b"Aufgabe,state\nWater the roof,blooming"))
    await chat.clicks("Say which column is what")
    await chat.fills({"column.title": "0", "column.state": "1"})
    many = "\n".join(f"Water roof {n},blooming {n}" for n in range(14))
    await chat.sends(Document("b.csv", f"title,state\n{many}".encode()))
    await chat.clicks("Explain 14 words")
    await chat.fills({}, press="Guess the rest")
    await chat.clicks("Leave it")
    await ada.says("backlog export")
    await ada.fills({})
    # Only a long backlog has a second part.
    await ada.acts(Submission(TurnExport(1, 0), Answers({})))


async def unsure(hone: Hone) -> None:
    """A day that may be two is offered as both, and one is pressed."""
    ada = hone.person("Ada")
    await ada.says("improve Manuals are out of date by 5/12")
    await ada.acts(Click(next(b.action for b in buttons_of(ada.whispered))))


SCENES = (unsure, capture, several, proposals, coaching, refinement, moving, between_teams, lists)
