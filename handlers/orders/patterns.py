"""What orders and questions about items look like, and the command line that each stands for.

Patterns are of folded words and match a whole line. `{n}` are the items' numbers, `{rest}` is what
follows, in the words as they were typed.
"""

from __future__ import annotations

import re
from typing import Final

from handlers.rules.numbers import DIGITS, SPELT_OUT

# A number without its sign counts only where nothing but an item can be meant: "close 14" does,
# "give 3 people access" does not.
_NOUN = r"(?:(?:the |an? )?(?:item|story|ticket|improvement|issue|number|no|nr|punkt|numero) )?"
_SIGN = r"(?:(?:the |an? )?(?:item|story|ticket|nr|punkt|numero)\.? (?:# ?)?|# ?)"
_MARKED = rf"{_SIGN}(?P<n>{DIGITS})"
_ITEM = rf"{_NOUN}(?P<n>(?:# ?)?{DIGITS})"
_AND = (
    r"(?:,| and| &| ?\+|, and| und| y| et| e|) "
    r"|,| ?(?:-+>?|\.{2,}|~) ?| (?:through|thru) (?:# ?)?(?=[0-9])| (?:to|bis) (?=# ?)"
)
_NUMBERS = rf"(?P<n>(?:# ?)?{DIGITS}(?:(?:{_AND})(?:# ?)?{DIGITS}\b(?![:.]\d))*)"
_NOUNS = (
    r"(?:(?:the |an? )?(?:items?|stor(?:y|ies)|tickets?|improvements?|issues?|numbers?|no|nr"
    r"|punkte?|numeros?) )?"
)
_ITEMS = rf"{_NOUNS}{_NUMBERS}"
_MARKED_ITEMS = rf"(?:items (?=[#0-9])|{_SIGN}(?=[0-9])|(?=# ?)){_NUMBERS}"

_IS = r"(?:'s| is|s)"
_REST = r"(?P<rest>\S.*)"
_WHO = (
    r"(?P<rest>(?!(?:no one|noone|it|this|that|an?|the|do|done|todo|top|back|backlog|me and)\b)"
    r"@?[^\s#]+"
    r"(?: (?!by |until |due |bis |to |and |then )[^\s#]+){0,2}"
    r"(?: (?:by|until|due|bis) \S.*)?)"
)
_SOON = (
    r"(?P<rest>(?:(?:(?:next |nxt |this |coming )?(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*"
    r"|(?:next|nxt|this) (?:week|wk|month|sprint|iteration)|today|tod|tomm?orr?ow|tmrw|tmr|eow|eod"
    r"|eom|cob|heute|morgen|freitag|montag|manana|hoy|demain|amanha)\b)(?: .*)?)"
)
_CLOSING = r"(?P<rest>(?:by|until|till|at|in|before|bis|um|closing|closes|a las|ate|jusqu'a) .*)"
_DONE = (
    r"(?:done|finished|completed?|closed|accepted|fixed|resolved|shipped|delivered|deployed|merged"
    r"|released|solved|live|erledigt|fertig|abgeschlossen|hech[oa]|list[oa]|terminad[oa]|terminee?"
    r"|finie?|feit[oa]|pronto|concluido)"
)
_AT_LAST = r"(?: (?:now|today|yesterday|finally|already|too|as well|at last|jetzt|ya))?"
_STATE = (
    r"(?P<rest>captured|refining|ready|planned|in progress|in review|review|doing"
    r"|wip|started|open|reopened|in arbeit|en curso|en cours|em andamento)"
)
_DUPLICATE = r"(?:dup|dupe|duplicated?|a (?:dup|dupe|duplicate))(?: of .*)?"
_NEVER = (
    r"(?:won'?t ?(?:do|fix)|not doing|obsolete|invalid|outdated|no longer (?:needed|true|relevant)"
    r"|rejected|cancell?ed|dropped)"
)
_LENGTH = r"(?:an?|one|two|three|[0-9]+) ?(?:d|w|days?|weeks?|wks?|months?|sprints?)\b"
_POINTS = r"(?:[0-9]+(?:[.,][0-9])?|½|xs|s|m|l|xl|xxl)(?: ?(?:sp|pts?|points?|story points?))?"

