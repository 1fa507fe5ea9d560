"""Sealed secrets: readable for us, and for nobody who has the database alone."""

import pytest
from cryptography.fernet import InvalidToken

from todo_app.config import Settings
from todo_app.services.sealing import seal, unseal

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SECRET = "JBSWY3DPEHPK3PXP"
# By the first version, under the tests' AUTH_SECRET.
SEALED = "gAAAAABrCFs_WJzJQBXR2w0XBCXZ78iU3IRGPv6Ti33ku9D3nf6y_5jXwyM43p0pnev41xUGqaEMqg1reI2IRgl4Ie_rGYDRLgWeNkTzEI4MdUmrmaHIr5s="


def test_what_is_sealed_can_be_read_again_and_shows_nothing(settings: Settings) -> None:
    sealed = seal(SECRET)
    assert unseal(sealed) == SECRET
    assert SECRET not in sealed
    assert seal(SECRET) != sealed


def test_what_earlier_versions_sealed_can_still_be_read(settings: Settings) -> None:
    """Else everybody's authenticator would stop working with an update."""
    assert unseal(SEALED) == SECRET


def test_under_another_auth_secret_it_can_not_be_read(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = seal(SECRET)
    monkeypatch.setattr(settings, "auth_secret", settings.auth_secret[::-1])
    with pytest.raises(InvalidToken):
        unseal(sealed)
