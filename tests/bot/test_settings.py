"""A wrong setting stops Hone at start with one sentence that says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.settings import BadSettings, Settings, load
from bot.settings.values import CHECKS, is_loopback

SLACK = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
INSTALLS = {
    "SLACK_CLIENT_ID": "1.2",
    "SLACK_CLIENT_SECRET": "s",
    "SLACK_SIGNING_SECRET": "s",
    "HONE_SECRET_KEYS": Fernet.generate_key().decode(),
    "HONE_PUBLIC_URL": "https://hone.example",
}
APP, TENANT = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
TEAMS = {"MICROSOFT_APP_ID": APP, "MICROSOFT_APP_TENANT_ID": TENANT}


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
        ({"HONE_ROLE": "web"}, "a SQLite file belongs to one"),
        ({"HONE_HOST": "0.0.0.0"}, "the local room has no passwords"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "add SLACK_SIGNING_SECRET"),
        ({"SLACK_SIGNING_SECRET": "s"}, "SLACK_BOT_TOKEN is missing"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN is missing"),
        ({"MICROSOFT_APP_ID": APP}, "MICROSOFT_APP_TENANT_ID is missing"),
        ({"MICROSOFT_APP_PASSWORD": "p"}, "MICROSOFT_APP_ID is missing"),
        (TEAMS | {"MICROSOFT_APP_TENANT_ID": APP}, "are the same: copy each"),
        ({"TEAMS_ANONYMOUS": "true", "HONE_HOST": "0.0.0.0"}, "TEAMS_ANONYMOUS turns off"),
        (SLACK | {"HONE_LOCAL": "true", "HONE_HOST": "10.0.0.1"}, "has no passwords"),
        ({"SLACK_CLIENT_SECRET": "s"}, "SLACK_CLIENT_ID is missing"),
        ({"HONE_JIRA_CLIENT_ID": "j"}, "HONE_JIRA_CLIENT_SECRET is missing: copy it from the app"),
        ({"HONE_LINEAR_CLIENT_ID": "l"}, "HONE_PUBLIC_URL is missing: people are sent back to it"),
        ({"HONE_GITLAB_CLIENT_ID": "g"}, "HONE_SECRET_KEYS is missing: it seals what lets Hone"),
        ({"HONE_AZURE_CLIENT_SECRET": "a"}, "HONE_AZURE_CLIENT_ID is missing"),
        (
            {"HONE_GITHUB_CLIENT_ID": "Iv1"},
            "HONE_GITHUB_KEY_FILE is missing: the path of the app's",
        ),
        (INSTALLS | {"SLACK_BOT_TOKEN": "xoxb-1"}, "are for one workspace: set either"),
        (INSTALLS | {"SLACK_CLIENT_SECRET": ""}, "SLACK_CLIENT_SECRET is missing"),
        (INSTALLS | {"SLACK_SIGNING_SECRET": ""}, "SLACK_SIGNING_SECRET is missing"),
        (INSTALLS | {"HONE_SECRET_KEYS": ""}, "it seals the workspaces' tokens"),
        (INSTALLS | {"HONE_PUBLIC_URL": ""}, "HONE_PUBLIC_URL is missing"),
        ({"HONE_PROT": "4000"}, "HONE_PROT in the environment is no setting of Hone; did you mean"),
    ],
)
def test_what_does_not_fit_together_is_named_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], sentence: str
) -> None:
    with pytest.raises(BadSettings) as refused:
        given(monkeypatch, **environment)
    lines = str(refused.value).splitlines()
    assert sum(sentence in line for line in lines) == 1
    assert all(line.endswith((".", "?")) for line in lines)


WRONG_FILES = [
    ("HONE_PROT=4000", "line 1: HONE_PROT is no setting of Hone; did you mean HONE_PORT?"),
    ("\nSLACK_TOKEN=xoxb-1", "line 2: SLACK_TOKEN is no setting of Hone; did you mean SLACK_"),
    (f"MicrosoftAppId={APP}", "did you mean MICROSOFT_APP_ID?"),
    ("TEAMS_X=7", "TEAMS_X is no setting of Hone."),
    ("DATABASE_URI=sqlite:///x.db", "did you mean DATABASE_URL?"),
    ("HONE_PORT", "line 1 is no setting: write NAME=value"),
    ('# it is\nHONE_HOST="127.0.0.1', "line 2 is no setting: write NAME=value"),
    ("HONE_PORT=1\nHONE_PORT=2", ".env has HONE_PORT 2 times: keep one."),
    ("HONE_PORT=99999", "HONE_PORT has to be a number from 0 to 65535, such as 3978."),
    ("HONE_PORT=tcp://10.0.0.1:3978", "enableServiceLinks: false"),
    ("HONE_ROLE=boss", "HONE_ROLE has to be all, web or worker."),
    ("HONE_LIKENESS=meaning", "HONE_LIKENESS has to be words or semantic."),
    ("HONE_LOCAL=maybe", "HONE_LOCAL has to be true or false."),
    ("HONE_HOST=http://127.0.0.1", "HONE_HOST has to be a host alone"),
    ("HONE_HOST=127.0.0.1:80", "write its port at HONE_PORT"),
    ("HONE_SECRET_KEYS=too short", "HONE_SECRET_KEYS holds something that is no key"),
    ("HONE_TRACKER_HOSTS=https://jira.acme.example", "has to be hosts alone"),
    ("HONE_TRACKER_HOSTS=jira.acme.example,:80", "HONE_TRACKER_HOSTS names no host"),
    ("HONE_PUBLIC_URL=hone.example", "HONE_PUBLIC_URL does not begin with https://"),
    ("HONE_PUBLIC_URL=http://hone.example", "where others can read along"),
    ("HONE_PUBLIC_URL=https://", "HONE_PUBLIC_URL names no host"),
    ("HONE_PUBLIC_URL=https://hone.example/api/messages", "leave out /api/messages."),
    ("HONE_PUBLIC_URL=https://hone.example:https", "HONE_PUBLIC_URL is no address"),
    ("TEAMS_SERVICE_URLS=https://a.example,b.example", "TEAMS_SERVICE_URLS does not begin with"),
    ("SLACK_API_URL=http://slack.example/api/", "SLACK_API_URL begins with http://"),
    ("SLACK_BOT_TOKEN=xapp-1-A", "which belongs to SLACK_APP_TOKEN"),
    ("SLACK_APP_TOKEN=xoxb-1-A", "which belongs to SLACK_BOT_TOKEN"),
    ("SLACK_BOT_TOKEN=xoxp-1-A", "SLACK_BOT_TOKEN holds a person's token"),
    ("SLACK_BOT_TOKEN=xoxe.xoxb-1-A", "ends after 12 hours"),
    ("SLACK_BOT_TOKEN=xoxb-…", "SLACK_BOT_TOKEN still holds what an example says"),
    ("SLACK_BOT_TOKEN=xoxb-your-token", "SLACK_BOT_TOKEN still holds what an example says"),
    ("SLACK_BOT_TOKEN=xoxb-", "SLACK_BOT_TOKEN ends after xoxb-"),
    ("SLACK_BOT_TOKEN=12345", "SLACK_BOT_TOKEN does not begin with xoxb-"),
    ("SLACK_SIGNING_SECRET=xoxb-1", "SLACK_SIGNING_SECRET holds a token"),
    ("SLACK_SIGNING_SECRET=12.34", "SLACK_SIGNING_SECRET holds the Client ID"),
    ("SLACK_SIGNING_SECRET=ab cd", "SLACK_SIGNING_SECRET has a space in it"),
    ("SLACK_CLIENT_ID=A012", "SLACK_CLIENT_ID has to be two numbers"),
    ("SLACK_REACTION=:bulb:", "SLACK_REACTION has to be the name of one emoji"),
    ("MICROSOFT_APP_ID=hone-bot", "MICROSOFT_APP_ID has to be an id like"),
    ("MICROSOFT_APP_TENANT_ID=contoso.example", "MICROSOFT_APP_TENANT_ID has to be an id like"),
    (f"MICROSOFT_APP_PASSWORD={TENANT}", "MICROSOFT_APP_PASSWORD holds the Secret ID"),
    ("DATABASE_URL=data/hone.db", "DATABASE_URL is not an address"),
    ("DATABASE_URL=mysql://u:pw@h/d", "DATABASE_URL starts with mysql://; Hone knows sqlite://"),
    ("DATABASE_URL=postgres://u:pw@h/d", "write postgresql+asyncpg:// in its place"),
    ("DATABASE_URL=sqlite+aiosqlite:///hone.db", "write sqlite:// in its place"),
    ("DATABASE_URL=sqlite://data/hone.db", "write sqlite:///data/hone.db, or four"),
    ("DATABASE_URL=sqlite:///:memory:", "DATABASE_URL names no file"),
    ("DATABASE_URL=postgresql+asyncpg://h", "names no database behind the host"),
    ("DATABASE_URL=postgresql+asyncpg://u:p@w@h/d", "has a password with @ in it"),
    ("DATABASE_URL=postgresql+asyncpg://u:p:w@h:x/d", "something else than a number for its port"),
    ("DATABASE_URL=postgresql+asyncpg://h/d?sslmode=require", "write ssl= in its place"),
]


@pytest.mark.parametrize(("file", "sentence"), WRONG_FILES)
def test_a_wrong_file_is_told_what_is_wrong_with_it(file: str, sentence: str) -> None:
    """Each was seen at somebody's first start, who then read a traceback or a silent bot."""
    Path(".env").write_text(file)
    with pytest.raises(BadSettings) as refused:
        load()
    lines = str(refused.value).splitlines()
    assert sum(sentence in line for line in lines) == 1
    assert all(line.endswith((".", "?")) for line in lines)


