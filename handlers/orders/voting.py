"""What orders about votes, cards, lists and the digest look like, and the line each stands for."""

from __future__ import annotations

from handlers.orders.pieces import ITEMS, MARKED
from handlers.rules.numbers import SPELT_OUT

_CLOSING = r"(?P<rest>(?:by|until|till|at|in|before|bis|um|closing|closes|a las|ate|jusqu'a) .*)"
_VOTE = (
    r"(?:(?:shall|should) we )?"
    r"(?:(?:start|open|run|begin|make|do|create|hold|launch|have|take|kick off) )?"
    r"(?:an? |the |another )?"
    r"(?:new )?(?:(?:wsjf|blind|quick) )*"
    r"(?:wsjf|vote|voting|poll|estimation|estimate|planning poker|score|rank|prioriti[sz]e"
    r"|abstimmung|abstimmen|votar|votacion|voter|votez)"
    r"(?: on| for| about| with| of| over| uber| von| sobre| sur)?(?: the)?"
)
RHYTHMS = (
    (
        r"(?:(?:send|post|schedule) )?(?:the |a )?(?:weekly )?digest(?: on)? "
        r"(?:every (?:other|second|2nd|two|2|three|3|four|4) \S.*|fortnightly.*|bi-?weekly.*)",
        "help monthly",
    ),
)
_CARD = "(?:1|2|3|5|8|13|20)"
_COLUMN = (
    "(?:u?bv|user-? ?business value|business value|value|tc|time(?: criticality)?|rr(?:/?oe)?|risk"
    "|js|(?:job )?size)"
)
_SPELT = (
    "half|one|two|three|five|eight|thirteen|twenty|forty|hundred|infinity|coffee|½|xs|s|m|l|xl|xxl"
)
BALLOTS = (
    # vote 8; I vote 8 on #1; my vote for #1 is 8; 8 for #1; #1: 8; thirteen; pass
    (rf"(?:i |we )?(?:vote|voted|play|played)s? (?:an? )?{_CARD}", "help ballot"),
    (
        rf"(?:i |my )(?:votes?|voted|cards?|say|play|give|would (?:vote|say)|estimate)(?: is| are)?"
        rf"(?: an?)? (?:{_CARD}|{_SPELT})(?: (?:on|for|to) {MARKED})?",
        "help ballot",
    ),
    (rf"my (?:vote|card) (?:on|for) {MARKED}(?: is|:)? (?:{_CARD}|{_SPELT})", "help ballot"),
    (rf"(?:{_CARD}|{_SPELT})(?: points?)? (?:on|for) {MARKED}", "help ballot"),
    (
        rf"{MARKED}(?: {_CARD}){{4}}|{MARKED.replace('?P<n>', '?:')} {_CARD}(?:[,/]{_CARD}){{3}}",
        "help ballot",
    ),
    (rf"{_SPELT}", "help ballot"),
    # 8 5 3 13; my vote: 8/5/3/13; bv 8, tc 5, rr 3, js 13
    (
        r"(?:(?:my )?(?:votes?|cards?|ballot)(?: is| are)?:? )?"
        rf"{_CARD}(?:[ ,;/|-]+{_CARD}){{3}}",
        "help ballot",
    ),
    (rf"{_COLUMN}:? ?{_CARD}(?:[ ,;/|]+{_COLUMN}:? ?{_CARD}){{1,3}}", "help ballot"),
)
_WHEN_DUE = (
    r"(?:today|tomorrow|tmrw|soon|(?:this|next|nxt) (?:week|wk|month|sprint|iteration)"
    r"|(?:by |on |until )?(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|by \S.*"
    r"|in [0-9a-z]+ (?:days?|weeks?))"
)
_TEMPLATE = (
    r"(?:anon(?:ymous)? )?(?:4 ?ls?|mad,? sad,? (?:and |& )?glad"
    r"|start,? stop,? (?:and |& )?continue|anon(?:ymous)?)"
)
_STARTS = r"(?:(?:start|run|do|have|hold|begin|make|create|launch) )?(?:an? |the |new )*"
RETROS = (
    # start a 4Ls retro, anonymous retro by 16:00
    (
        rf"{_STARTS}(?P<rest>{_TEMPLATE}) retro(?:spective)?(?: (?:now|today|here))?",
        "retro start {rest}",
    ),
    (
        rf"{_STARTS}retro(?:spective)? (?:with|using|as|in) (?:the )?(?P<rest>{_TEMPLATE})",
        "retro start {rest}",
    ),
    (
        r"retro(?:spective)? (?:on |at |for )?(?:tomorrow|tmrw|mon|tue|wed|thu|fri|next).*",
        "help retro",
    ),
    (
        r"(?:add|write|put) (?:an? |another )?(?:retro )?note:? (?P<rest>(?!on |to |for )\S.*)",
        "retro add {rest}",
    ),
)
LISTS = (
    (
        rf"(?:(?:what(?:'s| is|s| are)?|show(?: me)?|list|anything|everything|is anything|items?)"
        rf" )*(?P<rest>due {_WHEN_DUE})",
        "backlog {rest}",
    ),
    (
        rf"(?:show(?: me)? |list )?(?:the |our )?top (?:[0-9]{{1,3}}|{'|'.join(SPELT_OUT)})"
        r"(?: items?| stories)?",
        "backlog",
    ),
)
VOTES = (
    (r"extend (?:it|(?:the )?(?:vote|voting|deadline))? ?(?:till?|until|to|by|for) .*", "wsjf"),
    (rf"{_VOTE} {ITEMS}(?: {_CLOSING})?", "wsjf {n} {rest}"),
    (
        rf"{_VOTE} (?P<rest>(?:top|first|next) (?:[0-9]{{1,3}}|{'|'.join(SPELT_OUT)})\b.*)",
        "wsjf start {rest}",
    ),
)
