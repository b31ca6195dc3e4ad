"""Settings: every fault is named at once, at start."""

import re

import certifi
import pytest

from gate.settings import Settings, SettingsRefused, read_settings


def test_every_bad_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEBOOK_PORT", "0")
    monkeypatch.setenv("GATEBOOK_PLAN", "platinum")
    monkeypatch.setenv("GATEBOOK_SMPT_HOST", "typo")
    with pytest.raises(SettingsRefused) as refusal:
        read_settings()
    for name in ("GATEBOOK_PORT", "GATEBOOK_PLAN", "GATEBOOK_SMPT_HOST"):
        assert name in str(refusal.value)


def test_mail_without_tls_is_for_this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEBOOK_SMTP_HOST", "mail.example.com")
    monkeypatch.setenv("GATEBOOK_SMTP_TLS", "none")
    with pytest.raises(SettingsRefused, match="SMTP_TLS"):
        read_settings()


def test_share_links_begin_with_the_public_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEBOOK_PUBLIC_URL", "https://share.example.com/")
    settings = read_settings()
    assert settings.base_url() == "https://share.example.com"
    assert settings.is_https()
    assert read_settings(public_url=None, port=9000).base_url() == "http://127.0.0.1:9000"


@pytest.mark.parametrize(
    "text", ["Ada <ada@example.com>", "ada", "ä@example.com", "a b@example.com"]
)
def test_the_sender_is_a_bare_address(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("GATEBOOK_SMTP_FROM", text)
    with pytest.raises(SettingsRefused, match="SMTP_FROM"):
        read_settings()


def test_every_fault_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("TIME_ZONE", "Mars"), ("PLAN", "gold"), ("SMTP_FROM", "no address")):
        monkeypatch.setenv(f"GATEBOOK_{name}", value)
    with pytest.raises(SettingsRefused) as refused:
        read_settings()
    assert [line.split(":")[0] for line in str(refused.value).splitlines()] == [
        "GATEBOOK_PLAN",
        "GATEBOOK_TIME_ZONE",
        "GATEBOOK_SMTP_FROM",
    ]


def test_an_unknown_time_zone_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEBOOK_TIME_ZONE", "Berlin")
    with pytest.raises(SettingsRefused, match="TIME_ZONE"):
        read_settings()


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("PUBLIC_URL", "https://example.com/docs", "nothing after the name"),
        ("PUBLIC_URL", "https://example.com/?a=1", "nothing after the name"),
        ("PUBLIC_URL", "https://ada:pw@example.com", "nothing after the name"),
        ("PUBLIC_URL", "share.example.com", "must be an address, such as https://example.com"),
        ("PUBLIC_URL", "ftp://example.com", "must be an address, such as https://example.com"),
        ("OWNER_EMAIL", "notmail", "must be a bare address"),
        ("OWNER_EMAIL", "", "is empty"),
        ("ACCOUNT_NAME", "  ", "is empty"),
        ("HOME", "", "is empty"),
        ("BACKUP_FOLDER", "", "is empty"),
        ("SMTP_HOST", "", "is empty"),
        ("SMTP_CA_FILE", "/proc/nowhere.pem", "/proc/nowhere.pem cannot be read: No such file"),
        ("SMTP_CA_FILE", "README.md", "README.md holds no certificate in PEM form"),
        ("WHATSAPP_VERIFY_TOKEN", "word", "GATEBOOK_WHATSAPP_APP_SECRET is missing"),
        ("WHATSAPP_VERSION", "23", "must look like v23.0"),
        ("METRICS_TOKEN", "short", "must have 16 characters or more"),
        ("TRUSTED_PROXIES", "10.0.0.5/16", "write 10.0.0.0/16 for all of it, or 10.0.0.5"),
        ("TRUSTED_PROXIES", "proxy", "proxy is no address or network, such as 10.0.0.5"),
        ("PORT", "http", "must be a whole number"),
        ("PORT", "70000", "must be 65535 or less"),
        ("BACKUP_HOURS", "-1", "must be 0 or more"),
        ("WEBHOOK_LOOPBACK", "perhaps", "must be true or false"),
    ],
)
def test_a_wrong_value_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str, said: str
) -> None:
    monkeypatch.setenv(f"GATEBOOK_{name}", text)
    with pytest.raises(SettingsRefused) as refused:
        read_settings()
    assert said in str(refused.value)
    assert f"GATEBOOK_{name}" in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("text", ["?", " ", "-1"])
@pytest.mark.parametrize("name", Settings.model_fields)
def test_no_wrong_value_is_told_in_the_librarys_words(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    monkeypatch.setenv(f"GATEBOOK_{name.upper()}", text)
    said = ""
    try:
        read_settings()
    except SettingsRefused as refused:
        said = str(refused)
    assert not re.search(r"Input|String|Value|URL |pydantic", said)


def test_settings_that_belong_together_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEBOOK_SMTP_USER", "ada")
    monkeypatch.setenv("GATEBOOK_WHATSAPP_TEMPLATE", "code")
    with pytest.raises(SettingsRefused) as refused:
        read_settings()
    assert len(str(refused.value).splitlines()) == 2


def test_what_is_right_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in (
        ("OWNER_EMAIL", "owner@localhost"),
        ("PUBLIC_URL", "https://example.com:8443"),
        ("TRUSTED_PROXIES", ""),
        ("LIMITS", ""),
        ("SMTP_CA_FILE", certifi.where()),
        ("WHATSAPP_APP_SECRET", "secret"),
        ("WHATSAPP_VERIFY_TOKEN", "word"),
    ):
        monkeypatch.setenv(f"GATEBOOK_{name}", text)
    assert read_settings().base_url() == "https://example.com:8443"
