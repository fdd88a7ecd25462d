"""What orders about an item's points and what it waits for look like, and what each stands for."""

from __future__ import annotations

from handlers.orders.pieces import MARKED

_NUMBER = r"[0-9]+(?:[.,/\u2044][0-9]+)?"
_UNIT = r"(?:sp|pts?|points?|story points?)"
_POINTS = rf"(?P<rest>{_NUMBER}(?: ?{_UNIT})?)"
_SIZE = rf"(?:{_NUMBER}|xs|s|m|l|xl|xxl)"
_WAITS = (
    r"(?:(?:blocked|held up) (?:by|on)|waits? (?:for|on)|waiting (?:for|on)"
    r"|depend(?:s|ent|ing) (?:up)?on|wartet auf|espera a|attend|aguarda)"
)
_TARGET = r"(?:the )?(?P<rest>(?:.*# ?[0-9].*|[^\s#]+(?: [^\s#]+){0,2}))"

REFINES = (
    # #3 is 5 points, estimate #3 5, #3 sp:5; what is no number of points is explained
    (
        r"(?:estimate|re-?estimate|size|points?|sp)(?: the)?(?: (?:points?|size|estimate))?"
        rf"(?: of| for| on)? {MARKED}:?(?: (?:to|at|as|is|=|{_UNIT}:?))* ?{_POINTS}",
        "backlog points {n} {rest}",
    ),
    (
        rf"(?:set|give|make|put|change)(?: the)?(?: {_UNIT} (?:of|for|on))? {MARKED}(?: to| at| as"
        rf"| is| =| a| {_UNIT}:?)* (?P<rest>{_NUMBER} ?{_UNIT})",
        "backlog points {n} {rest}",
    ),
    (
        rf"(?:set|give|change)(?: the)? (?:{_UNIT}|size|estimate) (?:of|for|on) {MARKED}"
        rf"(?: to| at| as| is| =)* {_POINTS}",
        "backlog points {n} {rest}",
    ),
    (
        rf"(?:set|give|make) {MARKED}(?: to| at| as)? {_UNIT}:? (?:to )?{_POINTS}",
        "backlog points {n} {rest}",
    ),
    (
        rf"{MARKED}(?: is| are| has| costs| needs| =|:|,)*"
        rf" (?P<rest>{_NUMBER} ?{_UNIT})(?: now)?",
        "backlog points {n} {rest}",
    ),
    (
        rf"{MARKED}(?: is| has)?(?: (?:size|estimate|estimated(?: at)?|effort|{_UNIT}):?"
        rf"(?: is| to| now|=)*) {_POINTS}",
        "backlog points {n} {rest}",
    ),
    (
        rf"{MARKED} (?P<rest>(?:sp|pts?|points?|size|estimate)[:=] ?{_NUMBER})",
        "backlog points {n} {rest}",
    ),
    (
        rf"(?P<rest>{_NUMBER} ?{_UNIT}) (?:for|to|on) {MARKED}",
        "backlog points {n} {rest}",
    ),
    (
        rf"(?:no|remove|clear|delete|unset)(?: the)? (?:{_UNIT}|estimate|size)"
        rf" (?:of|for|from|on) {MARKED}",
        "backlog points {n} none",
    ),
    (rf"{MARKED}(?: has| is)? (?:no (?:{_UNIT}|estimate)|unestimated)", "backlog points {n} none"),
    (
        rf"(?:how many {_UNIT} (?:is|has|does|for)|(?:points?|sp|estimate|size) (?:of|for)"
        rf"|how big is) {MARKED}(?: have)?",
        "backlog points {n}",
    ),
    (rf"{MARKED} (?:{_UNIT}|estimate|size)", "backlog points {n}"),
    (
        r"(?:estimate|size|score|points?|sp|set|give)(?: the)?(?: (?:points?|size|estimate)"
        rf"(?: of| for| on)?)? {MARKED}(?: to| at| as| is| =)? {_SIZE}",
        "help points {n}",
    ),
    (
        rf"{MARKED}(?: is| =| has)?(?: an?)?(?: (?:size|points?|sp|estimate|estimated(?: at)?):?)?"
        rf" ?{_SIZE}",
        "help points {n}",
    ),
    # #3 waits for #4, #4 blocks #3, unblock #3
    (
        rf"(?:what does|what(?:'s| is)?|who(?:'s| is)?|does)(?: blocks?| blocking)? {MARKED}"
        r"(?: (?:waits?|waiting|depends?|blocked)(?: for| on| by)?)?(?: anything)?",
        "backlog waits {n}",
    ),
    (
        rf"{MARKED}(?: is| was)?(?: now)? {_WAITS} {_TARGET}",
        "backlog waits {n} {rest}",
    ),
    (
        rf"{MARKED} (?:needs|requires|comes after|after) (?P<rest>(?:item )?#.*)",
        "backlog waits {n} {rest}",
    ),
    (
        r"(?P<rest>#[0-9]+) (?:blocks|is blocking|must come before|comes before|before"
        rf"|has to be done before) {MARKED}",
        "backlog waits {n} {rest}",
    ),
    (
        rf"{MARKED} (?:no longer|does not|doesn't|doesnt) (?:waits?|depends?|needs?)(?: for| on)?"
        rf" {_TARGET}",
        "backlog waits {n} no {rest}",
    ),
    (
        rf"{MARKED} is (?:not|no longer) (?:blocked|waiting) (?:by|on|for) {_TARGET}",
        "backlog waits {n} no {rest}",
    ),
    (rf"unblock {MARKED}", "backlog waits {n} nothing"),
    (
        rf"{MARKED}(?: is| isn't)? (?:unblocked|not blocked|no longer blocked)(?: any ?more)?",
        "backlog waits {n} nothing",
    ),
)
