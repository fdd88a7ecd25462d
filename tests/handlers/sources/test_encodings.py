"""Files as programs of many countries save them: read as they are, or refused in a sentence."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.sources.decoding import NoText, decoded

WESTERN = (
    "Zahlung für Köln;ÜBERGRÖßE",
    "été;créée;désolé",
    "Don’t – it’s naïve…",
    "¿Qué? 30 m³ und 10 m²",
    "Così è lunedì; caffè; perché",
    "Ålesund på ø",
    "title;€ 5",
    "••• ——— ···",
    "a\u00a0\u00a0b\u00a0\u00a0c\u00a0\u00a0d",
    "« déjà »;« non »;« oui »",
    "Botões de usuário;milhões é só",
    "Août: coûts sûrs, goûter d'été, payé à Škoda",
    "Kõik võimalused, sõna, õpe töötab, nädal",
    "Það er vandamál með greiðslu, því þjónustan er niðri, íþróttir",
    "Tað er ógvuliga gott, so hevði eg sagt, tøkni og ráðini",
    "Goûter sûr;été résolu, créé août",
    "Criação, seleção, opções",
    "Pääte, määrä, säätö",
    "Lunedì più, giù, perché, però",
    "nºpedido;nºfactura;1ª opción",
    "Smørrebrød på Ærø æøå",
    "Citroën maïs noël, oùu",
    "Françaîse ça coûte, à bientôt",
)


@pytest.mark.parametrize("text", WESTERN)
def test_what_windows_writes_in_the_west_is_read(text: str) -> None:
    assert decoded(text.encode("cp1252")) == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp932", "課題キー,要約,ステータス\r\nPAY-1,カードで支払う,完了"),
        ("cp1250", "Klucz;Tytuł\nPAY-1;Zapłać kartą, żądanie ciągłe, miesiące"),
        ("cp1250", "Název;Stav\nPlatba kartou nešla, měsíčně děkujeme;Člověk"),
        ("cp1250", "Cím;Állapot\nA fizetés lassú, a gombok eltűnnek, előbb hibás később jó;Kész"),
        ("cp1250", "Titlu;Stare\nPlăţile greşite aşteaptă, butoanele lipsesc, maşini;Închis"),
        ("cp1250", "Názov;Stav\nPlatba kartou nie je možná, veľmi pomalé, poľské dáta;Hotovo"),
        ("cp1250", "Naziv;Stanje\nPlaćanje još ne radi, dugmići češće nestaju, način žuri;Došlo"),
        ("cp1250", "Názov;Stav\nPlatba nefunguje, tlačidlo chýba, počúva, výber;Hotovo"),
        (
            "cp1250",
            "Název;Stav\nTlačítko zmizí, řádky jsou dvakrát, důvod neví nikdo, dříve šlo;Hotovo",
        ),
        ("cp1254", "Başlık;Durum\nÖdeme yavaş, düğme kayıp, çalışıyor;Açık"),  # noqa: RUF001
        (
            "cp1257",
            "Pavadinimas;Būsena\nMokėjimas neveikia, mygtukų nėra, užduotis ąžuolas šešta;Nauja",
        ),
        (
            "cp1257",
            "Nosaukums;Statuss\nMaksājums nestrādā, poga pazūd, šodien kļūda mēnesī, žurnāls;Jauns",
        ),
        ("cp1251", "Ключ проблемы;Тема;Статус\nPAY-1;Оплата картой не работает;Готово"),
        ("mac-roman", "Titel\nZahlung für Köln ändern"),
        ("mac-roman", "Résumé\npayé très désolé"),
    ],
)
def test_what_stands_in_no_other_encoding_tells_it(encoding: str, text: str) -> None:
    assert decoded(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1253", "Τίτλος;Κατάσταση\nΠληρωμή με κάρτα δεν λειτουργεί σωστά"),  # noqa: RUF001
        ("koi8-r", "Ключ проблемы;Тема\nОплата картой не работает"),  # noqa: RUF001
        ("gbk", "标题;状态\n用卡支付的问题;完成"),
        ("big5", "標題;狀態\n用卡支付的問題;完成"),
        ("euc-kr", "제목;상태\n카드 결제 문제;완료"),
        ("euc-jp", "課題キー,要約\nカードで支払う,完了"),
        ("cp1255", "כותרת;מצב\nתשלום בכרטיס לא עובד"),  # noqa: RUF001
        ("cp1256", "العنوان;الحالة\nالدفع بالبطاقة لا يعمل"),  # noqa: RUF001
        ("cp874", "หัวข้อ;สถานะ\nชำระเงินด้วยบัตร"),
    ],
)
def test_wrong_letters_are_worse_than_a_sentence_that_says_what_to_do(
    encoding: str, text: str
) -> None:
    with pytest.raises(NoText, match="Save it as “CSV UTF-8”"):
        decoded(text.encode(encoding))


def test_utf_8_that_is_cut_off_in_a_character_stays_utf_8() -> None:
    text = "Zahlung für Köln, schöne Grüße, Straße, Äpfel, Öl, Übung, Höhe, Bär"
    assert decoded(text.encode() + b"\xc3") == f"{text}\ufffd"


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    with suppress(NoText):
        decoded(data)
