"""What orders and questions about items look like, and the command line that each stands for.

Patterns are of folded words and match a whole line. `{n}` are the items' numbers, `{rest}` is what
follows, in the words as they were typed.
"""

from __future__ import annotations

import re
from typing import Final

from handlers.rules.numbers import DIGITS

# A number without its sign counts only where nothing but an item can be meant: "close 14" does,
# "give 3 people access" does not.
_NOUN = r"(?:(?:the |an? )?(?:item|story|ticket|improvement|issue|number|no|nr|punkt|numero) )?"
_SIGN = r"(?:(?:the |an? )?(?:item|story|ticket|nr|punkt|numero)\.? (?:# ?)?|# ?)"
_MARKED = rf"{_SIGN}(?P<n>{DIGITS})"
_ITEM = rf"{_NOUN}(?P<n>(?:# ?)?{DIGITS})"
_AND = r"(?:,| and| &|, and| und| y| et| e|) "
_ITEMS = rf"(?:items? |stories )?(?P<n>(?:# ?)?{DIGITS}(?:{_AND}(?:# ?)?{DIGITS})*)"
_MARKED_ITEMS = rf"(?:items |{_SIGN})(?P<n>(?:# ?)?{DIGITS}(?:{_AND}(?:# ?)?{DIGITS})*)"

_IS = r"(?:'s| is|s)"
_REST = r"(?P<rest>\S.*)"
_WHO = (
    r"(?P<rest>(?!nobody |no one |noone |it |this |that |an? |the )@?[^\s#]+"
    r"(?: (?!by |until |due |bis |to )[^\s#]+){0,2}"
    r"(?: (?:by|until|due|bis) \S.*)?)"
)
_SOON = (
    r"(?P<rest>(?:(?:next |this )?(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|today|tomorrow|eow|eod"
    r"|heute|morgen|freitag|montag|manana|hoy|demain|amanha)(?: .*)?)"
)
_CLOSING = r"(?P<rest>(?:by|until|till|at|in|before|bis|um|closing|closes|a las|ate|jusqu'a) .*)"
_DONE = (
    r"(?:done|finished|completed?|closed|accepted|fixed|resolved|shipped|delivered|erledigt|fertig"
    r"|abgeschlossen|hech[oa]|list[oa]|terminad[oa]|terminee?|finie?|feit[oa]|pronto|concluido)"
)
_STATE = (
    r"(?P<rest>captured|refining|ready|planned|in progress|in review|review|doing"
    r"|wip|started|open|reopened|in arbeit|en curso|en cours|em andamento)"
)

_ASKS = (
    # who owns #14, whose is 14, #14 owner
    (
        rf"(?:who (?:owns?|has|have|takes|does|works on|is responsible for)"
        rf"|who{_IS} (?:working )?on"
        rf"|who (?:is )?assigned to|whose is|who{_IS} (?:the )?(?:owner|assignee) (?:of|for)"
        r"|owner(?: of| for)?|no ?(?:body|one) owns|wem gehort|wer (?:macht|hat|ist dran an)"
        rf"|de quien es|quien (?:tiene|hace)|a qui est|qui (?:a|fait)|quem (?:tem|faz)) {_ITEM}",
        "backlog owner {n}",
    ),
    (rf"{_MARKED} (?:owner|assignee|who)", "backlog owner {n}"),
    # when is #3 due, deadline of #3, #3 due
    (
        rf"(?:when{_IS}|when will|wann ist|cuando (?:es|vence)|quand est|quando e) {_ITEM}"
        r"(?: (?:due|done|finished|fallig|be done|be finished|be ready))?",
        "backlog due {n}",
    ),
    (
        rf"(?:(?:what{_IS} the )?(?:due date|due|deadline)(?: of| for| on)?|by when(?: is)?"
        rf"|until when(?: is)?|bis wann(?: ist)?) {_ITEM}(?: due)?",
        "backlog due {n}",
    ),
    (rf"{_MARKED} (?:due|deadline|when)", "backlog due {n}"),
    # what's the status of #7, how is #7 going, show me #4, #4
    (
        rf"(?:(?:(?:what{_IS}|wie ist|was ist|cual es|quel est|qual e)(?: the| der| el| le| o)? )?"
        r"(?:status|state|progress|estado|statut|stand|story|history|details?)"
        rf"(?: of| on| for| von| de| du)?|where{_IS}|how{_IS}|how about|what about"
        rf"|what{_IS}(?: up with| with| about)?|what happened (?:to|with)|show(?: me)?|open|view"
        r"|see|display|read|get|look at|tell me about|find|is|zeige?(?: mir)?|was ist mit"
        rf"|muestra(?:me)?|ver|montre(?:-moi)?|mostrar?) {_ITEM}"
        r"(?: (?:doing|going|about|at|done(?: yet)?|finished|ready))?",
        "backlog {n}",
    ),
    (rf"{_MARKED}(?: status| state| details)?", "backlog {n}"),
    (rf"(?:improvement )?(?P<n>{DIGITS})", "backlog {n}"),
)