_ASKS = (
    # who owns #14, whose is 14, #14 owner
    (
        rf"(?:who (?:owns?|has|have|takes|does|works on|is doing|is responsible for)"
        rf"|who{_IS} (?:(?:working )?on|got|doing|owning|handling|responsible for)"
        rf"|who (?:is )?assigned to|whose(?: item)? is|who{_IS} (?:the )?(?:owner|assignee)"
        r" (?:of|for)"
        r"|owner(?: of| for)?|no ?(?:body|one) owns|wem gehort|wer (?:macht|hat|ist dran an)"
        rf"|de quien es|quien (?:tiene|hace)|a qui est|qui (?:a|fait)|quem (?:tem|faz)) {_ITEM}",
        "backlog owner {n}",
    ),
    (rf"{_ITEM} (?:owner|assignee|who)", "backlog owner {n}"),
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
        rf"(?: of| on| for| von| de| du)?|where{_IS}|how{_IS}|how about|what about|any news on"
        rf"|what{_IS}(?: up with| with| about)?|what happened (?:to|with)|show(?: me)?|open|view"
        r"|see|display|read|get|look at|tell me(?: more)? about|find|is|zeige?(?: mir)?"
        rf"|was ist mit|muestra(?:me)?|ver|montre(?:-moi)?|mostrar?) {_ITEM}"
        r"(?: (?:doing|going|about|at|done(?: yet)?|finished|ready))?",
        "backlog {n}",
    ),
    (rf"{_MARKED}(?: status| state| details)?", "backlog {n}"),
    (rf"(?:improvement )?(?P<n>{DIGITS})", "backlog {n}"),
)

_TAKES = (
    r"(?:(?:i(?: wi|')?ll?|let me) (?:take|do|own|handle)|i(?: can)? (?:take|own|do|got|have)"
    r"|i'?ve got|i(?: a|')m on|on it|my turn|mine|gimme|take|claim|grab|assign me(?: to)?|give me"
    r"|ich (?:nehme|mache|ubernehme)|yo (?:hago|tomo)|je prends|eu (?:faco|pego))"
)
_OWNER = r"(?:the )?(?:owner|assignee)"
_DATE = r"(?:the )?(?:due date|due|deadline|date)"

