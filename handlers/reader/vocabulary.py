"""What people call days, times and spans in ten languages, each mapped to one English word.

`viernes a las 16`, `vendredi 16h` and `sexta às 16h` become `fri at 16`: one grammar reads them.
Spellings are folded (no case, no accents). A word of two meanings keeps a spelling of its own,
and the grammar knows both: `morgen` is tomorrow and a morning, `a` is one and at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.text import alike
from handlers.reader.names import month_words, weekday_words

_CALLED: Mapping[str, str] = {
    # --- leads: by when ---
    "by": "by, due, due by, due on, due date, deadline, deadline is, until, till, til, thru,"
    " no later than, not later than, at the latest by, eta,"
    " bis, bis zum, bis zur, bis zu, bis spatestens, spatestens, spatestens bis,"
    " fallig, fallig am, fallig bis, frist,"
    " hasta, hasta el, hasta la, para, para el, para la, antes del dia, a mas tardar, vence,"
    " vence el, fecha limite, jusqu'a, jusqu'au, jusque, pour, pour le, au plus tard,"
    " au plus tard le, echeance, date limite,"
    " ate, ate o, prazo, no maximo, no maximo ate, まで, までに, 迄, 迄に, 期限, 締切,"
    " 締め切り, entro, entro il, entro la, entro le, entro la fine di, fino a, fino al, scadenza,"
    " al piu tardi, tegen, tot, tot en met, t/m, uiterlijk, uiterlijk op, najpozniej,"
    " najpozniej do, najdalej do, termin do, до, к, ко, не позднее, не позже, крайний срок,"
    " срок, срок до",
    "dici": "d'ici, d'ici a, d'ici au, d'ici le, d'ici la",
    "": "at the latest, at latest, the latest, local time, our time, my time, your time, team time,"
    " ortszeit, hora local, heure locale, horario local",
    "before": "before, prima di, prima del, voor, przed, перед, vor, vor dem, antes de, antes del,"
    " antes do, antes da, antes das, avant,"
    " avant le, avant la",
    # --- days ---
    "today": "today, tdy, heute, hoy, aujourd'hui, ajd, hoje, 今日, 本日, きょう,"
    " oggi, vandaag, dzis,"
    " dzisiaj,"
    " сегодня",
    "tomorrow": "tomorrow, tomorow, tommorow, tommorrow, tmrw, tmr, tmw, tmrrw, tomo,"
    " tmrow, tomrow, tomorrw, tomoro, tomrw, domani, jutro, jutra, завтра,"
    " manana, demain, amanha, 明日, あした, あす",
    "overmorrow": "overmorrow, day after tomorrow, the day after tomorrow, ubermorgen,"
    " uebermorgen, pasado manana, apres-demain, apres demain, depois de amanha,"
    " 明後日, あさって, dopodomani, overmorgen, pojutrze, pojutrza, послезавтра",
    "yesterday": "yesterday, gestern, ayer, hier, ontem, 昨日, ieri, gisteren, wczoraj, вчера",
    "today evening": "tonight, this evening, heute abend, esta noche, ce soir, hoje a noite,"
    " esta noite, 今夜, 今晩, stasera, vanavond, dzis wieczorem, сегодня вечером",
    "today morning": "this morning, heute morgen, heute fruh, esta manana, ce matin, esta manha,"
    " stamattina, vanochtend, vanmorgen, dzis rano, сегодня утром",
    "today afternoon": "this afternoon, heute nachmittag, esta tarde, cet apres-midi,"
    " oggi pomeriggio, vanmiddag, dzis po poludniu, сегодня днем",
    "every": "every, each, weekly, weekly on, every week, every week on, jeden, jede, jedes,"
    " wochentlich, cada, todos los, todas las, chaque, tous les, toutes les, hebdomadaire,"
    " toda, todas as, todo, todos os, semanalmente, 毎週",
    # --- which one ---
    "next": "next, nxt, nex",
    "last": "last, letzter, letzten, letzte, dernier, derniere, ultimo, ultima",
    "this": "this, current, dieser, diese, diesen, dieses, este, esta, ce,"
    " cette, deste, desta, neste, nesta, questo, questa, deze, dit, w ten, w te, этот,"
    " эту, этой, этого, в этот, в эту",
    "coming": "coming, the coming, this coming, upcoming, kommenden, kommender, kommende,"
    " kommendem, que viene, que vem, qui vient, entrante,"
    " komende, aanstaande",
    "nearest": "nachsten, nachster, nachstes, nachste, prochain, prochaine, proximo, proxima,"
    " proximos, seguinte, siguiente, following, prossimo,"
    " prossima, volgende, przyszly, przyszla, w przyszly, w przyszla, nastepny, w nastepny,"
    " следующий, следующая, следующую, следующее, следующей, следующего, в следующий,"
    " в следующую, в следующее",
    "afternext": "after next, ubernachsten, ubernachster, ubernachste, ubernachstem",
    "week after next": "week after next, ubernachste woche, ubernachster woche, 再来週,"
    " fra due settimane, через одну неделю после следующей",
    "next week": "next week, following week, nachste woche, nachster woche, der nachsten woche,"
    " kommende woche,"
    " kommender woche, der kommenden woche, proxima semana, semana proxima, semana que viene,"
    " semana que vem, semaine prochaine, 来週,"
    " settimana prossima, prossima settimana, volgende week, komende week, w przyszlym tygodniu,"
    " przyszly tydzien, przyszlego tygodnia, w nastepnym tygodniu, на следующей неделе,"
    " следующей неделе, следующая неделя, следующей недели, на следующую неделю",
    "next month": "next month, nachsten monat, nachster monat, nachsten monats, kommenden monat,"
    " mes que viene, mes que vem, proximo mes, mois prochain, 来月,"
    " mese prossimo, prossimo mese, volgende maand, w przyszlym miesiacu, przyszlego miesiaca,"
    " в следующем месяце, следующего месяца",
    "next year": "next year, nachstes jahr, nachsten jahres, ano que viene, ano que vem,"
    " proximo ano, annee prochaine, an prochain, 来年,"
    " anno prossimo, prossimo anno, volgend jaar, w przyszlym roku, przyszlego roku,"
    " в следующем году, следующего года",
    "next quarter": "next quarter, nachstes quartal, nachsten quartals, proximo trimestre,"
    " trimestre que viene, trimestre que vem, trimestre prochain, 来四半期",
    "this week": "this week, diese woche, dieser woche, esta semana, cette semaine, 今週,"
    " this wk, questa settimana, deze week, w tym tygodniu, tego tygodnia, на этой неделе,"
    " этой недели",
    "this month": "this month, diesen monat, dieses monats, este mes, ce mois, ce mois-ci, 今月,"
    " questo mese, deze maand, w tym miesiacu, tego miesiaca, в этом месяце, этого месяца",
    "this year": "this year, dieses jahr, dieses jahres, este ano, cette annee, 今年",
    # --- the edges of a stretch of time ---
    "end": "last day of, letzter tag des, dernier jour du, ultimo dia de, ultimo dia del,"
    " ultimo dia do, end, the end of, end of, ende, ende der,"
    " ende des,"
    " fin, fin de, fin du, fin de la, final de, final del, finales de, a finales de, fim de,"
    " fines de, a fines de, fim do, fim da, final do, final da, fine di, fine del, fine della,"
    " eind, einde, eind van, einde van, eind van de, einde van de, koniec, konca, koncem,"
    " конец, конца, концу, в конце",
    "start": "start, start of, beginning, beginning of, begin of, anfang, beginn,"
    " principio de, principios de, a principios de, inicio de, inicios de, debut, debut de,"
    " comeco de, comeco do, inicio do, inicio da",
    "mid": "meta, meta di, midden, halverwege, polowa, polowie, w polowie, середина, середине,"
    " середины, mid, middle, middle of, mitte, mediados de, a mediados de, milieu de,"
    " meados de, em meados de, meio de",
    "early": "early, first days of",
    "late": "late",
    "end week": "eow, end of week, end of the week, week's end,"
    " end of business week, ende der woche, fin de semaine, fin de la semaine,"
    " final de la semana, fin de la semana, fim da semana, final da semana,"
    " end of wk, end of the wk, fine della settimana, eind van de week, einde van de week,"
    " koniec tygodnia, konca tygodnia, конец недели, конца недели, концу недели",
    "end month": "eom, month end, month-end, end of the month, month's end,"
    " monatsende, ende des monats, fin de mes, fin de mois, fim do mes, fim de mes, final do mes,"
    " 月末, 今月末, fine mese, fine del mese, eind van de maand, einde van de maand,"
    " koniec miesiaca, konca miesiaca, конец месяца, конца месяца, концу месяца",
    "end next month": "来月末",
    "end quarter": "eoq, quarter end, quarter-end, quartalsende, fin de trimestre,"
    " fim do trimestre, 四半期末",
    "end year": "eoy, year end, year-end, jahresende, fin de ano, fin annee, fin de annee,"
    " fim do ano, fim de ano, 年末,"
    " fine anno, fine dell'anno, eind van het jaar, koniec roku, konca roku, конец года,"
    " конца года, концу года",
    "end sprint": "eos, sprint end, sprintende, sprint-ende, iteration end, fin de sprint,"
    " fim do sprint, fim da sprint, スプリント末, スプリント終了, fine sprint, eind van de sprint,"
    " koniec sprintu, konca sprintu, конец спринта, конца спринта, концу спринта",
    "eod": "eod, end of day, end of the day, end of today, cob, close of business, cop,"
    " close of play, eob, end of business, end of business day, end of play, feierabend,"
    " dienstschluss, geschaftsschluss, tagesende, ende des tages, fin de journee,"
    " fin de la journee, final del dia, fin del dia, fim do dia, final do dia, 終業, 定時,"
    " fine giornata, fine della giornata, einde van de dag, eind van de dag, koniec dnia,"
    " konca dnia, конец дня, конца дня, концу дня",
    "weekend": "weekend, week-end, wochenende, fin de semana, fim de semana, 週末, fine settimana,"
    " выходные, выходных",
    # --- units ---
    "sec": "sec, secs, second, seconds, sekunde, sekunden, segundo, segundos, seconde, secondes",
    "min": "minuti, minuut, minuta, minuty, minut, минут, минуты, минуту, min, mins, minute,"
    " minutes, minuten, minuto, minutos, mn, 分",
    "hora": "hora, horas, heure, heures, ora",
    "hour": "hour, hours, hr, hrs, stunde, stunden, std, 時間, uren, godzin, godziny,"
    " godzine, час, часа, часов",
    "day": "day, days, tag, tage, tagen, dia, dias, jour, jours, calendar days, giorno, giorni,"
    " dag, dagen, dzien, dni, дней, дня, день",
    "workday": "workday, workdays, working day, working days, business day, business days,"
    " werktag, werktage, werktagen, arbeitstag, arbeitstage, arbeitstagen, dias habiles,"
    " dia habil, dias laborables, jours ouvres, jour ouvre, jours ouvrables, dias uteis,"
    " dia util, 営業日,"
    " giorni lavorativi, giorno lavorativo, werkdagen, werkdag, dni roboczych, dni robocze,"
    " рабочих дней, рабочих дня, рабочий день",
    "week": "week, weeks, wk, wks, woche, wochen, semana, semanas, semaine, semaines, 週間,"
    " settimana, settimane,"
    " weken, tydzien, tygodnie, tygodni, tygodniu, неделя, неделю, недели, недель, неделе",
    "fortnight": "fortnight, fortnights, quincena, quinzaine, quinzena",
    "month": "mese, mesi, maand, maanden, miesiac, miesiace, miesiecy, месяц, месяца, месяцев,"
    " month, months, monat, monate, monaten, monats, mes, meses, mois",
    "quarter": "quarter, quarters, quartal, quartals, trimestre, trimestres",
    "year": "year, years, yr, yrs, jahr, jahre, jahren, jahres, ano, anos, ans, annee, annees,"
    " anno, anni, jaar, rok,"
    " lata, lat, год, лет",
    "sprint": "sprintu, спринт, спринта, спринте, sprint, sprints, iteration, iterations,"
    " iteracion, iteracao, スプリント",
    "pi": "pi, program increment, planning interval, increment",
    "calendar week": "kw, cw, kalenderwoche, calendar week, week no, week number, semaine no",
    # --- times of day ---
    "noon": "noon, midday, 12 noon, 12 midday, 12:00 noon, noontime, mittag, mittags, mediodia,"
    " midi, meio-dia, meio dia, 正午, mezzogiorno, poludnie, w poludnie, poludnia, полдень,"
    " полудня, в полдень",
    "midnight": "midnight, 12 midnight, mitternacht, medianoche, minuit, meia-noite, meia noite,"
    " 真夜中, mezzanotte, middernacht, polnoc, полночь, полуночи",
    "morning": "morning, in the morning, morgens, fruh, vormittag, vormittags, de la manana,"
    " por la manana, en la manana, du matin, matin, le matin, da manha, de manha, pela manha,"
    " manha, di mattina, del mattino, mattina, 's ochtends, 's morgens, ochtend, rano,"
    " утра, утром, am vormittag, am morgen, 午前, 朝",
    "afternoon": "afternoon, in the afternoon, nachmittag, nachmittags, am nachmittag, tarde,"
    " de la tarde, por la tarde, en la tarde, apres-midi, apres midi, de apres-midi,"
    " pomeriggio, di pomeriggio, del pomeriggio, 's middags, po poludniu, днем, da tarde, a tarde,"
    " de tarde, 午後, 夕方",
    "evening": "evening, in the evening, at night, abend, abends, am abend, noche,"
    " de la noche, por la noche, en la noche, soir, du soir, le soir, da noite, a noite,"
    " de noite, noite, night, nachts, 夜, sera,"
    " di sera, 's avonds, avond, wieczorem, вечера, вечером",
    "am": "am, a.m, a.m., a m",
    "pm": "pm, p.m, p.m., p m",
    "oclock": "o'clock, oclock, uhr, uur, o clock, heures pile",
    "h": "h, hs",
    "at": "alle, alle ore, ore, om, o godz, godz, в, во, at, @, gegen, las, a las, a la, as,"
    " ate as, um punkt, vers, hacia",
    "half past": "half past, halfpast",
    "past": "past, nach",
    "halb": "halb",
    "quarter past": "quarter past, quarter after, viertel nach",
    "quarter to": "quarter to, quarter of, quarter till, viertel vor",
    "and half": "and a half, und eine halbe, y media, et demie, et demi, e meia, einhalb",
    "and quarter": "y cuarto, et quart, e um quarto, e quinze",
    "minus quarter": "menos cuarto, moins le quart, moins quart",
    # --- spans ---
    "in": "tra, fra, через, in, im, within, dentro de, daqui a, dans, en, binnen, innerhalb von,"
    " em, sous",
    "later": "later, from now, from today, from tdy, hence, spater, despues, plus tard, depois, 後,"
    " ab jetzt, a partir de ahora, a partir de agora",
    "in 1 hour": "in the next hour, within the hour, within the next hour",
    "half hour": "half an hour, half hour, half-hour, a half hour, half a hour, halben stunde,"
    " halbe stunde, einer halben stunde, eine halbe stunde, ner halben stunde, media hora,"
    " demi-heure, demi heure, une demi-heure, une demi heure, meia hora, 半時間",
    "15 min": "quarter of an hour, a quarter of an hour, quarter hour, a quarter hour,"
    " viertelstunde, einer viertelstunde, quart heure, un quart heure, quart de heure,"
    " cuarto de hora, un cuarto de hora, quarto de hora, um quarto de hora",
    "45 min": "three quarters of an hour, dreiviertelstunde, einer dreiviertelstunde,"
    " trois quarts heure, tres cuartos de hora",
    "1 hour 30 min": "an hour and a half, one and a half hours, anderthalb stunden,"
    " eineinhalb stunden, hora y media, una hora y media, une heure et demie,"
    " uma hora e meia, hora e meia",
    "few": "few, a few, couple, a couple, couple of, a couple of, several, ein paar, einigen,"
    " unos, unas, quelques, alguns, algumas",
    # --- named days ---
    "christmas": "christmas, xmas, christmas eve, weihnachten, heiligabend, navidad,"
    " nochebuena, noel, natal, クリスマス",
    "easter": "easter, easter sunday, ostern, ostersonntag, pascua, paques, pascoa, pasqua, pasen",
    "new year": "new year, new years, new year's, new year's eve, silvester, neujahr,"
    " nochevieja, ano nuevo, nouvel an, ano novo, reveillon, 正月, 大晦日",
}

_NUMBERS = (
    "one ein eine einem einer einen eins un une una uno uma een jeden jedna одну",
    "two zwei zwo dos deux dois duas twee dwa dwie два две",
    "three drei tres trois tre drie trzy три",
    "four vier cuatro quatre quatro quattro cztery четыре",
    "five funf fuenf cinco cinq cinque vijf piec пять",
    "six sechs seis sei zes szesc шесть",
    "seven sieben siete sete sette zeven siedem семь",
    "eight acht ocho huit oito osiem восемь",
    "nine neun nueve neuf nove negen dziewiec девять",
    "ten zehn diez dix dieci tien dziesiec десять",
    "eleven elf once onze undici",
    "twelve zwolf zwoelf doce douze doze dodici twaalf",
)
_MORE_NUMBERS = {
    14: "fourteen vierzehn catorce quatorze",
    15: "fifteen funfzehn fuenfzehn quince quinze",
    20: "twenty zwanzig veinte vingt vinte",
    25: "twenty-five funfundzwanzig veinticinco vingt-cinq",
    30: "thirty dreissig treinta trente trinta",
    45: "forty-five funfundvierzig quarante-cinq",
    60: "sixty sechzig sesenta soixante sessenta",
    90: "ninety neunzig noventa",
}

_DUTCH = (
    *(("dag", "day"), ("dagen", "day"), ("weken", "week"), ("maand", "month")),
    *(("maanden", "month"), ("uur", "hour"), ("een week", "week")),
)

_ORDINALS = (
    "first premier primero primeiro ersten erster",
    *("second zweiten", "third dritten", "fourth vierten", "fifth funften", "sixth sechsten"),
    *("seventh siebten", "eighth achten", "ninth neunten", "tenth zehnten"),
)

_DROPPED = """
    of the on der die das des dem den am zum zur vom le la les el los du de del do da das dos no na
    nos nas o ao inkl incl einschliesslich including inclusive time uhrzeit around about roughly
    approx ca circa exactly sharp latest zu por pela het van il го dniem dnia числа roku года r г に
    の は を
