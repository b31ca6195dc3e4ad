"""Settings: every fault is named at once, at start."""

import pytest

from gate.settings import SettingsRefused, read_settings


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
