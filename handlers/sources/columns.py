"""Which tool a file is from, and what its columns mean."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from bot.text import alike

Kind = Literal[
    "hone",
    "jira",
    "azure",
    "github",
    "gitlab",
    "linear",
    "rally",
    "agility",
    "trello",
    "redmine",
    "file",
]
"""The tool whose export a file is; `file` is a table that somebody made by hand."""

TOOLS: Final[Mapping[str, str]] = {
    "hone": "Hone",
    "jira": "Jira",
    "azure": "Azure Boards",
    "github": "GitHub",
    "gitlab": "GitLab",
    "linear": "Linear",
    "rally": "Rally",
    "agility": "Agility",
    "align": "Jira Align",
    "trello": "Trello",
    "redmine": "Redmine",
    "file": "the file",
}
"""What people call them."""

_SIGNS: Final[tuple[tuple[Kind, frozenset[str]], ...]] = (
    ("hone", frozenset({"title", "level", "dropped because", "user business value"})),
    ("jira", frozenset({"issue key"})),
    ("jira", frozenset({"key", "summary", "issuetype"})),
    ("jira", frozenset({"vorgangsschlussel"})),
    ("jira", frozenset({"cle de ticket"})),
    ("jira", frozenset({"clave de incidencia"})),
    ("jira", frozenset({"chave da item"})),
    ("jira", frozenset({"chave do item"})),
    ("jira", frozenset({"chave da ocorrencia"})),
    ("jira", frozenset({"chiave ticket"})),
    ("jira", frozenset({"issuesleutel"})),
    ("jira", frozenset({"課題キー"})),
    ("jira", frozenset({"key", "summary", "t"})),
    ("jira", frozenset({"resumo", "chave", "tipo de item"})),
    ("azure", frozenset({"work item type"})),
    ("azure", frozenset({"arbeitselementtyp"})),
    ("azure", frozenset({"type d'element de travail"})),
    ("azure", frozenset({"tipo de elemento de trabajo"})),
    ("gitlab", frozenset({"issue id", "url", "confidential"})),
    ("gitlab", frozenset({"iid", "title", "web url"})),
    ("github", frozenset({"number", "title", "state", "created at"})),
    ("github", frozenset({"number", "title", "html url"})),
    ("github", frozenset({"number", "title", "url", "state"})),
    ("github", frozenset({"title", "url", "assignees", "status"})),
    ("linear", frozenset({"id", "title", "cycle number"})),
    ("linear", frozenset({"id", "title", "triaged"})),
    ("rally", frozenset({"formatted id"})),
    ("agility", frozenset({"id", "title", "estimate pts"})),
    ("agility", frozenset({"number", "title", "estimate pts"})),
    ("trello", frozenset({"card id", "card name"})),
    ("redmine", frozenset({"tracker", "subject"})),
    ("redmine", frozenset({"#", "tracker", "thema"})),
)
"""Names that only one tool's export has together."""

