"""Every feature, in reading order."""

from bot.feature import Feature
from bot.trackers.kinds import NO_PAGES, SignInPages
from handlers import (
    backlog,
    capture,
    coach,
    consent,
    dependencies,
    digest,
    followthrough,
    help,
    mypage,
    objectives,
    refine,
    retro,
    settings,
    themes,
    tracker,
    wsjf,
)


def features(pages: SignInPages = NO_PAGES) -> tuple[Feature, ...]:
    """Return all of them; `pages` say where Hone is reached and what people sign in to."""
    work = (
        capture.FEATURE,
        coach.FEATURE,
        followthrough.FEATURE,
        retro.feature({"ia": themes.PACKET}),
        themes.FEATURE,
        wsjf.FEATURE,
        refine.FEATURE,
        backlog.feature({**capture.BY_NUMBER, **refine.BY_NUMBER}),
        dependencies.FEATURE,
        digest.FEATURE,
        objectives.FEATURE,
        tracker.feature(pages),
    )
    everything = (consent.feature(work), *work, mypage.feature(work), settings.FEATURE)
    return (*everything, help.feature(everything))


FEATURES = features()
"""The same where nobody reaches Hone from outside."""
