"""A team lets Hone into its tracker, alone with it, and sees what would come before it does."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from bot.remote import Account, Checked, Failed, Scope
from bot.trackers.kinds import HOOK_SECRET, KINDS, SITE, TOKEN, Asked, Kind, SignInPages, from_kept
from bot.turn import Answers, Submission
from handlers import FEATURES, features
from handlers.tracker.actions import Connect
from storage import Store
from storage.audit import AuditEntry
from storage.trackers import TrackerSite
from tests import followed
from tests.hone import Hone, Someone
from tests.keys import VAULT
from tests.redrawn import RedrawingRouter

OWN = Kind("own", "Own tracker", "area", asks=(SITE, Asked("account", "Account"), TOKEN))
CHAT = "dm-ada"


@pytest.fixture(autouse=True)
def own_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "own", OWN)


async def site_of(hone: Hone, tracker: int = 1) -> TrackerSite:
    async def find(store: Store) -> TrackerSite:
        site = await store.trackers.find(tracker)
        assert site is not None
        return site

    return await hone.database.write(hone.workspace, hone.now, find)


async def lead(hone: Hone, *leaders: str) -> None:
    """Name facilitators of the channel's team."""
    for name in leaders:
        hone.person(name)
    ada = hone.person("Ada")
    await ada.says("settings")
    await ada.fills({"facilitators": tuple(name.lower() for name in leaders)})


async def connected(ada: Someone) -> None:
    await ada.says("connect own https://Tracker.Acme.test/browse/PAY-1")
    await ada.fills({"account": "ada@acme.test", "secret_token": " t0ken "})


async def test_a_token_is_typed_once_and_no_handler_ever_reads_it(hone: Hone) -> None:
    """Whoever steals the database, or reads a card or the log, must not get into Jira."""
    ada = hone.person("Ada")
    await connected(ada)
    assert ada.told == "I go on in our chat."
    assert "I ask whether I am let in" in hone.last(CHAT)
    site = await site_of(hone)
    kept = from_kept(site.sealed)
    assert (site.site, site.state, kept["account"]) == (
        "tracker.acme.test",
        "checking",
        "ada@acme.test",
    )
    assert "t0ken" not in site.sealed
    assert VAULT.unseal(kept["token"]) == "t0ken"
    assert len(site.hook) >= 32


async def test_without_keys_no_token_is_asked_for(hone: Hone) -> None:
    """A token that lies open in a database is worse than no connection."""
    hone.router = RedrawingRouter(FEATURES, hone.database)
    ada = hone.person("Ada")
    await ada.says("connect own")
    assert ada.form is None
    assert "whoever runs Hone has to set HONE_SECRET_KEYS" in ada.told
    forged = {"site": ("a.test",), "account": ("a",), "secret_token": ("t0ken",)}
    await ada.acts(Submission(Connect("own", 1), Answers(forged)))
    assert "HONE_SECRET_KEYS" in ada.told


