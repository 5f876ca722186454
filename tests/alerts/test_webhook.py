from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard.alerts import webhook_formats
from dashboard.alerts.channel import SENT, Outcome
from dashboard.alerts.channels import load
from dashboard.alerts.channels.webhook import open_webhook
from dashboard.alerts.letter import Letter
from dashboard.setting import Setting
from dashboard.settings import SETTINGS, Settings
from dashboard.signature import signed
from tests.alerts.closed_port import closed_port
from tests.alerts.http_server import HttpServer, Reply, Request, http_server
from tests.alerts.letters import EVIL, letter

SECRET = "S3CRET of the signature"
LINK = "https://vigie.example.org/models/r?a=1&b=2"


@pytest.fixture
def server() -> Iterator[HttpServer]:
    with http_server() as running:
        yield running


def sent_to(server: HttpServer, written: Letter | None = None, deadline: float = 15, **changes: Any) -> Outcome:
    fields: dict[str, Any] = {"webhook_url": f"{server.url}/hook?token=T0KEN", "private_hosts": "127.0.0.1"}
    with open_webhook(Settings(**(fields | changes)), deadline=deadline) as sender:
        outcome = sender.send(written or letter())
        assert sender.has(letter().letter_id) is None
    assert "T0KEN" not in outcome.reason
    assert SECRET not in outcome.reason
    assert outcome.reason.isprintable()
    assert (outcome.reason == "") is (outcome.state == "sent")
    return outcome


