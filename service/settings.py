"""Every setting, and the only reader of the environment.

A setting is `HOCLIEU_` and the field's name in capitals. Settings of parts are
URLs whose scheme picks the adapter; secrets are never in URLs. A secret is a
`SecretStr`: its value, or under the name with `_FILE` a file that holds it. The page
`docs/settings.md` is generated from the descriptions below. The module is
long because it is one list.
"""

import datetime
import difflib
import ipaddress
import os
import re
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from service.errors import SettingsError, UnknownSetting

PREFIX = "HOCLIEU_"
IN_A_FILE = "_FILE"
DEFAULT_PUBLIC_URL = "http://127.0.0.1:8000"
"""Of a server that was told no other and does not know its port."""
DEFAULT_REPOSITORY_ID = "hoclieu.example"
# What OAI-PMH.xsd takes for one (emailType), ASCII only.
EMAIL = re.compile(r"[!-?A-~]+@(?:[!-?A-~]+\.)+[!-?A-~]+")


def is_secret(field: FieldInfo) -> bool:
    """Whether its value is never shown, and may stand in a file that `HOCLIEU_<NAME>_FILE` names."""
    return field.annotation is SecretStr


class SecretFiles(PydanticBaseSettingsSource):
    """Secrets out of the files that `HOCLIEU_<NAME>_FILE` names; a line end after one is no part of it."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Raises: SettingsError: the file cannot be read or is empty, or the value is given twice."""
        name = PREFIX + field_name.upper()
        path = os.environ.get(name + IN_A_FILE, "")
        if not (path and is_secret(field)):
            return None, field_name, False
        if os.environ.get(name):
            raise SettingsError(name=name + IN_A_FILE, value=path, allowed=f"not beside {name}")
        try:
            secret = Path(path).read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            reason = (error.strerror if isinstance(error, OSError) else None) or "not UTF-8 text"
            raise SettingsError(name=name + IN_A_FILE, value=path, allowed=reason) from error
        secret = secret.removesuffix("\n").removesuffix("\r")
        if not secret:
            raise SettingsError(name=name + IN_A_FILE, value=path, allowed="not an empty file")
        return secret, field_name, False

    def __call__(self) -> dict[str, Any]:
        found = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in found.items() if value is not None}


