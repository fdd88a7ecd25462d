"""What Prometheus can read at /metrics: counts and durations, never names or words."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

TURNS = Counter("hone_turns", "Things people did", ["intent", "outcome"])
TURN_SECONDS = Histogram(
    "hone_turn_seconds",
    "From taking a turn to its commit",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
)
SENDS = Counter("hone_sends", "Messages and updates handed to a platform", ["platform", "result"])
DROPPED = Counter("hone_dropped", "Requests of workspaces that Hone does not serve", ["platform"])
TIMERS = Counter("hone_timers", "Timers that rang", ["kind", "result"])
PULLS = Counter("hone_pulls", "Readings of trackers", ["kind", "result"])
