"""What Hone's words mean, in a sentence or two, and what to type to see more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.text import alike


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the field. `names` are how people say it, `see` is a command that shows it."""

    name: str
    meaning: str
    see: str
    names: tuple[str, ...] = ()


TERMS: Final = (
    Term(
        "WSJF",
        "Weighted shortest job first: what an item is worth, divided by how big it is. What gains "
        "much, loses by waiting and is soon done goes first.",
        "help wsjf",
        ("weighted shortest job first", "a wsjf vote", "wsjf score", "wsjf voting"),
    ),
    Term(
        "Cost of delay",
        "What waiting costs: user and business value, time criticality, and risk reduction or "
        "opportunity enablement, added up. WSJF divides it by the job size.",
        "help wsjf",
        ("cod", "delay cost"),
    ),
    Term(
        "User-business value",
        "How much people or the business gain once the item is done, compared with the others.",
        "help wsjf",
        ("ubv", "user business value", "user value", "user and business value"),
    ),
    Term(
        "Time criticality",
        "How fast the item's worth fades while it waits: is there a fixed date, do people leave?",
        "help wsjf",
        ("tc", "time critical"),
    ),
    Term(
        "Risk reduction / opportunity enablement",
        "What else the item makes possible, or which danger it takes away.",
        "help wsjf",
        ("rroe", "rr/oe", "rr", "oe", "risk reduction", "opportunity enablement"),
    ),
    Term(
        "Job size",
        "How much work an item is, compared with the others of the vote: the smallest is the 1.",
        "help wsjf",
        ("size", "job duration"),
    ),
    Term(
        "Reveal",
        "The moment when all cards of a vote turn at once. Before it nobody sees any of them.",
        "help wsjf",
        ("the reveal", "blind vote", "a blind vote", "hidden cards"),
    ),
    Term(
        "Anchor",
        "An item scored in two votes. Two of them let both rankings be compared.",
        "wsjf rank",
        ("anchors", "re-anchor", "anchor item"),
    ),
    Term(
        "Ready",
        "An item that can be planned: it has what your team's definition of ready asks for, such "
        "as criteria and a size.",
        "refine next",
        ("definition of ready", "dor", "ready item", "readiness", "ready work"),
    ),
    Term(
        "Refinement",
        "Making an item ready: details, acceptance criteria, a size, and what it waits for.",
        "refine next",
        ("refine", "refining", "grooming", "backlog refinement", "backlog grooming"),
    ),
    Term(
        "Acceptance criteria",
        "What must hold so that an item counts as done, each a line that can be checked.",
        "refine next",
        ("acceptance criterion", "criteria", "ac", "acs"),
    ),
    Term(
        "INVEST",
        "Six hints on a good item: independent, negotiable, valuable, estimable, small, testable. "
        "They never stop you.",
        "refine next",
        ("invest hints",),
    ),
    Term(
        "Story points",
        "A team's own measure of an item's size. Set them when you refine it.",
        "refine next",
        ("points", "story point", "sp"),
    ),
    Term(
        "Horizon",
        "The items that matter now: the top of the backlog up to twice your velocity, else the top "
        "ten.",
        "backlog",
        ("the horizon", "next items"),
    ),
    Term(
        "Velocity",
        "The points your team gets accepted in an iteration, the mean of the last three.",
        "digest",
        ("team velocity",),
    ),
    Term(
        "Ready runway",
        "How many iterations of ready work are left at your velocity.",
        "digest",
        ("runway",),
    ),
    Term(
        "Iteration",
        "The one to four weeks a team plans at a time. Set yours in the settings.",
        "settings",
        ("sprint", "iterations", "sprints"),
    ),
    Term(
        "PI",
        "Planning interval: the eight to twelve weeks a train plans together, with objectives.",
        "pi",
        ("planning interval", "program increment", "planning increment", "pi planning"),
    ),
    Term(
        "ART",
        "Agile release train: several teams that plan together. Hone calls it the train.",
        "backlog train",
        ("train", "agile release train", "release train", "the train"),
    ),
    Term(
        "PI objective",
        "What a team wants to have reached by the end of the PI, with a business value from 1 to "
        "10.",
        "pi",
        ("objective", "objectives", "pi objectives"),
    ),
    Term(
        "Predictability",
        "The business value that was reached, divided by what was planned. 80 to 100 % is "
        "reliable.",
        "pi",
        ("art predictability", "predictability measure"),
    ),
    Term(
        "Confidence vote",
        "One to five fingers, hidden until all show them: do we believe in this plan?",
        "help pi",
        ("confidence", "fist of five"),
    ),
    Term(
        "ROAM",
        "What becomes of a risk: resolved, owned, accepted or mitigated.",
        "help pi",
        ("roam board", "risk", "risks"),
    ),
    Term(
        "Inspect & Adapt",
        "The train's own retro at the end of a PI. Hone collects what belongs to it.",
        "retro ia",
        ("inspect and adapt", "i&a", "ia"),
    ),
    Term(
        "Theme",
        "A short tag, such as #test-data, that items and retro notes share. Themes that several "
        "teams report stand out.",
        "themes",
        ("tag", "tags", "hashtag", "systemic", "systemic theme"),
    ),
    Term(
        "Retro",
        "A retrospective: private notes, one reveal in groups, dots, and improvements with owners.",
        "help retro",
        ("retrospective", "a retro", "retros"),
    ),
    Term(
        "Hypothesis",
        "What you try, which number it should move, and when you will know.",
        "help coach",
        ("coaching", "experiment", "outcome"),
    ),
    Term(
        "Improvement",
        "Something that should get better, in a sentence. It gets a number, an owner and a day.",
        "help improve",
        ("item", "improvements", "items", "improvement item"),
    ),
    Term(
        "Story, feature, enabler",
        "Kinds of items: a story is one team's, a feature is larger, an enabler makes later work "
        "possible.",
        "backlog",
        ("story", "feature", "enabler", "user story", "epic", "kind"),
    ),
    Term(
        "Backlog",
        "All that a team may do next, the most worthwhile first.",
        "backlog",
        ("the backlog",),
    ),
    Term(
        "Digest",
        "Your backlog's health in twenty seconds: one sentence, three numbers, three asks. It can "
        "come every week.",
        "digest",
        ("weekly digest", "the digest"),
    ),
    Term(
        "Stale",
        "An open item that nobody touched for two iterations, or four weeks.",
        "backlog stale",
        ("untouched", "stale item"),
    ),
    Term(
        "Rework",
        "An item that was shown as finished work and sent back.",
        "digest",
        ("rework ratio", "sent back"),
    ),
    Term(
        "Focus",
        "The one small improvement a team makes now.",
        "backlog",
        ("our focus", "in focus"),
    ),
    Term(
        "State",
        "How far an item is: captured, refining, ready, planned, in progress, in review, accepted. "
        "Or dropped, with a reason.",
        "help backlog",
        ("states", "status", "captured", "planned", "accepted", "dropped", "in review"),
    ),
    Term(
        "Dependency",
        "What an item waits for: another item, or somebody outside.",
        "backlog deps",
        ("dependencies", "deps", "blocker", "blocked"),
    ),
    Term(
        "POPM",
        "Product Owner or Product Manager: who decides what comes first.",
        "help",
        ("po", "product owner", "pm", "product manager"),
    ),
)

_KNOWN: Final = {alike(name): term for term in TERMS for name in (term.name, *term.names)}
LONGEST: Final = max(len(name.split()) for name in _KNOWN)


def term(words: str) -> Term | None:
    """Return the term that the words name, with an article or without."""
    name = alike(words).strip(" \"'?!.")
    for article in ("", "the ", "a ", "an ", "our ", "your "):
        if found := _KNOWN.get(name.removeprefix(article)):
            return found
    return None