def test_every_setting_is_looked_at() -> None:
    """One that is not would reach pydantic, whose sentences are for developers."""
    assert set(CHECKS) == set(Settings.model_fields)


def test_a_file_that_is_no_text_is_told_so() -> None:
    """PowerShell writes UTF-16."""
    Path(".env").write_text("HONE_PORT=4000", encoding="utf-16")
    with pytest.raises(BadSettings, match=r"^\.env is not UTF-8 text: save it as such"):
        load()


def test_every_mistake_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has five mistakes should not start Hone five times to learn of them."""
    Path(".env").write_text("HONE_PROT=1\nHONE_ROLE=boss\nSLACK_APP_TOKEN=x\nHONE_SECRET_KEYS=b\n")
    with pytest.raises(BadSettings) as refused:
        given(monkeypatch, MICROSOFT_APP_ID=APP)
    told = [line.partition(" ")[0] for line in str(refused.value).splitlines()]
    assert told == [
        ".env,",
        "HONE_ROLE",
        "HONE_SECRET_KEYS",
        "SLACK_APP_TOKEN",
        "SLACK_BOT_TOKEN",
        "MICROSOFT_APP_TENANT_ID",
    ]


@pytest.mark.parametrize(
    "line",
    [
        'HONE_PUBLIC_URL="https://hone.example"',
        "export HONE_PUBLIC_URL='https://hone.example'   # where it is",
        "HONE_PUBLIC_URL = https://hone.example   ",
        "HONE_PUBLIC_URL=“https://hone.example”\r",
        "\ufeffhone_public_url=https://hone.example",
        "COMPOSE_PROJECT_NAME=hone\nHONE_PUBLIC_URL=https://hone.example",
    ],
)
def test_what_only_surrounds_a_value_is_no_mistake(line: str) -> None:
    Path(".env").write_text(f"{line}\n")
    assert load().hone_public_url == "https://hone.example"


def test_what_a_container_hands_on_with_a_value_is_no_mistake(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`docker run --env-file` keeps quotes and remarks; Kubernetes adds names like ours."""
    monkeypatch.setenv("HONE_SERVICE_HOST", "10.0.0.1")
    monkeypatch.setenv("HONE_PORT_3978_TCP", "tcp://10.0.0.1:3978")
    assert given(monkeypatch, HONE_HOST='"127.0.0.1" ', HONE_PORT="4000   # ours").hone_port == 4000


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