"""  # noqa: RUF001
DROPPED = frozenset(_DROPPED.split())
"""Small words between the parts of a date that change nothing."""

_POLITE = """
    please pls plz thanks thx thankyou ty cheers kindly asap bitte danke merci svp obrigado obrigada
    gracias porfa porfavor grazie bedankt aub dzieki dziekuje prosze спасибо пожалуиста
    お願いします ください
"""
POLITE = frozenset(_POLITE.split())
POLITE_PHRASES = (
    *(("thank", "you"), ("por", "favor"), ("s'il", "vous", "plait"), ("s'il", "te", "plait")),
    *(("many", "thanks"), ("vielen", "dank"), ("if", "possible"), ("wenn", "moglich")),
    *(("si", "possible"), ("si", "es", "posible"), ("se", "possivel"), ("thanks", "a", "lot")),
)
"""Words that mean thanks; after a date or a name they are no part of the sentence."""


def _spellings() -> Iterator[tuple[str, str]]:
    for code, words in _CALLED.items():
        yield from ((alike(word), code) for word in words.split(","))
    for number, words in (*enumerate(_NUMBERS, 1), *_MORE_NUMBERS.items()):
        yield from ((word, str(number)) for word in words.split())
    for number, words in enumerate(_ORDINALS, 1):
        yield from ((word, f"nth{number}") for word in words.split())
    for number, words in enumerate(_NUMBERS, 1):  # elsewhere `due` is a deadline, `over` more than
        for word in (str(number), *words.split()):
            yield from ((f"over {word} {unit}", f"in {number} {code}") for unit, code in _DUTCH)
    for lead in ("tra", "fra", "entro"):
        yield f"{lead} due", "in 2"
    yield from month_words()
    yield from weekday_words()


WORDS: Mapping[tuple[str, ...], str] = {
    tuple(spelling.split()): code for spelling, code in _spellings() if spelling
}
"""Folded spelling, word by word → the grammar's words."""

LONGEST = max(map(len, WORDS))
