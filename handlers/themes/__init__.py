"""See what several teams report, make it the train's with one form, and take it to I&A."""

from __future__ import annotations

from dataclasses import replace

from bot.cards import (
    Card,
    Form,
    Typed,
    filled,
)
from bot.feature import CommandSpec, Feature, Verb
from bot.turn import (
    Ask,
    Mistake,
    NotFound,
    Post,
    Reply,
    Show,
    Turn,
    Whisper,
    whisper,
)
from handlers.rules.access import Permission
from handlers.rules.guard import lead_train, require
from handlers.rules.limits import DETAILS_MAX_CHARS, TITLE_MAX_CHARS, too_long
from handlers.themes import cards, joining, own, workshop
from handlers.themes.actions import (
    ConfirmItem,
    GiveDots,
    MarkdownView,
    OpenCause,
    OpenDots,
    OpenRemedy,
    OpenTopic,
    OpenVoice,
    OpenWorkshop,
    PacketView,
    Propose,
    ReadMarkdown,
    RemoveTopic,
    SaveCause,
    SaveRemedy,
    SaveTopic,
    SaveVoice,
    SharePacket,
    ShowBiggest,
    StartWorkshop,
    WorkshopView,
)
from handlers.themes.gather import Findings, evidence, findings, packet, quote
from handlers.themes.patterns import Pattern
from handlers.ui.forms import day_in, unlisted
from handlers.ui.train_news import tell_train
from handlers.ui.views import ItemView, TrainNewsView
from storage import Store
from storage.teams import Team


async def themes(turn: Turn, store: Store, _: str) -> Reply:
    """Show what several teams of this train report, to this person alone."""
    findings_ = await _findings(turn, store)
    with_evidence = [
        (pattern, evidence(pattern, findings_.teams)) for pattern in findings_.patterns
    ]
    return Whisper(
        cards.patterns(
            findings_.train.name,
            len(findings_.teams),
            with_evidence,
            findings_.became,
            findings_.carried,
        )
    )


async def inspect_and_adapt(turn: Turn, store: Store, _: str) -> Reply:
    """Show the packet for Inspect & Adapt, to this person alone."""
    findings_ = await _findings(turn, store)
    return Whisper(cards.packet_card(await packet(store, findings_)))


async def share_packet(turn: Turn, store: Store, _: SharePacket) -> Reply:
    """Show the packet to the channel, as it is now; alone with Hone, to the team's channel."""
    team = await _team(turn, store)
    view = PacketView(team.train_id, turn.now.date().isoformat())
    return Post(view, channel=await _team_channel(turn, store, team))


async def draw_packet(store: Store, view: PacketView) -> Card:
    """Draw the packet that was shared; it stays as it was then."""
    store.stays_as_it_is()
    if await store.teams.train(view.train_id) is None:
        raise NotFound("There is no such train here.")
    return cards.packet_card(await packet(store, await findings(store, view.train_id)), shared=True)


async def read_markdown(turn: Turn, store: Store, act: ReadMarkdown) -> Reply:
    """Show a page of the packet as Markdown."""
    team = await _team(turn, store)
    return Show(MarkdownView(team.train_id, act.page), replaces=act.turning)


async def draw_markdown(store: Store, view: MarkdownView) -> Card:
    """Draw a page of the packet as Markdown."""
    if await store.teams.train(view.train_id) is None:
        raise NotFound("There is no such train here.")
    findings_ = await findings(store, view.train_id)
    return cards.markdown_page(await packet(store, findings_), view.page)


# --- make it the train's ---------------------------------------------------------------------


async def propose(turn: Turn, store: Store, act: Propose) -> Reply:
    """Open the form in which a person confirms a pattern."""
    team = await _team(turn, store)
    await lead_train(turn, store, team.train_id)
    findings_ = await findings(store, team.train_id)
    pattern = _pattern(findings_, act.key)
    return Ask(_form(pattern, findings_))


def _form(pattern: Pattern, findings_: Findings) -> Form:
    also = [(report.ref, quote(report, findings_.teams)) for report in pattern.perhaps]
    return cards.propose_form(pattern, evidence(pattern, findings_.teams), also)


