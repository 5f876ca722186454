"""Settings: their order, what is refused, and that each is declared and documented."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from dashboard.settings import SETTINGS, Setting, Settings, load_settings, shown
from qod.errors import SettingError, VigieError


def test_defaults_where_nothing_is_said(tmp_path: Path) -> None:
    settings = load_settings({"HOME": "/root"}, tmp_path)
    assert settings == Settings()
    assert set(settings.sources.values()) == {"default"}


def test_environment_wins_over_file_and_file_over_default(tmp_path: Path) -> None:
    (tmp_path / "vigie.toml").write_text('port = 9000\nhost = "0.0.0.0"\n')
    settings = load_settings({"VIGIE_PORT": "9001"}, tmp_path)
    assert (settings.port, settings.host, settings.threads) == (9001, "0.0.0.0", 16)
    assert (settings.sources["port"], settings.sources["host"], settings.sources["threads"]) == (
        "environment",
        "vigie.toml",
        "default",
    )


def test_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    assert load_settings({"VIGIE_PORT": ""}, tmp_path).port == 8050


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"VIGIE_PROT": "80"}, ["VIGIE_PROT", "did you mean 'VIGIE_PORT'"]),
        ({"VIGIE_PORT": "eighty"}, ["VIGIE_PORT", "whole number from 1 to 65535", "'eighty'"]),
        ({"VIGIE_PORT": "70000"}, ["whole number from 1 to 65535", "70000"]),
        ({"VIGIE_LANGUAGE": "de"}, ["one of en, fr", "'de'"]),
        ({"VIGIE_DEBUG": "perhaps"}, ["true or false", "'perhaps'"]),
        ({"VIGIE_ENVIRONMENT": "prod"}, ["one of local, lab, run"]),
        ({"VIGIE_BASE_PATH": "vigie"}, ["a path that begins and ends with a slash", "'vigie'", "VIGIE_BASE_PATH to /"]),
        (
            {"VIGIE_HOSTS": "http://a:80"},
            ["names without a port", "'http://a:80'", "set VIGIE_HOSTS to names", "leave it"],
        ),
        ({"VIGIE_BASE_PATH": "/../"}, ["a path that begins and ends with a slash"]),
    ],
)
def test_environment_is_refused_with_what_was_expected(
    environ: dict[str, str], words: list[str], tmp_path: Path
) -> None:
    with pytest.raises(VigieError) as caught:
        load_settings(environ, tmp_path)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("prot = 80", ["vigie.toml", "'prot'", "'port'"]),
        ('port = "80"', ["vigie.toml, port", "whole number", "'80'"]),
        ("port = true", ["whole number", "True"]),
        ("warehouse = 3", ["vigie.toml, warehouse", "text"]),
        ('warehouse = ""', ["vigie.toml, warehouse", "text"]),
        ("hosts = ['a']", ["vigie.toml, hosts", "names without a port", "write hosts = names", "or leave it out"]),
        ("port = eighty", ["vigie.toml cannot be read", "line 1"]),
        ("VIGIE_PORT = 80", ["'VIGIE_PORT'", "did you mean 'port'"]),
    ],
)
def test_file_is_refused_with_what_was_expected(text: str, words: list[str], tmp_path: Path) -> None:
    (tmp_path / "vigie.toml").write_text(text)
    with pytest.raises(VigieError) as caught:
        load_settings({}, tmp_path)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("environ", "text", "hint"),
    [
        ({"VIGIE_PORT": "eighty"}, "", "set VIGIE_PORT to a number such as 8050 ("),
        ({"VIGIE_DEBUG": "perhaps"}, "", "set VIGIE_DEBUG to false ("),
        ({"VIGIE_LANGUAGE": "de"}, "", "set VIGIE_LANGUAGE to en ("),
        ({}, 'port = "80"', "write port = 8050, for example ("),
        ({}, "language = 3", 'write language = "en", for example ('),
        ({"VIGIE_ZZZ": "1"}, "", "take it out; docs/settings.md lists"),
        ({}, "zzz = 1", "take it out; docs/settings.md lists"),
    ],
)
def test_the_hint_says_what_to_write(environ: dict[str, str], text: str, hint: str, tmp_path: Path) -> None:
    (tmp_path / "vigie.toml").write_text(text)
    with pytest.raises(VigieError) as caught:
        load_settings(environ, tmp_path)
    assert f"Hint: {hint}" in str(caught.value)


def test_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "vigie.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingError, match=r"vigie\.toml cannot be read"):
        load_settings({}, tmp_path)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda s: s.name)
def test_every_setting_is_declared_whole(setting: Setting, tmp_path: Path) -> None:
    field = {field.name: field for field in fields(Settings)}[setting.name]
    assert field.default == setting.default, "the dataclass and the declaration disagree"
    assert setting.meaning
    assert not setting.meaning.endswith("."), "meanings are phrases"
    text = str(setting.default) if setting.secret else shown(setting, Settings())
    assert load_settings({setting.variable: text}, tmp_path) == Settings()
    if setting.choices:
        assert setting.default in setting.choices


def test_names_and_fields_are_the_same() -> None:
    assert [setting.name for setting in SETTINGS] == [f.name for f in fields(Settings) if f.name != "sources"]


def test_secret_is_never_shown() -> None:
    secret = Setting("host", "", "a password", secret=True)
    assert "127" not in shown(secret, Settings())
    assert shown(secret, Settings(host="")) == "(not set)"


def test_secrets_come_from_the_environment_alone_and_stand_in_no_representation(tmp_path: Path) -> None:
    settings = load_settings({one.variable: "https://hunter2.example" for one in SETTINGS if one.secret}, tmp_path)
    assert "hunter2" not in repr(settings)
    assert not any("hunter2" in shown(one, settings) for one in SETTINGS)
    (tmp_path / "vigie.toml").write_text('smtp_password = "hunter2"')
    with pytest.raises(SettingError, match="VIGIE_SMTP_PASSWORD") as caught:
        load_settings({}, tmp_path)
    assert "hunter2" not in str(caught.value)


def test_how_long_pages_ask_nothing_follows_the_warehouse() -> None:
    assert Settings().freshness_seconds == 0
    assert Settings(warehouse="bigquery://p/d").freshness_seconds == 60
    assert Settings(warehouse="gs://b/p", refresh_seconds=0).freshness_seconds == 0
    assert Settings(refresh_seconds=5).freshness_seconds == 5


@pytest.mark.parametrize("variable", ["VIGIE_SMTP_PASSWORD", "VIGIE_WEBHOOK_SECRET", "VIGIE_AIRFLOW_USER"])
def test_bytes_that_are_no_text_are_refused_before_anything_is_signed_with_them(variable: str, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=f"{variable} should be text") as caught:
        load_settings({variable: "open-S\udcffesame"}, tmp_path)
    assert variable == "VIGIE_AIRFLOW_USER" or "esame" not in str(caught.value)
    assert load_settings({variable: "é€ \u202e'\"%s{}"}, tmp_path)
