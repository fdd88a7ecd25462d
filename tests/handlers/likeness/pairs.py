"""Pairs of sentences as teams write them in retros, labelled by hand.

DUPLICATES say the same in other words: a person would merge them. LOOKALIKES share words or
shape and mean different work: merging them would lose an insight. They are hard on purpose; two
sentences picked at random are hardly ever alike. Words and threshold were chosen on the first
two lists. The NEW ones were written after that and only measure: leave them out of any tuning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from handlers.likeness import ALIKE, Scorer

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Figures:
    """How good a measure is at ALIKE, and how well it orders pairs: the area under the ROC curve.

    `precision` is the share of the pairs taken for alike that are, `recall` the share found.
    """

    precision: float
    recall: float
    area: float

    def __str__(self) -> str:
        return f"precision {self.precision:.2f}, recall {self.recall:.2f}, area {self.area:.3f}"


def figures(scorer: Scorer, duplicates: Sequence[Pair], lookalikes: Sequence[Pair]) -> Figures:
    same = [scorer(one, [other])[0] for one, other in duplicates]
    other = [scorer(one, [other])[0] for one, other in lookalikes]
    hits, slips = (sum(score >= ALIKE for score in scores) for scores in (same, other))
    ordered = sum((s > o) + (s == o) / 2 for s in same for o in other)
    return Figures(hits / (hits + slips), hits / len(same), ordered / (len(same) * len(other)))


def slips_at_random(scorer: Scorer) -> tuple[int, int]:
    """Return how many pairs of unlike sentences are taken for alike, and of how many."""
    sentences = sorted({pair[0] for pair in DUPLICATES + NEW_DUPLICATES})
    pairs = list(combinations(sentences, 2))
    return sum(scorer(one, [other])[0] >= ALIKE for one, other in pairs), len(pairs)


def every_sentence() -> list[str]:
    lists = (DUPLICATES, LOOKALIKES, NEW_DUPLICATES, NEW_LOOKALIKES)
    return sorted({sentence for pairs in lists for pair in pairs for sentence in pair})


DUPLICATES: tuple[Pair, ...] = (
    ("Estimation runs long", "Estimation sessions take too long"),
    ("Standups turn into status reports", "The daily standup is just a status report"),
    ("Code reviews take days", "Reviewing a PR takes several days"),
    ("Flaky tests block the pipeline", "CI is blocked by flaky tests"),
    ("Stories reach the sprint without acceptance criteria", "Acceptance criteria are missing"),
    ("Too many meetings", "We have too many meetings every week"),
    ("Onboarding documentation is outdated", "Update the onboarding docs"),
    ("The staging environment is down too often", "Staging env is unstable"),
    ("Release notes are written by hand", "Automate the release notes"),
    ("Nobody knows who approves a release", "It is unclear who approves releases"),
    ("Product owner is hard to reach", "The PO is not reachable during the sprint"),
    (
        "Dependencies on the platform team are found too late",
        "We discover platform team dependencies late",
    ),
    ("Builds are slow", "Slow build times"),
    ("Retro actions are never followed up", "We do not follow up on retro action items"),
    ("Scope changes in the middle of the sprint", "Mid-sprint scope changes"),
    ("Alerts are too noisy", "Too many noisy alerts at night"),
    ("Test data is hard to get", "Getting test data is difficult"),
    ("Deployments only happen on Thursdays", "We can only deploy on Thursday"),
    ("Stories are too big", "Split big stories"),
    ("No one owns the shared library", "The shared library has no owner"),
    ("Too much work in progress", "Limit WIP"),
    ("Definition of done is not respected", "DoD is ignored"),
    ("Refinement meetings are badly prepared", "Prepare refinement better"),
    ("Hotfixes skip code review", "Hot fixes are merged without review"),
    ("Customer feedback reaches us too late", "We get feedback from customers too late"),
    ("Technical debt is never prioritised", "Tech debt never gets prioritized"),
    ("The architecture decisions are not documented", "Document architecture decisions"),
    ("Handover between shifts is chaotic", "Shift handovers are chaotic"),
    ("Access rights for new colleagues take weeks", "New joiners wait weeks for access rights"),
    (
        "Demo environment broke during the review",
        "The demo environment failed in the sprint review",
    ),
    ("Integration tests run for an hour", "The integration test suite takes an hour"),
    ("Knowledge about billing sits with one person", "Only one person knows the billing system"),
    ("API changes break the mobile app", "Mobile app breaks when the API changes"),
    ("We commit to more than we finish", "We overcommit every iteration"),
    ("Feature flags are never removed", "Remove stale feature flags"),
    ("Logs are not searchable", "We cannot search the logs"),
    ("Priorities change every day", "Daily changing priorities"),
    ("Database migrations are scary", "DB migrations are risky"),
    ("Security review comes at the end", "The security review happens too late"),
    ("The backlog has hundreds of stale items", "Clean up stale backlog items"),
    ("Manual regression testing costs two days", "Automate regression tests"),
    ("Pair programming helped a lot", "Pairing was a great help"),
    ("Cross-team planning was missing", "No planning across teams"),
    ("Incident reviews have no outcome", "Post-mortems lead to nothing"),
)

LOOKALIKES: tuple[Pair, ...] = (
    ("Estimation runs long", "Standups run long"),
    ("Code reviews take days", "Deployments take days"),
    ("Flaky tests block the pipeline", "Slow tests cost us an hour a day"),
    ("Too many meetings", "Too many open pull requests"),
    ("Onboarding documentation is outdated", "API documentation is outdated"),
    ("Staging environment is unstable", "Staging environment is too expensive"),
    ("Automate the release notes", "Automate the database backups"),
    ("Nobody knows who approves a release", "Nobody knows how to roll back a release"),
    ("Product owner is hard to reach", "Designers are hard to reach"),
    ("Builds are slow", "The login page is slow"),
    ("Builds are slow", "Builds are not reproducible"),
    ("Retro actions are never followed up", "Feature flags are never removed"),
    (
        "Scope changes in the middle of the sprint",
        "Team members change in the middle of the sprint",
    ),
    ("Alerts are too noisy", "The office is too noisy"),
    ("Test data is hard to get", "Test results are hard to read"),
    ("We can only deploy on Thursday", "The review is always on Thursday"),
    ("Stories are too big", "The team is too big"),
    ("Split big stories", "Write better stories"),
    ("The shared library has no owner", "The shared calendar has no owner"),
    ("Limit work in progress", "Limit meetings to an hour"),
    ("Definition of done is ignored", "Definition of ready is missing"),
    ("Refinement is badly prepared", "The sprint review is badly prepared"),
    ("We get feedback from customers too late", "We get requirements from the customer too late"),
    ("Technical debt is never prioritised", "Bugs are never prioritised"),
    ("Document architecture decisions", "Document the on-call process"),
    ("New joiners wait weeks for access rights", "New joiners wait weeks for a laptop"),
    ("The demo environment failed in the review", "The projector failed in the review"),
    ("Integration tests run for an hour", "Planning runs for four hours"),
    ("Only one person knows the billing system", "Nobody knows the billing roadmap"),
    ("Mobile app breaks when the API changes", "Mobile app needs offline mode"),
    ("Remove stale feature flags", "Remove stale user accounts"),
    ("We cannot search the logs", "We cannot search the wiki"),
    ("Priorities change every day", "The build breaks every day"),
    ("DB migrations are risky", "DB credentials are shared"),
    ("The security review happens too late", "The design review happens too early"),
    ("Clean up stale backlog items", "Clean up the kitchen"),
    ("Automate regression tests", "Automate license checks"),
    ("Pair programming helped a lot", "The new dashboard helped a lot"),
    ("No planning across teams", "No celebration across teams"),
    ("Post-mortems lead to nothing", "Spikes lead to nothing"),
    ("Upgrade Python to 3.13", "Upgrade PostgreSQL to 18"),
    ("Retros are too short", "Retros are too far away from the sprint"),
    ("Support tickets interrupt the sprint", "Support tickets have no priority"),
    ("Team A waits for Team B's API", "Team B's API has no tests"),
    ("Unclear goals for the iteration", "Unclear roles in the team"),
    ("Great collaboration with design", "No collaboration with design"),
    ("CSV export is missing", "CSV import is missing"),
    ("Search is slow on mobile", "Search results are irrelevant"),
)

NEW_DUPLICATES: tuple[Pair, ...] = (
    (
        "Support requests interrupt our iteration",
        "We are interrupted by support requests all the time",
    ),
    ("Nobody looks at the dashboards", "Dashboards are not used by anyone"),
    ("The test environment is shared by five teams", "Five teams share one test environment"),
    ("Certificates expire without warning", "We were surprised by an expired certificate"),
    ("Story points are compared between teams", "Management compares teams by story points"),
    ("Our velocity is not predictable", "Unpredictable velocity"),
    ("Merge conflicts every day", "Long-lived branches cause merge conflicts"),
    ("The wiki is a mess", "Nobody finds anything in the wiki"),
    ("UX is involved too late", "Involve UX earlier"),
    ("PI planning takes two full days", "PI planning is too long"),
    ("Unit test coverage dropped", "Low unit test coverage"),
    ("We have no rollback procedure", "Rolling back a deployment is a manual procedure"),
    ("Remote colleagues are not heard in meetings", "Remote people cannot follow the meetings"),
    ("Requirements change after refinement", "Changing requirements after the refinement"),
    ("Local setup takes a whole day", "Setting up a laptop takes days"),
    ("Performance tests are missing", "We don't have any perf tests"),
    ("Vendor answers slowly", "Slow responses from the vendor"),
    ("Bug reports lack steps to reproduce", "Bug reports cannot be reproduced"),
    ("Legacy module has no tests", "Write tests for the legacy module"),
    ("Team morale improved after the offsite", "The offsite was great for morale"),
    ("Too many parallel projects", "We work on too many projects in parallel"),
    ("Sprint goal is missing", "We have no clear sprint goals"),
    ("On-call rotation is unfair", "The same two people are always on call"),
    ("Kubernetes upgrades cause outages", "Outage after every k8s upgrade"),
)

NEW_LOOKALIKES: tuple[Pair, ...] = (
    ("Support requests interrupt our iteration", "Feature requests pile up"),
    ("Nobody looks at the dashboards", "Nobody looks at the backlog"),
    ("Certificates expire without warning", "Trial accounts expire without warning"),
    ("Our velocity is not predictable", "Our releases are not predictable"),
    ("Merge conflicts every day", "Conflicts with the sales team every day"),
    ("The wiki is a mess", "The kitchen is a mess"),
    ("UX is involved too late", "Security is involved too late"),
    ("PI planning takes two full days", "Sprint planning is skipped"),
    ("Unit test coverage dropped", "Load test environment is missing"),
    ("We have no rollback procedure", "We have no procedure for vacations"),
    ("Requirements change after refinement", "Priorities change after PI planning"),
    ("Local setup takes a whole day", "The regression suite takes a whole day"),
    ("Performance tests are missing", "Performance reviews are unfair"),
    ("Slow responses from the vendor", "Slow responses from the search API"),
    ("Bug reports lack steps to reproduce", "Monthly reports take a day to write"),
    ("Legacy module has no tests", "Legacy customers have no contact person"),
    ("Too many parallel projects", "Too many parallel builds block the runners"),
    ("Sprint goal is missing", "Sprint review without stakeholders"),
    ("On-call rotation is unfair", "Facilitator rotation works well"),
    ("Kubernetes upgrades cause outages", "Network outages in the office"),
    ("Login fails on Safari", "Checkout fails on Safari"),
    ("Increase test coverage of billing", "Increase prices of billing plans"),
    ("Move the daily to 10 am", "Move the retro to Friday"),
    ("Reduce cloud costs", "Reduce support load"),
)
