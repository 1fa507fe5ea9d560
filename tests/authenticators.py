"""What people carry for the second step: a phone with codes, and a device with passkeys. Both as software."""

import hashlib
import json
import secrets
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import cbor2
import pyotp
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from sqlmodel import Session
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from todo_app.models import Authenticator, Passkey, RecoveryCode, SpentTicket
from todo_app.models.base import new_id, utc_now
from todo_app.services import second_step


class Clock:
    """The clock that codes are checked by; it stands still until it is moved."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = datetime(2026, 11, 25, 12, 0, 7, tzinfo=UTC)
        monkeypatch.setattr(second_step, "utc_now", lambda: self.now)

    def forward(self, seconds: int = second_step.STEP_SECONDS) -> None:
        self.now += timedelta(seconds=seconds)


class Phone:
    """An authenticator app."""

    def __init__(self, secret: str, clock: Clock) -> None:
        self._totp = pyotp.TOTP(secret)
        self._clock = clock

    def code(self, seconds: int = 0) -> str:
        """What it shows; `seconds`: how far its clock is ahead."""
        return self._totp.at(self._clock.now + timedelta(seconds=seconds))

    def next_code(self) -> str:
        """Waits for the next one."""
        self._clock.forward()
        return self.code()

    def wrong_code(self) -> str:
        """None of those that would be taken around now."""
        near = {self.code(seconds) for seconds in (-30, 0, 30)}
        return next(code for code in ("000000", "111111", "222222", "333333") if code not in near)


class Device:
    """A device that keeps passkeys, one to a site and person, and asks for a finger before it uses one."""

    def __init__(self, *, counts: bool = True, asks_for_a_finger: bool = True, origin: str = "http://localhost:8000") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._id = secrets.token_bytes(32)
        self._step = 1 if counts else 0
        self._flags = 0x05 if asks_for_a_finger else 0x01  # user present, user verified
        self._origin = origin
        self.count = 0
        self.handle = ""

    def create(self, options: str, **changes: Any) -> str:
        """The answer to a challenge to register, as a browser gives it; `changes` of what it says of itself."""
        wanted = json.loads(options)
        self.handle = wanted["user"]["id"]
        point = self._key.public_key().public_numbers()
        key = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)})
        credential = bytes(16) + len(self._id).to_bytes(2) + self._id + key
        data = self._data(wanted["rp"]["id"], self._flags | 0x40) + credential
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", wanted["challenge"])
        return self._answer({"clientDataJSON": client, "attestationObject": attestation}, changes)

    def get(self, options: str, **changes: Any) -> str:
        """The same for a challenge to sign in."""
        wanted = json.loads(options)
        client, data = self._client("webauthn.get", wanted["challenge"]), self._data(wanted["rpId"], self._flags)
        signature = self._key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        response = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        return self._answer({**response, "userHandle": base64url_to_bytes(self.handle)}, changes)

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self._origin, "crossOrigin": False}).encode()

    def _data(self, site: str, flags: int) -> bytes:
        self.count += self._step
        return hashlib.sha256(site.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _answer(self, response: dict[str, bytes], changes: dict[str, Any]) -> str:
        encoded = {name: bytes_to_base64url(value) for name, value in response.items()}
        own_id = bytes_to_base64url(self._id)
        return json.dumps({"id": own_id, "rawId": own_id, "type": "public-key", "response": {**encoded, **changes}})


def leave_second_steps(session: Session, user_id: uuid.UUID) -> None:
    """A row of each kind that second steps leave, with two-step sign-in not yet on."""
    session.add(Authenticator(user_id=user_id, sealed_secret=""))
    session.add(RecoveryCode(user_id=user_id, digest=""))
    session.add(Passkey(user_id=user_id, credential_id=secrets.token_hex(), public_key=b"", sign_count=0, name="Phone"))
    session.add(SpentTicket(id=new_id(), user_id=user_id, expires_at=utc_now()))
