"""How Hone is put together: settings → storage → features → platforms, and the commands.

python app.py serve            run Hone (all, or the role in HONE_ROLE)
python app.py worker           run only what is due: posts, deadlines, digests
python app.py migrate          bring the database to this version
python app.py manifest slack   print the app manifest to paste into Slack
python app.py import FILE      bring a team's backlog in from CSV or JSON
python app.py export FILE      write a team's backlog as CSV or JSON
python app.py outbox list      list messages that could not be delivered
python app.py recount          take the sums anew that digests count with
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
from pydantic import SecretStr

from bot.commands import command_line
from bot.commands.console import on_database
from bot.learner import LoadMeaning
from bot.local.adapter import LocalRoom
from bot.local.people import RESIDENTS
from bot.local.room import CHANNELS
from bot.local.room import WORKSPACE as LOCAL_WORKSPACE
from bot.local.tickets import PATH as TICKETS
from bot.local.tickets import TicketsPage
from bot.outbox import Outbox
from bot.platform import Platform
from bot.process import Hone, clock
from bot.router import Router
from bot.settings import BadSettings, Settings
from bot.trackers.access import reseal
from bot.trackers.catalog import opened_through
from bot.trackers.hooks import TrackerHooks
from bot.trackers.http import Door
from bot.trackers.kinds import SignInPages
from bot.trackers.pull import Puller
from bot.trackers.sample.adapter import SampleTracker
from bot.trackers.sign_in.keeper import TokenKeeper
from bot.trackers.sign_in.page import SignInPage
from bot.trackers.sign_in.vendors import GITHUB, JIRA, LINEAR, App, azure, gitlab
from bot.trackers.sites import Sites
from bot.trackers.tracker import Access
from bot.trackers.writer import TrackerWriter
from bot.vault import Vault
from bot.worker import Worker
from handlers import FEATURES, features
from handlers.backlog import sample, sample_train
from handlers.backlog.exchange.commands import add_exchange
from handlers.likeness.minilm import NotInstalled, require
from handlers.likeness.semantic import Semantic
from storage import Database, Store

if TYPE_CHECKING:
    from bot.slack.install import OwnApp

SHORTCUTS = {"log_improvement": "Log improvement"}


def wire(settings: Settings, database: Database, http: aiohttp.ClientSession) -> Hone:
    """Connect the features to every platform that the settings name."""
    vault, apps = _vault(settings), sign_in_apps(settings)
    pages = SignInPages(
        settings.hone_public_url, {kind: app.vendor.clouds for kind, app in apps.items()}
    )
    router = Router(features(pages), database, vault)
    door = Door(clock, settings.hone_tracker_hosts)
    tokens = TokenKeeper(apps, database, vault, door, clock) if vault else None
    sites = _sites(settings, database, door, tokens)
    platforms: dict[str, Platform] = {"tracker": TrackerWriter(router, database, sites, clock)}
    outbox = Outbox(router, database, platforms, clock)
    puller = Puller(router, database, sites, clock)
    worker = Worker(router, database, outbox, clock, puller, tokens)
    hone = Hone(settings, database, router, worker, platforms)
    hone.stops.append(door.close)
    if vault is not None and tokens is not None:
        hone.starts += [partial(reseal, database, vault, clock), tokens.reseal]
        hone.routes += SignInPage(tokens, router, clock).routes()
    if settings.slack:
        _add_slack(hone, http)
    if settings.teams:
        _add_teams(hone, http)
    if settings.local:
        _add_local(hone)
    hone.routes += TrackerHooks(database, _vault(settings), clock).routes()
    return hone


def sign_in_apps(settings: Settings) -> dict[str, App]:
    """Return what each vendor knows this Hone by, where whoever runs it has registered it."""
    vendors = {
        "jira": JIRA,
        "azure": azure(settings.hone_azure_tenant_id),
        "github": GITHUB,
        "gitlab": gitlab(settings.hone_gitlab_url),
        "linear": LINEAR,
    }
    key_file = settings.hone_github_key_file
    return {
        kind: App(
            vendor,
            getattr(settings, f"hone_{kind}_client_id"),
            _revealed(getattr(settings, f"hone_{kind}_client_secret")),
            settings.hone_public_url,
            Path(key_file).read_text(encoding="utf-8") if kind == "github" and key_file else "",
        )
        for kind, vendor in vendors.items()
        if getattr(settings, f"hone_{kind}_client_id")
    }


def _sites(settings: Settings, database: Database, door: Door, tokens: TokenKeeper | None) -> Sites:
    """Return what opens the trackers: those behind the door, and the sample one, which is here."""

    page = f"http://localhost:{settings.hone_port}{TICKETS}" if settings.local else ""

    def sample_tracker(_: str, access: Access) -> SampleTracker:
        shown = page if access.workspace == LOCAL_WORKSPACE else ""
        return SampleTracker(database, access.workspace, clock, shown, access.called)

    return Sites({**opened_through(door), "sample": sample_tracker}, _vault(settings), tokens)


def _add_slack(hone: Hone, http: aiohttp.ClientSession) -> None:
    from bot.slack.adapter import SlackAdapter  # imported where it is used: Bolt loads slowly

    settings = hone.settings

    async def removed(workspace: str) -> None:
        await hone.database.write(workspace, clock(), _forget_workspace)

    slack = SlackAdapter(
        bot_token=_revealed(settings.slack_bot_token),
        signing_secret=_revealed(settings.slack_signing_secret),
        app=_own_app(settings),
        vault=_vault(settings),
        app_token=_revealed(settings.slack_app_token) or None,
        api_url=settings.slack_api_url,
        reaction=settings.slack_reaction,
        router=hone.router,
        database=hone.database,
        http=http,
        clock=clock,
        on_removed=removed,
    )
    hone.platforms[slack.name] = slack
    hone.starts.append(slack.start)
    hone.stops.append(slack.stop)
    hone.routes += slack.routes()


def _own_app(settings: Settings) -> OwnApp | None:
    """Return the Slack app that workspaces may add themselves, if there is one."""
    from bot.slack.install import OwnApp

    if not settings.slack_installs:
        return None
    secret = _revealed(settings.slack_client_secret)
    return OwnApp(settings.slack_client_id, secret, settings.hone_public_url)


def _vault(settings: Settings) -> Vault | None:
    keys = [key.get_secret_value() for key in settings.hone_secret_keys]
    return Vault(keys) if keys else None


def _revealed(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""


def _add_teams(hone: Hone, http: aiohttp.ClientSession) -> None:
    from bot.teams.adapter import TeamsAdapter  # imported where it is used: botbuilder too

    settings = hone.settings

    async def removed(workspace: str, channel: str) -> None:
        await hone.database.write(workspace, clock(), lambda store: store.posts.abandon(channel))

    teams = TeamsAdapter(
        app_id=settings.microsoft_app_id,
        app_password=_revealed(settings.microsoft_app_password),
        tenant_id=settings.microsoft_app_tenant_id,
        openid_url=settings.microsoft_openid_url,
        token_url=settings.microsoft_token_url,
        service_urls=settings.teams_service_urls,
        anonymous=settings.teams_anonymous,
        router=hone.router,
        database=hone.database,
        http=http,
        clock=clock,
        on_removed=removed,
    )
    hone.platforms[teams.name] = teams
    hone.starts.append(teams.start)
    hone.stops.append(teams.stop)
    hone.routes += teams.routes()


def _add_local(hone: Hone) -> None:
    room = LocalRoom(hone.router, hone.database, clock)
    hone.platforms[room.name] = room
    hone.routes += [*room.routes(), *TicketsPage(hone.database, clock).routes()]
    hone.before_stop.append(room.close)
    if hone.settings.hone_sample:
        hone.starts.append(lambda: _furnish(hone.database))


async def _furnish(database: Database) -> None:
    people = {someone.person.id: someone.person.name for someone in RESIDENTS}
    zone = RESIDENTS[0].person.zone

    async def furnish(store: Store) -> None:
        await sample.furnish(store, CHANNELS[0], people, zone)
        await sample_train.furnish_train(store, CHANNELS[:4], list(people), zone)

    await database.write(LOCAL_WORKSPACE, clock(), furnish)


async def _forget_workspace(store: Store) -> None:
    await store.workspaces.mark_removed()
    await store.posts.abandon()


def meaning_of(settings: Settings) -> LoadMeaning | None:
    """Return how likeness by meaning is loaded; raises BadSettings without its packages."""
    if settings.hone_likeness == "words":
        return None
    try:
        require()
    except NotInstalled as missing:
        raise BadSettings(
            f"{missing}: install requirements.txt, or set HONE_LIKENESS=words."
        ) from None
    return Semantic


cli = main = command_line(
    wire=wire,
    meaning_of=meaning_of,
    features=FEATURES,
    shortcuts=SHORTCUTS,
    more=(partial(add_exchange, on_database=on_database, clock=clock),),
)

if __name__ == "__main__":
    main()
