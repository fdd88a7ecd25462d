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
