"""Which digest: a team's or its train's, and the channel that reads it."""

from __future__ import annotations

from dataclasses import dataclass

from storage.digests import TEAM, TRAIN


@dataclass(frozen=True, slots=True)
class Edition:
    """A digest in a channel (or in a person's own chat): `level` is `team` or `train`."""

    channel: str
    level: str = TEAM

    @property
    def timer(self) -> str:
        """The name of its timer."""
        return f"{self.level}:{self.channel}"

    @classmethod
    def of_timer(cls, key: str) -> Edition:
        level, _, channel = key.partition(":")
        return cls(channel, level)

    @property
    def command(self) -> str:
        """How people address it."""
        return "digest train" if self.level == TRAIN else "digest"
