"""The settings of alerts and retraining: who is written to, over which channel, and who is asked to train anew."""

from __future__ import annotations

from typing import Final

from dashboard.setting import Setting

_HOSTS: Final = r"[A-Za-z0-9.:_-]+(\s*,\s*[A-Za-z0-9.:_-]+)*"
_HTTP: Final = r"https?://\S+"
_ADDRESS: Final = "an address that begins with https:// (or http://)"
_MAIL: Final = r"[^@\s,<>\"]+@[^@\s,<>\"]+"
_MAIL_FORM: Final = "a mail address as vigie@example.org"

OF_ALERTS: Final[tuple[Setting, ...]] = (
    Setting(
        "public_url",
        "",
        "where readers reach the pages, with the path they stand below; the links in messages begin with it",
        pattern=_HTTP,
        form=_ADDRESS,
    ),
    Setting(
        "channels",
        "",
        "how 'vigie notify' and 'vigie digest' send messages",
        pattern=r"(smtp|webhook|file)(\s*,\s*(smtp|webhook|file))*",
        form="some of smtp, webhook and file, separated by commas",
    ),
    Setting(
        "alert_minutes",
        60,
        "minutes that lie between two messages to one owner at least; what happens in between is told in one; 0 holds "
        "nothing back",
        most=7 * 24 * 60,
    ),
    Setting(
        "default_owner", "", "who gets the alerts of a model without an owner_email", pattern=_MAIL, form=_MAIL_FORM
    ),
    Setting("outbox", "outbox", "the folder into which the channel 'file' writes messages"),
    Setting("mail_from", "", "the address that mails come from", pattern=_MAIL, form=_MAIL_FORM),
    Setting(
        "unsubscribe",
        "",
        "where an owner says that mails should end, for the header List-Unsubscribe; mail_from where it is not set",
        pattern=rf"{_HTTP}|mailto:{_MAIL}",
        form="an address that begins with https:// or mailto:",
    ),
    Setting("smtp_host", "", "the mail server that letters are handed to"),
    Setting("smtp_port", 587, "the port of the mail server", least=1, most=65535),
    Setting(
        "smtp_security",
        "starttls",
        "how the way to the mail server is encrypted: starttls (port 587), tls from the first byte (port 465), or none",
        choices=("starttls", "tls", "none"),
    ),
    Setting(
        "smtp_ca",
        "",
        "a file with the certificates (PEM) that the mail server's is verified against; the system's where not set",
    ),
    Setting("smtp_user", "", "the login at the mail server; no login where it is not set"),
    Setting("smtp_password", "", "the password of that login", secret=True),
    Setting("webhook_url", "", "where the channel 'webhook' posts messages", pattern=_HTTP, form=_ADDRESS, secret=True),
    Setting(
        "webhook_format",
        "vigie",
        "what it posts: the JSON of docs/alerts.md, the same in the envelope of a Pub/Sub push, or what Slack or Teams "
        "take",
        choices=("vigie", "pubsub", "slack", "teams"),
    ),
    Setting(
        "webhook_secret", "", "the key that signs what is posted (HMAC-SHA-256); unsigned without one", secret=True
    ),
    Setting(
        "private_hosts",
        "",
        "hosts at private or link-local addresses, or asked over http://, that webhooks, Airflow and GitLab may be at; "
        "others are refused",
        pattern=_HOSTS,
        form="names as they stand in the address, separated by commas",
    ),
    Setting("airflow_url", "", "where Airflow is, below whose address its REST API lies", pattern=_HTTP, form=_ADDRESS),
    Setting(
        "airflow_api",
        "auto",
        "which of its interfaces: v1 (Airflow 2), v2 (Airflow 3); auto asks for v2 first",
        choices=("auto", "v1", "v2"),
    ),
    Setting("airflow_user", "", "the login at Airflow"),
    Setting("airflow_password", "", "the password of that login", secret=True),
    Setting("airflow_token", "", "a bearer token for Airflow, in place of a login", secret=True),
    Setting(
        "gitlab_url", "https://gitlab.com", "where the GitLab is that starts pipelines", pattern=_HTTP, form=_ADDRESS
    ),
    Setting("gitlab_token", "", "the pipeline trigger token of GitLab", secret=True),
    Setting(
        "retrain_url",
        "",
        "where the target 'webhook' posts a request to train anew",
        pattern=_HTTP,
        form=_ADDRESS,
        secret=True,
    ),
    Setting("retrain_secret", "", "the key that signs that request (HMAC-SHA-256)", secret=True),
)
"""How people are told, and how retraining is asked for."""