_CHANGES = (
    # mark #14 done, close #14 and #15, #14 is done, 14 done
    (rf"(?:mark|set|call) {_ITEMS} (?:as |to |auf |als )?{_DONE}", "backlog finish {n}"),
    (
        r"(?:closed?|finish|complete|resolved?|accept|tick(?: off)?|check off|done(?: with)?"
        r"|finished|fixed|shipped|deployed|released|merged|completed|i(?: a|')m done with"
        r"|we(?: a|')re done with"
        r"|(?:i|we|i have|we have|i've|we've) (?:finished|did|done|closed|fixed|shipped|completed)"
        r"|schliessen?|schliess|erledigen?|cierra|termina"
        rf"|ferme|termine|fecha|conclui):? {_ITEMS}(?:,? (?:as |is )?{_DONE}\b.*|{_AT_LAST})",
        "backlog finish {n}",
    ),
    (
        rf"{_ITEMS}(?: (?:is|are|was|were|has been|ist|sind|esta|est))?"
        rf"(?: (?:now|already|all|both|jetzt|ya|deja))? {_DONE}{_AT_LAST}",
        "backlog finish {n}",
    ),
    (
        rf"(?:re-?open|open again|bring back|restore) {_ITEMS}(?: again|, .*)?",
        "backlog move {n} open",
    ),
    (
        rf"{_MARKED_ITEMS}(?: is| are| was)?(?: not|n't|nt) {_DONE}(?: yet| after all)?",
        "backlog move {n} open",
    ),
    (rf"open {_MARKED} again", "backlog move {n} open"),
    (
        rf"(?:close|drop|delete|remove|resolve) {_ITEMS},? (?:as |because |it'?s )?{_DUPLICATE}",
        "backlog drop {n} duplicate",
    ),
    (rf"{_MARKED_ITEMS} (?:is |are )?{_DUPLICATE}", "backlog drop {n} duplicate"),
    (
        rf"(?:close|resolve|mark) {_ITEMS},? (?:as |because )?(?:it'?s )?{_NEVER}",
        "backlog drop {n}",
    ),
    (rf"{_MARKED_ITEMS} (?:is |are )?{_NEVER}", "backlog drop {n}"),
    (
        r"(?:drop|delete|remove|cancel|discard|kill|trash|throw away|archive|get rid of|reject"
        r"|dismiss|decline|won'?t (?:do|fix)|loschen?"
        r"|verwirf|verwerfen|streichen?|entfernen?|elimina|borra|quita|supprime|enleve|apaga"
        rf"|exclui) {_ITEMS}",
        "backlog drop {n}",
    ),
    (rf"{_MARKED} (?:loschen|streichen|entfernen|delete|drop|remove)", "backlog drop {n}"),
    (
        rf"(?:drop|delete|remove|discard) {_MARKED_ITEMS},? (?!and |& |und |#)(?:because )?{_REST}",
        "backlog drop {n} {rest}",
    ),
    # #3 is due never, #3 belongs to nobody
    (
        r"(?:no|remove|clear|delete|drop|cancel|unset) "
        rf"{_DATE} (?:of |for |from |on )?{_ITEMS}",
        "backlog due {n} never",
    ),
    (rf"{_MARKED_ITEMS}(?: has| have)? no {_DATE}", "backlog due {n} never"),
    (
        r"(?:remove|clear|drop|unassign|take)"
        rf" (?:{_OWNER}|me|him|her) (?:of|off|from) {_ITEMS}",
        "backlog owner {n} nobody",
    ),
    (rf"unassign {_ITEMS}", "backlog owner {n} nobody"),
    (
        rf"{_MARKED_ITEMS}"
        r" (?:(?:has|have) no (?:owner|assignee)|(?:is )?(?:unassigned|nobody(?:'s)?))",
        "backlog owner {n} nobody",
    ),
    # move #3 to in progress, #3 is ready, move #3 to Friday
    (
        r"(?:move|put|set|change|send|schiebe?|setze?|mueve|pon|deplace) "
        rf"{_ITEMS} (?:(?:to|in|into|on|auf|nach|a|en|em) )?{_DONE}",
        "backlog finish {n}",
    ),
    (rf"{_MARKED_ITEMS} to {_DONE}", "backlog finish {n}"),
    (
        r"(?:move|put|set|change|send|mark|schiebe?|setze?|mueve|pon|deplace) "
        rf"{_ITEMS} (?:back )?(?:(?:to|in|into|on|as|auf|nach|a|en|em) )?{_STATE}",
        "backlog move {n} {rest}",
    ),
    (rf"{_MARKED_ITEMS}(?: is| are| to)?(?: now)? {_STATE}", "backlog move {n} {rest}"),
    (rf"{_ITEMS} (?:is|are)(?: now)? {_STATE}", "backlog move {n} {rest}"),
    (
        rf"(?:start(?: working on| with)?|begin|work(?:ing)? on|i(?: a|')m working on|i started) "
        rf"{_ITEMS}",
        "backlog move {n} started",
    ),
    # a place in the ranking comes of a vote, points of refining
    (
        rf"(?:move|put|push|rank) {_ITEM} (?:to (?:the )?(?:very )?(?:top|bottom|first|last)"
        r"|up|down|higher|lower|first|last)(?: .*)?",
        "help priority {n}",
    ),
    (
        rf"(?:bump|upvote|prio|boost|\+1) {_MARKED}(?: (?:up|down|high|low|[0-9]))?",
        "help priority {n}",
    ),
    (
        rf"(?:move )?{_MARKED} (?:back )?(?:to (?:the )?)?(?:backlog|to ?do|do|back)",
        "help move {n}",
    ),
    (
        r"(?:push|move|delay|postpone|extend|defer|bump)(?: back| out)? "
        rf"{_ITEM}(?: out| back)?(?: by)? {_LENGTH}",
        "help push {n}",
    ),
    (rf"(?:add a )?(?:note|comment)(?: on| to| for| about)? {_ITEM}\b.*", "help comment {n}"),
    (rf"merge {_ITEM} (?:into|and|with) .*", "help merge {n}"),
    (
        rf"{_MARKED} (?:is )?(?:\+1|urgent|important|(?:high|low|top)(?: prio(?:rity)?)?"
        r"|(?:prio(?:rity)?|p) ?(?:[0-9]|high|low))",
        "help priority {n}",
    ),
    (
        r"(?:estimate|size|score|points?|sp|set|give)(?: the)?(?: (?:points?|size|estimate)"
        rf"(?: of| for| on)?)? {_MARKED}(?: to| at| as| is| =)? {_POINTS}",
        "help points {n}",
    ),
    (
        rf"{_MARKED}(?: is| =| has)?(?: (?:size|points?|sp|estimate|estimated(?: at)?):?)?"
        rf" ?{_POINTS}",
        "help points {n}",
    ),
    (rf"{_MARKED} (?:sp|pts?|points?)[:=] ?{_POINTS}", "help points {n}"),
    # assign #3 to Grace, give #3 to me, I'll take #3, Grace takes #3, #3 @Grace
    (
        r"(?:(?:re)?assign|give|hand(?: over)?|pass(?: on)?|gib|weise|asigna|da|dale|assigne|donne"
        rf"|atribui) {_MARKED_ITEMS}"
        rf" (?:(?:to|over to|on to|an|a|zu|para|fur|for) )?{_WHO}",
        "backlog owner {n} {rest}",
    ),
    (
        r"(?:(?:re)?assign|give|hand(?: over)?|pass(?: on)?|transfer) "
        rf"{_ITEMS} (?:over |on )?to {_WHO}",
        "backlog owner {n} {rest}",
    ),
    (rf"(?:make|set) {_WHO} (?:the )?owner (?:of|for) {_ITEMS}", "backlog owner {n} {rest}"),
    (rf"(?:assign|give) {_WHO}(?: to)? {_MARKED_ITEMS}", "backlog owner {n} {rest}"),
    (rf"(?:assign|give) (?P<rest>me) {_ITEMS}", "backlog owner {n} {rest}"),
    (
        rf"(?:set |change )?{_OWNER} (?:of |for )?{_ITEMS} (?:to |is |= ?)?{_WHO}",
        "backlog owner {n} {rest}",
    ),
    (
        rf"(?:set|change) {_ITEMS} (?:owner|assignee):? (?:to |is )?{_WHO}",
        "backlog owner {n} {rest}",
    ),
    (rf"{_TAKES} {_ITEMS}", "backlog owner {n} me"),
    (rf"{_MARKED_ITEMS}(?: is| are)? (?:mine|me|for me|to me|on it)", "backlog owner {n} me"),
    (
        rf"{_WHO} (?:owns|takes|will (?:take|do|own)|does|gets|has|should (?:do|take|own|have)"
        rf"|can take|is on|macht|ubernimmt|hace) {_MARKED_ITEMS}",
        "backlog owner {n} {rest}",
    ),
    (rf"(?P<rest>@[^\s#:]+): {_MARKED_ITEMS}", "backlog owner {n} {rest}"),
    # #3 is due Friday, postpone #3 to Monday
    (
        rf"{_MARKED_ITEMS}(?: is| are| ist| es)?"
        r" (?:due|fallig|deadline|until|by|bis|para|pour|ate)"
        rf"(?: date| on| by| am| el| le)?:? {_REST}",
        "backlog due {n} {rest}",
    ),
    (rf"{_MARKED_ITEMS}(?: on| to| for| am| el)? {_SOON}", "backlog due {n} {rest}"),
    (
        rf"(?:move|bump|extend|push|postpone|delay) {_ITEMS}(?: to| till| until)? {_SOON}",
        "backlog due {n} {rest}",
    ),
    (
        rf"(?:set )?{_DATE} (?:of |for |on )?{_ITEMS}:? (?:is |to )?{_REST}",
        "backlog due {n} {rest}",
    ),
    (
        rf"(?:set|change|move|make) {_DATE} (?:of|for|on) "
        rf"{_ITEMS} (?:to|on|for) {_REST}",
        "backlog due {n} {rest}",
    ),
    (
        rf"(?:set|make) {_ITEMS} due(?: date)?(?: to| on| for| by)? {_REST}",
        "backlog due {n} {rest}",
    ),
    (
        r"(?:postpone|delay|push(?: back)?|defer|reschedule|schedule|snooze|extend|verschiebe?) "
        rf"{_ITEMS} (?:to|until|till|by|for|on|auf|bis) (?!{_LENGTH}){_REST}",
        "backlog due {n} {rest}",
    ),
    (
        rf"{_MARKED_ITEMS}(?: is| goes| belongs)? (?:to|fur|for|an|owner:?|para) {_WHO}",
        "backlog owner {n} {rest}",
    ),
    (rf"{_MARKED_ITEMS} (?P<rest>@[^\s#]+.*)", "backlog owner {n} {rest}"),
    # rename #3 to …
    (
        rf"(?:rename|retitle|title|benenne|renombra|renomme|renomeia) {_ITEM}"
        rf"(?: to| as| in| a| en| um in| para)?:? {_REST}",
        "backlog rename {n} {rest}",
    ),
    (rf"{_MARKED} (?:title|name): {_REST}", "backlog rename {n} {rest}"),
    (rf"call {_MARKED}:? {_REST}", "backlog rename {n} {rest}"),
    (
        r"(?:change|edit|update|set)(?: the)? (?:title|name|text|wording) (?:of|for) "
        rf"{_ITEM} to:? {_REST}",
        "backlog rename {n} {rest}",
    ),
    (rf"(?:edit|change|update|modify|correct) {_ITEM}", "backlog rename {n}"),
    (rf"{_MARKED} edit", "backlog rename {n}"),
    (rf"move {_ITEMS} (?:to|until|auf|bis) {_REST}", "backlog due {n} {rest}"),
    (rf"(?:move|change the state of) {_ITEM}", "backlog move {n}"),
    (rf"split(?: up)? {_ITEM}(?: (?:up|in(?:to)? .*))?", "backlog split {n}"),
    (rf"lift {_ITEM}", "backlog lift {n}"),
    (rf"(?:tag|label|theme)(?: of)? {_ITEM}(?: .*)?", "backlog theme {n}"),
    (rf"add #?[a-z][\w-]* to {_MARKED}", "backlog theme {n}"),
    (rf"{_MARKED} (?:themes?|tags?|labels?)\b.*", "backlog theme {n}"),
    (rf"{_MARKED}(?: #[a-z][\w-]*)+", "backlog theme {n}"),
    (rf"(?:refine|groom) {_ITEM}", "refine {n}"),
    (rf"coach (?:me (?:on|about|with) )?{_MARKED}", "coach {n}"),
    (rf"undo(?: the last change (?:of|on|to))? {_ITEM}", "backlog undo {n}"),
)

