# ruff: noqa: E501, RUF001 (letters of other alphabets, wider than they count)
"""Exports in the language of whoever exports: nothing lost, nothing shown that is restricted."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from handlers.sources.columns import spelled
from handlers.sources.files import read_file
from handlers.sources.languages import COLUMNS_ABROAD
from handlers.sources.names import WORDS
from handlers.sources.owners import Owners
from handlers.sources.words import Words
from tests.handlers.sources.exports import items_of, one

REDMINE = {
    "de": """#;Tracker;Übergeordnetes Ticket;Status;Priorität;Thema;Zugewiesen an;Aktualisiert;\
Zielversion;Abgabedatum;Angelegt;Geschlossen am;Privat
7;Fehler;3;In Bearbeitung;Hoch;Zahlen;Ada;24.11.2026 16:03;1.0;30.11.2026;04.11.2026 09:12;;Nein
8;Fehler;;Erledigt;Hoch;Gehälter;;24.11.2026 16:03;;;04.11.2026 09:12;;Ja
""",
    "fr": """#;Tracker;Tâche parente;Statut;Priorité;Sujet;Assigné à;Mis-à-jour;\
Version cible;Echéance;Créé;Fermé;Privée
7;Anomalie;3;En cours;Haut;Payer;Ada;24/11/2026 16:03;1.0;30/11/2026;04/11/2026 09:12;;Non
8;Anomalie;;Fermé;Haut;Salaires;;24/11/2026 16:03;;;04/11/2026 09:12;;Oui
""",
    "es": """#;Tipo;Tarea padre;Estado;Prioridad;Asunto;Asignado a;Actualizado;\
Versión prevista;Fecha fin;Creado;Cerrada;Privada
7;Errores;3;En curso;Alta;Pagar;Ada;24/11/2026 16:03;1.0;30/11/2026;04/11/2026 09:12;;No
8;Errores;;Cerrada;Alta;Sueldos;;24/11/2026 16:03;;;04/11/2026 09:12;;Sí
""",
    "pt": """#;Tipo;Tarefa mãe;Situação;Prioridade;Título;Atribuído para;Alterado em;\
Sprint;Data prevista;Criado em;Concluído;Privado
7;Defeito;3;Em andamento;Alta;Pagar;Ada;24/11/2026 16:03;1.0;30/11/2026;04/11/2026 09:12;;Não
8;Defeito;;Fechada;Alta;Salários;;24/11/2026 16:03;;;04/11/2026 09:12;;Sim
""",
    "it": """#;Tracker;Attività principale;Stato;Priorità;Oggetto;Assegnato a;Aggiornato;\
Versione prevista;Scadenza;Creato;Chiuso;Privato
7;Bug;3;In elaborazione;Alta;Pagare;Ada;24/11/2026 16:03;1.0;30/11/2026;04/11/2026 09:12;;No
8;Bug;;Chiuso;Alta;Stipendi;;24/11/2026 16:03;;;04/11/2026 09:12;;Sì
""",
    "nl": """#;Tracker;Hoofdissue;Status;Prioriteit;Onderwerp;Toegewezen aan;\
Laatst gewijzigd op;Sprint;Verwachte einddatum;Aangemaakt op;Gesloten;Privé
7;Bug;3;In uitvoering;Hoog;Betalen;Ada;24-11-2026 16:03;1.0;30-11-2026;04-11-2026 09:12;;Nee
8;Bug;;Gesloten;Hoog;Salaris;;24-11-2026 16:03;;;04-11-2026 09:12;;Ja
""",
    "pl": """#;Typ zagadnienia;Zagadnienie nadrzędne;Status;Priorytet;Temat;Przypisany do;\
Data modyfikacji;Wersja docelowa;Data oddania;Data utworzenia;Data zamknięcia;Prywatne
7;Błąd;3;W toku;Wysoki;Zapłać;Ada;2026-11-24 16:03;1.0;2026-11-30;2026-11-04 09:12;;Nie
8;Błąd;;Zamknięty;Wysoki;Pensje;;2026-11-24 16:03;;;2026-11-04 09:12;;Tak
""",
    "ru": """#;Трекер;Родительская задача;Статус;Приоритет;Тема;Назначена;Обновлено;\
Sprint;Срок завершения;Создано;Закрыта;Частная
7;Ошибка;3;В работе;Высокий;Оплата;Ada;24.11.2026 16:03;1.0;30.11.2026;04.11.2026 09:12;;Нет
8;Ошибка;;Закрыта;Высокий;Зарплаты;;24.11.2026 16:03;;;04.11.2026 09:12;;Да
""",
    "ja": """#;トラッカー;親チケット;ステータス;優先度;題名;担当者;更新日;対象バージョン;期日;\
