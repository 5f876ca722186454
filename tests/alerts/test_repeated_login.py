"""A mail server that repeats what it was told at the login, in whatever form: none of it is kept."""

from __future__ import annotations

import base64

import pytest

from tests.alerts.mail_server import mail_server
from tests.alerts.test_smtp import LOGIN, PASSWORD, sent_to


@pytest.mark.parametrize(
    "said",
    [
        PASSWORD.replace(" ", "  "),
        base64.b64encode(PASSWORD.encode()).decode(),
        "AUTH PLAIN " + base64.b64encode(f"\0vigie\0{PASSWORD}".encode()).decode(),
    ],
)
def test_a_server_that_repeats_the_login_in_another_form_is_not_quoted(said: str) -> None:
    with mail_server(login=LOGIN) as server:
        for words, told in ((f"550 5.5.1 unknown: {said}", "***"), ("550 5.1.1 no such user", "5.1.1 no such user")):
            server.words = words
            outcome = sent_to(server, smtp_user="vigie", smtp_password=PASSWORD)
            assert outcome.reason.endswith(f"answered 550: {told}.")
