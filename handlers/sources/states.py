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
from handlers.sources.languages import KINDS_ABROAD, STATES_ABROAD
from storage.states import FINISHED_STATES, KINDS, STATES, WAITING_STATES, WORKING_STATES

Answers = Mapping[str, str]
"""A word of the source, folded → ours."""


@lru_cache(maxsize=4096)  # a tool has few words, and a file says them on each line
def folded(word: str) -> str:
    """Return a state's or a kind's name as names are compared: `Sub-task` is `sub task`."""
    return " ".join(alike(word).replace("_", " ").replace("-", " ").split())


def _listed(words: str) -> list[str]:
    return [folded(each) for each in words.split(",")]


_SOLVED: Final = """gelöst, résolu, resuelta, resuelto, resolvida, resolvido, risolto, rozwiązany,
    решена, решено, vyřešený, opgelost, löst, 解決, 解決済み, 已解决"""

_SHARED: Final[Mapping[str, str]] = {
    "captured": """backlog, to do, todo, open, opened, new, reopened, triage, idea, future, none,
        funnel, draft, inbox, not started, unstarted, unscheduled, submitted, zu erledigen, offen,
        neu, à faire, nouveau, nouvelle, ouvert, por hacer, tareas por hacer, nuevo, nueva, abierto,
        nicht begonnen, nog te doen, da completare, a fazer, tarefas pendentes, nova, aberto,
        da fare, nuovo, te doen, nieuw, do zrobienia,
        nowy, новая, новый, сделать, к выполнению, открыто, nový, ny, att göra, notstarted,
        未着手, 未対応, 新規, 新建""",
    "refining": "refinement, in refinement, grooming, in analysis, analysis, analyzing, design",
    "ready": """ready for development, ready for dev, ready to start, approved, definition of ready,
        dor""",
    "planned": "selected for development, committed, next, sprint backlog, up next",
    "in progress": """doing, active, in development, started, implementing, in work, wip,
        working on it, in arbeit, in bearbeitung, en cours, en curso, en progreso, em andamento,
        em progresso, in corso, in elaborazione, bezig, in uitvoering, w toku, w trakcie, в работе,
        ve vývoji, pågår, inprogress, aktiv, actif, activo, ativo, attivo, actief, 進行中, 処理中,
        作業中, 进行中""",
    "in review": """review, testing, in test, in testing, ready for review, qa, in qa, verification,
        to verify, ready for test, in prüfung, en revisión, en revue, em revisão""",
    "accepted": f"""done, closed, resolved, released, complete, completed, finished, shipped,
        delivered, fixed, verified, fertig, erledigt, geschlossen, abgeschlossen, terminé,
        terminé(e), fermé, fermée, hecho, listo, cerrado, cerrada, finalizada, finalizado,
        concluído, concluída, fechado, fechada, fatto, chiuso, gereed, afgerond, gesloten,
        completato, completata, completado, zamknięty, zakończone, gotowe, готово, выполнено,
        закрыта, закрыт,
        hotovo, uzavřený, klar, stängd, 完了, 終了, 已关闭, 已完成, {_SOLVED}""",
    "dropped": """removed, cancelled, canceled, won't do, wont do, duplicate, declined, rejected,
        abandoned, obsolete, abgewiesen, abgelehnt, verworfen, abgebrochen, rejeté, annulé,
        abandonné, rechazada, rechazado, cancelado, cancelada, rejeitada, rejeitado, rifiutato,
        annullato, afgewezen, geannuleerd, odrzucony, anulowane, отклонена, отменено, odmítnutý,
        avslagen, 却下, 已拒绝""",
}
_ABROAD: Final = {word: ours for ours, words in STATES_ABROAD.items() for word in _listed(words)}
_STATES: Final = (
    _ABROAD
    | {word: ours for ours, words in _SHARED.items() for word in _listed(words)}
    | {state: state for state in STATES}
)

_STATES_OF: Final[Mapping[str, Mapping[str, str]]] = {
    "azure": {"resolved": "in review"},
    "rally": {"undefined": "captured", "defined": "captured", "completed": "in review"},
    "redmine": dict.fromkeys(("resolved", *_listed(_SOLVED)), "in review"),
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
    r"reject|invalid|abandon|cancel|not a bug|incomplete|works as|descoped|wird nicht|duplikat|"
    r"abgelehnt|ne sera pas|doublon|no se hara|duplicad|nao sera|non verra|не будет|дубликат|"
    r"対応しない|重複"
)
_PIECES: Final = (
    (_GIVEN_UP, "dropped"),
    (re.compile(r"review|test|qa\b|verif|validat|uat\b|demo|accept"), "in review"),
    (re.compile(r"\bready|refined|groomed"), "ready"),
    (re.compile(r"progress|develop|doing|build|implement|coding|work"), "in progress"),
    (re.compile(r"plan|select|commit|sprint|next"), "planned"),
    (re.compile(r"refin|analy|groom|design|clarif|discover"), "refining"),
)

_KINDS_IN: Final[Mapping[str, str]] = {
    "story": """user story, userstory, product backlog item, requirement, task, sub task, subtask,
        bug, defect,
        issue, backlog item, change request, fehler, aufgabe, unteraufgabe, historia, tarea,
        subtarea, support, unterstützung, incident, problem, hierarchicalrequirement, storia,
        verhaal, taak, subtaak, fout, errore, errores, attività, sottotask, tarefa, subtarefa,
        história, defeito, erro, tâche, sous tâche, récit, anomalie, błąd, zadanie, podzadanie,
        ошибка, задача, подзадача, история, chyba, úkol, ストーリー, タスク, サブタスク, バグ, 課題,
        错误""",
    "feature": """epic, feature, capability, initiative, portfolio epic, legend, theme, objective,
        new feature, évolution, épopée, epos, epik, épico, épica, эпик, улучшение, funcionalidade,
        funcionalidad, funktion, 機能, エピック, 功能""",
    "enabler": "spike, technical debt, technical story, enabler story, enabler epic, chore, test",
}
_KINDS: Final = {
    word: ours
    for told in (KINDS_ABROAD, _KINDS_IN)
    for ours, words in told.items()
    for word in _listed(words)
} | {kind: kind for kind in KINDS}

_PERCENT: Final = re.compile(r"(\d{1,3})(?:[.,]\d+)? ?%")
_AROUND: Final = re.compile(r"^[\W\d_]+|[^\w)]+$")
"""What stands around a state to sort or adorn it: `3. Doing`, `🟢 Done`."""


@dataclass(frozen=True, slots=True)
class Translated:
    """Our word for a word of the source; `sure` unless it is a guess. `why` it was dropped."""

    ours: str
    sure: bool = True
    why: str = ""


def state_of(
    tool: str, word: str, answers: Answers, category: str = "", resolution: str = ""
) -> Translated:
    """Return the state that a word means, with why it was dropped if it was."""
    name, ended = folded(word), folded(resolution)
    known = answers.get(name) or _known(tool, name) or _known(tool, _AROUND.sub("", name))
    ours = known or _guess(name, folded(category))
    if ended == "archived" and ours not in FINISHED_STATES:
        ours = "dropped"
    if ours == "accepted" and _GIVEN_UP.search(ended):
        ours = "dropped"
    why = resolution or (word if name != ours else "") if ours == "dropped" else ""
    return Translated(ours, known is not None, why)


def _known(tool: str, name: str) -> str | None:
    if found := _PERCENT.fullmatch(name):
        return {"0": "captured", "100": "accepted"}.get(found[1], "in progress")
    return _STATES_OF.get(tool, {}).get(name) or _STATES.get(name)


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
