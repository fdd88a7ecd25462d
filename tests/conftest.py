"""What every test stands on: no network, a real PostgreSQL, and how hard Hypothesis looks."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import make_url

from tests.postgres import Postgres
from tests.postgres import postgres as running_postgres

# No deadline: how long an example takes says more about the machine than about the code.
settings.register_profile("dev", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("dev"), max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Let tests reach this machine and the database named for them, and nothing else."""
    hosts = ["127.0.0.1", "::1", "localhost"]
    if named := os.environ.get("TEST_DATABASE_URL"):
        hosts += [host for host in [make_url(named).host] if host]
    config.option.allow_hosts = ",".join(hosts)
    config.option.allow_unix_socket = True


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL server for the whole run; give each test a database of its own."""
    with running_postgres() as server:
        yield server
