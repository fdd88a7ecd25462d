"""Words people try because other tools have them: what each is here, and what to type for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


def _table(lines: str) -> dict[str, str]:
    """Read `word, word = command line` into word → command line."""
    table: dict[str, str] = {}
    for line in filter(None, map(str.strip, lines.splitlines())):
        words, _, command = line.partition(" = ")
        table.update(dict.fromkeys(words.split(", "), command))
    return table


WORDS: Final[Mapping[str, str]] = _table(
    """
    insight, insights, bug, problem, improvements = improve
    improve, idea, ideas, improvement, suggestion, suggest, feedback, log, add = improve
    new, create, capture, add idea, new idea, new item, add item, new improvement = improve
    create item, report, note, neu, neue idee, nueva idea, nouvelle idee = improve
    nova ideia, verbesserung, mejora = improve
    coach, coach me, coaching, help me think = coach
    backlog, list, items, tickets, issues, board, kanban, stories, priorities = backlog
    what next, next item, next one, next items, whats the next item = backlog
    next, whats next, show, show backlog, show items, show improvements, show list = backlog
    show tickets, show stories, show open items, show whole backlog, show board = backlog
    whats in the backlog, whats in our backlog, whats on the list, search, find = backlog
    liste, aufgaben, lista, tareas, taches, tarefas, zeigen, mostrar = backlog
    what should we do next, what should we do, what shall we do next, what now = backlog
    what do we do next, what should i do next, what comes next, what to do next = backlog
    what should we work on next, what should we work on, what shall we work on next = backlog
    what should we start next, what should we pick next, what should we pick up next = backlog
    was kommt als nachstes, was machen wir als nachstes, que hacemos ahora = backlog
    et maintenant, zeig mir das backlog, muestra el backlog, montre le backlog = backlog
    top, whats on top, whats top, top items, the top items, top of the backlog = backlog
    highest priority, most important, most important items, whats most important = backlog
    whats the most important, whats the top priority, top priority, top priorities = backlog
    what should i pick up next, what should i pick next, what should i work on next = backlog
    late, whats late, overdue, whats overdue, overdue items, late items = backlog overdue
    show overdue, show late, show overdue items, anything overdue, anything late = backlog overdue
    past due, whats past due, uberfallig, atrasados, en retard, atrasado = backlog overdue
    due, whats due, whats due soon, due soon, deadlines, due dates, show due = backlog due
    upcoming, whats coming up, show deadlines = backlog due
    my open items, my work, my list, my backlog, what do i have, what do i owe = backlog mine
    what am i working on, what am i on the hook for, items of mine, show my work = backlog mine
    todo, todos, to-do, task, tasks, my items, my tasks, my todos = backlog mine
    show mine, show tasks, show todos, show my items, show my tasks, list my items = backlog mine
    show my todos, meine aufgaben, mis tareas, mes taches = backlog mine
    minhas tarefas, what do i own = backlog mine
    backlog my, backlog my items, backlog for me, backlog mine open = backlog mine
    backlog open mine, backlog my open items, backlog me, backlog assigned to me = backlog mine
    backlog all, backlog everything, backlog all items, backlog open items, backlog list = backlog
    backlog unassigned, backlog without owner, backlog without an owner = backlog unowned
    backlog no owner, backlog nobody, backlog not assigned = backlog unowned
    backlog finished, backlog completed, backlog closed items, backlog done items = backlog done
    backlog open, backlog full, backlog whole, backlog complete = backlog
    backlog blocked, backlog blockers, backlog waiting, backlog dependencies = backlog deps
    backlog nobodys, backlog no owners, backlog orphans, what has no owner = backlog unowned
    which items have no owner, items without owner, items without an owner = backlog unowned
    which items have no due date, what has no due date = backlog no due date
    items without due date, items without a due date = backlog no due date
    wrong one, wrong item, wrong number, thats wrong, not that one = backlog undo
    thats not what i meant, not what i meant, i made a mistake, my mistake = backlog undo
    wsjf close, wsjf reveal, wsjf cancel, wsjf stop, wsjf status, wsjf end, wsjf show = wsjf
    wsjf skip, wsjf pass, wsjf abstain = help ballot
    is this anonymous, is it anonymous, am i anonymous, is this private = help privacy
    who can see this, who sees this, who can see it, who can read this = help privacy
    do you read our messages, do you read my messages, are you listening = help privacy
    where is my data, where is my data stored, where is our data stored = help privacy
    delete my data, forget me, are votes anonymous, is my vote anonymous = help privacy
    can i vote anonymously, how do i vote anonymously, who can see my vote = help privacy
    are you a bot, what are you, who made you = help
    unassigned, unowned, without owner, no owner, orphans, show unowned = backlog unowned
    ready, ready items, show ready, show ready items, whats ready = backlog ready
    stale, old, old items, forgotten, show stale, show stale items, whats stale = backlog stale
    blocked, blockers, dependencies, waiting, deps, show deps, whats blocked = backlog deps
    whats blocking us, what is blocking us, what blocks us, what are we waiting for = backlog deps
    what are we waiting on, whats holding us up, who is waiting for us = backlog deps
    what did we finish, what did we ship, what did we get done, what got done = backlog done
    what was done, what was finished, whats finished, what have we done, wins = backlog done
    what did we do, what did we finish this week, what got done this week = backlog done
    what was done last week, what did we ship last week, recently done = backlog done
    done, finished, completed, erledigt, hecho, termine, show done, whats done = backlog done
    show train, train backlog, train items = backlog train
    import, upload, csv, jira, load, bring in, import backlog, import csv, importar = backlog import
    import from jira, jira import, importieren, importer, excel, spreadsheet = backlog import
    exports, export as csv, export as excel, export everything = backlog export
    import jira, import excel, import items, import file = backlog import
    connect to jira, connect us to jira, link jira, hook up jira, jira connect = connect jira
    integrate jira, jira integration, integrate with jira, connect our jira = connect jira
    integrations, integration, connect tracker, connect a tracker, connect our tracker = connect
    sync, sync now, sync jira, jira sync, sync tracker, synchronize, refresh jira = tracker sync
    jira status, tracker status, sync status, is jira connected = tracker
    disconnect, disconnect jira, jira disconnect, unlink jira = tracker disconnect
    export, download, dump, backup, export backlog, export csv, exportar, exporter = backlog export
    exportieren, csv export, copy, export items, export to csv, export excel = backlog export
    wsjf, vote, voting, poll, polls, estimate, estimation, prioritize, prioritise = wsjf
    priority, planning poker, poker, planning-poker, score, scoring, start vote = wsjf
    vote now, start voting, abstimmen, abstimmung, votar, voter, schatzen, estimar = wsjf
    start a vote, open vote, new vote, open a vote, new poll, start poll, the vote = wsjf
    start a poll, start planning poker, wsjf vote, start wsjf, run a vote = wsjf
    shall we vote, should we vote, shall we vote now, should we vote now, do we vote now = wsjf
    ready to vote, are we ready to vote, time to vote, shall we start the vote = wsjf
    shall we start voting, shall we score, shall we estimate, should we estimate = wsjf
    stimmen wir ab, sollen wir abstimmen, votamos, on vote, vamos votar = wsjf
    do a vote, have a vote, hold a vote, show vote, show poll, open poll = wsjf
    how did the vote go, what won, who won, vote results, results of the vote = wsjf rank
    pass, i pass, i abstain, abstention, no vote, change my vote, change my cards = help ballot
    take back my vote, vote again, revote, my vote, my cards, my ballot = help ballot
    extend it, extend vote, extend the deadline, close voting, end voting = wsjf
    last retro, show last retro, previous retro, old retros = help retro
    rank, ranking, ranks, scores, results, result, leaderboard, show ranking = wsjf rank
    show ranks, show scores, show results, show rank = wsjf rank
    reveal the vote, reveal the cards, reveal vote, reveal cards, show cards, show the cards = wsjf
    close the vote, close vote, end the vote, end vote, finish the vote, stop the vote = wsjf
    extend the vote, who voted, who has voted, who hasnt voted, who has not voted = wsjf
    who didnt vote, who is missing, whos missing, vote status, show the vote = wsjf
    wsjf ranking, wsjf ranks, wsjf results, wsjf result, wsjf scores, wsjf list = wsjf rank
    wsjf all, wsjf everything, wsjf backlog, wsjf the backlog, wsjf unscored, wsjf new = wsjf
    wsjf items, wsjf open, wsjf all items, wsjf not voted, wsjf now = wsjf
    show notes, show retro notes, read the notes = retro
    retro tomorrow, retro next week, schedule a retro, schedule retro, plan a retro = help retro
    retro, retrospective, retrospektive, retrospectiva, start retro, new retro = retro
    reveal the retro, reveal the notes, reveal notes, close the retro, end the retro = retro
    finish the retro, stop the retro, cancel the retro, retro reveal, retro close, retro end = retro
    retro show, retro status, retro cancel, retro finish, retro stop, open retro = retro
    start a retro, do a retro, start retrospective, retro now, show retro, retro time = retro
    do the retro, do the retro now, have the retro, run the retro, next retro = retro
    nachste retro, do a retro now, start the retro now, hold the retro = retro
    have a retro, run a retro, hold a retro, begin retro, do retro, start the retro = retro
    start a retrospective, do a retrospective, start a new retro, have a retrospective = retro
    themes, tags, topics, patterns, theme, show themes, show tags = themes
    digest, metrics, metric, health, status, dashboard, kpi, kpis, stats, statistics = digest
    what changed, what changed this week, what happened, what happened this week = digest
    what happened last week, whats new, any news, last digest, show last digest = digest
    summary, weekly, overview, show digest, backlog health, weekly digest = digest
    show health, show status, show metrics, how are we doing, how is the backlog = digest
    how healthy is our backlog, how is our backlog = digest
    unsubscribe, digest stop, digest never, digest disable, digest end, stop digest = digest off
    stop the digest, no more digests, no digest, turn off digest, digest cancel = digest off
    turn off the digest, digest stop it, digest no, digest none, cancel digest = digest off
    cancel the digest, disable the digest, disable digest, digest remove = digest off
    digest pause, digest unsubscribe, digest turn off, digest aus, digest silence = digest off
    turn the digest off, stop the weekly digest, digest off now, digest quit = digest off
    when does the digest come, when is the digest, when is the next digest = digest on
    subscribe, digest weekly, digest schedule, digest start, digest subscribe = digest on
    digest every week, weekly digest on, schedule digest, schedule the digest = digest on
    turn on the digest, start the digest, digest enable, enable digest, digest an = digest on
    digest each week, digest once a week, digest post, post digest, turn on digest = digest on
    digest time, digest when, digest change, digest setup, digest settings = digest on
    turn the digest on, start digest, digest yes, digest every monday please = digest on
    digest daily, digest monthly, digest every day, digest hourly, daily digest = help monthly
    digest biweekly, digest every two weeks, monthly digest = help monthly
    pi, objectives, objective, okr, okrs, goals, goal, plan, planning, pi planning = pi
    roadmap, program increment, planning interval, show objectives, show pi, show plan = pi
    refine, refinement, groom, grooming, refining, refine backlog, refine something = refine next
    whats not ready, what should we refine next, refine the next one = refine next
    what should we refine, what do we refine next, whats not ready yet = refine next
    settings, config, configure, configuration, options, preferences, setup, set up = settings
    team, channel, rename, rename team, rename channel, name, train, timezone = settings
    time zone, zone, sprint, sprints, iteration, iterations, facilitator, admin = settings
    admins, facilitators, members, permissions, einstellungen, ajustes, parametres = settings
    configuracion, configuracoes, preferencias, rename the team, change team = settings
    change team name, set sprint length, sprint length, set sprint, set iterations = settings
    who is admin, who is the admin, who are the admins, set timezone, change timezone = settings
    set time zone, change time zone, change the team, set team name = settings
    show settings, change settings, team name, change the team name = settings
    my, mypage, my stuff, mine, my home, whats mine, what is mine = me
    what needs my attention, anything waiting on me, anything waiting for me = me
    do you need anything from me, do i have to do anything, whats waiting for me = me
    whats waiting on me, what do i need to do = me
    me, home, my page, page, profile, inbox, notifications, whoami, show page = me
    what do i have to do, whats on my plate, what should i do, anything for me = me
    what do you need from me, what needs me, what waits for me = me
    undo, undo that, undo it, undo this, revert, rollback, oops, take it back = backlog undo
    take that back, undo last, rueckgangig, ruckgangig, that was wrong, ups = backlog undo
    deshacer, annuler, desfazer, zuruck, undo my last change, undo last change = backlog undo
    revert that, no undo, undo the last one, mach das ruckgangig = backlog undo
    help, commands, command, menu, info, about, man, usage, manual, docs, hilfe = help
    ayuda, aide, ajuda, h, ?, -h, --help, help me, faq, support, guide, tutorial = help
    start, get started, getting started, begin, instructions, how to, howto, test = help
    i need help, need help, i dont get it, i dont understand, i am lost, im lost = help
    what can u do, what can i do here, what are my options, how do i use you = help
    show help, show commands, what can i say, what can i type = help
    how votes, how voting, how do votes, how estimation, how poker = help wsjf
    how vote, how wsjf, how estimate, how poll, how prioritize = help wsjf
    how retro, how retrospective = help retro
    how digest, how weekly digest = help digest
    how import, how export, how backlog, how items = help backlog
    how refine, how refinement, how ready = help refine
    how coach, how improve, how improvement, how item = help improve
    how pi, how objectives = help pi
    how settings, how themes = help settings
    """
)
"""What a whole line means, folded, without fillers and punctuation."""


@dataclass(frozen=True, slots=True)
class Hint:
    """What some words are here, in a sentence, and the lines to type; `#14` is any item."""

    sentence: str
    lines: tuple[str, ...]
    words: tuple[str, ...]


HINTS: Final = (
    Hint(
        "To finish an item:",
        ("backlog finish #14",),
        ("mark", "close", "finish", "complete", "resolve", "accept", "tick", "check"),
    ),
    Hint(
        "Nothing is deleted: an item is dropped, and keeps its story. A vote or a retro is "
        "cancelled under Manage on its card.",
        ("backlog drop #14",),
        ("drop", "delete", "remove", "cancel", "discard", "trash", "kill", "archive", "clear"),
    ),
    Hint(
        "To say who owns an item:",
        ("backlog owner #14 @Grace", "backlog owner #14 me"),
        (
            "assign",
            "unassign",
            "give",
            "hand",
            "owner",
            "assignee",
            "take",
            "claim",
            "who",
            "whose",
        ),
    ),
    Hint(
        "To say by when an item is done:",
        ("backlog due #14 Friday",),
        ("due", "deadline", "postpone", "delay", "schedule", "when", "push", "date"),
    ),
    Hint(
        "To change an item's words, press Edit on its card, or:",
        ("backlog rename #14 A better title",),
        ("retitle", "change", "edit", "update", "modify", "correct", "set", "call"),
    ),
    Hint(
        "To move an item on, or back:",
        ("backlog move #14 in progress", "backlog move #14"),
        ("move", "reopen", "put", "send", "state", "work", "working"),
    ),
    Hint(
        "Votes happen in the team's channel, on items by number:",
        ("wsjf #14 #15", "wsjf start top 8"),
        ("vote", "poll", "estimate", "score", "rank", "prioritize", "prioritise"),
    ),
    Hint(
        "Cards are played with Vote on the vote's card, where nobody sees them before the reveal. "
        "To see it, or the retro, again:",
        ("wsjf", "retro"),
        ("reveal", "ballot", "abstain", "cards"),
    ),
    Hint(
        "To read an item, with all that happened to it:",
        ("backlog #14",),
        ("show", "open", "view", "see", "read", "what", "whats", "where", "how", "display", "find"),
    ),
    Hint(
        "For ten minutes you can take back your last change of an item. What a vote or a retro "
        "decided is undone on its card.",
        ("backlog undo",),
        ("undo", "revert", "restore", "redo", "rollback"),
    ),
    Hint(
        "I remind by myself: whoever owns an item, once its day is over; and before a vote closes. "
        "To set the day:",
        ("backlog due #14 Friday",),
        ("remind", "reminder", "reminders", "notify", "alert", "snooze", "ping", "nudge", "nag"),
    ),
    Hint(
        "I write only what you ask for. To end the weekly digest:",
        ("digest off",),
        ("stop", "mute", "quit", "exit", "end", "pause", "silence", "leave", "quiet", "shut"),
    ),
    Hint(
        "There are no stand-ups here. What waits for you, and what you own:",
        ("me", "backlog mine"),
        ("standup", "stand-up", "daily", "checkin", "check-in", "scrum"),
    ),
    Hint(
        "The digest comes once a week, at the time you choose:",
        ("digest on Monday 9:00",),
        ("monthly", "biweekly", "fortnightly", "hourly"),
    ),
    Hint(
        "To say what an item waits for, and to see it all:",
        ("backlog waits #14 #15", "backlog deps"),
        ("link", "block", "blocked", "blocks", "depends", "waits", "waiting", "needs", "relate"),
    ),
    Hint(
        "Nobody sees your cards or notes before their reveal, --anon keeps no name at all, and I "
        "read only what is said to me. Whoever runs me can tell what is stored, and delete it.",
        ("improve Meetings run long --anon", "retro start 4Ls anonymous"),
        ("privacy", "anonymously", "private", "gdpr"),
    ),
    Hint(
        "Themes stand behind an item's sentence, and can be changed later:",
        ("improve Builds are slow #ci", "backlog theme #14"),
        ("tag", "label"),
    ),
    Hint(
        "Two items are not merged: drop one of them as a duplicate of the other.",
        ("backlog drop #14 duplicate",),
        ("merge", "duplicate", "dupe", "dup"),
    ),
    Hint(
        "What there is to know about an item stands in its details. To change them, press Edit on "
        "its card, or:",
        ("refine #14",),
        ("comment", "note", "attach", "describe"),
    ),
    Hint(
        "To set an item's points, which a vote never does:",
        ("backlog points #14 5", "refine #14"),
        ("point", "points", "pts", "sp", "size"),
    ),
    Hint(
        "Nobody sets an item's priority by hand: it comes of a vote, blind.",
        ("wsjf #14",),
        ("priority", "prio", "urgent", "important", "bump", "upvote", "boost"),
    ),
)

_HINTS: Final = {word: hint for hint in HINTS for word in hint.words}
VERBS: Final = tuple(_HINTS)


def hint(word: str) -> Hint | None:
    """Return what a word is here that is no command, or None."""
    return _HINTS.get(word)
