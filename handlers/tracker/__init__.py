"""Follow the tracker a team keeps its work in: connect, preview, read along, write back."""

from __future__ import annotations

from functools import partial

from bot.feature import CommandSpec, Feature, Verb
from bot.trackers.kinds import NO_PAGES, SignInPages
from handlers.tracker import (
    always,
    beginning,
    connecting,
    draw,
    ending,
    following,
    keeping,
    linking,
    on_page,
    people,
    putting,
    records,
    signing_in,
)
from handlers.tracker.actions import (
    Choose,
    ChooseSite,
    Connect,
    End,
    EndView,
    NewLink,
    OpenChoose,
    OpenConnect,
    OpenEnd,
    OpenMapping,
    OpenMe,
    OpenPeople,
    OpenRenew,
    OpenSites,
    OpenToken,
    OpenTwins,
    Pause,
    Resume,
    SaveMapping,
    SaveMe,
    SavePeople,
    SaveTwins,
    ScopeView,
    SeeConflicts,
    SetWrites,
    SignInAgain,
    SignInView,
    SiteView,
    Start,
    Sync,
)
from handlers.ui.actions import (
    LeaveHere,
    OpenMoveThere,
    OpenPut,
    PutThere,
    SaveMoveThere,
    SavePut,
    WriteAgain,
)
from handlers.ui.views import RecordView


def feature(pages: SignInPages = NO_PAGES) -> Feature:
    """Return the feature; `pages` say where trackers reach Hone, and which have a sign-in page."""
    verbs = {
        "sync": Verb(keeping.sync_named, "tracker sync", "reads now what changed there"),
        "pause": Verb(keeping.pause_named, "tracker pause", "leaves it alone for a while"),
        "resume": Verb(keeping.resume_named, "tracker resume", "goes on after a pause"),
        "people": Verb(
            keeping.people_named, "tracker people", "says who the people there are here"
        ),
        "link": Verb(linking.link, "tracker link #12 PAY-31", "says that two items are one"),
        "conflicts": Verb(
            keeping.conflicts_named,
            "tracker conflicts",
            "shows what both sides changed, to decide which stands",
        ),
        "hook": Verb(
            partial(keeping.hook_named, pages.public_url),
            "tracker hook",
            "shows how the tracker can tell me of changes at once",
        ),
        "put": Verb(putting.put_named, "tracker put #12", "puts an item of ours into it"),
        "disconnect": Verb(
            keeping.end_named,
            "tracker disconnect",
            "follows it no more; what was read stays or goes, as you say",
        ),
    }
    return Feature(
        name="tracker",
        commands={
            "connect": CommandSpec(
                summary="Connect the tracker your team works in",
                run=partial(connecting.connect, pages),
                example="connect jira",
                what="lets me into a tracker, and shows what would come before anything does",
                free_text=True,
                seldom=True,
            ),
            "tracker": CommandSpec(
                summary="See how your tracker is followed",
                run=partial(keeping.tracker, tuple(verbs)),
                example="tracker",
                what="shows what the team follows, when it was read, and what is not well",
                verbs=verbs,
                free_text=True,
                seldom=True,
            ),
        },
        actions={
            OpenConnect: partial(connecting.open_connect, pages),
            Connect: connecting.save,
            OpenRenew: connecting.open_renew,
            SignInAgain: partial(signing_in.again, pages),
            NewLink: partial(signing_in.new_link, pages),
            OpenToken: signing_in.open_token,
            OpenSites: signing_in.open_sites,
            ChooseSite: signing_in.choose_site,
            OpenChoose: connecting.open_choose,
            Choose: connecting.choose,
            OpenMapping: beginning.open_mapping,
            SaveMapping: beginning.save_mapping,
            OpenTwins: beginning.open_twins,
            SaveTwins: beginning.save_twins,
            Start: beginning.start,
            Sync: keeping.sync,
            Pause: keeping.pause,
            Resume: keeping.resume,
            SetWrites: keeping.set_writes,
            SeeConflicts: keeping.see_conflicts,
            OpenEnd: keeping.open_end,
            End: keeping.end,
            OpenPeople: people.open_people,
            SavePeople: people.save_people,
            OpenMe: people.open_me,
            SaveMe: people.save_me,
            PutThere: putting.put,
            OpenPut: putting.open_put,
            SavePut: putting.save_put,
            LeaveHere: putting.leave,
            OpenMoveThere: putting.open_move,
            SaveMoveThere: putting.save_move,
            WriteAgain: putting.again,
        },
        views={
            SignInView: draw.draw_sign_in,
            SiteView: draw.draw_site,
            ScopeView: draw.draw_scope,
            EndView: draw.draw_end,
            RecordView: records.draw,
        },
        pulled=following.take_in,
        on_page=on_page.entries,
        edited=records.edited,
        captured=always.captured,
        due={
            ending.TIMER: ending.remind,
            keeping.DELETION: keeping.delete_some,
            always.TIMER: always.put,
        },
    )
