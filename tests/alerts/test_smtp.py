from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dashboard.alerts.channel import SENT, Outcome, Sender
from dashboard.alerts.channels import load
from dashboard.alerts.channels.smtp import open_smtp
from dashboard.alerts.letter import Letter
from dashboard.settings import Settings
from qod.errors import SettingError
from tests.alerts.certificates import Certificates, make_certificates
from tests.alerts.closed_port import closed_port
from tests.alerts.letters import EVIL, letter
from tests.alerts.mail_server import MailServer, mail_server

PASSWORD = "open-Sesame %s {}"
LOGIN = ("vigie", PASSWORD)
SHORT = 0.8
"""Seconds for a server that would never end: enough to connect and to write on a busy machine."""


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


def settings(port: int, **changes: Any) -> Settings:
    fields: dict[str, Any] = {"mail_from": "vigie@example.org", "smtp_host": "127.0.0.1", "smtp_security": "none"}
    return Settings(**(fields | {"smtp_port": port} | changes))


@contextmanager
def sender_to(server: MailServer, deadline: float = 15, **changes: Any) -> Iterator[Sender]:
    with open_smtp(settings(server.port, **changes), deadline=deadline) as sender:
        yield sender


def sent_to(server: MailServer, written: Letter | None = None, deadline: float = 15, **changes: Any) -> Outcome:
    with sender_to(server, deadline, **changes) as sender:
        outcome = sender.send(written or letter())
    assert PASSWORD not in outcome.reason
    assert outcome.reason.isprintable()
    assert (outcome.reason == "") is (outcome.state == "sent")
    return outcome


def test_the_channel_is_declared_and_says_what_it_needs() -> None:
    channel = load()["smtp"]
    assert channel.needs == ("smtp_host", "mail_from")
    assert channel.open is open_smtp


def test_a_letter_arrives_as_it_was_written(server: MailServer) -> None:
    assert sent_to(server) == SENT
    (envelope,) = server.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("vigie@example.org", ["ada@example.org"])
    (mail,) = server.mails
    assert mail["Subject"] == letter().subject
    plain = mail.get_body(("plain",))
    assert plain is not None
    # A line that is a dot alone would end the mail, did nobody double it.
    assert plain.get_content().replace("\r\n", "\n") == letter().plain
    assert b"\n" not in server.raw[0].replace(b"\r\n", b"")


@pytest.mark.parametrize("evil", EVIL, ids=range(len(EVIL)))
def test_no_name_adds_a_recipient_or_ends_a_mail(server: MailServer, evil: str) -> None:
    named = replace(letter(), subject=evil, plain=f"{evil}\r\n.\r\nMAIL FROM:<x@example.com>\r\n", html=evil)
    with sender_to(server) as sender:
        assert sender.send(named) == SENT
        assert sender.send(letter()) == SENT
        assert sender.send(replace(named, to=evil)).state == "refused"
    assert [envelope.rcpt_tos for envelope in server.envelopes] == [["ada@example.org"]] * 2
    assert server.mails[0]["Bcc"] is None


def test_many_letters_go_over_one_line(server: MailServer) -> None:
    with sender_to(server) as sender:
        for n in range(5):
            assert sender.send(letter(letter_id=f"{n:032x}")) == SENT
    assert server.connections == 1
    assert [mail["Message-ID"] for mail in server.mails] == [f"<{n:032x}@example.org>" for n in range(5)]


def test_a_line_that_the_server_closed_meanwhile_is_opened_anew(server: MailServer) -> None:
    with sender_to(server) as sender:
        assert sender.send(letter()) == SENT
        server.close_lines()
        assert sender.send(letter(letter_id="f" * 32)) == SENT
    assert server.connections == 2
    assert len(server.mails) == 2


@pytest.mark.parametrize("fault", ["550", "554", "451"])
def test_what_the_server_refuses_is_refused_and_the_next_letter_goes_through(server: MailServer, fault: str) -> None:
    with sender_to(server) as sender:
        server.fault = fault
        outcome = sender.send(letter())
        assert (outcome.state, outcome.reached) == ("refused", True)
        assert f"answered {fault}" in outcome.reason
        assert not server.mails
        server.fault = ""
        assert sender.send(letter()) == SENT
    assert server.connections == 1
    assert len(server.mails) == 1


