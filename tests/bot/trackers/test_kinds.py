"""What people paste as the address of a tracker, and how the secrets they type are kept."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet

from bot.trackers.access import access_to
from bot.trackers.kinds import KINDS, TOKEN, Kind, as_kept, site_of
from bot.vault import Locked, Vault

CLOUD = Kind("cloud", "Cloud", "project")
OWN = Kind("own", "Own", "project", path_pieces=1)


@pytest.mark.parametrize(
    ("kind", "typed", "site"),
    [
        (CLOUD, "acme.atlassian.net", "acme.atlassian.net"),
        (CLOUD, " https://Acme.Atlassian.net/browse/PAY-31?x=1 ", "acme.atlassian.net"),
        (OWN, "https://acme.atlassian.net/jira/software/projects/PAY", "acme.atlassian.net"),
        (OWN, "https://tracker.acme.test/redmine/issues/7", "tracker.acme.test/redmine"),
        (OWN, "https://tracker.acme.test/issues/7", "tracker.acme.test"),
        (OWN, "http://127.0.0.1:3000/", "127.0.0.1:3000"),
        (OWN, "tracker.acme.test.", "tracker.acme.test"),
        (CLOUD, "", ""),
        (CLOUD, "PAY board", ""),
        (CLOUD, "ftp://acme.test", ""),
        (CLOUD, "https://ada:pw@acme.test", ""),
        (CLOUD, "https://acme.test:port", ""),
        (CLOUD, "https://[::1", ""),
        (CLOUD, "acme.test\nHost: evil", ""),
    ],
)
def test_an_address_is_known_by_one_name_however_it_is_pasted(
    kind: Kind, typed: str, site: str
) -> None:
    """Two names of one site would be two connections, and every item would come in twice."""
    assert site_of(kind, typed) == site


def test_only_the_keys_that_sealed_a_token_open_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "own", Kind("own", "Own", "project", asks=(TOKEN,)))
    vault = Vault([Fernet.generate_key().decode()])
    kept = as_kept({"token": vault.seal("t0ken"), "account": "ada"})
    assert access_to("own", "a.test", kept, vault).given == {"token": "t0ken", "account": "ada"}
    for other in (None, Vault([Fernet.generate_key().decode()])):
        with pytest.raises(Locked):
            access_to("own", "a.test", kept, other)
