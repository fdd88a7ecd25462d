"""Every feature, in reading order."""

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

_WORK = (
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
    tracker.FEATURE,
)
_ALL = (consent.feature(_WORK), *_WORK, mypage.feature(_WORK), settings.FEATURE)

FEATURES = (*_ALL, help.feature(_ALL))
