"""Every feature, in reading order."""

from bot.feature import Feature
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


def features(public_url: str = "") -> tuple[Feature, ...]:
    """Return all of them; `public_url` is where Hone is reached from outside, "" if nowhere."""
    work = (
        capture.FEATURE,
        coach.FEATURE,
        followthrough.FEATURE,
        retro.feature({"ia": themes.PACKET}),
        themes.FEATURE,
        wsjf.FEATURE,
        refine.FEATURE,
        backlog.feature(capture.BY_NUMBER),
        dependencies.FEATURE,
        digest.FEATURE,
        objectives.FEATURE,
        tracker.feature(public_url),
    )
    everything = (consent.feature(work), *work, mypage.feature(work), settings.FEATURE)
    return (*everything, help.feature(everything))


FEATURES = features()
"""The same where nobody reaches Hone from outside."""
