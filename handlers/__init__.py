"""Every feature, in reading order."""

from handlers import backlog, capture, digest, help, settings, wsjf

_WORK = (capture.FEATURE, wsjf.FEATURE, backlog.FEATURE, digest.FEATURE, settings.FEATURE)

FEATURES = (*_WORK, help.feature(_WORK))