_CHANGES = (
    # mark #14 done, close #14 and #15, #14 is done
    (rf"(?:mark|set|call) {_ITEMS} (?:as |to |auf |als )?{_DONE}", "backlog finish {n}"),
    (
        r"(?:closed?|finish|complete|resolve|accept|tick off|check off|done(?: with)?"
        r"|finished|fixed|i(?: a|')m done with|we(?: a|')re done with"
        r"|(?:i|we|i have|we have|i've|we've) (?:finished|did|done|closed|fixed)"
        r"|schliessen?|schliess|erledigen?|cierra|termina"
        rf"|ferme|termine|fecha|conclui) {_ITEMS}(?: now| jetzt| ya)?",
        "backlog finish {n}",
    ),
    (
        rf"{_MARKED_ITEMS}(?: (?:is|are|was|has been|ist|sind|esta|est))?"
        rf"(?: (?:now|already|jetzt|ya|deja))? {_DONE}",
        "backlog finish {n}",
    ),
    (
        rf"(?:re-?open|open again|bring back|restore) {_ITEM}(?: again)?",
        "backlog move {n} open",
    ),
    (rf"{_MARKED} is(?: no|n')t (?:done|finished)(?: yet)?", "backlog move {n} open"),
    (rf"open {_MARKED} again", "backlog move {n} open"),
    (
        r"(?:drop|delete|remove|cancel|discard|kill|trash|throw away|archive|get rid of|loschen?"
        r"|verwirf|verwerfen|streichen?|entfernen?|elimina|borra|quita|supprime|enleve|apaga"
        rf"|exclui) {_ITEM}",
        "backlog drop {n}",
    ),
    (rf"{_MARKED} (?:loschen|streichen|entfernen|delete|drop|remove)", "backlog drop {n}"),
    (
        rf"(?:drop|delete|remove|discard) {_MARKED},? (?!and |& |und |#)(?:because )?{_REST}",
        "backlog drop {n} {rest}",
    ),
    # assign #3 to Grace, give #3 to me, I'll take #3, Grace takes #3, #3 @Grace
    (
        r"(?:(?:re)?assign|give|hand(?: over)?|pass|gib|weise|asigna|da|dale|assigne|donne"
        rf"|atribui) {_MARKED} (?:(?:to|over to|an|a|zu|para|fur|for) )?{_WHO}",
        "backlog owner {n} {rest}",
    ),
    (rf"(?:(?:re)?assign|give|hand(?: over)?|pass) {_ITEM} to {_WHO}", "backlog owner {n} {rest}"),
    (rf"(?:make|set) {_WHO} (?:the )?owner (?:of|for) {_ITEM}", "backlog owner {n} {rest}"),
    (rf"(?:assign|give) {_WHO}(?: to)? {_MARKED}", "backlog owner {n} {rest}"),
    (
        rf"(?:set|change)(?: the)? (?:owner|assignee) (?:of|for) {_ITEM} to {_WHO}",
        "backlog owner {n} {rest}",
    ),
    (
        r"(?:i(?: wi|')?ll? (?:take|do|own|handle)|i(?: can)? (?:take|own|do)|i(?: a|')m on|take"
        r"|claim|grab|assign me(?: to)?|give me|ich (?:nehme|mache|ubernehme)|yo (?:hago|tomo)"
        rf"|je prends|eu (?:faco|pego)) {_MARKED}",
        "backlog owner {n} me",
    ),
    (rf"{_MARKED}(?: is)? (?:mine|me|for me|to me)", "backlog owner {n} me"),
    (rf"mine {_MARKED}", "backlog owner {n} me"),
    (rf"unassign {_ITEM}", "backlog owner {n} nobody"),
    (
        rf"{_WHO} (?:owns|takes|will take|will do|does|gets|should (?:do|take|own)|can take|is on"
        rf"|macht|ubernimmt|hace) {_MARKED}",
        "backlog owner {n} {rest}",
    ),
    (
        rf"{_MARKED}(?: is| goes| belongs)? (?:to|fur|for|an|owner:?|para) {_WHO}",
        "backlog owner {n} {rest}",
    ),
    (rf"{_MARKED} (?P<rest>@[^\s#]+.*)", "backlog owner {n} {rest}"),
    # #3 is due Friday, postpone #3 to Monday
    (
        rf"{_MARKED}(?: is| ist| es)? (?:due|fallig|deadline|until|by|bis|para|pour|ate)"
        rf"(?: on| by| am| el| le)?:? {_REST}",
        "backlog due {n} {rest}",
    ),
    (rf"{_MARKED}(?: on| am| el)? {_SOON}", "backlog due {n} {rest}"),
    (rf"move {_MARKED} {_SOON}", "backlog due {n} {rest}"),
    (rf"(?:due|deadline) {_ITEM} {_REST}", "backlog due {n} {rest}"),
    (
        r"(?:set|change|move|make)(?: the)? (?:due date|deadline|date) (?:of|for|on) "
        rf"{_ITEM} (?:to|on|for) {_REST}",
        "backlog due {n} {rest}",
    ),
    (
        rf"(?:the )?(?:due date|deadline) (?:of|for|on) {_ITEM} is {_REST}",
        "backlog due {n} {rest}",
    ),
    (
        rf"(?:set|make) {_ITEM} due(?: date)?(?: to| on| for| by)? {_REST}",
        "backlog due {n} {rest}",
    ),
    (
        r"(?:postpone|delay|push(?: back)?|defer|reschedule|schedule|snooze|verschiebe?) "
        rf"{_ITEM} (?:to|until|till|by|for|on|auf|bis) {_REST}",
        "backlog due {n} {rest}",
    ),
    # rename #3 to …
    (
        rf"(?:rename|retitle|benenne|renombra|renomme|renomeia) {_ITEM}"
        rf"(?: to| as| in| a| en| um in| para)?:? {_REST}",
        "backlog rename {n} {rest}",
    ),
    (rf"call {_MARKED}:? {_REST}", "backlog rename {n} {rest}"),
    (
        r"(?:change|edit|update|set)(?: the)? (?:title|name|text|wording) (?:of|for) "
        rf"{_ITEM} to:? {_REST}",
        "backlog rename {n} {rest}",
    ),
    # move #3 to in progress, #3 is ready, move #3 to Friday
    (
        r"(?:move|put|set|change|send|schiebe?|setze?|mueve|pon|deplace) "
        rf"{_ITEM} (?:(?:to|in|into|on|auf|nach|a|en|em) )?{_DONE}",
        "backlog finish {n}",
    ),
    (
        r"(?:move|put|set|change|send|schiebe?|setze?|mueve|pon|deplace) "
        rf"{_ITEM} (?:back )?(?:(?:to|in|into|on|auf|nach|a|en|em) )?{_STATE}",
        "backlog move {n} {rest}",
    ),
    (rf"{_MARKED}(?: is| to)?(?: now)? {_STATE}", "backlog move {n} {rest}"),
    (
        rf"(?:start(?: working on| with)?|begin|work(?:ing)? on|i(?: a|')m working on|i started) "
        rf"{_MARKED}",
        "backlog move {n} started",
    ),
    (rf"move {_ITEM} (?:to|until|auf|bis) {_REST}", "backlog due {n} {rest}"),
    (rf"(?:move|change the state of) {_ITEM}", "backlog move {n}"),
    (rf"split(?: up)? {_ITEM}", "backlog split {n}"),
    (rf"lift {_ITEM}", "backlog lift {n}"),
    (rf"(?:refine|groom) {_MARKED}", "refine {n}"),
    (rf"coach (?:me (?:on|about|with) )?{_MARKED}", "coach {n}"),
    (rf"undo(?: the last change (?:of|on|to))? {_MARKED}", "backlog undo {n}"),
)