def test_a_line_that_breaks_before_the_mail_was_taken(server: MailServer) -> None:
    server.fault = "early"
    outcome = sent_to(server)
    assert outcome.state == "refused"
    assert "broke off the line" in outcome.reason
    assert not server.mails


@pytest.mark.parametrize("fault", ["cut", "mute", "drip"])
def test_where_the_answer_to_the_mail_is_missing_nobody_can_tell(server: MailServer, fault: str) -> None:
    with sender_to(server, deadline=SHORT) as sender:
        assert sender.send(letter(letter_id="e" * 32)) == SENT
        server.fault = fault
        outcome = sender.send(letter())
        assert outcome.state == "unknown"
        assert "nobody can tell whether it has it" in outcome.reason
        assert len(server.mails) == 2  # it has it indeed
        server.fault = ""
        assert sender.send(letter(letter_id="f" * 32)) == SENT
    assert server.connections == 2


def test_what_is_no_answer_ends_the_line(server: MailServer) -> None:
    with sender_to(server) as sender:
        server.words = "SSH-2.0-OpenSSH"
        outcome = sender.send(letter())
        assert outcome.state == "refused"
        assert "what is no answer" in outcome.reason
        server.words = ""
        assert sender.send(letter()) == SENT
    assert server.connections == 2


def test_a_mail_that_is_sent_again_has_the_same_identifier(server: MailServer) -> None:
    server.fault = "cut"
    assert sent_to(server).state == "unknown"
    server.fault = ""
    assert sent_to(server) == SENT
    assert server.raw[0] == server.raw[1]
    with sender_to(server) as sender:
        assert sender.has(letter().letter_id) is None


@pytest.mark.parametrize(
    ("fault", "said"), [("421", "answered 421"), ("hang", "did not answer within"), ("", "takes no connection")]
)
def test_a_server_that_cannot_be_spoken_to(server: MailServer, fault: str, said: str) -> None:
    server.fault = fault
    port = server.port if fault else closed_port()
    outcome = sent_to(server, deadline=SHORT if fault == "hang" else 15, smtp_port=port)
    assert (outcome.state, outcome.reached) == ("refused", False)
    assert said in outcome.reason


def test_a_host_that_is_no_name(server: MailServer) -> None:
    outcome = sent_to(server, smtp_host=f".{'x' * 70}", smtp_security="tls")
    assert (outcome.state, outcome.reached) == ("refused", False)