_WORDS: Final[Mapping[str, str]] = {
    "key": """issue key, key, formatted id, external key, identifier, vorgangsschlussel,
        key id, clave de incidencia, cle de ticket, work item id, task id, item id,
        chave da item, chave do item, chave da ocorrencia, chave, chiave ticket, chiave,
        issuesleutel, 課題キー, キー, item id (auto generated), feature reference #, reference #""",
    "title": """title, summary, name, subject, card name, zusammenfassung, titel, resumen,
        titre, task name, item name, work item title, resume, titulo, titolo, tytul,
        thema, sujet, asunto, onderwerp, riepilogo, resumo, samenvatting, 要約, タイトル, 件名""",
    "kind": """issue type, issuetype, type, work item type, kind, tracker, vorgangstyp,
        type de ticket, tipo de incidencia, entity type, card type, asset type, t,
        tipo de item, tipo de ocorrencia, tipo di ticket, 課題タイプ, arbeitselementtyp,
        type d'element de travail, tipo de elemento de trabajo""",
    "state": """status, state, schedule state, list name, etat, estado, stato, zustand,
        entity state, current state, workflow state, feature status, ステータス, 状態""",
    "category": """status category, state category, statuskategorie, categoria de status,
        categorie d'etat""",
    "resolution": "resolution, state reason, close reason, losung, resolucion",
    "points": """story points, story point estimate, points, estimate, plan estimate,
        estimate pts, effort, size, weight, story points estimate, punkte, punten,
        puntos, pontos, punti, sprint points, estimated sp, card size, pts, sp, aufwand,
        schatzung, estimation, estimacion, estimativa, ストーリーポイント""",
    "owner": """owner, assignee, assigned to, assignees, assigned user, owners, members,
        zugewiesene person, bearbeiter, zugewiesen an, responsable, persona asignada,
        responsavel, assegnatario, toegewezen aan, assign, assigned users, owned by,
        person, zugewiesen zu, verantwortlich, verantwortlicher, affecte a, asignado a,
        atribuido a, uitvoerder, 担当者, assigned to user""",
    "owner_id": "assignee id, assignee username, owner id",
    "due": """due, due date, duedate, target date, falligkeitsdatum, abgabedatum, echeance,
        deadline, planned finish, due on, fallig, fallig am, falligkeit, date d'echeance,
        fecha de vencimiento, vencimiento, data de entrega, scadenza, vervaldatum, 期限,
        timeline end, feature due date""",
    "themes": "themes, labels, tags, label, tag, stichworter, etiquettes, etiquetas, etichette,"
    " schlagworter, schlagworte, labels de ticket, ラベル",
    "description": """description, details, body, card description, desc, beschreibung, notes,
        descripcion, descricao, descrizione, omschrijving, task content""",
    "criteria": "criteria, acceptance criteria",
    "metric": """metric, hypothesis, benefit hypothesis, outcome, expected outcome,
        success metric, metric that should move, kpi""",
    "metric_from": "metric from",
    "metric_to": "metric to",
    "part_of": """part of, parent, parent issue, parent work item, parent task, superior,
        parent key, parent item, item pai, ubergeordnet, ubergeordnete aufgabe""",
    "part_of_id": "parent id",
    "part_of_epic": """epic link, epic, portfolio item, feature, epic title,
        epos verknupfung, lien d'epopee, vinculo con la epopeya, link epico""",
    "created": """created, created date, created at, creation date, create date, captured,
        createdon, created on, erstellt, angelegt, creation, creada, created time,
        date created, aangemaakt, gemaakt, criado, creato, cree, 作成日, 作成日時""",
    "updated": """updated, changed date, updated at, last update date, change date, updated on,
        last activity date, last updated, aktualisiert, mise a jour, actualizada,
        last modified, last edited time, date updated, atualizado, aggiornato, bijgewerkt,
        更新日, 更新日時""",
    "rank": "rank, stack rank, backlog priority, drag and drop rank, order, position",
    "link": "url, html url, web url, card url, link, permalink, app url",
    "priority": "priority, prioritat, priorite, prioridad, priorita, prioridade, prioriteit",
    "sprint": """sprint, iteration, iteration path, cycle name, milestone, target version,
        zielversion""",
    "blocked_by": """inward issue link (blocks), blocked by, predecessors, predecessor,
        blocked by (dependencies), waits for, inward issue link (blocker)""",
    "blocks": """outward issue link (blocks), blocks, blocking, successors, successor,
        blocking (dependencies), outward issue link (blocker)""",
    "restricted": """security level, security, confidential, private, is private, restricted,
        sicherheitsstufe, privat""",
    "history": "history",
    "changelog": "changelog",
    "dropped_because": "dropped because",
    "refining": "refining",
    "ready": "ready, ready date",
    "planned": "planned, committed date",
    "in_progress": "in progress, started, activated date, in progress date, start date",
    "in_review": "in review",
    "accepted": """accepted, resolved, done, closed, accepted date, closed date, closed at,
        completed, completed at, resolved date, finished, finished on, finished at,
        finish date, closed on, resolutiondate, erledigt, gelost, resolu, resuelta,
        geschlossen, date closed, accepted at, completed date, actual finish""",
    "dropped": "dropped, canceled, canceled at, cancelled, rejected date",
    "archived": "archived, is archived",
    "number": "number",
    "level": "level",
    "user_business_value": "user business value",
    "time_criticality": "time criticality",
    "risk_reduction": "risk reduction",
    "job_size": "job size",
}

_FIELDS: Final = {
    name: field
    for field, names in _WORDS.items()
    for name in (" ".join(each.split()) for each in names.split(","))
}

