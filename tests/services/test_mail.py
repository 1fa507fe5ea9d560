"""Sending one mail: what goes over the wire, what a server may do, and what can't get into a header."""

import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import SECRET, MailServer
from todo_app.config import Settings
from todo_app.services import mail
from todo_app.services.mail import Letter, MailFailed, compose, deliver

LETTER = Letter("ana@example.com", "Todo: a word", "Hello,\n\nGrüße from 🌱, and a long line: " + "x" * 200 + "\n")


def settings(tmp_path: Path, url: str) -> Settings:
    return Settings(
        _env_file=None, auth_secret=SECRET, data_dir=tmp_path, smtp_url=url, mail_from='"Tödo, the app" <todo@example.com>'
    )


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


def test_a_letter_arrives_as_it_was_written(server: MailServer, tmp_path: Path) -> None:
    deliver(settings(tmp_path, server.url), LETTER, "<1@example.com>")
    [came] = server.mails
    assert came.get_content().splitlines() == LETTER.text.splitlines()
    assert (came["To"], came["Subject"], came["Message-ID"]) == (LETTER.to, LETTER.subject, "<1@example.com>")
    assert (came["From"].addresses[0].display_name, came["From"].addresses[0].addr_spec) == ("Tödo, the app", "todo@example.com")
    assert came.get_content_type() == "text/plain"
    assert came["Auto-Submitted"] == "auto-generated"
    assert came["Date"].datetime.tzinfo


def test_a_link_stands_in_the_mail_as_it_is() -> None:
    link = f"https://todo.example.org/new-password#token={'x' * 43}"
    letter = Letter("ana@example.com", "Todo: choose", f"Hello,\n\n{link}\n")
    assert link.encode() in compose(letter, "todo@example.com", "<1@example.com>").as_bytes()


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r", "\x85", "\u2028"])
def test_nothing_typed_begins_a_header_of_its_own(ending: str) -> None:
    forged = f"Todo{ending}Bcc: everybody@example.com"
    message = compose(Letter("ana@example.com", forged, "text"), "todo@example.com", "<1@example.com>")
    assert message["Bcc"] is None
    assert b"\nBcc" not in message.as_bytes()


def test_a_domain_in_any_script_is_written_as_every_server_takes_it(server: MailServer, tmp_path: Path) -> None:
    deliver(settings(tmp_path, server.url), Letter("ana@bücher.example", "s", "t"), "<1@example.com>")
    assert server.mails[0]["To"] == "ana@xn--bcher-kva.example"


def test_a_mailbox_that_is_not_there_is_final(server: MailServer, tmp_path: Path) -> None:
    with pytest.raises(MailFailed) as failed:
        deliver(settings(tmp_path, server.url), Letter("nobody@example.com", "s", "t"), "<1@example.com>")
    assert failed.value.is_final
    assert "nobody" not in failed.value.reason


def test_what_is_no_address_is_final(server: MailServer, tmp_path: Path) -> None:
    for to in ("", "ana", "ana@example.com\r\nBcc: x@example.com", "\ud800@example.com"):
        with pytest.raises(MailFailed) as failed:
            deliver(settings(tmp_path, server.url), Letter(to, "s", "t"), "<1@example.com>")
        assert failed.value.is_final
    assert server.mails == []


def test_a_server_that_says_not_now_may_be_asked_again(server: MailServer, tmp_path: Path) -> None:
    server.answer = "451 Try later"
    with pytest.raises(MailFailed, match="451") as failed:
        deliver(settings(tmp_path, server.url), LETTER, "<1@example.com>")
    assert not failed.value.is_final


def test_a_server_that_is_away_or_silent_may_be_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "TIMEOUT_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(MailFailed) as failed:
            deliver(settings(tmp_path, url), LETTER, "<1@example.com>")
        assert not failed.value.is_final
    with pytest.raises(MailFailed) as failed:
        deliver(settings(tmp_path, url), LETTER, "<1@example.com>")
    assert not failed.value.is_final


# -- Signing in, and encryption ---------------------------------------------------------------------------------------


def test_user_and_password_come_from_the_address(tmp_path: Path) -> None:
    with MailServer(auth_require_tls=False) as server:
        deliver(settings(tmp_path, f"smtp://ana%40example.com:right@{server.address}"), LETTER, "<1@example.com>")
        assert server.logins == [("ana@example.com", "right")]
        with pytest.raises(MailFailed, match="SMTPAuthenticationError 535") as failed:
            deliver(settings(tmp_path, f"smtp://ana:wr%6Fng@{server.address}"), LETTER, "<2@example.com>")
        assert set(server.logins[1:]) == {("ana", "wrong")}  # in each of the ways to say it
        assert not failed.value.is_final  # an operator mends it
        assert len(server.mails) == 1


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1, and its key, in one file."""
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(path), "-out", f"{path}.crt"]
    subprocess.run([*made, *names], check=True, capture_output=True)
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def trust(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


@pytest.mark.parametrize("scheme", ["smtps://{}", "smtp://{}?starttls=yes"])
def test_an_encrypted_server_must_show_a_certificate_that_holds(
    tmp_path: Path, tls: ssl.SSLContext, certificate: Path, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    options = {"ssl_context": tls} if scheme.startswith("smtps") else {"tls_context": tls, "require_starttls": True}
    with MailServer(**options) as server:
        url = scheme.format(server.address)
        with pytest.raises(MailFailed, match="SSLCertVerificationError"):
            deliver(settings(tmp_path, url), LETTER, "<1@example.com>")
        assert server.mails == []
        trust(certificate, monkeypatch)
        deliver(settings(tmp_path, url), LETTER, "<1@example.com>")
        assert len(server.mails) == 1


def test_a_password_is_not_sent_to_another_machine_unencrypted(
    server: MailServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "_LOCAL", ())
    with pytest.raises(MailFailed, match="SMTPNotSupportedError"):
        deliver(settings(tmp_path, f"smtp://ana:right@{server.address}"), LETTER, "<1@example.com>")
    assert (server.mails, server.logins) == ([], [])
