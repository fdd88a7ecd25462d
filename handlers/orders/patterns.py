"""What orders and questions about items look like, and the command line that each stands for.

Patterns are of folded words and match a whole line. `{n}` are the items' numbers, `{rest}` is what
follows, in the words as they were typed.
"""

from __future__ import annotations

import re
from typing import Final

from handlers.orders.pieces import ITEM, ITEMS, MARKED, MARKED_ITEMS, REST, SOON, WHO
from handlers.orders.refining import REFINES
from handlers.orders.voting import BALLOTS, LISTS, RETROS, RHYTHMS, VOTES
from handlers.rules.numbers import DIGITS

_IS = r"(?:'s| is|s)"
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

_ASKS = (
    # who owns #14, whose is 14, #14 owner
    (
        rf"(?:who (?:owns?|has|have|takes|does|works on|is doing|is responsible for)"
        rf"|who{_IS} (?:(?:working )?on|got|doing|owning|handling|responsible for)"
        rf"|who (?:is )?assigned to|whose(?: item)? is|who{_IS} (?:the )?(?:owner|assignee)"
        r" (?:of|for)"
        r"|owner(?: of| for)?|no ?(?:body|one) owns|wem gehort|wer (?:macht|hat|ist dran an)"
        rf"|de quien es|quien (?:tiene|hace)|a qui est|qui (?:a|fait)|quem (?:tem|faz)) {ITEMS}",
        "backlog owner {n}",
    ),
    (rf"{ITEM} (?:owner|assignee|who)", "backlog owner {n}"),
    # when is #3 due, deadline of #3, #3 due
    (
        rf"(?:when{_IS}|when will|wann ist|cuando (?:es|vence)|quand est|quando e) {ITEM}"
        r"(?: (?:due|done|finished|fallig|be done|be finished|be ready))?",
        "backlog due {n}",
    ),
    (
        rf"(?:(?:what{_IS} the )?(?:due date|due|deadline)(?: of| for| on)?|by when(?: is)?"
        rf"|until when(?: is)?|bis wann(?: ist)?) {ITEM}(?: due)?",
        "backlog due {n}",
    ),
    (rf"{MARKED} (?:due|deadline|when)", "backlog due {n}"),
    # what's the status of #7, how is #7 going, show me #4, #4
    (
        rf"(?:(?:(?:what{_IS}|wie ist|was ist|cual es|quel est|qual e)(?: the| der| el| le| o)? )?"
        r"(?:status|state|progress|estado|statut|stand|story|history|details?)"
        rf"(?: of| on| for| von| de| du)?|where{_IS}|how{_IS}|how about|what about|any news on"
        rf"|what{_IS}(?: up with| with| about)?|what happened (?:to|with)|show(?: me)?|open|view"
        r"|see|display|read|get|look at|tell me(?: more)? about|find|is|zeige?(?: mir)?"
        rf"|was ist mit|muestra(?:me)?|ver|montre(?:-moi)?|mostrar?) {ITEM}"
        r"(?: (?:doing|going|about|at|done(?: yet)?|finished|ready))?",
        "backlog {n}",
    ),
    (rf"{MARKED}(?: status| state| details)?", "backlog {n}"),
    # should we close #3, who closed #3, why is #3 late: its story tells
    (
        r"(?:(?:should|shall) (?:we|i) (?!vote|score|estim|rank|priori)[a-z]+"
        r"|(?:who|when did (?:we|you|i)) (?:closed?|dropp?(?:ed)?|created?|captured?|wrote|write"
        r"|changed?|finish(?:ed)?|re-?open(?:ed)?|moved?|start(?:ed)?)"
        rf") {ITEM}",
        "backlog {n}",
    ),
    (rf"(?:why|when|how come) (?:is|was|are|did|does|has) {MARKED}(?: (?!due).*)?", "backlog {n}"),
    (rf"(?:improvement )?(?P<n>{DIGITS})", "backlog {n}"),
)

