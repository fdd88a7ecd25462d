"""Every feature, in reading order."""

from handlers import backlog, capture, digest, help, retro, settings, wsjf

_WORK = (
    capture.FEATURE,
    retro.feature({}),
    wsjf.FEATURE,
    backlog.FEATURE,
    digest.FEATURE,
    settings.FEATURE,
)

FEATURES = (*_WORK, help.feature(_WORK))