class Settings(BaseSettings):
    """Values as given; the URLs of parts fall back to places under `home`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    home: Path = Field(Path("var"), description="Folder of an embedded library: database, files, index and secrets.")
    database_url: str = Field(
        "",
        description="`sqlite:///…` or `postgresql+psycopg://user@host:port/name`; default: `library.sqlite` "
        "under the home folder.",
    )
    database_password: SecretStr = Field(SecretStr(""), description="Password of the user in the database's URL.")
    database_pool: int = Field(
        10,
        ge=2,
        le=1000,
        description="Connections that one process holds to PostgreSQL at most, besides one to listen.",
    )
    database_connect_seconds: int = Field(
        5, ge=1, le=600, description="How long a connection to PostgreSQL may take, and a thread wait for a free one."
    )
    database_statement_seconds: float = Field(
        30.0,
        gt=0,
        le=86400,
        description="How long one statement may take on PostgreSQL; an upgrade of the schema has no limit.",
    )
    database_lock_seconds: float = Field(
        10.0, gt=0, le=86400, description="How long a statement waits on PostgreSQL for what another transaction holds."
    )
    objects_url: str = Field(
        "",
        description="`file:///…`, or `s3+https://host[:port]/bucket?region=…` (`s3+http` on this machine only); "
        "default: `objects/` under the home folder.",
    )
    objects_access_key: SecretStr = Field(SecretStr(""), description="Access key of the S3 store.")
    objects_secret_key: SecretStr = Field(SecretStr(""), description="Secret key of the S3 store.")
    objects_redirect: bool = Field(
        False,
        description="Readers fetch files from the S3 store itself, by an address that holds for 5 minutes, "
        "instead of through the library; they have to reach it under the host of `HOCLIEU_OBJECTS_URL`. "
        "What is kept on a phone still comes through the library.",
    )
    objects_connect_seconds: float = Field(
        3.0, gt=0, le=60, description="How long the S3 store may take to accept a connection; tried twice."
    )
    objects_read_seconds: float = Field(
        20.0,
        gt=0,
        le=600,
        description="How long the S3 store may pause in an answer, or before it, "
        "and take for a part of 16 MiB; tried twice.",
    )
    keep_free_percent: float = Field(
        5.0,
        ge=0,
        le=90,
        description="Share of the disk of the library's files, in percent, that new files leave free; with less, "
        "deposits are refused and reading goes on. 0: none. A bucket has no such bound.",
    )
    keep_free_gigabytes: float = Field(
        2.0, ge=0, le=1_000_000, description="The same in gigabytes; the larger of both holds."
    )
    fixity_days: int = Field(
        30,
        ge=0,
        le=3650,
        description="After how many days a worker reads every stored file again and compares it with its hash; "
        "0: never by itself.",
    )
    fixity_megabytes_per_second: float = Field(
        20.0, gt=0, le=100_000, description="How fast it reads at most, so that readers notice nothing."
    )
    index_url: str = Field(
        "",
        description="`tantivy:///…`, or `opensearch+https://host:9200,host:9200/name` (`opensearch+http` on this "
        "machine only); default: `index/` under the home folder.",
    )
    index_user: str = Field("", description="User of the OpenSearch cluster; nobody when it asks for a certificate.")
    index_password: SecretStr = Field(SecretStr(""), description="Password of that user.")
    index_ca: str = Field(
        "",
        description="File with the certificates (PEM) that OpenSearch's is checked against; "
        "default: those that this machine trusts.",
    )
    index_certificate: str = Field("", description="File with a certificate (PEM) that the library shows OpenSearch.")
    index_key: str = Field("", description="File with the private key (PEM) to it.")
    index_seconds: float = Field(
        3.0,
        gt=0,
        le=60,
        description="How long one search may take on OpenSearch; readers get what it found until then.",
    )
    index_connect_seconds: float = Field(
        2.0, gt=0, le=60, description="How long one OpenSearch host may take to accept a connection; others are tried."
    )
    backup_url: str = Field(
        "",
        description="Where `hoclieu backup` writes when no place is named, a folder or a URL as for objects; "
        "`hoclieu purge` takes what it removes out of there too.",
    )
    backup_access_key: SecretStr = Field(
        SecretStr(""),
        description="Access key of the S3 store of backups and exports, where it is not that of the library's files.",
    )
    backup_secret_key: SecretStr = Field(SecretStr(""), description="Secret key to it.")
    backup_key: str = Field(
        "",
        description="Public key (`age1…`) that the secrets in a backup are sealed to; `hoclieu backup-key` makes one.",
    )
    public_url: str = Field(
        "", description="Where readers reach the library; default `http://127.0.0.1:PORT` of this start."
    )
    repository_id: str = Field(
        DEFAULT_REPOSITORY_ID,
        description="Domain that makes identifiers worldwide unique; `doctor` warns while it is the default.",
    )
    play_url: str = Field(
        "",
        description="Origin that serves simulations; `{id}` stands for the item. Default `http://{id}.play.localhost:PORT`.",
    )
    trusted_proxies: str = Field(
        "", description="Addresses of reverse proxies whose X-Forwarded headers are believed, separated by commas."
    )
    searches_per_minute: int = Field(
        600,
        ge=10,
        le=10_000_000,
        description="Searches that one address may ask of one web process in a minute, more is 429; a school is one "
        "address. Pages behind more than two filters: a quarter of it; pages of resources: four times, files: twenty,"
        " thumbnails: sixty.",
    )
    library_name: str = Field("Học liệu mở", description="Name of the library in the header and in feeds.")
    admin_emails: str = Field(
        "",
        description="E-mail addresses of whoever answers harvesters' questions, separated by commas; "
        "`doctor` warns while there is none.",
    )
    oai_page: int = Field(200, ge=1, le=1000, description="Records that one answer of OAI-PMH (`/oai`) holds at most.")
    national_profile: str = Field(
        "",
        description="File (TOML) with what the national repository asks of a record; default: the profile that ships. "
        "The set `ready` of harvesters and `hoclieu readiness` follow it.",
    )
    planned_downtime: str = Field(
        "",
        description="When the library will be away, shown to harvesters at `/about/harvest`: spans of moments with "
        "their zone, separated by commas, `2026-12-05T22:00+07:00..2026-12-06T02:00+07:00`.",
    )
    harvest_private: Literal["named", "never", "always"] = Field(
        "named",
        description="Which hosts in private networks `hoclieu harvest` asks: `named`: those that the operator names, "
        "and none that a repository outside leads to; `never`; `always`.",
    )
    harvest_seconds: float = Field(
        60.0, gt=0, le=3600, description="How long a repository that is harvested may pause in an answer, or before it."
    )
    language: str = Field("vi", description="Language of the command line and of pages without a prefix: `vi` or `en`.")
    school_first_day: str = Field(
        "",
        description="First day of lessons of this school year, `2026-09-07`, as the province has set it; years without "
        "one begin on the Monday on or after 5 September. The start page counts weeks from there.",
    )
    school_holidays: str = Field(
        # The whole weeks from New Year's Eve to the fifth day of the lunar year, when everybody is free.
        "2026-02-16..2026-02-22,2027-02-01..2027-02-14,2028-01-24..2028-01-30,2029-02-12..2029-02-18,2030-01-28..2030-02-10",
        description="Days without lessons, spans separated by commas. A week with three free days or more has no "
        "number, as at Tết, whose dates each province sets; the default is the time when all are free.",
    )
    lease_seconds: float = Field(
        30.0, gt=0, description="After how many seconds without a sign of life a worker's jobs go to another one."
    )
    log_format: Literal["auto", "json", "text"] = Field(
        "auto", description="Log on standard error: `json`, `text`, or `auto`: text on a terminal, JSON elsewhere."
    )
    metrics_token: SecretStr = Field(
        SecretStr(""),
        description="Who shows it (`Authorization: Bearer …`) may read `/metrics`; without it only this machine may.",
    )
    reading_lanes: int = Field(
        2, ge=1, le=64, description="How many files one worker process reads at the same time; each takes a core."
    )
    source_url: str = Field(
        "",
        description="Where the running version's source can be had; default: `/source`, served by the library itself.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library reads no .env
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - nor a folder of secrets
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, SecretFiles(settings_cls)

    @field_validator("home")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("language")
    @classmethod
    def _known_language(cls, value: str) -> str:
        if value not in ("vi", "en"):
            raise ValueError("vi or en")
        return value

    @field_validator("school_first_day")
    @classmethod
    def _late_summer(cls, value: str) -> str:
        if value and not 7 <= _day(value).month <= 10:
            raise ValueError("a day from July to October")
        return value

    @field_validator("school_holidays")
    @classmethod
    def _short_spans(cls, value: str) -> str:
        if any(not 0 <= (last - first).days < 100 for first, last in _spans(value)):
            raise ValueError("first..last, at most 100 days")
        return value

    @field_validator("planned_downtime")
    @classmethod
    def _moments(cls, value: str) -> str:
        if any(not since < until for since, until in _moments(value)):
            raise ValueError("since..until, the later one behind")
        return value

    @field_validator("admin_emails")
    @classmethod
    def _addresses(cls, value: str) -> str:
        if wrong := [one for one in _listed(value) if not EMAIL.fullmatch(one)]:
            raise ValueError(f"addresses such as library@example.org, not {wrong[0]}")
        return value

    @field_validator("public_url")
    @classmethod
    def _http(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("begins with http:// or https://")
        return value.rstrip("/")

    @cached_property
    def school_year_begins(self) -> datetime.date | None:
        return _day(self.school_first_day) if self.school_first_day else None

    @cached_property
    def holidays(self) -> tuple[tuple[datetime.date, datetime.date], ...]:
        """First and last days."""
        return _spans(self.school_holidays)

    @cached_property
    def downtimes(self) -> tuple[tuple[datetime.datetime, datetime.datetime], ...]:
        """Since when and until when the library will be away, in order."""
        return tuple(sorted(_moments(self.planned_downtime)))

    @cached_property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.home / 'library.sqlite'}"

    @cached_property
    def objects(self) -> str:
        return self.objects_url or f"file://{self.home / 'objects'}"

    @cached_property
    def index(self) -> str:
        return self.index_url or f"tantivy://{self.home / 'index'}"


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text.strip())


def _spans(text: str) -> tuple[tuple[datetime.date, datetime.date], ...]:
    """`2027-02-01..2027-02-14, 2027-04-30`; a day alone is a span. Raises: ValueError."""
    parts = (part.partition("..") for part in text.split(",") if part.strip())
    return tuple((_day(first), _day(last or first)) for first, _, last in parts)


def _moments(text: str) -> list[tuple[datetime.datetime, datetime.datetime]]:
    """Spans of moments. Raises: ValueError: none, or one without its zone."""
    found = []
    for part in _listed(text):
        since, _, until = part.partition("..")
        moments = [datetime.datetime.fromisoformat(one.strip()) for one in (since, until)]
        if any(one.tzinfo is None for one in moments):
            raise ValueError(f"a moment with its zone, such as 2026-12-05T22:00+07:00, not {part}")
        found.append((moments[0], moments[1]))
    return found


def _listed(value: str) -> list[str]:
    return [one for one in (part.strip() for part in value.split(",")) if one]


def admin_emails(settings: Settings) -> tuple[str, ...]:
    """Each address of HOCLIEU_ADMIN_EMAILS."""
    return tuple(_listed(settings.admin_emails))


def on_this_machine(host: str) -> bool:
    """Whether a part's host is the machine itself, to which what is said may go in plain HTTP."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def known() -> list[str]:
    """Every name that may stand in the environment; a secret may also be in a file that `NAME_FILE` names."""
    names = []
    for name, field in Settings.model_fields.items():
        names.append(PREFIX + name.upper())
        if is_secret(field):
            names.append(PREFIX + name.upper() + IN_A_FILE)
    return names


def operator_language() -> str:
    """Of the command line; where another setting is wrong, still the one that was asked for. Vietnamese otherwise."""
    asked = os.environ.get(f"{PREFIX}LANGUAGE", "")
    return asked if asked in ("vi", "en") else "vi"


def _refuse_unknown() -> None:
    """A misspelt name would be left out in silence, and the library run with what nobody chose."""
    names = known()
    # Names are taken in any case (pydantic-settings); a value is never said, it may be a secret.
    for given in sorted(name for name in os.environ if name.upper().startswith(PREFIX)):
        if given.upper() not in names:
            nearest = difflib.get_close_matches(given.upper(), names, n=1, cutoff=0.0)[0]
            raise UnknownSetting(name=given, nearest=nearest)


def load(**overrides: object) -> Settings:
    """Settings from the environment; `overrides` (from the command line) win.

    Raises: SettingsError: names the setting, its value and what is allowed. UnknownSetting: and the nearest name.
    """
    _refuse_unknown()
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        field = "_".join(str(part) for part in first["loc"])
        about = Settings.model_fields.get(field)
        value = "…" if about is not None and is_secret(about) else str(first["input"])
        raise SettingsError(name=PREFIX + field.upper(), value=value, allowed=str(first["msg"])) from error
