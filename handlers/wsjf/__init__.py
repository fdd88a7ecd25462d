"""Vote on items' WSJF: blind ballots, one reveal, second rounds, scores that say how sure they are.

Start a vote (`start`), fill in a ballot (`vote`), lead it (`lead`), settle what came out (`after`),
read the ranking (`rank`). What posts show is drawn in `draw`; the pure rules stand in `scale`,
`scoring`, `resampling`, `ranking`, `scales`, `deadline` and `export`.
"""

from __future__ import annotations

from bot.feature import CommandSpec, Feature, Verb
from handlers.ui.actions import OpenStart
from handlers.wsjf import after, closing, draw, lead, on_page, paid, rank, start, vote
from handlers.wsjf.actions import (
    Accept,
    Add,
    AddedView,
    Agree,
    Anchor,
    Cancel,
    CastVote,
    Export,
    HandOver,
    LeadView,
    Manage,
    NudgeView,
    OpenAdd,
    OpenAgain,
    OpenAgree,
    OpenAnchor,
    OpenBallot,
    OpenDeadline,
    OpenHandOver,
    OpenWhatIf,
    PollView,
    Remind,
    ResultView,
    Reveal,
    RoundView,
    Search,
    SetDeadline,
    ShowCards,
    ShowRank,
    Start,
    ThinView,
    TurnBack,
    Unaccept,
    Uncancel,
    VoteAgain,
    WhatIf,
)
from handlers.wsjf.notes import NOTES

FEATURE = Feature(
    name="wsjf",
    commands={
        "wsjf": CommandSpec(
            summary="Vote WSJF blind, reveal together",
            run=start.wsjf,
            example="wsjf #1 #2",
            what="starts a vote on these items; alone, shows the open vote or lets you choose",
            verbs={
                "start": Verb(
                    start.start_named,
                    "wsjf start top 8 by 16:00",
                    "starts a vote on the top of the backlog, or on #3 #7; closes by itself",
                ),
                "rank": Verb(
                    rank.rank_here,
                    "wsjf rank",
                    "ranks what was accepted, with how sure that is; add train for the train's",
                ),
                "payoff": Verb(
                    paid.payoff_here,
                    "wsjf payoff",
                    "tells whether what ranked high moved its metric more often",
                ),
                "export": Verb(
                    rank.export_here,
                    "wsjf export csv",
                    "gives you the accepted scores to copy, as csv or json",
                ),
            },
            free_text=True,
            notes=NOTES,
        )
    },
    actions={
        OpenStart: start.open_start,
        Start: start.start,
        Search: start.search,
        OpenAdd: start.open_add,
        Add: start.add,
        OpenBallot: vote.open_ballot,
        CastVote: vote.cast,
        TurnBack: vote.turn_back,
        Reveal: lead.reveal,
        Cancel: lead.cancel,
        Uncancel: lead.uncancel,
        Manage: lead.manage,
        Remind: lead.remind,
        OpenDeadline: lead.open_deadline,
        SetDeadline: lead.set_deadline,
        OpenHandOver: lead.open_hand_over,
        HandOver: lead.hand_over,
        Accept: after.accept,
        Unaccept: after.unaccept,
        OpenAnchor: after.open_anchor,
        Anchor: after.anchor,
        OpenAgain: after.open_again,
        VoteAgain: after.vote_again,
        OpenAgree: after.open_agree,
        Agree: after.agree,
        ShowCards: after.show_cards,
        ShowRank: rank.show_rank,
        OpenWhatIf: rank.open_what_if,
        WhatIf: rank.what_if,
        Export: rank.export,
    },
    views={
        PollView: draw.draw_poll,
        ResultView: draw.draw_result,
        NudgeView: draw.draw_nudge,
        ThinView: draw.draw_thin,
        LeadView: draw.draw_lead,
        RoundView: draw.draw_round,
        AddedView: draw.draw_added,
    },
    due={
        closing.DEADLINE: closing.ring,
        closing.REMIND: closing.remind_late,
    },
    on_page=on_page.entries,
)