SEVERAL: Final = frozenset({"finish", "wsjf"})
"""These take several items at once; of another order each item gets its own line."""

_VOTE = (
    r"(?:(?:shall|should) we )?"
    r"(?:(?:start|open|run|begin|make|do|create|hold|launch|have|take|kick off) )?"
    r"(?:an? |the |another )?"
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
_WHEN_DUE = (
    r"(?:today|tomorrow|tmrw|soon|(?:this|next|nxt) (?:week|wk|month|sprint|iteration)"
    r"|(?:by |on |until )?(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|by \S.*"
    r"|in [0-9a-z]+ (?:days?|weeks?))"
)
_LISTS = (
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
_VOTES = (
    (rf"{_VOTE} {_ITEMS}(?: {_CLOSING})?", "wsjf {n} {rest}"),
    (
        rf"{_VOTE} (?P<rest>(?:top|first|next) (?:[0-9]{{1,3}}|{'|'.join(SPELT_OUT)})\b.*)",
        "wsjf start {rest}",
    ),
)

PATTERNS: Final = tuple(
    (re.compile(pattern), line)
    for pattern, line in (*_RHYTHMS, *_ASKS, *_CHANGES, *_VOTES, *_LISTS, *_BALLOTS)
)
"""In this order: the first that matches counts."""
