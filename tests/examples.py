"""How many examples Hypothesis tries of each rule: 50 on a desk, 500 in CI.

CI sets HYPOTHESIS_PROFILE=ci: ten times as many, and always the same, so that a red build is
about the change and not about luck. Where one example is a request or a transaction, fewer have to
do.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

IN_CI = os.environ.get("HYPOTHESIS_PROFILE") == "ci"
EXAMPLES = 500 if IN_CI else 50
COSTLY_EXAMPLES = EXAMPLES // 8
"""Of rules that are asked through a door or of a database."""

# No deadline: how long an example takes says more about the machine than about the code.
settings.register_profile(
    "hone",
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=IN_CI,  # the same examples for the same code; desks look elsewhere each time
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=IN_CI,
)
settings.load_profile("hone")
