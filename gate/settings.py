"""Everything an operator can set, read from the environment once, into one frozen value."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from zoneinfo import available_timezones

from pydantic import (
    Field,
    HttpUrl,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from data.records import Plan
from gate.delivery.certificates import read_certificates
from gate.kept_backups import BACKUP_FOLDER
from gate.limits import Limit, adjust_limits
from gate.setting_values import (
    Network,
    parse_limits,
    parse_networks,
    read_origin,
    read_plain_address,
    refuse_blank,
    say_fault,
)

PREFIX = "GATEBOOK_"
_VERSION = re.compile(r"v\d+\.\d+")


class SettingsRefused(Exception):
    """One or more settings are wrong; the message has a line for each."""


class Settings(BaseSettings):
    """The settings of one running Gatebook. Names in the environment begin with `GATEBOOK_`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, env_file=None)

    home: Path = Field(Path("var"), description="Folder of the database, documents, outbox, keys")
    port: int = Field(8501, ge=1, le=65535, description="Port to serve on, at 127.0.0.1")
    public_url: HttpUrl | None = Field(
        None, description="Address that share links begin with, when not http://127.0.0.1:PORT"
    )
    trusted_proxies: str = Field(
        "", description="Addresses or networks of proxies in front, with commas between them"
    )
    account_name: str = Field("Gatebook", description="Name of a new account")
    plan: Plan = Field(Plan.BUSINESS, description="Plan of a new account: free, pro or business")
    time_zone: str = Field("UTC", description="IANA time zone of a new account")
    owner_email: str = Field("owner@localhost", description="Email of a new account's first owner")
    upload_limit_mb: int = Field(100, ge=1, le=4096, description="Largest document, in MiB")
    pepper: SecretStr | None = Field(
        None, description="32 bytes as 64 hex digits that key every code; else a file in the home"
    )
    backup_hours: int = Field(
        24, ge=0, le=720, description="Hours from one backup to the next; 0 makes none by itself"
    )
    backup_folder: Path | None = Field(
        None, description="Folder of the backups, when not the folder backup in the home"
    )
    backups_kept_days: int = Field(
        14, ge=1, le=3_650, description="Days that a backup is kept; the newest one always is"
    )
    metrics_token: SecretStr | None = Field(
        None, min_length=16, description="Token that /metrics asks for; without it there is none"
    )
    emails_per_day: int = Field(2_000, ge=1, description="Most codes by email a day, per workspace")
    whatsapp_per_day: int = Field(
        200, ge=1, description="Most codes by WhatsApp a day, per workspace"
    )
    limits: str = Field(
        "", description="Other limits of the gate, as name=number with commas between them"
    )
    webhook_loopback: bool = Field(
        False, description="Whether webhooks may lead to this machine, by http too: to develop with"
    )
    smtp_host: str | None = Field(
        None, description="Mail server; without it codes go to the outbox"
    )
    smtp_port: int = Field(587, ge=1, le=65535, description="Its port")
    smtp_tls: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="starttls (587), tls (465) or none (only to this machine)"
    )
    smtp_user: str | None = Field(None, description="User name at the mail server")
    smtp_password: SecretStr | None = Field(None, description="Password at the mail server")
    smtp_from: str = Field("gatebook@localhost", description="Sender address of the codes")
    smtp_ca_file: Path | None = Field(
        None, description="Certificate authority to trust for the mail server, besides the system's"
    )

    whatsapp_phone_number_id: str | None = Field(
        None, description="The sending number's id at Meta; without it codes go to the outbox"
    )
    whatsapp_token: SecretStr | None = Field(None, description="Access token of the Cloud API")
    whatsapp_template: str | None = Field(
        None, description="Name of an approved template of category AUTHENTICATION"
    )
    whatsapp_template_language: str = Field("en_US", description="The template's language")
    whatsapp_version: str = Field("v23.0", description="Version of the API")
    whatsapp_base_url: HttpUrl = Field(
        HttpUrl("https://graph.facebook.com"), description="Where the API is"
    )
    whatsapp_app_secret: SecretStr | None = Field(
        None, description="Secret with which Meta signs what it tells at /hooks/whatsapp"
    )
    whatsapp_verify_token: SecretStr | None = Field(
        None, description="Token that Meta is told when the webhook is set up"
    )

    @model_validator(mode="after")
    def _check_pairs(self) -> "Settings":
        faults = [*self._mail_faults(), *self._whatsapp_faults()]
        if faults:
            raise ValueError("\n".join(faults))
        return self

    def _mail_faults(self) -> Iterator[str]:
        if self.smtp_user is not None and self.smtp_password is None:
            yield "GATEBOOK_SMTP_PASSWORD is missing: GATEBOOK_SMTP_USER needs it"
        if self.smtp_tls == "none" and self.smtp_host not in (
            None,
            "localhost",
            "127.0.0.1",
            "::1",
        ):
            yield "GATEBOOK_SMTP_TLS=none is for a mail server on this machine only"

    def _whatsapp_faults(self) -> Iterator[str]:
        given = (self.whatsapp_phone_number_id, self.whatsapp_token, self.whatsapp_template)
        if any(given) and not all(given):
            yield "GATEBOOK_WHATSAPP_PHONE_NUMBER_ID, _TOKEN and _TEMPLATE belong together: set all"
        if self.whatsapp_verify_token is not None and self.whatsapp_app_secret is None:
            yield (
                "GATEBOOK_WHATSAPP_APP_SECRET is missing: without it nothing that Meta tells at "
                "the webhook of GATEBOOK_WHATSAPP_VERIFY_TOKEN is heard"
            )
        is_local = self.whatsapp_base_url.host in ("localhost", "127.0.0.1", "[::1]")
        if self.whatsapp_base_url.scheme != "https" and not is_local:
            yield "GATEBOOK_WHATSAPP_BASE_URL must begin with https://"

    @field_validator("*", mode="before")
    @classmethod
    def _check_blank(cls, value: object, info: ValidationInfo) -> object:
        may_be_empty = info.field_name in ("trusted_proxies", "limits")
        return value if may_be_empty else refuse_blank(value)

    @field_validator("public_url")
    @classmethod
    def _check_public_url(cls, address: HttpUrl | None) -> HttpUrl | None:
        return None if address is None else read_origin(address)

    @field_validator("smtp_ca_file")
    @classmethod
    def _check_certificates(cls, file: Path | None) -> Path | None:
        return None if file is None else read_certificates(file)

    @field_validator("whatsapp_version")
    @classmethod
    def _check_version(cls, text: str) -> str:
        if not _VERSION.fullmatch(text):
            raise ValueError("must look like v23.0")
        return text

    @field_validator("time_zone")
    @classmethod
    def _check_time_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError("must be a name such as Europe/Berlin")
        return name

    @field_validator("smtp_from", "owner_email")
    @classmethod
    def _check_email(cls, address: str) -> str:
        return read_plain_address(address)

    @field_validator("trusted_proxies")
    @classmethod
    def _check_proxies(cls, text: str) -> str:
        parse_networks(text)
        return text

    def find_trusted_proxies(self) -> tuple[Network, ...]:
        """The proxies whose word on a client's address is believed."""
        return parse_networks(self.trusted_proxies)

    @field_validator("limits")
    @classmethod
    def _check_limits(cls, text: str) -> str:
        adjust_limits(parse_limits(text))
        return text

    def gate_limits(self) -> tuple[Limit, ...]:
        """The table of limits with what the operator set."""
        daily = {
            "workspace_emails_24_h": self.emails_per_day,
            "workspace_whatsapp_24_h": self.whatsapp_per_day,
        }
        return adjust_limits(daily | parse_limits(self.limits))

    def find_backup_folder(self) -> Path:
        """The folder that holds backups."""
        return self.backup_folder or self.home / BACKUP_FOLDER

    def base_url(self) -> str:
        """The address that share links begin with, without a slash at its end."""
        if self.public_url is not None:
            return str(self.public_url).rstrip("/")
        return f"http://127.0.0.1:{self.port}"

    def is_https(self) -> bool:
        """Whether browsers reach us over https, so that cookies can be marked Secure."""
        return self.base_url().startswith("https://")


def read_settings(**overrides: object) -> Settings:
    """The settings of the environment, with the command line's own on top.

    Raises:
        SettingsRefused: a value is wrong or a name is unknown; every one of them is named.
    """
    faults = [
        f"{name}: there is no such setting. The README lists them all."
        for name in sorted(os.environ)
        if name.startswith(PREFIX)
        and name.removeprefix(PREFIX).lower() not in Settings.model_fields
    ]
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as failure:
        faults += [
            _fault_line(fault["loc"], say_fault(fault["type"], fault["msg"], fault.get("ctx", {})))
            for fault in failure.errors()
        ]
        raise SettingsRefused("\n".join(faults)) from failure
    if faults:
        raise SettingsRefused("\n".join(faults))
    return settings


def _fault_line(location: tuple[int | str, ...], message: str) -> str:
    return f"{PREFIX}{str(location[0]).upper()}: {message}" if location else message
