"""What an adapter is handed back: what to show at once, and the sentences of what went wrong."""

from __future__ import annotations

from dataclasses import dataclass

from bot.cards import Code, says
from bot.turn import Ask, Whisper, whisper


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an adapter does at once, after the commit.

    `repeated`: this delivery was handled before, answer as if all went well. `saved` is false when
    the database was out of reach: the platform may deliver again, people read the whisper.
    `refused`: nothing was saved, for the reason the whisper gives; a form stays open with its text.
    """

    whispers: tuple[Whisper, ...] = ()
    ask: Ask | None = None
    repeated: bool = False
    saved: bool = True
    refused: bool = False

    @property
    def kind(self) -> str:
        """One word for what became of the turn, as the metrics count it."""
        if not self.saved:
            return "not_saved"
        if self.repeated:
            return "repeated"
        return "refused" if self.refused else "done"


NOT_SAVED = Outcome(
    (whisper("Not saved: I can't reach my database right now. Please try again in a minute."),),
    saved=False,
    refused=True,
)
MAYBE_SAVED = Outcome(
    (
        whisper(
            "I don't know whether that was saved: my database stopped answering just then. Please "
            "look before you try again."
        ),
    ),
    saved=False,
    refused=True,
)
TOO_FAST = Outcome(
    (whisper("Slow down, please: that one was not saved. Try again in a minute."),),
    refused=True,
)
NO_TEAM = Outcome(
    (
        whisper(
            "I don't know which team you are with, so I can't do that here. Say something to me in "
            "its channel first: ",
            Code("@Hone help"),
        ),
    ),
    refused=True,
)


def our_fault(incident: str) -> Outcome:
    """Return what people read after a fault of ours, with the number it is logged under."""
    sentence = says(
        "Sorry, that is my mistake and nothing was saved. Please try again; if it happens again, "
        "tell whoever runs Hone about incident ",
        Code(incident),
        ".",
    )
    return Outcome((Whisper(sentence),), refused=True)