async def confirm(turn: Turn, store: Store, act: ConfirmItem) -> Reply:
    """Save the train's item, and make what the teams reported its parts."""
    team = await _team(turn, store)
    await lead_train(turn, store, team.train_id)
    await store.themes.hold(team.train_id)  # two people may confirm at once
    findings_ = await findings(store, team.train_id)
    pattern = _pattern(findings_, act.key)
    title = " ".join(turn.answers.one("title").split())
    details = turn.answers.one("details")
    errors: dict[str, str] = {}
    if not title:
        errors["title"] = "Say in one sentence what should change for all."
    elif wrong := too_long(title, TITLE_MAX_CHARS):
        errors["title"] = wrong
    if wrong := too_long(details, DETAILS_MAX_CHARS):
        errors["details"] = wrong
    due, wrong = day_in(turn, turn.answers.one("due"))
    if wrong:
        errors["due"] = wrong
    errors |= await unlisted(store, "owner", turn.answers.one("owner"))
    if errors:
        form = _form(pattern, findings_)
        return Ask(filled(form, turn.answers), errors)
    item = await store.items.add(
        team.id,
        title,
        by=turn.person.id,
        level="train",
        description=details,
        owner=turn.answers.one("owner") or None,
        due=due,
        themes=[pattern.key.removeprefix("#")] if pattern.key.startswith("#") else [],
    )
    chosen = turn.answers.many("perhaps")
    also = [report for report in pattern.perhaps if report.ref in chosen]
    pattern = replace(pattern, reports=(*pattern.reports, *also), perhaps=())
    gathered = await _gather(turn, store, pattern, item.number)
    await store.themes.confirm(
        team.train_id,
        pattern.name,
        item.number,
        pattern.reporting,
        pattern.all_teams,
    )
    parts = ", ".join(f"#{number}" for number in gathered[:20])
    sentence = f"Saved as #{item.number} for the whole train"
    return (
        Post(ItemView(item.number), channel=await _team_channel(turn, store, team)),
        *await tell_train(store, team.train_id, item.number, team.id),
        whisper(f"{sentence}, with {parts} as its parts." if parts else f"{sentence}."),
    )


async def _team_channel(turn: Turn, store: Store, team: Team) -> str | None:
    """Return where the team talks, if this is a chat with one person: Teams whispers there."""
    if not turn.place.private:
        return None
    channels = await store.channels.of_team(team.id)
    return channels[0].id if channels else None


async def _gather(turn: Turn, store: Store, pattern: Pattern, whole: int) -> list[int]:
    """Make the teams' items parts of the train's, unless they are part of another one."""
    gathered = []
    for number in sorted(set(pattern.items)):
        item = await store.items.locked(number)
        if item is not None and item.part_of is None:
            await store.items.change(item, {"part_of": whole}, by=turn.person.id)
            gathered.append(number)
    return gathered


def _pattern(findings_: Findings, key: str) -> Pattern:
    """Return the pattern as it is now; raises for one that is gone, or the train's already."""
    for pattern in findings_.patterns:
        refs = {report.ref for report in pattern.reports}
        if pattern.key == key or (key.startswith("~") and key[1:] in refs and "~" in pattern.key):
            if (item := findings_.became.get(pattern.key)) is not None:
                raise Mistake(f"The train works on this already: #{item}.")
            return pattern
    raise NotFound("There is no such theme here any more. To see what there is: ", Typed("themes"))


# --- who may ---------------------------------------------------------------------------------


async def _findings(turn: Turn, store: Store) -> Findings:
    team = await _team(turn, store)
    return await findings(store, team.train_id)


async def _team(turn: Turn, store: Store) -> Team:
    """Return the reader's team; every member of the train reads what its teams report."""
    require(turn, Permission.READ_TRAIN)
    return await store.teams.resolve(turn.place.channel, turn.person.id)


PACKET = Verb(
    inspect_and_adapt, "retro ia", "collects patterns and follow-through for Inspect & Adapt"
)

FEATURE = Feature(
    name="themes",
    commands={
        "themes": CommandSpec(
            summary="See what several teams report",
            run=themes,
            example="themes",
            what="shows themes that several teams of this train reported, only to you",
            verbs={
                "join": Verb(
                    joining.join,
                    "themes join #dependencies #deps",
                    "lets tags count as one, the first",
                ),
                "part": Verb(joining.part, "themes part #deps", "lets a tag count for itself"),
                "add": Verb(own.add, "themes add Licences run out", "adds a topic of your own"),
                "topics": Verb(own.topics, "themes topics", "lists the topics of your own"),
                "ia": Verb(inspect_and_adapt, "themes ia", "the same as retro ia"),
            },
        )
    },
    actions={
        Propose: propose,
        ConfirmItem: confirm,
        ReadMarkdown: read_markdown,
        OpenTopic: own.open_topic,
        SaveTopic: own.save,
        RemoveTopic: own.remove,
        OpenVoice: joining.open_voice,
        SaveVoice: joining.save_voice,
        SharePacket: share_packet,
        OpenWorkshop: workshop.open_workshop,
        StartWorkshop: workshop.start,
        OpenCause: workshop.open_cause,
        SaveCause: workshop.save_cause,
        OpenDots: workshop.open_dots,
        GiveDots: workshop.give_dots,
        ShowBiggest: workshop.show_biggest,
        OpenRemedy: workshop.open_remedy,
        SaveRemedy: workshop.save_remedy,
    },
    views={
        MarkdownView: draw_markdown,
        TrainNewsView: joining.draw_news,
        PacketView: draw_packet,
        WorkshopView: workshop.draw,
    },
)
