from __future__ import annotations

import json
import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import cast

import pytest

from dashboard.alerts.channels.file import open_outbox
from dashboard.alerts.mail.address import spelt
from dashboard.alerts.mail.headers import LONGEST_SUBJECT
from dashboard.alerts.mail.mail import mail_of
from dashboard.settings import Settings
from tests.alerts.letters import EVIL, letter

SETTINGS = Settings(mail_from="vigie@example.org")
HEADERS = {
    *("From", "To", "Subject", "Message-ID", "In-Reply-To", "References", "Date", "MIME-Version", "Content-Type"),
    *("Content-Language", "List-Id", "List-Unsubscribe", "Auto-Submitted", "X-Auto-Response-Suppress"),
}


def read(raw: bytes) -> EmailMessage:
    """The mail as a mail program reads it."""
    return cast(EmailMessage, message_from_bytes(raw, policy=policy.default))


def test_a_mail_has_every_form_and_says_what_it_is() -> None:
    mail = read(bytes(mail_of(letter(), SETTINGS)))
    assert mail.get_content_type() == "multipart/alternative"
    plain, related = mail.iter_parts()
    assert plain.get_content_type() == "text/plain"
    assert plain.get_content().replace("\r\n", "\n") == letter().plain
    assert related.get_content_type() == "multipart/related"
    html, picture = cast(EmailMessage, related).iter_parts()
    assert html.get_content_type() == "text/html"
    assert html.get_content().strip() == letter().html
    assert picture.get_content_type() == "image/png"
    assert picture.get_content() == letter().pictures["drift.png"]
    assert picture["Content-ID"] == "<drift.png>"
    assert picture.get_content_disposition() == "inline"
    assert set(mail) == HEADERS
    assert mail["From"].addresses[0].addr_spec == "vigie@example.org"
    assert [each.addr_spec for each in mail["To"].addresses] == ["ada@example.org"]
    assert mail["Subject"] == letter().subject
    assert mail["Date"].datetime == letter().written_at
    assert mail["Content-Language"] == "fr"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["List-Id"] == "Vigie <vigie.example.org>"
    assert mail["Message-ID"] == f"<{letter().letter_id}@example.org>"


def test_files_stand_behind_what_is_read() -> None:
    mail = read(bytes(mail_of(letter(files={"vigie-guard-churn.json": b'{"version": 1}\n'}), SETTINGS)))
    assert set(mail) == HEADERS
    assert mail.get_content_type() == "multipart/mixed"
    body, guard = mail.iter_parts()
    assert body.get_content_type() == "multipart/alternative"
    assert (guard.get_filename(), guard.get_content_disposition()) == ("vigie-guard-churn.json", "attachment")
    assert json.loads(guard.get_content()) == {"version": 1}
    assert bytes(mail_of(letter(files={"a.json": b"{}"}), SETTINGS)) == bytes(
        mail_of(letter(files={"a.json": b"{}"}), SETTINGS)
    )


def test_without_pictures_there_is_one_html_part() -> None:
    mail = read(bytes(mail_of(letter(pictures={}), SETTINGS)))
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_the_same_letter_is_the_same_mail_and_another_is_another() -> None:
    assert bytes(mail_of(letter(), SETTINGS)) == bytes(mail_of(letter(), SETTINGS))
    other = letter(letter_id="f" * 32)
    assert mail_of(other, SETTINGS)["Message-ID"] != mail_of(letter(), SETTINGS)["Message-ID"]


def test_letters_of_one_model_are_one_thread() -> None:
    first = read(bytes(mail_of(letter(threads=("model:a", "incident:x")), SETTINGS)))
    second = read(bytes(mail_of(letter(threads=("model:a",), letter_id="f" * 32), SETTINGS)))
    other = read(bytes(mail_of(letter(threads=("model:b",)), SETTINGS)))
    assert first["In-Reply-To"] == second["In-Reply-To"] != other["In-Reply-To"]
    eldest, narrowest = first["References"].split()
    assert narrowest == first["In-Reply-To"] == second["References"]
    assert eldest != narrowest
    assert re.fullmatch(r"<thread\.[0-9a-f]{32}@example\.org>", narrowest)
    alone = mail_of(letter(threads=()), SETTINGS)
    assert alone["In-Reply-To"] is None
    assert alone["References"] is None


@pytest.mark.parametrize("field", ["subject", "to", "plain", "html", "threads"])
@pytest.mark.parametrize("evil", EVIL, ids=range(len(EVIL)))
def test_no_name_changes_what_a_mail_is(field: str, evil: str) -> None:
    written = replace(letter(), **{field: (f"model:{evil}", evil) if field == "threads" else evil})
    raw = bytes(mail_of(written, SETTINGS))
    mail = read(raw)
    assert set(mail) == HEADERS
    assert len(mail.keys()) == len(HEADERS)
    assert len(mail["To"].addresses) == (0 if field == "to" else 1)
    assert len(list(mail.iter_parts())) == 2
    assert not mail.defects
    assert b"\r\nBcc:" not in raw.partition(b"\r\n\r\n")[0]
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert raw.isascii()


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ("plain words", "plain words"),
        ("a\r\nBcc: thief@example.com", "a Bcc: thief@example.com"),
        # An encoded word in a name is a name: nobody may decode it.
        ("=?utf-8?q?a=0D=0ABcc:_x?= b", "=?utf-8?q?a=0D=0ABcc:_x?= b"),
        ("été " * 60, ("été " * 60).strip()),
        ("x" * 300, "x" * 300),
        ("\u202eexe.txt", "exe.txt"),
        ("half \ud83d a pair", "half \ufffd a pair"),
        ("", ""),
    ],
)
def test_a_subject_arrives_as_it_is_on_one_line(subject: str, shown: str) -> None:
    assert read(bytes(mail_of(letter(subject=subject), SETTINGS)))["Subject"] == shown


