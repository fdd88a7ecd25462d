"""Seals what nobody may read in a stolen database, with keys that can be changed one by one."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Locked(Exception):
    """None of the keys opens it: it was sealed with one that is gone, or by somebody else."""


class Vault:
    """Seals with the first key and opens with any, so the oldest can go once nothing needs it."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Take keys as `app.py key` makes them, newest first; at least one."""
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """Return what was sealed; raises Locked."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise Locked from error

    def reseal(self, sealed: str) -> str:
        """Return the same, sealed with the newest key; raises Locked."""
        try:
            return self._fernet.rotate(sealed.encode()).decode()
        except InvalidToken as error:
            raise Locked from error
