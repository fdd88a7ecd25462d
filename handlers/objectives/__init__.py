"""Plan a PI together: vision, themes, objectives, confidence, risks, and what came of them."""

from __future__ import annotations

from bot.feature import CommandSpec, Feature, Verb
from handlers.objectives import beside, confidence, goals, news, on_page, planning, risks, there
from handlers.objectives.actions import (
    CancelFists,
    CastFist,
    ChangeView,
    Choose,
    ChooseRisk,
    Close,
    ClosedView,
    ConfidenceResultView,
    ConfidenceView,
    DiffersView,
    OpenChange,
    OpenFist,
    OpenLink,
    OpenRisk,
    OpenRoam,
    OpenScore,
    OpenSetup,
    OpenVision,
    RevealFists,
    RiskView,
    SaveChange,
    SaveLink,
    SaveNew,
    SaveRisk,
    SaveRoam,
    SaveScore,
    SaveSetup,
    SaveVision,
    StartConfidence,
    TurnPage,
)
from handlers.ui.actions import OpenObjective
from handlers.ui.views import ObjectiveView

FEATURE = Feature(
    name="objectives",
    commands={
        "pi": CommandSpec(
            summary="Plan a PI: from the vision to the items",
            run=planning.pi,
            example="pi",
            what="shows vision, themes, objectives and items, and what hangs loose",
            verbs={
                "setup": Verb(planning.setup, "pi setup", "sets up the planning interval"),
                "vision": Verb(planning.vision, "pi vision", "changes the vision and the themes"),
                "objective": Verb(
                    goals.objective, "pi objective add", "writes an objective of this team"
                ),
                "objectives": Verb(
                    goals.objectives, "pi objectives", "shows this team's objectives to change"
                ),
                "link": Verb(goals.link, "pi link #12 #13", "hangs items on an objective"),
                "confidence": Verb(
                    confidence.confidence, "pi confidence", "asks everyone for a number, hidden"
                ),
                "risk": Verb(
                    risks.risk, "pi risk The vendor may be late", "raises a risk to the plan"
                ),
                "risks": Verb(risks.risks, "pi risks", "shows what was decided about each risk"),
                "score": Verb(goals.score, "pi score", "says what each objective was worth"),
                "close": Verb(planning.close, "pi close", "ends the PI, with its predictability"),
            },
        )
    },
    actions={
        TurnPage: planning.turn_page,
        OpenVision: planning.vision,
        SaveVision: planning.save_vision,
        OpenSetup: planning.setup,
        SaveSetup: planning.save_setup,
        Close: planning.save_close,
        OpenObjective: goals.open_new,
        SaveNew: goals.save_new,
        Choose: goals.choose,
        OpenChange: goals.open_change,
        SaveChange: goals.save_change,
        OpenLink: goals.open_link,
        SaveLink: goals.save_link,
        OpenScore: goals.score,
        SaveScore: goals.save_score,
        OpenRisk: risks.open_risk,
        SaveRisk: risks.save_risk,
        ChooseRisk: risks.choose_risk,
        OpenRoam: risks.open_roam,
        SaveRoam: risks.save_roam,
        StartConfidence: confidence.confidence,
        OpenFist: confidence.open_fist,
        CastFist: confidence.cast,
        RevealFists: confidence.reveal,
        CancelFists: confidence.cancel,
    },
    views={
        ObjectiveView: goals.draw,
        ChangeView: news.draw_change,
        DiffersView: beside.draw,
        ClosedView: planning.draw_closed,
        RiskView: risks.draw,
        ConfidenceView: confidence.draw,
        ConfidenceResultView: confidence.draw_result,
    },
    on_page=on_page.entries,
    pulled=there.take_in,
)