_VOTE = (
    r"(?:(?:shall|should) we )?"
    r"(?:(?:start|open|run|begin|make|do|create|hold|launch|have|take) )?(?:an? |the |another )?"
    r"(?:new )?(?:(?:wsjf|blind|quick) )*"
    r"(?:wsjf|vote|voting|poll|estimation|estimate|planning poker|score|rank|prioriti[sz]e"
    r"|abstimmung|abstimmen|votar|votacion|voter|votez)"
    r"(?: on| for| about| with| of| over| uber| von| sobre| sur)?(?: the)?"
)
_RHYTHMS = (
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
_BALLOTS = (
    # 8 5 3 13; my vote: 8/5/3/13; bv 8, tc 5, rr 3, js 13
    (
        r"(?:(?:my )?(?:votes?|cards?|ballot)(?: is| are)?:? )?"
        rf"{_CARD}(?:[ ,;/|-]+{_CARD}){{3}}",
        "help ballot",
    ),
    (rf"{_COLUMN}:? ?{_CARD}(?:[ ,;/|]+{_COLUMN}:? ?{_CARD}){{1,3}}", "help ballot"),
)
_VOTES = (
    (rf"{_VOTE} {_ITEMS}(?: {_CLOSING})?", "wsjf {n} {rest}"),
    (rf"{_VOTE} (?P<rest>top [0-9]{{1,3}}.*)", "wsjf start {rest}"),
)

PATTERNS: Final = tuple(
    (re.compile(pattern), line)
    for pattern, line in (*_RHYTHMS, *_ASKS, *_CHANGES, *_VOTES, *_BALLOTS)
)
"""In this order: the first that matches counts."""
