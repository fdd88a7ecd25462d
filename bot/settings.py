"""Settings from the environment (and `.env`), checked at start: one clear sentence per mistake."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Literal

from cryptography.fernet import Fernet
from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from storage.address import SUPPORTED, driver_of


class BadSettings(Exception):
    """The settings cannot work; each line of the text says what is wrong and what to do."""


class Settings(BaseSettings):
    """Every setting, named as in the environment."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", case_sensitive=False
    )

    database_url: str = "sqlite:///data/hone.db"
    hone_host: str = "127.0.0.1"
    hone_port: int = Field(default=3978, ge=0, le=65535)
    hone_role: Literal["all", "web", "worker"] = "all"
    hone_likeness: Literal["words", "semantic"] = "semantic"
    hone_sample: bool = True
    hone_local: bool = False
    hone_public_url: str = ""
    hone_secret_keys: Annotated[tuple[SecretStr, ...], NoDecode] = ()

    slack_bot_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_client_id: str = ""
    slack_client_secret: SecretStr | None = None
    slack_reaction: str = Field(default="", pattern=r"^[\w+'-]{0,100}$")
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

    @model_validator(mode="before")
    @classmethod
    def _split_lists(cls, given: dict[str, object]) -> dict[str, object]:
        for name in ("hone_secret_keys", "teams_service_urls"):
            if isinstance(value := given.get(name), str):
                given[name] = tuple(part.strip() for part in value.split(",") if part.strip())
        return given

    @model_validator(mode="after")
    def _check_together(self) -> Settings:
        problems = [*self._database(), *self._slack(), *self._teams(), *self._keys()]
        if self.local and not is_loopback(self.hone_host):
            problems.append(
                f"HONE_HOST is {self.hone_host}, but the local room has no passwords and opens on "
                "127.0.0.1 only: set SLACK_BOT_TOKEN or MICROSOFT_APP_ID, or leave HONE_HOST out."
            )
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def _database(self) -> list[str]:
        driver = driver_of(self.database_url)
        if driver is None:
            return ["DATABASE_URL is not an address: write sqlite:///data/hone.db."]
        if driver not in SUPPORTED:
            return [
                f"DATABASE_URL starts with {driver}://; Hone knows "
                f"{' and '.join(f'{name}://' for name in SUPPORTED)}."
            ]
        if driver == "sqlite" and self.hone_role != "all":
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
        if not self.hone_public_url.startswith("https://"):
            problems.append(
                "SLACK_CLIENT_ID is set, but HONE_PUBLIC_URL is no https address: Slack sends "
                "people back to it, as in https://hone.example."
            )
        return problems

    def _teams(self) -> list[str]:
        problems = []
        if self.microsoft_app_id and not self.microsoft_app_tenant_id:
            problems.append(
                "MICROSOFT_APP_TENANT_ID is missing: Hone serves one tenant and checks its id."
            )
        if self.teams_anonymous and not is_loopback(self.hone_host):
            problems.append(
                f"TEAMS_ANONYMOUS turns off all checks of who is calling, and HONE_HOST is "
                f"{self.hone_host}: use it with HONE_HOST=127.0.0.1 only."
            )
        return problems

    def _keys(self) -> list[str]:
        for key in self.hone_secret_keys:
            try:
                Fernet(key.get_secret_value())
            except ValueError:
                return [
                    "HONE_SECRET_KEYS holds something that is no key: make one with "
                    "`python app.py key`, newest first, separated by commas."
                ]
        return []


def load() -> Settings:
    """Read the settings; raises BadSettings with a sentence for each mistake."""
    try:
        return Settings()
    except ValidationError as error:
        raise BadSettings("\n".join(_sentences(error))) from None


def _sentences(error: ValidationError) -> list[str]:
    lines = []
    for problem in error.errors(include_input=False, include_url=False):
        if problem["loc"]:
            name = ".".join(str(part) for part in problem["loc"]).upper()
            lines.append(f"{name}: {problem['msg'][0].lower()}{problem['msg'][1:]}.")
        else:
            lines.append(problem["msg"].removeprefix("Value error, "))
    return lines


def is_loopback(host: str) -> bool:
    """Whether a host can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