_TAKES = (
    r"(?:(?:i(?: wi|')?ll?|let me) (?:take|do|own|handle)|i(?: can)? (?:take|own|do|got|have)"
    r"|i'?ve got|i(?: a|')?m on|on it|(?:i(?: a|')?m )?taking"
    r"|i could (?:take|do|own)|take over|my turn|mine|me|gimme|take|claim|grab"
    r"|assign me(?: to)?|give me"
    r"|ich (?:nehme|mache|ubernehme)|yo (?:hago|tomo)|je prends|eu (?:faco|pego))"
)
_OWNER = r"(?:the )?(?:owner|assignee)"
_DATE = r"(?:the )?(?:due date|due|deadline|date)"

_KIND = r"(?:story|feature|enabler|improvement)"

_CHANGES = (
    # mark #14 done, close #14 and #15, #14 is done, 14 done
    (rf"(?:mark|set|call) {ITEMS} (?:as |to |auf |als )?{_DONE}", "backlog finish {n}"),
    (
        r"(?:closed?|finish|complete|resolved?|accept|tick(?: off)?|check off|done(?: with)?"
        r"|finished|fixed|completed|i(?: a|')m done with"
        r"|we(?: a|')re done with"
        r"|(?:i|we|i have|we have|i've|we've) (?:finished|did|done|closed|fixed|shipped|completed)"
        r"|schliessen?|schliess|erledigen?|cierra|termina"
        rf"|ferme|termine|fecha|conclui):? {ITEMS}(?:,? (?:as |is )?{_DONE}\b.*|{_AT_LAST})",
        "backlog finish {n}",
    ),
    (
        rf"(?:shipped|deployed|released|merged|solved) {MARKED_ITEMS}{_AT_LAST}",
        "backlog finish {n}",
    ),
    (
        rf"{ITEMS}(?: (?:is|are|was|were|has been|ist|sind|esta|est))?"
        rf"(?: (?:now|already|all|both|jetzt|ya|deja))? {_DONE}{_AT_LAST}",
        "backlog finish {n}",
    ),
    (
        rf"(?:re-?open|open again|bring back|restore) {ITEMS}(?: again|, .*)?",
        "backlog move {n} open",
    ),
    (
        rf"{MARKED_ITEMS}(?: is| are| was)?(?: not|n't|nt) {_DONE}(?: yet| after all)?",
        "backlog move {n} open",
    ),
    (rf"not {_DONE}(?: yet)?:? {MARKED_ITEMS}", "backlog move {n} open"),
    (rf"open {MARKED} again", "backlog move {n} open"),
    (
        rf"(?:close|drop|delete|remove|resolve) {ITEMS},? (?:as |because |it'?s )?{_DUPLICATE}",
        "backlog drop {n} duplicate",
    ),
    (rf"{MARKED_ITEMS} (?:is |are )?{_DUPLICATE}", "backlog drop {n} duplicate"),
    (
        rf"(?:close|resolve|mark) {ITEMS},? (?:as |because )?(?:it'?s )?{_NEVER}",
        "backlog drop {n}",
    ),
    (rf"{MARKED_ITEMS} (?:is |are )?{_NEVER}", "backlog drop {n}"),
    (
        r"(?:drop|delete|remove|cancel|discard|kill|trash|throw away|archive|get rid of|reject"
        r"|dismiss|decline|won'?t (?:do|fix)|loschen?"
        r"|verwirf|verwerfen|streichen?|entfernen?|elimina|borra|quita|supprime|enleve|apaga"
        rf"|exclui) {ITEMS}",
        "backlog drop {n}",
    ),
    (rf"{MARKED} (?:loschen|streichen|entfernen|delete|drop|remove)", "backlog drop {n}"),
    (
        rf"(?:drop|delete|remove|discard) {MARKED_ITEMS},? (?!and |& |und |#)(?:because )?{REST}",
        "backlog drop {n} {rest}",
    ),
    # #3 is due never, #3 belongs to nobody
    (
        r"(?:no|remove|clear|delete|drop|cancel|unset) "
        rf"{_DATE} (?:of |for |from |on )?{ITEMS}",
        "backlog due {n} never",
    ),
    (rf"{MARKED_ITEMS}(?: has| have)? no {_DATE}", "backlog due {n} never"),
    (
        r"(?:remove|clear|drop|unassign|take)"
        rf" (?:{_OWNER}|me|him|her) (?:of|off|from) {ITEMS}",
        "backlog owner {n} nobody",
    ),
    (rf"unassign {ITEMS}", "backlog owner {n} nobody"),
    (
        rf"{MARKED_ITEMS}"
        r" (?:(?:has|have) no (?:owner|assignee)|(?:is )?(?:unassigned|nobody(?:'s)?))",
        "backlog owner {n} nobody",
    ),
    # move #3 to in progress, #3 is ready, move #3 to Friday
    (
        r"(?:move|put|set|change|send|schiebe?|setze?|mueve|pon|deplace) "
        rf"{ITEMS} (?:(?:to|in|into|on|auf|nach|a|en|em) )?{_DONE}",
        "backlog finish {n}",
    ),
    (rf"{MARKED_ITEMS} to {_DONE}", "backlog finish {n}"),
    (
        r"(?:move|put|set|change|send|mark|schiebe?|setze?|mueve|pon|deplace) "
        rf"{ITEMS} (?:back )?(?:(?:to|in|into|on|as|auf|nach|a|en|em) )?{_STATE}",
        "backlog move {n} {rest}",
    ),
    (rf"{MARKED_ITEMS}(?: is| are| to)?(?: now)? {_STATE}", "backlog move {n} {rest}"),
    (rf"{ITEMS} (?:is|are)(?: now)? {_STATE}", "backlog move {n} {rest}"),
    (
        rf"(?:start(?: working on| with)?|begin|work(?:ing)? on|i(?: a|')m working on|i started) "
        rf"{ITEMS}",
        "backlog move {n} started",
    ),
    # a place in the ranking comes of a vote, points of refining
    (
        rf"(?:move|put|push|rank) {ITEM} (?:to (?:the )?(?:very )?(?:top|bottom|first|last)"
        r"|up|down|higher|lower|first|last)(?: .*)?",
        "help priority {n}",
    ),
    (
        rf"(?:bump|upvote|prio|boost|\+1) {MARKED}(?: (?:up|down|high|low|[0-9]))?",
        "help priority {n}",
    ),
    (
        rf"(?:move )?{MARKED} (?:back )?(?:to (?:the )?)?(?:backlog|to ?do|do|back)",
        "help move {n}",
    ),
    (
        r"(?:push|move|delay|postpone|extend|defer|bump)(?: back| out)? "
        rf"{ITEM}(?: out| back)?(?: by)? {_LENGTH}",
        "help push {n}",
    ),
    (rf"(?:add a )?(?:note|comment)(?: on| to| for| about)? {ITEM}\b.*", "help comment {n}"),
    (rf"merge {ITEM} (?:into|and|with) .*", "help merge {n}"),
    (
        rf"{MARKED} (?:is )?(?:\+1|urgent|important|(?:high|low|top)(?: prio(?:rity)?)?"
        r"|(?:prio(?:rity)?|p) ?(?:[0-9]|high|low))",
        "help priority {n}",
    ),
    # assign #3 to Grace, give #3 to me, I'll take #3, Grace takes #3, #3 @Grace
    (
        r"(?:(?:re)?assign|give|hand(?: over)?|pass(?: on)?|gib|weise|asigna|da|dale|assigne|donne"
        rf"|atribui) {MARKED_ITEMS}"
        rf" (?:(?:to|over to|on to|an|a|zu|para|fur|for) )?{WHO}",
        "backlog owner {n} {rest}",
    ),
    (
        r"(?:(?:re)?assign|give|hand(?: over)?|pass(?: on)?|transfer) "
        rf"{ITEMS} (?:over |on )?to {WHO}",
        "backlog owner {n} {rest}",
    ),
    (rf"(?:make|set) {WHO} (?:the )?owner (?:of|for) {ITEMS}", "backlog owner {n} {rest}"),
    (rf"(?:assign|give) {WHO}(?: to)? {MARKED_ITEMS}", "backlog owner {n} {rest}"),
    (rf"(?:assign|give) (?P<rest>me) {MARKED_ITEMS}", "backlog owner {n} {rest}"),
    (
        rf"(?:set |change )?{_OWNER} (?:of |for )?{ITEMS} (?:to |is |= ?)?{WHO}",
        "backlog owner {n} {rest}",
    ),
    (
        rf"(?:set|change) {ITEMS} (?:owner|assignee):? (?:to |is )?{WHO}",
        "backlog owner {n} {rest}",
    ),
    (rf"{_TAKES} {MARKED_ITEMS}", "backlog owner {n} me"),
    (
        rf"{_TAKES} {MARKED_ITEMS},? (?P<rest>(?:by|until|due|bis) \S.*|today|tomorrow)",
        "backlog owner {n} me {rest}",
    ),
    (
        r"(?:(?:i(?: wi|')?ll?|let me) take|gimme|i'?ve got|i got|claim|assign me(?: to)?) "
        rf"{ITEMS}",
        "backlog owner {n} me",
    ),
    (rf"{MARKED_ITEMS}(?: is| are)? (?:mine|me|for me|to me|on it)", "backlog owner {n} me"),
    (
        rf"{WHO} (?:owns|takes|will (?:take|do|own)|does|gets|has|should (?:do|take|own|have)"
        rf"|can take|is on|macht|ubernimmt|hace) {MARKED_ITEMS}",
        "backlog owner {n} {rest}",
    ),
    (
        rf"(?P<rest>@[^\s#:]+):? (?:please |pls )?(?:takes? |do |own )?{MARKED_ITEMS}",
        "backlog owner {n} {rest}",
    ),
    (
        rf"(?:let|have) {WHO} (?:take|do|own|handle|work on) {MARKED_ITEMS}",
        "backlog owner {n} {rest}",
    ),
    (rf"(?:unassign|take) [^\s#]+ (?:from|off|of) {MARKED_ITEMS}", "backlog owner {n} nobody"),
    (rf"take {MARKED_ITEMS} (?:off|away from|from) [^\s#]+", "backlog owner {n} nobody"),
    # #3 is due Friday, postpone #3 to Monday
    (
        rf"{MARKED_ITEMS}(?: is| are| ist| es)?"
        r" (?:due|fallig|deadline|until|by|bis|para|pour|ate)"
        rf"(?: date| on| by| am| el| le)?:? {REST}",
        "backlog due {n} {rest}",
    ),
    (rf"{MARKED_ITEMS}(?: on| to| for| am| el)? {SOON}", "backlog due {n} {rest}"),
    (
        rf"{MARKED_ITEMS} (?P<rest>in (?:[0-9]+|an?|one|two|three) (?:days?|weeks?|months?))",
        "backlog due {n} {rest}",
    ),
    (
        rf"{MARKED_ITEMS} (?:(?:(?:needs?|has|have|is|are) )?to|must|should|will) be"
        rf" {_DONE} (?:(?:by|until|before|on|at) )?{REST}",
        "backlog due {n} {rest}",
    ),
    (rf"{MARKED_ITEMS} {_DONE} (?:by|until|before) {REST}", "backlog due {n} {rest}"),
    (
        rf"(?:move|bump|extend|push|postpone|delay) {ITEMS}(?: to| till| until)? {SOON}",
        "backlog due {n} {rest}",
    ),
    (
        rf"(?:set )?{_DATE} (?:of |for |on )?{ITEMS}:? (?:is |to )?{REST}",
        "backlog due {n} {rest}",
    ),
    (
        rf"(?:set|change|move|make) {_DATE} (?:of|for|on) "
        rf"{ITEMS} (?:to|on|for) {REST}",
        "backlog due {n} {rest}",
    ),
    (
        rf"(?:set|make) {ITEMS} due(?: date)?(?: to| on| for| by)? {REST}",
        "backlog due {n} {rest}",
    ),
    (
        r"(?:postpone|delay|push(?: back)?|defer|reschedule|schedule|snooze|extend|verschiebe?) "
        rf"{ITEMS} (?:to|until|till|by|for|on|auf|bis) (?!{_LENGTH}){REST}",
        "backlog due {n} {rest}",
    ),
    (
        rf"{MARKED_ITEMS}(?: is| goes| belongs)? (?:to|fur|for|an|owner:?|para) {WHO}",
        "backlog owner {n} {rest}",
    ),
    (rf"{MARKED_ITEMS} (?P<rest>@[^\s#]+.*)", "backlog owner {n} {rest}"),
    # rename #3 to …
    (
        rf"(?:rename|retitle|title|benenne|renombra|renomme|renomeia) {ITEM}"
        rf"(?: to| as| in| a| en| um in| para)?:? {REST}",
        "backlog rename {n} {rest}",
    ),
    (
        rf"{MARKED} (?:(?:new )?(?:title|name):|(?:should be|is) (?:now )?(?:called|named))"
        rf" {REST}",
        "backlog rename {n} {rest}",
    ),
    (
        rf"(?:change|edit|reword|rephrase) {MARKED} (?:in)?to:? (?P<rest>\S+ \S+ \S.*)",
        "backlog rename {n} {rest}",
    ),
    (rf"call {MARKED}:? {REST}", "backlog rename {n} {rest}"),
    (
        r"(?:change|edit|update|set)(?: the)? (?:title|name|text|wording) (?:of|for) "
        rf"{ITEM} to:? {REST}",
        "backlog rename {n} {rest}",
    ),
    (rf"(?:edit|change|update|modify|correct) {ITEM}", "backlog rename {n}"),
    (rf"{MARKED} edit", "backlog rename {n}"),
    (rf"move {ITEMS} (?:to|until|auf|bis) {REST}", "backlog due {n} {rest}"),
    (rf"(?:move|change the state of) {ITEM}", "backlog move {n}"),
    (rf"split(?: up)? {ITEM}(?: (?:up|in(?:to)? .*))?", "backlog split {n}"),
    (rf"lift {ITEM}(?: to (?:the )?train)?", "backlog lift {n}"),
    (rf"(?:make|turn) {MARKED} (?:in)?(?:to )?an? train(?:'s)? item", "backlog lift {n}"),
    (
        rf"(?:(?:make|turn|convert|change) )?{MARKED}(?: is| into| to)? (?:an? )?{_KIND}",
        "backlog rename {n}",
    ),
    (rf"(?:tag|label|theme)(?: of)? {ITEM}(?: .*)?", "backlog theme {n}"),
    (rf"(?:untag|remove #[a-z][\w-]* from) {ITEM}(?: .*)?", "backlog theme {n}"),
    (rf"add (?:the |a )?(?:(?:tag|theme|label) )?#?[a-z][\w-]* to {MARKED}", "backlog theme {n}"),
    (rf"{MARKED} (?:themes?|tags?|labels?)\b.*", "backlog theme {n}"),
    (rf"{MARKED}(?: #[a-z][\w-]*)+", "backlog theme {n}"),
    (rf"(?:refine|groom) {ITEM}", "refine {n}"),
    (rf"coach (?:me (?:on|about|with) )?{MARKED}", "coach {n}"),
    (
        rf"undo(?: the last change (?:of|on|to))?(?: (?:the )?(?:close|closing|drop|dropping|move"
        rf"|rename|assign(?:ment)?|owner|due date)(?: of| on)?)? {ITEM}",
        "backlog undo {n}",
    ),
)

SEVERAL: Final = frozenset({"finish", "wsjf"})
"""These take several items at once; of another order each item gets its own line."""

PATTERNS: Final = tuple(
    (re.compile(pattern), line)
    for pattern, line in (*RHYTHMS, *_ASKS, *REFINES, *BALLOTS, *_CHANGES, *VOTES, *RETROS, *LISTS)
)
"""In this order: the first that matches counts."""
