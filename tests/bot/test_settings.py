"""A wrong setting stops Hone at start with one sentence that says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.settings import BadSettings, Settings, is_loopback, load

SLACK = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
INSTALLS = {
    "SLACK_CLIENT_ID": "1.2",
    "SLACK_CLIENT_SECRET": "s",
    "SLACK_SIGNING_SECRET": "s",
    "HONE_SECRET_KEYS": Fernet.generate_key().decode(),
    "HONE_PUBLIC_URL": "https://hone.example",
}
TEAMS = {"MICROSOFT_APP_ID": "a", "MICROSOFT_APP_TENANT_ID": "t"}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No `.env` and no variable of the developer's."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def given(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return load()


def test_without_any_setting_the_local_room_opens_on_this_machine_only() -> None:
    settings = load()
    assert (settings.local, settings.slack, settings.teams) == (True, False, False)
    assert is_loopback(settings.hone_host)


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"DATABASE_URL": "not an address"}, "DATABASE_URL is not an address"),
        ({"DATABASE_URL": "mysql://u:pw@h/d"}, "Hone knows sqlite://"),
        ({"HONE_ROLE": "web"}, "a SQLite file belongs to one"),
        ({"HONE_ROLE": "boss"}, "HONE_ROLE: "),
        ({"HONE_PORT": "99999"}, "HONE_PORT: "),
        ({"HONE_HOST": "0.0.0.0"}, "the local room has no passwords"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "add SLACK_SIGNING_SECRET"),
        ({"SLACK_SIGNING_SECRET": "s"}, "SLACK_BOT_TOKEN is missing"),
        ({"SLACK_APP_TOKEN": "s"}, "SLACK_BOT_TOKEN is missing"),
        ({"MICROSOFT_APP_ID": "a"}, "MICROSOFT_APP_TENANT_ID is missing"),
        ({"TEAMS_ANONYMOUS": "true", "HONE_HOST": "0.0.0.0"}, "TEAMS_ANONYMOUS turns off"),
        (SLACK | {"HONE_LOCAL": "true", "HONE_HOST": "10.0.0.1"}, "has no passwords"),
        ({"HONE_SECRET_KEYS": "too short"}, "holds something that is no key"),
        ({"SLACK_CLIENT_SECRET": "s"}, "SLACK_CLIENT_ID is missing"),
        (INSTALLS | {"SLACK_BOT_TOKEN": "xoxb-1"}, "are for one workspace: set either"),
        (INSTALLS | {"SLACK_CLIENT_SECRET": ""}, "SLACK_CLIENT_SECRET is missing"),
        (INSTALLS | {"SLACK_SIGNING_SECRET": ""}, "SLACK_SIGNING_SECRET is missing"),
        (INSTALLS | {"HONE_SECRET_KEYS": ""}, "it seals the workspaces' tokens"),
        (INSTALLS | {"HONE_PUBLIC_URL": "http://hone.example"}, "HONE_PUBLIC_URL is no https"),
    ],
)
def test_each_mistake_is_named_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], sentence: str
) -> None:
    with pytest.raises(BadSettings) as refused:
        given(monkeypatch, **environment)
    lines = str(refused.value).splitlines()
    assert sum(sentence in line for line in lines) == 1
    assert all(line.endswith(".") for line in lines)


def test_every_mistake_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has three mistakes should not start Hone three times to learn of them."""
    with pytest.raises(BadSettings) as refused:
        given(monkeypatch, SLACK_APP_TOKEN="x", MICROSOFT_APP_ID="a", HONE_SECRET_KEYS="b")
    assert len(str(refused.value).splitlines()) == 3


@pytest.mark.parametrize(
    "name", ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "HONE_SECRET_KEYS", "DATABASE_URL"]
)
def test_no_mistake_shows_a_secret(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """What stops Hone at start ends in the log of whatever starts it."""
    secret = "mysql://hone:hunter2@db/hone"
    with pytest.raises(BadSettings) as refused:
        given(monkeypatch, **{name: secret})
    assert "hunter2" not in str(refused.value)
    assert "hunter2" not in repr(refused.value.__cause__)


def test_secrets_are_not_shown_by_printing_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = ",".join(Fernet.generate_key().decode() for _ in range(2))
    settings = given(monkeypatch, **SLACK, HONE_SECRET_KEYS=keys)
    assert len(settings.hone_secret_keys) == 2
    assert "xoxb-1" not in repr(settings)
    assert keys[:20] not in repr(settings)


@pytest.mark.parametrize("platform", [SLACK, TEAMS])
def test_with_a_platform_the_local_room_stays_closed(
    monkeypatch: pytest.MonkeyPatch, platform: dict[str, str]
) -> None:
    assert not given(monkeypatch, **platform, HONE_HOST="0.0.0.0").local


def test_an_empty_variable_is_one_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compose files and pipelines pass on what they do not have as an empty text."""
    assert given(monkeypatch, SLACK_BOT_TOKEN="", HONE_PORT="").hone_port == 3978


def test_settings_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("HONE_PORT=4000\nTEAMS_SERVICE_URLS=https://a, https://b\n")
    settings = load()
    assert settings.hone_port == 4000
    assert settings.teams_service_urls == ("https://a", "https://b")


@pytest.mark.parametrize(
    ("host", "only_here"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.4", False),
        ("localhost.example.com", False),
        ("", False),
    ],
)
def test_which_hosts_are_this_machine_alone(host: str, only_here: bool) -> None:
    assert is_loopback(host) is only_here
