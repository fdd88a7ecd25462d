"""What Prometheus would read, of this process."""

from __future__ import annotations

from prometheus_client import REGISTRY


def counted(name: str, **labels: str) -> float:
    """Return a metric's value, 0 before it was first counted."""
    return REGISTRY.get_sample_value(name, labels) or 0.0