def documented() -> Callable[[Mapping[str, str], bytes, str], bool]:
    """The function that docs/alerts.md gives to receivers."""
    page = (Path(__file__).resolve().parents[2] / "docs" / "alerts.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    names: dict[str, Any] = {}
    exec(block, names)
    return names["is_from_vigie"]  # type: ignore[no-any-return]


def test_the_channel_is_declared_and_says_what_it_needs() -> None:
    assert load()["webhook"].needs == ("webhook_url",)


def test_a_letter_arrives_as_json_with_its_identifier(server: HttpServer) -> None:
    assert sent_to(server) == SENT
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", "/hook?token=T0KEN")
    assert request.json == letter().payload
    assert request.headers["content-type"].startswith("application/json")
    assert request.headers["idempotency-key"] == letter().letter_id
    assert request.headers["x-vigie-event-id"] == letter().letter_id
    assert request.headers["user-agent"].startswith("Vigie")
    assert "x-vigie-signature" not in request.headers


def test_what_the_documentation_tells_receivers_verifies_the_signature(server: HttpServer) -> None:
    assert sent_to(server, webhook_secret=SECRET) == SENT
    (request,) = server.requests
    names = {"x-vigie-timestamp": "X-Vigie-Timestamp", "x-vigie-signature": "X-Vigie-Signature"}
    headers = {names.get(name, name): value for name, value in request.headers.items()}
    is_from_vigie = documented()
    assert is_from_vigie(headers, request.body, SECRET)
    assert not is_from_vigie(headers, request.body, "another secret")
    assert not is_from_vigie(headers, request.body + b" ", SECRET)
    assert not is_from_vigie({}, request.body, SECRET)
    assert not is_from_vigie(headers | {"X-Vigie-Signature": "v1=é"}, request.body, SECRET)
    assert not is_from_vigie(headers | {"X-Vigie-Timestamp": "soon"}, request.body, SECRET)
    later = headers | {"X-Vigie-Timestamp": str(int(headers["X-Vigie-Timestamp"]) + 1)}
    assert not is_from_vigie(later, request.body, SECRET)
    # An old one, rightly signed, is refused too: nobody can replay it.
    old = signed(request.body, SECRET, datetime.now(UTC) - timedelta(hours=1))
    assert not is_from_vigie(old, request.body, SECRET)


@pytest.mark.parametrize(
    ("fault", "state", "reached"),
    [
        *(("302", "refused", True), ("307", "refused", True), ("400", "refused", True), ("404", "refused", True)),
        *(("409", "refused", True), ("429", "refused", False), ("500", "refused", False), ("503", "refused", False)),
        *(("cut", "unknown", True), ("nonsense", "unknown", True)),
    ],
)
def test_what_an_answer_means(server: HttpServer, fault: str, state: str, reached: bool) -> None:
    server.fault = fault
    outcome = sent_to(server, webhook_secret=SECRET)
    assert (outcome.state, outcome.reached) == (state, reached)
    assert fault in outcome.reason or not fault.isdigit()
    assert [request.path for request in server.requests] == ["/hook?token=T0KEN"]


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_every_success_is_one(server: HttpServer, status: int) -> None:
    server.answer = lambda request: Reply(status, b"")
    assert sent_to(server) == SENT


@pytest.mark.parametrize(
    "reply",
    [
        Reply(409, json.dumps({"taken": letter().letter_id}).encode()),
        Reply(409, b"", {"Idempotency-Key": letter().letter_id}),
    ],
)
def test_a_receiver_that_has_the_letter_already_has_it(server: HttpServer, reply: Reply) -> None:
    server.answer = lambda request: reply
    assert sent_to(server) == SENT


def test_a_receiver_that_looks_at_the_key_takes_a_letter_once(server: HttpServer) -> None:
    taken: set[str] = set()

    def answer(request: Request) -> Reply:
        key = request.headers["idempotency-key"]
        known = key in taken
        taken.add(key)
        return Reply(409, b"", {"Idempotency-Key": key}) if known else Reply()

    server.fault = "cut"  # it has taken the letter, and the line broke
    server.answer = answer
    assert sent_to(server).state == "unknown"
    taken.add(server.requests[0].headers["idempotency-key"])
    server.fault = ""
    assert sent_to(server) == SENT
    assert taken == {letter().letter_id}
    assert server.requests[0].body == server.requests[1].body


def test_a_receiver_that_hangs(server: HttpServer) -> None:
    server.fault = "hang"
    outcome = sent_to(server, deadline=0.8)
    assert (outcome.state, outcome.reached) == ("unknown", True)


def test_a_receiver_that_is_not_there_or_not_allowed(server: HttpServer) -> None:
    nobody = sent_to(server, webhook_url=f"http://127.0.0.1:{closed_port()}/T0KEN")
    assert (nobody.state, nobody.reached) == ("refused", False)
    private = sent_to(server, webhook_url=f"https://127.0.0.1:{server.port}/T0KEN", private_hosts="")
    assert (private.state, private.reached) == ("refused", False)
    assert "private_hosts" in private.reason
    assert not server.requests


def test_each_format_is_a_choice_of_the_setting() -> None:
    setting: Setting = next(each for each in SETTINGS if each.name == "webhook_format")
    assert set(setting.choices) == set(webhook_formats.load())


@pytest.mark.parametrize("form", sorted(webhook_formats.load()))
@pytest.mark.parametrize("evil", EVIL, ids=range(len(EVIL)))
def test_no_name_changes_what_is_posted(server: HttpServer, form: str, evil: str) -> None:
    named = letter(subject=evil, plain=f"{evil}\n{evil}", payload={"name": evil, "url": LINK})
    assert sent_to(server, named, webhook_format=form) == SENT
    (request,) = server.requests
    assert set(request.json) == set(webhook_formats.load()[form].body(letter(payload=named.payload)))
    assert {name for name in request.headers if name.startswith("x-")} == {"x-vigie-event-id"}


def test_pubsub_is_the_envelope_of_a_push(server: HttpServer) -> None:
    assert sent_to(server, webhook_format="pubsub") == SENT
    envelope = server.requests[0].json
    message = envelope["message"]
    assert json.loads(base64.b64decode(message["data"], validate=True)) == letter().payload
    assert message["messageId"] == letter().letter_id
    assert message["publishTime"] == "2026-11-21T07:30:00.000Z"
    assert message["attributes"] == {"letter_id": letter().letter_id, "language": "fr"}
    assert re.fullmatch(r"projects/[^/]+/subscriptions/[^/]+", envelope["subscription"])


def test_slack_is_a_text_with_a_link_and_no_markup_of_names() -> None:
    named = letter(subject="*a* <!channel> & <https://example.com|free>", plain="b > c\n<@U1>")
    text = webhook_formats.load()["slack"].body(named)["text"]
    first, *rest, last = text.split("\n")
    assert first == "*∗a∗ &lt;!channel&gt; &amp; &lt;https://example.com|free&gt;*"
    assert rest == ["b &gt; c", "&lt;@U1&gt;"]
    assert last == f"<{LINK.replace('&', '&amp;')}|Ouvrir dans Vigie>"
    assert len(re.findall("<", text)) == 1


def test_teams_is_a_card_that_reads_no_markdown_in_names() -> None:
    named = letter(subject="a [free](https://example.com)", plain="b\n\n  * c", language="en")
    message = webhook_formats.load()["teams"].body(named)
    (attachment,) = message["attachments"]
    card = attachment["content"]
    assert (message["type"], attachment["contentType"]) == ("message", "application/vnd.microsoft.card.adaptive")
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert {block["type"] for block in card["body"]} == {"RichTextBlock"}  # whose texts are taken as they are
    assert [block["inlines"][0]["text"] for block in card["body"]] == [named.subject, "b", "* c"]
    assert card["actions"] == [{"type": "Action.OpenUrl", "title": "Open in Vigie", "url": LINK}]


@pytest.mark.parametrize("form", ["slack", "teams"])
def test_what_is_too_long_for_a_chat_is_cut(form: str) -> None:
    long = letter(subject="s" * 5000, plain="é& " * 50_000)
    posted = json.dumps(webhook_formats.load()[form].body(long), ensure_ascii=False).encode()
    assert len(posted) < 28_000  # bytes, the least that any of them takes
    assert "…" in posted.decode()


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", 7, None])
def test_a_letter_that_leads_nowhere_has_no_link(url: Any) -> None:
    lost = letter(payload={"url": url})
    assert "<" not in webhook_formats.load()["slack"].body(lost)["text"]
    assert "actions" not in webhook_formats.load()["teams"].body(lost)["attachments"][0]["content"]
