"""Every feature, in reading order."""

from handlers import capture, wsjf

FEATURES = (capture.FEATURE, wsjf.FEATURE)