_OF_TOOL: Final[Mapping[Kind, Mapping[str, str]]] = {
    "hone": {"done": "", "state there": ""},
    "jira": {
        "issue id": "id",
        "id": "id",
        "vorgangs id": "id",
        "id de ticket": "id",
        "id ticket": "id",
        "id da item": "id",
        "id do item": "id",
        "課題 id": "id",
        "categorias": "themes",
        "id de incidencia": "id",
        "start date": "",
        "parent": "part_of",
    },
    "azure": {"id": "key", "priority": "priority", "start date": ""},
    "github": {"number": "key", "id": "", "node id": "", "repository": "repository"},
    "gitlab": {"issue id": "key", "iid": "key", "id": "", "start date": ""},
    "linear": {"id": "key", "archived": ""},
    "rally": {"object uuid": "id", "start date": ""},
    "agility": {"id": "key", "number": "key", "project": "", "start date": ""},
    "trello": {"card id": "key", "members": "owner"},
    "redmine": {"#": "key", "id": "key", "start date": "", "closed": "accepted"},
    "file": {"id": "key", "issue": "key", "issue id": "key", "#": "key", "nr": "key"},
}
"""What a name means in one tool's export only; "" is nothing that Hone reads."""

_CUSTOM = re.compile(
    r"(?:custom field|benutzerdefinierte[sr]? felder?|champs? personnalise[s]?|"
    r"campos? personalizados?|camp[oi] personalizzat[oi]|aangepast(?:e)? veld(?:en)?"
    r"|カスタム ?フィールド) ?\((?P<name>.+)\)"
)
_ELSE: Final[Mapping[str, tuple[str, ...]]] = {
    "title": (
        *("issue", "item", "work item", "backlog item", "action item", "feature name", "story"),
        *("user story", "task", "tarea", "tache", "tarefa", "what"),
    ),
    "state": ("progress", "stage", "phase", "column", "board column"),
    "due": ("finish", "end date", "planned end"),
}
"""What a column may be called as well in a table made by hand that has no other for it."""

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_UNIT = re.compile(r"(?<=\w) ?\((?:utc|points|pts)\)$")
_TREE = re.compile(r"title (?P<depth>[1-9])")


@dataclass(frozen=True, slots=True)
class Layout:
    """What stands where in a file: field → the places of its columns, the likelier first.

    `tree` are the columns of titles indented by depth; `unread` are the names of all others, each
    with its place; `chosen` are those that somebody explained, as `spelled`.
    """

    kind: Kind
    places: Mapping[str, tuple[int, ...]]
    tree: tuple[int, ...] = ()
    unread: tuple[tuple[int, str], ...] = ()
    chosen: frozenset[str] = frozenset()

    @property
    def has_titles(self) -> bool:
        return "title" in self.places or bool(self.tree)


def spelled(name: str) -> str:
    """Return a name as names are compared: `Custom field (Story_Points)` is `story points`.

    So is `storyPoints`.
    """
    folded = " ".join(
        alike(_CAMEL.sub(" ", name)).replace("_", " ").replace("-", " ").replace(".", " ").split()
    )
    if found := _CUSTOM.fullmatch(folded):
        folded = found["name"]
    return _UNIT.sub("", folded).strip()


def kind_of(names: Sequence[str]) -> Kind:
    """Return whose export has these columns."""
    known = {spelled(name) for name in names}
    return next((kind for kind, signs in _SIGNS if signs <= known), "file")


def layout_of(names: Sequence[str], chosen: Mapping[str, str] | None = None) -> Layout:
    """Return what the columns mean; `chosen` are names of columns → fields, as people said."""
    return _layout(tuple(names), tuple((chosen or {}).items()))


@lru_cache(maxsize=32)  # each batch of a file asks
def _layout(names: tuple[str, ...], chosen: tuple[tuple[str, str], ...]) -> Layout:
    kind = kind_of(names)
    told = {spelled(name): field for name, field in chosen}
    places: dict[str, list[int]] = {}
    tree: list[int] = []
    unread = []
    for place, name in enumerate(names):
        word = spelled(name)
        field = told.get(word, _OF_TOOL[kind].get(word, _FIELDS.get(word, "")))
        if _TREE.fullmatch(word):
            tree.append(place)
        elif field:
            places.setdefault(field, []).append(place)
        else:
            unread.append((place, name.strip()))
    if kind == "file":
        _named_otherwise(names, places, unread)
    return Layout(
        kind,
        {field: tuple(columns) for field, columns in places.items()},
        tuple(tree),
        tuple(unread),
        frozenset(told),
    )


def _named_otherwise(
    names: Sequence[str], places: dict[str, list[int]], unread: list[tuple[int, str]]
) -> None:
    """Give a field that no column has the first one with a name that it may have as well."""
    left = {spelled(name): (place, name) for place, name in reversed(unread)}
    for field, words in _ELSE.items():
        found = next((left[word] for word in words if word in left), None)
        if field not in places and found is not None:
            places[field] = [found[0]]
            unread.remove(found)
