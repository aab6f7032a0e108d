"""The house's settings: ``NANORI_…`` environment variables, every value checked before anything starts."""

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "NANORI_"
PREFIX_OF_TESTS = "NANORI_TEST_"
SECRET_LENGTH = 32
ROLE_NAME_LENGTH = 63
SIMULATED_ACCOUNT_SID = "AC" + "5" * 32
TWILIO_API_URL = "https://api.twilio.com"


class SettingsInvalid(Exception):  # noqa: N818 - named for the fact, like every refusal here
    """The environment describes no installation that can start; the text names each wrong variable."""


class LoginKind(StrEnum):
    """Who connects to the database; each kind has its own login role that owns nothing."""

    STAFF = "staff"
    MERCHANT = "merchant"
    WORKER = "worker"


def _postgresql_url(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        url = make_url(value)
    except ArgumentError:
        raise ValueError(
            "must be a PostgreSQL address like postgresql://owner:password@host/nanori"
        ) from None
    if url.get_backend_name() not in {"postgresql", "postgres"}:
        raise ValueError("must be a PostgreSQL address: Nanori runs on PostgreSQL 15 or newer only")
    if not url.database:
        raise ValueError("names no database; put its name at the end, like postgresql://owner@host/nanori")
    return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def _web_address(value: object) -> object:
    if not isinstance(value, str):
        return value
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("must be a web address like https://desk.example.com")
    return value.rstrip("/")


def _smtp_address(value: object) -> object:
    if not isinstance(value, str):
        return value
    parts = urlsplit(value)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("must be an address like smtp://user:password@mail.example.com:587, or smtps://…")
    return value


def _time_zone(value: object) -> object:
    try:
        return ZoneInfo(str(value)).key
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise ValueError("must be a time zone's name like Asia/Tokyo") from None


def _countries(value: object) -> object:
    codes = [code.strip() for code in value.split(",")] if isinstance(value, str) else value
    if not isinstance(codes, list | tuple) or not all(re.fullmatch("[A-Z]{2}", str(code)) for code in codes):
        raise ValueError("must be countries by their two letters, with commas between, like JP,US")
    return codes


def _sid(prefix: str) -> BeforeValidator:
    def check(value: object) -> object:
        if isinstance(value, str) and not re.fullmatch(prefix + "[0-9a-f]{32}", value):
            raise ValueError(
                f"must be {prefix} followed by 32 characters 0-9 and a-f, as Twilio's console shows it"
            )
        return value

    return BeforeValidator(check)


Edge = Literal["ashburn", "dublin", "frankfurt", "sao-paulo", "singapore", "sydney", "tokyo", "umatilla"]
"""Where requests enter Twilio's network."""
Region = Literal["us1", "ie1", "au1", "jp1"]
"""Where an account's data is; credentials are valid in one region."""
Port = Annotated[int, Field(ge=1, le=65535)]
WebAddress = Annotated[str, BeforeValidator(_web_address)]
PostgresqlUrl = Annotated[str, BeforeValidator(_postgresql_url)]


class Settings(BaseModel):
    """What one installation is told from outside. Built from keywords it reads no environment at all.

    ``database_url`` is the owner's; the processes log in by :meth:`url_for`. Without it the embedded
    PostgreSQL of ``data_dir`` is meant, whose secret key lies beside it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    secret_key: str = Field(min_length=SECRET_LENGTH, repr=False)
    database_url: PostgresqlUrl | None = Field(default=None, repr=False)
    role_prefix: str | None = Field(default=None, pattern=r"^[a-z_][a-z0-9_]{0,40}$")
    pool_size: int = Field(default=10, ge=1, le=200)
    pool_overflow: int = Field(default=10, ge=0, le=200)
    worker_concurrency: int = Field(default=4, ge=1, le=100)

    host: str = "127.0.0.1"
    port: Port = 8400
    public_url: WebAddress = "http://127.0.0.1:8400"
    data_dir: Path = Path("var")
    vendor_dir: Path = Path("var/vendor")  # browser files that set-up fetched
    demo: bool = False

    simulated: bool = True
    carrier_port: Port = 8401
    twilio_account_sid: Annotated[str, _sid("AC")] = SIMULATED_ACCOUNT_SID
    twilio_auth_token: str = Field(default="", repr=False)
    twilio_auth_token_next: str | None = Field(default=None, repr=False)
    twilio_api_key: Annotated[str, _sid("SK")] | None = None
    twilio_api_secret: str | None = Field(default=None, repr=False)
    twilio_app_sid: Annotated[str, _sid("AP")] | None = None
    twilio_edge: Edge | None = None
    twilio_region: Region | None = None
    twilio_api_url: WebAddress = TWILIO_API_URL
    twilio_fallback_url: WebAddress | None = None  # of another host; without it we serve it ourselves
    agent_phone_countries: Annotated[tuple[str, ...], BeforeValidator(_countries)] = ("JP",)
    number_quarantine_days: int = Field(default=90, ge=0, le=3650)
    shops_per_hour_limit: int = Field(default=4, ge=1, le=100)
    shopify_every_minutes: int = Field(default=15, ge=1, le=1440)

    smtp_url: Annotated[str, BeforeValidator(_smtp_address)] | None = Field(default=None, repr=False)
    mail_sink: bool = True

    operator_name: str = Field(default="ナノリ・コンタクト株式会社", min_length=1, max_length=120)
    locale: Literal["ja", "en"] = "ja"
    zone: Annotated[str, BeforeValidator(_time_zone)] = "Asia/Tokyo"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["console", "json"] = "console"

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, data: Any) -> Any:
        """Without an account at Twilio the simulated carrier plays it, without a mail server the sink."""
        values = dict(data)
        port = values.get("port", cls.model_fields["port"].default)
        values.setdefault("public_url", f"http://127.0.0.1:{port}")
        values.setdefault("mail_sink", values.get("smtp_url") is None)
        values.setdefault("simulated", "twilio_account_sid" not in values)
        if _is_on(values["simulated"]):
            _simulate_carrier(values, default_port=cls.model_fields["carrier_port"].default)
        elif values.get("twilio_edge") and values.get("twilio_region"):
            host = f"api.{values['twilio_edge']}.{values['twilio_region']}.twilio.com"
            values.setdefault("twilio_api_url", f"https://{host}")
        return values

    @model_validator(mode="after")
    def _belong_together(self) -> Self:
        if (self.twilio_api_key is None) != (self.twilio_api_secret is None):
            raise ValueError(
                f"{PREFIX}TWILIO_API_KEY and {PREFIX}TWILIO_API_SECRET only work together: give both or none"
            )
        if (self.twilio_edge is None) != (self.twilio_region is None):
            raise ValueError(
                f"{PREFIX}TWILIO_EDGE and {PREFIX}TWILIO_REGION only work together: give both or none"
            )
        if not self.twilio_auth_token:
            raise ValueError(
                f"{PREFIX}TWILIO_AUTH_TOKEN is missing (it stands beside the SID in Twilio's console)"
            )
        if self.smtp_url is None and not self.mail_sink:
            raise ValueError(
                f"{PREFIX}SMTP_URL is missing and {PREFIX}MAIL_SINK is off: no answer could be sent"
            )
        return self

    @property
    def database(self) -> str:
        """Name of the database that ``database_url`` leads to."""
        return str(make_url(self.owner_url()).database)

    @property
    def carrier_control_key(self) -> str:
        """What opens the control interface of the simulated carrier."""
        return derived_key(self.secret_key, "control of the simulated carrier")

    def role_for(self, kind: LoginKind) -> str:
        """The login role of this installation's processes of one kind."""
        return role_name(self.role_prefix or self.database, kind)

    def url_for(self, kind: LoginKind) -> str:
        """The address that a process of this kind logs in with; its password follows from the secret key."""
        role = self.role_for(kind)
        url = make_url(self.owner_url()).set(username=role, password=role_password(self.secret_key, role))
        return url.render_as_string(hide_password=False)

    def owner_url(self) -> str:
        if self.database_url is None:
            raise SettingsInvalid(f"{PREFIX}DATABASE_URL is missing and no embedded database was started.")
        return self.database_url


def role_name(database: str, kind: LoginKind) -> str:
    """A login role's name, one set for each database: ``nanori_staff`` for the database ``nanori``."""
    name = f"{database}_{kind.value}"
    if re.fullmatch(r"[a-z_][a-z0-9_]*", name) and len(name) <= ROLE_NAME_LENGTH:
        return name
    return f"nanori_{hashlib.sha256(database.encode()).hexdigest()[:24]}_{kind.value}"


def role_password(secret_key: str, role: str) -> str:
    """A login role's password, the same for whoever holds the secret key, so that it need not be stored."""
    return derived_key(secret_key, f"database role {role}")


def derived_key(secret_key: str, purpose: str) -> str:
    """64 hexadecimal digits for one named purpose; knowing one tells nothing about another."""
    return hmac.new(secret_key.encode(), purpose.encode(), hashlib.sha256).hexdigest()


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings that the environment describes; empty variables count as not given.

    Where the demo or the embedded database is meant and no secret key is given, the key of ``data_dir`` is
    read, and made (mode 0600) on the first start.

    Raises:
        SettingsInvalid: one line for each variable that is missing, wrong or unknown.
    """
    values: dict[str, Any] = {
        key.removeprefix(PREFIX).lower(): value
        for key, value in environ.items()
        if key.startswith(PREFIX) and not key.startswith(PREFIX_OF_TESTS) and value.strip()
    }
    if "secret_key" not in values and ("database_url" not in values or _is_on(values.get("demo"))):
        values["secret_key"] = kept_secret(Path(values.get("data_dir", "var")))
    try:
        return Settings.model_validate(values)
    except ValidationError as invalid:
        raise SettingsInvalid(_sentences(invalid)) from None


def kept_secret(data_dir: Path) -> str:
    """The secret key in ``data_dir/secret``, made on first use, readable by its owner alone."""
    path = data_dir / "secret"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _write_once(path, secrets.token_hex(SECRET_LENGTH))
        return path.read_text().strip()
    except OSError as problem:
        raise SettingsInvalid(
            f"The secret key {path} can be neither read nor made: {problem.strerror}."
        ) from problem


def _write_once(path: Path, text: str) -> None:
    """Two processes that start at once agree on whichever came first: the link refuses to overwrite."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text)
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _simulate_carrier(values: dict[str, Any], *, default_port: int) -> None:
    """The simulated carrier's account: everybody who holds the secret key derives the same one."""
    values.setdefault("twilio_account_sid", SIMULATED_ACCOUNT_SID)
    values.setdefault(
        "twilio_auth_token", derived_key(values.get("secret_key", ""), "simulated carrier")[:32]
    )
    values.setdefault("twilio_api_url", f"http://127.0.0.1:{values.get('carrier_port', default_port)}")


def _is_on(value: object) -> bool:
    return str(value).strip().lower() in {"true", "1", "yes", "on"}


def _sentences(invalid: ValidationError) -> str:
    return "\n".join(
        _sentence(str(error["loc"][0]) if error["loc"] else "", dict(error)) for error in invalid.errors()
    )


def _sentence(field: str, error: Mapping[str, Any]) -> str:
    name = PREFIX + field.upper()
    message = str(error["msg"]).removeprefix("Value error, ")
    if not field:
        return f"{message}."
    match error["type"]:
        case "missing":
            return f"{name} is missing{_HINTS.get(field, '')}."
        case "extra_forbidden":
            return f"{name} is no setting of Nanori; look for a misspelling, or remove it."
        case "value_error":
            return f"{name} {message}."
        case "string_too_short":
            return f"{name} is too short: it needs at least {error['ctx']['min_length']} characters."
        case _:
            return f"{name} is wrong: {message[:1].lower()}{message[1:]}."


_HINTS = {"secret_key": " (at least 32 characters, for example from: openssl rand -hex 32)"}
