"""What 'vigie notify' writes of the demo, as a browser shows it: for the pictures of docs/img/."""

from __future__ import annotations

import base64
import time
from datetime import UTC, date, datetime
from datetime import time as hour
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from dashboard.alerts.channels import load
from dashboard.alerts.claim import Clock
from dashboard.alerts.notify import notify
from dashboard.settings import Settings
from qod.warehouse import open_warehouse


def told(warehouse: Path, outbox: Path, *, today: date) -> dict[str, str]:
    """The owners of the demo are told what there is to tell that morning; returns HTML by who gets it."""
    settings = Settings(
        warehouse=str(warehouse),
        outbox=str(outbox),
        mail_from="vigie@example.org",
        public_url="https://vigie.example.org",
    )
    morning = datetime.combine(today, hour(7), UTC)
    clock = Clock(lambda: morning, time.monotonic, time.sleep)
    notify(open_warehouse(warehouse), settings, [load()["file"]], print, clock=clock)
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in outbox.glob("*.eml")]
    return {str(mail["To"]): _html(mail) for mail in mails}


def _html(mail: EmailMessage) -> str:
    """The HTML of a mail, its pictures within it."""
    body = mail.get_body(("html",))
    html: str = body.get_content() if body else ""
    for part in mail.walk():
        if part["Content-ID"]:
            data = base64.b64encode(part.get_content()).decode()
            html = html.replace(f"cid:{part['Content-ID'].strip('<>')}", f"data:image/png;base64,{data}")
    return html