def test_a_host_that_nobody_knows(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    outcome = sent_to(server, smtp_host="mail.example.org")
    assert (outcome.state, outcome.reached) == ("refused", False)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_over_tls_with_a_login(certificates: Certificates, security: str) -> None:
    with mail_server(security=security, certificates=certificates, login=LOGIN) as server:
        encrypted: dict[str, Any] = {"smtp_security": security, "smtp_ca": str(certificates.ca)}
        login = {"smtp_user": "vigie", "smtp_password": PASSWORD}
        with sender_to(server, **encrypted, **login) as sender:
            assert sender.send(letter()) == SENT
            server.close_lines()
            assert sender.send(letter()) == SENT
        assert len(server.mails) == 2
        assert server.logins == ["vigie", "vigie"]

        wrong = sent_to(server, **encrypted, smtp_user="vigie", smtp_password="wrong-Sesame")
        assert (wrong.state, wrong.reached) == ("refused", False)
        assert wrong.reason == "The mail server 127.0.0.1 refused the login of smtp_user with 535."
        assert "530" in sent_to(server, **encrypted).reason  # no login at all
        assert len(server.mails) == 2


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_only_a_certificate_that_is_vouched_for_is_trusted(certificates: Certificates, security: str) -> None:
    with mail_server(security=security, certificates=certificates, login=LOGIN) as server:
        login = {"smtp_user": "vigie", "smtp_password": PASSWORD}
        outcome = sent_to(server, smtp_security=security, **login)
        assert (outcome.state, outcome.reached) == ("refused", False)
        assert "is not trusted" in outcome.reason
        assert not server.logins
        assert not server.mails


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_the_certificate_has_the_name_of_the_server(tmp_path: Path, security: str) -> None:
    other = make_certificates(tmp_path, names=("mail.example.com",), addresses=())
    with mail_server(security=security, certificates=other) as server:
        outcome = sent_to(server, smtp_security=security, smtp_ca=str(other.ca))
        assert outcome.state == "refused"
        assert "is not trusted" in outcome.reason
        assert not server.mails


def test_starttls_never_falls_back_to_an_open_line(server: MailServer, certificates: Certificates) -> None:
    login = {"smtp_user": "vigie", "smtp_password": PASSWORD, "smtp_security": "starttls"}
    outcome = sent_to(server, **login)
    assert (outcome.state, outcome.reached) == ("refused", False)
    assert "offers no STARTTLS" in outcome.reason
    with mail_server(security="starttls", certificates=certificates, fault="454") as busy:
        assert "answered 454" in sent_to(busy, smtp_ca=str(certificates.ca), **login).reason
        assert not busy.mails
    assert not server.mails


def test_a_server_that_speaks_tls_in_another_way(certificates: Certificates) -> None:
    with mail_server() as server:
        assert "smtp_security" in sent_to(server, smtp_security="tls").reason
    with mail_server(security="tls", certificates=certificates) as server:
        assert sent_to(server, smtp_security="starttls", deadline=SHORT).state == "refused"
        assert not server.mails


def test_a_password_goes_over_an_open_line_only_within_this_machine(
    monkeypatch: pytest.MonkeyPatch, certificates: Certificates
) -> None:
    login = {"smtp_user": "vigie", "smtp_password": PASSWORD}
    with mail_server(login=LOGIN) as server:
        assert sent_to(server, **login) == SENT
        # The same server, as if it were another machine.
        monkeypatch.setattr("dashboard.alerts.mail.line.MailLine.on_this_machine", False)
        outcome = sent_to(server, **login)
        assert (outcome.state, outcome.reached) == ("refused", False)
        assert "the password is not sent" in outcome.reason
        assert server.logins == ["vigie"]


def test_a_server_without_logins_and_a_password_that_none_takes(server: MailServer) -> None:
    assert "takes no login" in sent_to(server, smtp_user="vigie", smtp_password=PASSWORD).reason
    with mail_server(login=LOGIN) as strict:
        outcome = sent_to(strict, smtp_user="vigie", smtp_password="pässwörd")
        assert "ASCII" in outcome.reason
        assert "pässwörd" not in outcome.reason


def test_what_a_server_says_is_quoted_on_one_short_line_without_the_password(server: MailServer) -> None:
    server.words = f"550 5.1.1 \x1b[31m{PASSWORD}\u202e " + "very " * 80
    outcome = sent_to(server, smtp_password=PASSWORD)
    assert "***" in outcome.reason
    assert len(outcome.reason) < 260


@pytest.mark.parametrize("to", ["", "nobody", "a@example.org, b@example.org", "a@example.org\nb@example.org"])
def test_a_letter_without_one_address_is_not_sent(server: MailServer, to: str) -> None:
    outcome = sent_to(server, letter(to=to))
    assert (outcome.state, outcome.reached) == ("refused", True)
    assert server.connections == 0


def test_addresses_in_other_alphabets() -> None:
    with mail_server() as server:
        assert sent_to(server, letter(to="théo@exämple.org")) == SENT
        assert server.envelopes[0].rcpt_tos == ["théo@xn--exmple-cua.org"]
    with mail_server(smtputf8=False) as server:
        assert sent_to(server, letter(to="ada@exämple.org")) == SENT
        outcome = sent_to(server, letter(to="théo@example.org"))
        assert (outcome.state, outcome.reached) == ("refused", True)
        assert "ASCII" in outcome.reason


@pytest.mark.parametrize(("wrong", "said"), [({"mail_from": ""}, "mail_from"), ({"smtp_ca": "none.pem"}, "smtp_ca")])
def test_settings_that_cannot_be_used_are_named(wrong: dict[str, str], said: str) -> None:
    with pytest.raises(SettingError, match=re.escape(said)), open_smtp(settings(25, **wrong)):
        pass