async def test_what_was_typed_wrong_is_named_and_the_rest_stays(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("connect own")
    await ada.fills({"site": "our board", "account": "ada@acme.test"})
    assert set(ada.errors) == {"site", "secret_token"}
    assert "Paste what your browser shows" in ada.errors["site"]
    assert ada.errors["secret_token"] == "This is needed: Token."
    await ada.fills({"site": "acme.test", "secret_token": "x" * 9_000})
    assert ada.errors == {"secret_token": "That is too long for this: Token."}
    await ada.fills({"secret_token": "t0ken"})
    assert (await site_of(hone)).sealed


async def test_a_tracker_that_nobody_knows_is_named_with_those_there_are(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("connect trello board")
    assert "Sample tracker" in ada.told
    assert "Jira" in ada.told
    assert "“trello board” I do not know" in ada.told
    await ada.says("connect")
    assert "[Own tracker]" in ada.told
    await ada.clicks("Own tracker", on=ada.whispered)
    assert ada.form is not None


@pytest.mark.parametrize("name", ["jira cloud acme.test", "JIRA acme.test", "jira   acme.test"])
async def test_a_tracker_is_known_by_each_of_its_names(hone: Hone, name: str) -> None:
    ada = hone.person("Ada")
    await ada.says(f"connect {name}")
    assert ada.form is not None
    assert ada.form.title == "Connect Jira"
    assert any(getattr(field, "value", "") == "acme.test" for field in ada.form.fields)


async def test_a_token_behind_the_address_is_not_taken(hone: Hone) -> None:
    """It stands in the channel by then, whatever Hone does with it."""
    ada = hone.person("Ada")
    await ada.says("connect jira acme.atlassian.net ATATT3xFfGF0")
    assert ada.form is None
    assert "If that was a token, others may have read it" in ada.told


async def test_a_sentence_that_begins_like_the_command_is_heard_as_one(hone: Hone) -> None:
    """People complain of their tracker in exactly these words."""
    ada = hone.person("Ada").alone()
    for words in ("connect the teams that share a database", "tracker tickets are never closed"):
        await ada.chats(words)
        assert "Save as improvement" in hone.last("dm-ada"), words


async def test_other_words_for_it_lead_there_too(hone: Hone) -> None:
    """Nobody has read which word it is here."""
    ada = hone.person("Ada").alone()
    for words, answer in (
        ("integrations", "Which tracker does your team keep its work in?"),
        ("sync now", "follows no tracker yet"),
        ("jira status", "follows no tracker yet"),
        ("unlink jira", "follows no tracker yet"),
    ):
        await ada.chats(words)
        assert answer in ada.told, words
    await ada.chats("connect us to Jira")
    assert ada.form is not None
    assert ada.form.title == "Connect Jira"


async def test_one_who_does_not_lead_the_team_is_told_who_does(hone: Hone) -> None:
    """What a team follows decides what all of its numbers say."""
    await lead(hone, "Grace")
    ada = hone.person("Tomas")
    await ada.says("connect own")
    assert ada.told == "Only a facilitator or an admin of refinement can do that: ask Grace."
    guest = hone.person("Gil", role="guest")
    for line in ("connect own", "tracker", "tracker sync"):
        await guest.says(line)
        assert "The team's tracker is for its members" in guest.told


async def test_what_one_account_may_read_is_not_for_another_team(hone: Hone) -> None:
    """Ada's token opens the salaries project; the other team's lead must not choose it."""
    await connected(hone.person("Ada"))
    await followed.lets_in(hone, "Salaries")
    bo = hone.person("Bo", channel="search")
    await connected(bo)
    assert "tracker.acme.test is connected already, by Ada" in bo.told
    assert VAULT.unseal(from_kept((await site_of(hone)).sealed)["token"]) == "t0ken"
    root = hone.person("Root", channel="search", role="admin")
    await connected(root)
    assert root.told == "I go on in our chat."


async def test_a_refused_token_is_asked_for_again_and_the_site_stays(hone: Hone) -> None:
    ada = hone.person("Ada")
    await connected(ada)
    await followed.refuses(hone, "tracker.acme.test does not accept the token.")
    assert "does not accept the token" in hone.last(CHAT)
    alone = ada.alone()
    await alone.clicks("Enter it again")
    assert not any(getattr(field, "id", "") == "site" for field in alone.form.fields)  # type: ignore[union-attr]
    await alone.fills({"secret_token": "t1"})
    site = await site_of(hone)
    assert (site.id, site.state) == (1, "checking")
    assert VAULT.unseal(from_kept(site.sealed)["token"]) == "t1"
    assert hone.now == site.due_at


async def test_a_wrong_token_takes_no_right_ones_place(hone: Hone) -> None:
    """A slip of the keyboard would stop the scores of the whole team."""
    ada = hone.person("Ada")
    await connected(ada)
    await followed.hears(hone, Checked(Account("hone", "Hone Bot"), (Scope("PAY", "Payments"),)))
    await ada.says("connect own tracker.acme.test")
    await ada.fills({"account": "ada", "secret_token": "tyop"})
    await followed.hears(hone, Failed("signed out", "That token is not accepted."))
    card = hone.last(CHAT)
    assert "What was entered last does not work, so I go on as before." in card
    assert "That token is not accepted." in card
    site = await site_of(hone)
    assert site.state == "open"
    assert VAULT.unseal(from_kept(site.sealed)["token"]) == "t0ken"
    alone = ada.alone()
    await alone.clicks("Enter it again")
    await alone.fills({"secret_token": "t1"})
    await followed.hears(hone, Checked(Account("hone", "Hone Bot"), (Scope("PAY", "Payments"),)))
    assert "does not work" not in hone.last(CHAT)
    assert VAULT.unseal(from_kept((await site_of(hone)).sealed)["token"]) == "t1"


async def test_a_colleague_of_the_team_that_follows_may_renew_its_token(hone: Hone) -> None:
    """Ada is on leave when the token ends."""
    ada = hone.person("Ada")
    await connected(ada)
    await followed.lets_in(hone, "Payments")
    alone = ada.alone()
    await alone.clicks("Choose an area")
    await alone.fills({"scope": "0"})
    await followed.refuses(hone, "No.")
    grace = hone.person("Grace")
    await connected(grace)
    assert grace.told == "I go on in our chat."
    assert (await site_of(hone)).connected_by == "grace"


async def test_of_many_projects_one_can_be_typed(hone: Hone) -> None:
    """A company has four hundred; a list holds a hundred."""
    ada = hone.person("Ada")
    await connected(ada)
    await followed.lets_in(hone, *(f"{n:03} Project" for n in range(120)), "Zebra crossing")
    alone = ada.alone()
    await alone.clicks("Choose an area")
    for wrong in ("Project", "Nothing", ""):
        await alone.fills({"named": wrong})
        assert "Choose one area" in next(iter(alone.errors.values()))
    await alone.fills({"named": "zebra"})
    assert "Looking at Zebra crossing in Own tracker" in hone.last(CHAT)


async def test_a_project_belongs_to_one_team(hone: Hone) -> None:
    """Else an item would be in two backlogs, and its score in neither."""
    ada = hone.person("Ada")
    await connected(ada)
    await followed.lets_in(hone, "Payments")
    alone = ada.alone()
    await alone.clicks("Choose an area")
    await alone.fills({"scope": "0"})
    root = hone.person("Root", channel="search", role="admin")
    await connected(root)
    await followed.lets_in(hone, "Payments")
    chat = root.alone()
    await chat.clicks("Choose an area")
    await chat.fills({"scope": "0"})
    assert chat.told == "refinement follows that already, and an item belongs to one team."


async def test_an_account_that_sees_nothing_is_told_so(hone: Hone) -> None:
    ada = hone.person("Ada")
    await connected(ada)
    await followed.lets_in(hone)
    assert "can see no area there: give it the right to one" in hone.last(CHAT)


async def test_who_connected_what_is_kept_for_who_asks_later(hone: Hone) -> None:
    """And never a word of what was typed."""
    ada = hone.person("Ada")
    await connected(ada)
    await followed.lets_in(hone, "Payments")
    alone = ada.alone()
    await alone.clicks("Choose an area")
    await alone.fills({"scope": "0"})
    await followed.tells(hone, "shown")
    await alone.clicks("Start")
    await followed.tells(hone, "following")
    for line in ("tracker pause", "tracker resume", "tracker disconnect"):
        await ada.says(line)
    await ada.fills({})

    async def trail(store: Store) -> list[tuple[str, str]]:
        rows = await store.session.scalars(select(AuditEntry))
        return [(row.person, row.what) for row in rows]

    told = await hone.database.write(hone.workspace, hone.now, trail)
    assert [what for _, what in told] == [
        "team 1: tracker 1 own",
        "team 1: tracker scope 1 chosen",
        "tracker scope 1: start",
        "tracker scope 1: pause",
        "tracker scope 1: resume",
        "tracker scope 1: end",
    ]
    assert not re.search("acme|Payments|t0ken", str(told))
    assert {person for person, _ in told} == {"ada"}


@pytest.mark.parametrize(
    ("public_url", "address", "lacks"),
    [
        ("https://hone.example/", f"https://hone.example/trackers/{'h' * 43}", False),
        ("", f"/trackers/{'h' * 43}", True),
    ],
)
async def test_a_hooks_address_can_be_pasted_as_it_stands(
    hone: Hone, monkeypatch: pytest.MonkeyPatch, public_url: str, address: str, lacks: bool
) -> None:
    """Half an address in the tracker's settings fails hours later, and says nothing."""
    calls = Kind(
        "own", "Own tracker", "area", asks=(SITE, Asked("account", "A"), TOKEN, HOOK_SECRET)
    )
    monkeypatch.setitem(KINDS, "own", calls)
    hone.router = RedrawingRouter(features(SignInPages(public_url)), hone.database, VAULT)
    ada = hone.person("Ada")
    await connected(ada)
    await followed.lets_in(hone, "Payments")
    alone = ada.alone()
    await alone.clicks("Choose an area")
    await alone.fills({"scope": "0"})
    await ada.says("tracker hook")
    assert f"\n{address}\n" in ada.told
    assert ("HONE_PUBLIC_URL: then the whole address stands here" in ada.told) is lacks
