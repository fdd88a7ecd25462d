"""The states and kinds of other tools in Hone's words: known, or guessed and asked about.

What a team answered comes first, then the tool's own words, then those that most tools share. An
unknown word is guessed from the tool's category and from pieces of the word; never as accepted
unless the tool itself counts it as done.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bot.text import alike
from storage.states import FINISHED_STATES, KINDS, STATES, WAITING_STATES, WORKING_STATES

Answers = Mapping[str, str]
"""A word of the source, folded → ours."""

_SHARED: Final[Mapping[str, str]] = {
    "captured": """backlog, to do, todo, open, opened, new, reopened, triage, idea, future, none,
        funnel, draft, inbox, not started, zu erledigen, offen, neu, a faire, nouveau,
        por hacer, nuevo, a fazer, da fare, te doen, notstarted, 未着手,
        未対応""",
    "refining": "refinement, in refinement, grooming, in analysis, analysis, analyzing, design",
    "ready": """ready for development, ready for dev, ready to start, approved, definition of ready,
        dor""",
    "planned": "selected for development, committed, next, sprint backlog, up next",
    "in progress": """doing, active, in development, started, implementing, in work, wip,
        working on it, in arbeit, in bearbeitung, en cours, en curso, em andamento,
        in corso, bezig, inprogress, aktiv, actif, activo, ativo, attivo, actief, 進行中, 処理中""",
    "in review": """review, testing, in test, in testing, ready for review, qa, in qa, verification,
        to verify, ready for test""",
    "accepted": """done, closed, resolved, released, complete, completed, finished, shipped,
        delivered, fertig, erledigt, geschlossen, abgeschlossen, termine, ferme, hecho,
        cerrado, concluido, fatto, gereed, afgerond, completato, completado, 完了, 終了""",
    "dropped": """removed, cancelled, canceled, won't do, wont do, duplicate, declined, rejected,
        abandoned, obsolete""",
}
_STATES: Final = {
    word: ours
    for ours, words in _SHARED.items()
    for word in (" ".join(each.split()) for each in words.split(","))
} | {state: state for state in STATES}

_STATES_OF: Final[Mapping[str, Mapping[str, str]]] = {
    "azure": {"resolved": "in review"},
    "rally": {"undefined": "captured", "defined": "captured", "completed": "in review"},
    "redmine": {"resolved": "in review"},
}

_CATEGORIES: Final[Mapping[str, str]] = {
    "to do": "captured",
    "new": "captured",
    "proposed": "captured",
    "in progress": "in progress",
    "indeterminate": "in progress",
    "resolved": "in review",
    "done": "accepted",
    "completed": "accepted",
    "removed": "dropped",
    "triage": "captured",
    "backlog": "captured",
    "unstarted": "captured",
    "started": "in progress",
    "canceled": "dropped",
    "duplicate": "dropped",
}
"""The groups that Jira, Azure and Linear sort their states into."""

_GIVEN_UP = re.compile(
    r"won'?t|not planned|not_planned|duplicate|declin|cannot reproduce|can't reproduce|obsolete|"
    r"reject|invalid|abandon|cancel|not a bug|incomplete|works as|descoped"
)
_PIECES: Final = (
    (_GIVEN_UP, "dropped"),
    (re.compile(r"review|test|qa\b|verif|validat|uat\b|demo|accept"), "in review"),
    (re.compile(r"progress|develop|doing|build|implement|coding|work"), "in progress"),
    (re.compile(r"ready|refined|groomed"), "ready"),
    (re.compile(r"plan|select|commit|sprint|next"), "planned"),
    (re.compile(r"refin|analy|groom|design|clarif|discover"), "refining"),
)

_KINDS_IN: Final[Mapping[str, str]] = {
    "story": """user story, product backlog item, requirement, task, sub task, subtask, bug, defect,
        issue, backlog item, change request, fehler, aufgabe, historia, tarea, support,
        incident, problem, hierarchicalrequirement, storia, verhaal, taak, fout, errore,
        attivita, tarefa, tache, ストーリー, タスク, バグ, 課題""",
    "feature": """epic, feature, capability, initiative, portfolio epic, legend, theme, objective,
        new feature""",
    "enabler": "spike, technical debt, technical story, enabler story, enabler epic, chore, test",
}
_KINDS: Final = {
    word: ours
    for ours, words in _KINDS_IN.items()
    for word in (" ".join(each.split()) for each in words.split(","))
} | {kind: kind for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Translated:
    """Our word for a word of the source; `sure` unless it is a guess. `why` it was dropped."""

    ours: str
    sure: bool = True
    why: str = ""


@lru_cache(maxsize=4096)  # a tool has few words, and a file says them on each line
def folded(word: str) -> str:
    """Return a state's or a kind's name as names are compared: `Sub-task` is `sub task`."""
    return " ".join(alike(word).replace("_", " ").replace("-", " ").split())


def state_of(
    tool: str, word: str, answers: Answers, category: str = "", resolution: str = ""
) -> Translated:
    """Return the state that a word means, with why it was dropped if it was."""
    name, ended = folded(word), folded(resolution)
    known = answers.get(name) or _STATES_OF.get(tool, {}).get(name) or _STATES.get(name)
    ours = known or _guess(name, folded(category))
    if ended == "archived" and ours not in FINISHED_STATES:
        ours = "dropped"
    if ours == "accepted" and _GIVEN_UP.search(ended):
        ours = "dropped"
    why = resolution or (word if name != ours else "") if ours == "dropped" else ""
    return Translated(ours, known is not None, why)


def _guess(name: str, category: str) -> str:
    by_category = _CATEGORIES.get(category)
    by_words = next((ours for pattern, ours in _PIECES if pattern.search(name)), None)
    if by_category is None:
        return by_words or "captured"
    if by_category == "accepted":
        return "dropped" if by_words == "dropped" else "accepted"
    closer = {"captured": WAITING_STATES, "in progress": WORKING_STATES}.get(by_category, ())
    return by_words if by_words in closer else by_category


def kind_of_item(word: str, answers: Answers) -> Translated:
    """Return the kind of item that a word means."""
    name = folded(word)
    known = answers.get(name) or _KINDS.get(name)
    return Translated(known or "story", known is not None)
