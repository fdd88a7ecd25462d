"""Settings from the environment (and `.env`), checked at start: one clear sentence per mistake."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.settings.values import (
    CONVERTED,
    LISTS,
    SIGN_IN_VENDORS,
    is_loopback,
    parts_of,
    wrong_values,
)
from bot.settings.written import slips_in_environment, slips_in_file, tidied
from storage.address import is_file

ENV_FILE = Path(".env")


_SIGN_IN_NEEDS = {
    "hone_public_url": "people are sent back to it, as in https://hone.example",
    "hone_secret_keys": "it seals what lets Hone in; `python app.py key` makes one",
}


class BadSettings(Exception):
    """The settings cannot work; each line of the text says what is wrong and what to do."""


class Settings(BaseSettings):
    """Every setting, named as in the environment."""

    model_config = SettingsConfigDict(
        env_file=ENV_FILE,
        env_file_encoding="utf-8-sig",
        env_ignore_empty=True,
        extra="ignore",
        case_sensitive=False,
    )

    database_url: str = "sqlite:///data/hone.db"
    hone_host: str = "127.0.0.1"
    hone_port: int = 3978
    hone_role: Literal["all", "web", "worker"] = "all"
    hone_likeness: Literal["words", "semantic"] = "semantic"
    hone_sample: bool = True
    hone_local: bool = False
    hone_public_url: str = ""
    hone_secret_keys: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    hone_tracker_hosts: Annotated[tuple[str, ...], NoDecode] = ()

    hone_jira_client_id: str = ""
    hone_jira_client_secret: SecretStr | None = None
    hone_azure_client_id: str = ""
    hone_azure_client_secret: SecretStr | None = None
    hone_azure_tenant_id: str = "organizations"
    hone_github_client_id: str = ""
    hone_github_client_secret: SecretStr | None = None
    hone_github_key_file: str = ""
    hone_gitlab_client_id: str = ""
    hone_gitlab_client_secret: SecretStr | None = None
    hone_gitlab_url: str = "https://gitlab.com"
    hone_linear_client_id: str = ""
    hone_linear_client_secret: SecretStr | None = None

    slack_bot_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_client_id: str = ""
    slack_client_secret: SecretStr | None = None
    slack_reaction: str = ""
    slack_api_url: str = "https://slack.com/api/"

    microsoft_app_id: str = ""
    microsoft_app_password: SecretStr | None = None
    microsoft_app_tenant_id: str = ""
    microsoft_openid_url: str = "https://login.botframework.com/v1/.well-known/openidconfiguration"
    microsoft_token_url: str = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
    teams_service_urls: Annotated[tuple[str, ...], NoDecode] = ("https://smba.trafficmanager.net",)
    teams_anonymous: bool = False

    @property
    def slack(self) -> bool:
        return self.slack_bot_token is not None or self.slack_installs

    @property
    def slack_installs(self) -> bool:
        """Whether Slack workspaces may add Hone themselves."""
        return bool(self.slack_client_id)

    @property
    def teams(self) -> bool:
        return bool(self.microsoft_app_id) or self.teams_anonymous

    @property
    def local(self) -> bool:
        """The local room opens when asked for, or when nothing else is configured."""
        return self.hone_local or not (self.slack or self.teams)

    @model_validator(mode="wrap")
    @classmethod
    def _checked(cls, given: dict[str, object], build: Callable[[object], Self]) -> Self:
        """Read what is given as it was meant, and tell all that is wrong with it at once."""
        tidy = {k: tidied(v) if isinstance(v, str) else v for k, v in given.items()}
        texts = {name: value for name, value in tidy.items() if isinstance(value, str)}
        wrong = wrong_values(texts)
        for name, value in texts.items():
            if not value or (name in wrong and name in CONVERTED):
                del tidy[name]
            elif name in LISTS:
                tidy[name] = parts_of(value)
        settings = build(tidy)
        problems = [
            *(f"{name.upper()} {complaint}." for name, complaint in wrong.items()),
            *settings._processes(),
            *settings._slack(),
            *settings._teams(),
            *settings._sign_ins(),
            *settings._room(),
        ]
        if problems:
            raise ValueError("\n".join(problems))
        return settings

    def _room(self) -> list[str]:
        if self.local and not is_loopback(self.hone_host):
            return [
                f"HONE_HOST is {self.hone_host}, but the local room has no passwords and opens on "
                "127.0.0.1 only: set SLACK_BOT_TOKEN or MICROSOFT_APP_ID, or leave HONE_HOST out."
            ]
        return []

    def _processes(self) -> list[str]:
        if is_file(self.database_url) and self.hone_role != "all":
            return [
                "HONE_ROLE splits Hone into processes, and a SQLite file belongs to one: use "
                "DATABASE_URL=postgresql+asyncpg://…, or HONE_ROLE=all."
            ]
        return []

    def _slack(self) -> list[str]:
        if self.slack_installs:
            return self._installs()
        problems = []
        if self.slack_client_secret:
            problems.append("SLACK_CLIENT_ID is missing: copy it from Basic Information.")
        if self.slack and not (self.slack_signing_secret or self.slack_app_token):
            problems.append(
                "SLACK_BOT_TOKEN is set, but Hone cannot tell who is calling: add "
                "SLACK_SIGNING_SECRET (HTTP) or SLACK_APP_TOKEN (Socket Mode)."
            )
        if not self.slack and (self.slack_signing_secret or self.slack_app_token):
            problems.append("SLACK_BOT_TOKEN is missing: copy it from OAuth & Permissions.")
        return problems

    def _installs(self) -> list[str]:
        """Tell what is missing for workspaces to add Hone themselves."""
        problems = []
        if self.slack_bot_token or self.slack_app_token:
            problems.append(
                "SLACK_CLIENT_ID lets workspaces add Hone themselves; SLACK_BOT_TOKEN and "
                "SLACK_APP_TOKEN are for one workspace: set either."
            )
        missing = {
            "SLACK_CLIENT_SECRET": "copy it from Basic Information",
            "SLACK_SIGNING_SECRET": "copy it from Basic Information",
            "HONE_SECRET_KEYS": "it seals the workspaces' tokens; `python app.py key` makes one",
        }
        for name, what in missing.items():
            if not getattr(self, name.lower()):
                problems.append(f"SLACK_CLIENT_ID is set, but {name} is missing: {what}.")
        if not self.hone_public_url:
            problems.append(
                "SLACK_CLIENT_ID is set, but HONE_PUBLIC_URL is missing: Slack sends people back "
                "to it, as in https://hone.example."
            )
        return problems

    def _sign_ins(self) -> list[str]:
        """Tell what is missing for people to sign in on the pages of trackers."""
        problems = []
        for vendor in SIGN_IN_VENDORS:
            id, secret = f"hone_{vendor}_client_id", f"hone_{vendor}_client_secret"
            if not getattr(self, id):
                if getattr(self, secret):
                    problems.append(f"{secret.upper()} is set, but {id.upper()} is missing.")
                continue
            missing = {secret: "copy it from the app that you registered there", **_SIGN_IN_NEEDS}
            if vendor == "github":
                missing["hone_github_key_file"] = "the path of the app's private key, a .pem file"
            for name, what in missing.items():
                if not getattr(self, name):
                    problems.append(f"{id.upper()} is set, but {name.upper()} is missing: {what}.")
        return problems

    def _teams(self) -> list[str]:
        problems = []
        if self.microsoft_app_id and not self.microsoft_app_tenant_id:
            problems.append(
                "MICROSOFT_APP_TENANT_ID is missing: Hone serves one tenant and checks its id."
            )
        if self.microsoft_app_id and self.microsoft_app_id == self.microsoft_app_tenant_id:
            problems.append(
                "MICROSOFT_APP_ID and MICROSOFT_APP_TENANT_ID are the same: copy each from its own "
                "line under Configuration."
            )
        if not self.teams and (self.microsoft_app_tenant_id or self.microsoft_app_password):
            problems.append(
                "MICROSOFT_APP_ID is missing: copy the Microsoft App ID under Configuration."
            )
        if self.teams_anonymous and not is_loopback(self.hone_host):
            problems.append(
                f"TEAMS_ANONYMOUS turns off all checks of who is calling, and HONE_HOST is "
                f"{self.hone_host}: use it with HONE_HOST=127.0.0.1 only."
            )
        return problems


def load() -> Settings:
    """Read the settings; raises BadSettings with a sentence for each mistake."""
    names = frozenset(name.upper() for name in Settings.model_fields)
    problems = [*slips_in_file(ENV_FILE, names), *slips_in_environment(names)]
    try:
        settings = Settings()
    except ValidationError as error:
        # All our sentences are the lines of the one error there is.
        problems += str(error.errors(include_url=False)[0]["ctx"]["error"]).splitlines()
        raise BadSettings("\n".join(problems)) from None
    except (UnicodeDecodeError, OSError):
        raise BadSettings("\n".join(problems)) from None  # they say that the file is unreadable
    if problems:
        raise BadSettings("\n".join(problems))
    return settings