def test_a_subject_without_end_has_one() -> None:
    found = read(bytes(mail_of(letter(subject="y" * 5000), SETTINGS)))["Subject"]
    assert len(found) == LONGEST_SUBJECT
    assert found.endswith("y…")


def test_long_domains_and_many_threads_stay_within_their_lines() -> None:
    domain = ".".join(["d" * 60] * 3) + ".example.org"
    settings = Settings(mail_from=f"vigie@{domain}")
    raw = bytes(mail_of(letter(threads=tuple(f"model:{n}" for n in range(300))), settings))
    mail = read(raw)
    assert mail["Message-ID"] == f"<{letter().letter_id}@{domain}>"
    assert all(each.endswith(f"@{domain}>") for each in mail["References"].split())
    assert max(len(line) for line in raw.split(b"\r\n")) < 998
    # No mail program looks for encoded words in identifiers, so there must be none.
    assert b"=?" not in re.sub(rb"Subject:.*\r\n", b"", raw.partition(b"\r\n\r\n")[0])
    assert len(mail["References"]) < 20_000


@pytest.mark.parametrize(
    ("unsubscribe", "header"),
    [
        ("", "<mailto:vigie@example.org?subject=unsubscribe>"),
        ("mailto:stop@example.org", "<mailto:stop@example.org>"),
        ("https://example.org/stop?a=1,2", "<https://example.org/stop?a=1%2C2>"),
        ("https://example.org/>\u00e9<x", "<https://example.org/%3E%C3%A9%3Cx>"),
    ],
)
def test_the_way_out_is_named_and_nothing_more_is_claimed(unsubscribe: str, header: str) -> None:
    mail = mail_of(letter(), Settings(mail_from="vigie@example.org", unsubscribe=unsubscribe))
    assert mail["List-Unsubscribe"] == header
    assert mail["List-Unsubscribe-Post"] is None  # RFC 8058: nobody knows that a POST there ends the mails


def test_a_mail_without_sender_or_recipient_can_be_looked_at() -> None:
    mail = read(bytes(mail_of(letter(to=""), Settings())))
    assert mail["To"] == "undisclosed-recipients:;"
    assert mail["From"].addresses[0].domain == "vigie.invalid"
    assert mail["List-Unsubscribe"] is None


@pytest.mark.parametrize(
    ("address", "taken"),
    [
        ("ada@example.org", "ada@example.org"),
        ("ada.o'hara+vigie@example.org", "ada.o'hara+vigie@example.org"),
        ("ada@exämple.org", "ada@xn--exmple-cua.org"),
        ("théo@example.org", "théo@example.org"),
        ("ada@localhost", "ada@localhost"),
        *((wrong, "") for wrong in ("", "ada", "@example.org", "ada@", "ada@@example.org", "a@b@example.org")),
        *((wrong, "") for wrong in ("a b@example.org", "a@exa mple.org", "a,b@example.org", "Ada <a@example.org>")),
        *((wrong, "") for wrong in ("=?utf-8?q?a=2Cb?=@example.org", "a;b@example.org", "g:a@example.org")),
        *((wrong, "") for wrong in ("a\r\nRCPT TO:<b@example.org>@example.org", "a@example.org\n", "a@-example.org")),
        *((wrong, "") for wrong in ('"a b"@example.org', "a@[127.0.0.1]", "a@example..org", "\u202ea@example.org")),
        *(
            (wrong, "")
            for wrong in (f"{'a' * 65}@example.org", f"a@{'b' * 64}.org", "a\ud83d@example.org", "a..b@c.org")
        ),
    ],
)
def test_only_one_plain_address_is_an_address(address: str, taken: str) -> None:
    assert spelt(address) == taken


def test_an_address_in_another_alphabet_is_written_as_it_is() -> None:
    raw = bytes(mail_of(letter(to="théo@exämple.org"), SETTINGS))
    assert "To: théo@xn--exmple-cua.org\r\n".encode() in raw


def test_what_a_killed_run_left_of_a_letter_is_written_over(tmp_path: Path) -> None:
    half = tmp_path / f".{letter().letter_id}.eml.draft"
    half.write_bytes(b"From: Vi")
    with open_outbox(Settings(outbox=str(tmp_path), mail_from="vigie@example.org")) as outbox:
        assert not outbox.has(letter().letter_id)
        assert outbox.send(letter()).state == "sent"
        assert outbox.has(letter().letter_id)
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".eml", ".json"]