作成日;終了日;プライベート
7;バグ;3;進行中;高め;支払う;Ada;2026/11/24 16:03;1.0;2026/11/30;2026/11/04 09:12;;いいえ
8;バグ;;終了;高め;給与;;2026/11/24 16:03;;;2026/11/04 09:12;;はい
""",
    "zh": """#;跟踪;父任务;状态;优先级;主题;指派给;更新于;目标版本;计划完成日期;创建于;\
结束日期;私有
7;错误;3;进行中;高;付款;Ada;2026-11-24 16:03;1.0;2026-11-30;2026-11-04 09:12;;否
8;错误;;已关闭;高;工资;;2026-11-24 16:03;;;2026-11-04 09:12;;是
""",
}


@pytest.mark.parametrize("language", REDMINE)
def test_redmine_is_read_in_its_own_locales(language: str) -> None:
    file = read_file(REDMINE[language], "UTC")
    (item,) = items_of(file)
    state = Words(file.tool, Owners({}, {})).state(item)
    assert (item.source, item.key, item.part_of, item.owner) == ("redmine", "7", "3", "Ada")
    assert (state and state.ours, state and state.sure) == ("in progress", True)
    assert item.fields["due"] == date(2026, 11, 30)
    assert item.created == datetime(2026, 11, 4, 9, 12, tzinfo=UTC)
    assert item.updated == datetime(2026, 11, 24, 16, 3, tzinfo=UTC)
    assert item.facts["sprint"] == "1.0"
    assert file.restricted == 1, "a private one stays out, whatever yes is called"


JIRA_RESTRICTED = {
    "de": "Zusammenfassung,Vorgangsschlüssel,Sicherheitsstufe",
    "de, Server": "Zusammenfassung,Vorgangsschlüssel,Sicherheitsebene",
    "fr": "Résumé,Clé de ticket,Niveau de sécurité",
    "es": "Resumen,Clave de incidencia,Nivel de seguridad",
    "pt": "Resumo,Chave da item,Nível de segurança",
    "it": "Riepilogo,Chiave ticket,Livello di sicurezza",
    "nl": "Samenvatting,Issuesleutel,Beveiligingsniveau",
    "ru": "Тема,Ключ проблемы,Уровень безопасности",
    "ja": "要約,課題キー,セキュリティレベル",
    "a table of one's own": "Titel,Key,Vertraulich",
}


@pytest.mark.parametrize("language", JIRA_RESTRICTED)
def test_what_is_restricted_stays_out_in_any_language(language: str) -> None:
    head = JIRA_RESTRICTED[language]
    file = read_file(f"{head}\nPay,PAY-1,\nSalaries,PAY-2,Management\n", "UTC")
    assert [item.title for item in items_of(file)] == ["Pay"]
    assert file.restricted == 1


def test_jira_of_a_german_server_has_its_fields_in_brackets() -> None:
    item = one(
        "Zusammenfassung;Vorgangsschlüssel;Vorgangs-ID;Übergeordnete-ID;Vorgangstyp;Status;"
        "Benutzerdefiniertes Feld (Story Points);Benutzerdefiniertes Feld (Epos-Verknüpfung)\n"
        "Zahlen;PAY-1;10001;10000;Unteraufgabe;Erledigt;3.0;\n"
    )
    assert (item.id, item.part_of, item.fields["points"]) == ("10001", "10000", 3)


@pytest.mark.parametrize(
    "names",
    [
        *("Schlüssel;Zusammenfassung;Status", "Clé;Résumé;État", "Clave;Resumen;Estado"),
        *("Sleutel;Samenvatting;Status", "キー;要約;ステータス", "Ключ;Тема;Статус"),
    ],
)
def test_jiras_list_of_issues_calls_the_key_by_a_shorter_name(names: str) -> None:
    item = one(f"{names}\nPAY-1;Pay;Done")
    assert (item.source, item.key, item.title, item.state) == ("jira", "PAY-1", "Pay", "Done")


def test_jira_in_portuguese_writes_both_endings() -> None:
    item = one(
        "Tipo de item,Chave da item,ID da item,Resumo,Responsável,ID do responsável,Status,Criado,"
        "Atualizado(a),Data limite\n"
        "Tarefa,SIN-1,100,Pagar,Ada,acc-1,Concluído,17/mar/26 10:00 AM,05/ago/26 10:33 AM,"
        "03/ago/26\n"
    )
    assert (item.id, item.owner) == ("100", "Ada <acc-1>")
    assert item.updated == datetime(2026, 8, 5, 10, 33, tzinfo=UTC)
    assert item.fields["due"] == date(2026, 8, 3)


@pytest.mark.parametrize(
    ("word", "ours"),
    [
        *(("🟢 Done", "accepted"), ("3. In progress", "in progress"), ("[To do]", "captured")),
        *(("Terminé(e)", "accepted"), ("Fixed", "accepted"), ("0%", "captured")),
        *(("50%", "in progress"), ("100 %", "accepted"), ("Abgelehnt", "dropped")),
    ],
)
def test_what_adorns_or_sorts_a_state_is_no_part_of_it(word: str, ours: str) -> None:
    """A board sorts its columns by numbers and paints them; nobody wants to be asked for that."""
    item = one(f"title,status\nPay,{word}")
    state = Words("file", Owners({}, {})).state(item)
    assert state is not None
    assert (state.ours, state.sure) == (ours, True)


def test_an_unknown_word_beside_a_finish_is_taken_for_done_and_asked_about() -> None:
    item = one("title,state,resolved\nPay,Beim Kunden gelandet,2026-11-04")
    state = Words("file", Owners({}, {})).state(item)
    assert state is not None
    assert (state.ours, state.sure) == ("accepted", False)


@pytest.mark.parametrize(
    ("head", "row"),
    [
        (
            "Podsumowanie,Klucz zgłoszenia,Id. zgłoszenia,Status,Osoba przypisana,Utworzono,"
            "Rozwiązano,Element nadrzędny,Pole niestandardowe (Story Points)",
            "W toku",
        ),
        (
            "Samenvatting,Issuesleutel,Issue-ID,Status,Toegewezen aan,Gemaakt,Opgelost,"
            "Bovenliggend,Aangepast veld (Story Points)",
            "Bezig",
        ),
        (
            "要約,課題キー,課題 ID,ステータス,担当者,作成日,解決日,親,カスタムフィールド (Story Points)",
            "進行中",
        ),
        (
            "概要,问题关键字,问题 ID,状态,经办人,创建日期,已解决,父级,自定义字段 (Story Points)",
            "处理中",
        ),
        (
            "요약,이슈 키,이슈 ID,상태,담당자,만든 날짜,해결됨,상위,사용자 정의 필드 (Story Points)",
            "진행 중",
        ),
        (
            "Sammanfattning,Ärendenyckel,Ärende-ID,Status,Ansvarig,Skapad,Löst,Överordnad,"
            "Anpassat fält (Story Points)",
            "Pågående",
        ),
        (
            "Résumé,Clé de ticket,ID de ticket,État,Personne assignée,Création,Résolu,Parent,"
            "Champs personnalisés (Story Points)",
            "En cours",
        ),
    ],
)
def test_jira_is_read_in_more_languages(head: str, row: str) -> None:
    text = f"{head}\nPay,PAY-1,10001,{row},Ada,2026-11-04 09:12,2026-11-14 09:12,PAY-9,5\n"
    file = read_file(text, "UTC")
    (item,) = items_of(file)
    state = Words(file.tool, Owners({}, {})).state(item)
    assert (item.source, item.id, item.key, item.title) == ("jira", "10001", "PAY-1", "Pay")
    assert (state and state.ours, item.owner, item.part_of) == ("in progress", "Ada", "PAY-9")
    assert (item.created and item.created.day, item.finished and item.finished.day) == (4, 14)
    assert (item.fields["points"], file.unread) == (5, {})


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("#,유형,상태,제목,담당자,등록,비공개", "7,결함,진행,Pay,Ada,2026-11-04,아니오"),
        (
            "#;İş tipi;Durum;Konu;Atanan;Oluşturulma;Özel",
            "7;Hata;Yapılıyor;Pay;Ada;04.11.2026;hayır",
        ),
        (
            "#;Típus;Státusz;Tárgy;Felelős;Létrehozva;Privát",
            "7;Hiba;Folyamatban;Pay;Ada;2026.11.04;Nem",
        ),
        (
            "#;Sakstype;Status;Emne;Tildelt til;Opprettet;Privat",
            "7;Feil;Pågår;Pay;Ada;04.11.2026;Nei",
        ),
        (
            "#;Трекер;Стан;Тема;Призначена до;Створено;Приватна",
            "7;Помилка;В процесі;Pay;Ada;04.11.2026;Ні",
        ),
        (
            "#;Front;Stav;Predmet;Priradené;Vytvorené;Súkromné",
            "7;Chyba;Rozpracovaná;Pay;Ada;04.11.2026;Nie",
        ),
        (
            "#;Tapahtuma;Tila;Aihe;Nimetty;Luotu;Yksityinen",
            "7;Vika;Työn alla;Pay;Ada;04.11.2026;Ei",
        ),
    ],
)
def test_redmine_is_read_in_more_locales(head: str, row: str) -> None:
    file = read_file(f"{head}\n{row}\n", "UTC")
    (item,) = items_of(file)
    assert (item.key, item.title, item.owner) == ("7", "Pay", "Ada")
    assert item.created == datetime(2026, 11, 4, tzinfo=UTC)
    assert (file.tool, file.restricted) == ("redmine", 0)


def test_a_name_of_a_column_means_one_thing() -> None:
    """A table is read by names alone; what could be two things is asked about."""
    met: dict[str, str] = {}
    for told in (WORDS, COLUMNS_ABROAD):
        for field, names in told.items():
            for name in map(spelled, names.split(",")):
                assert met.setdefault(name, field) == field, name
