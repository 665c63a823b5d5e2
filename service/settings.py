"""Every setting, and the only reader of the environment.

A setting is `HOCLIEU_` and the field's name in capitals. Settings of parts are
URLs whose scheme picks the adapter; secrets are never in URLs. The page
`docs/settings.md` is generated from the descriptions below.
"""

import difflib
import os
from functools import cached_property
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from service.errors import SettingsError, UnknownSetting

PREFIX = "HOCLIEU_"


class Settings(BaseSettings):
    """Values as given; the URLs of parts fall back to places under `home`."""

    model_config = SettingsConfigDict(env_prefix="HOCLIEU_", frozen=True, extra="ignore")

    home: Path = Field(Path("var"), description="Folder of an embedded library: database, files, index and secrets.")
    database_url: str = Field("", description="`sqlite:///…`; default: `library.sqlite` under the home folder.")
    objects_url: str = Field("", description="`file:///…`; default: `objects/` under the home folder.")
    index_url: str = Field("", description="`tantivy:///…`; default: `index/` under the home folder.")
    public_url: str = Field(
        "", description="Where readers reach the library; default `http://127.0.0.1:PORT` of this start."
    )
    repository_id: str = Field(
        "hoclieu.example",
        description="Domain that makes identifiers worldwide unique; `doctor` warns while it is the default.",
    )
    play_url: str = Field(
        "",
        description="Origin that serves simulations; `{id}` stands for the item. Default `http://{id}.play.localhost:PORT`.",
    )
    trusted_proxies: str = Field(
        "", description="Addresses of reverse proxies whose X-Forwarded headers are believed, separated by commas."
    )
    library_name: str = Field("Học liệu mở", description="Name of the library in the header and in feeds.")
    language: str = Field("vi", description="Language of the command line and of pages without a prefix: `vi` or `en`.")
    lease_seconds: float = Field(
        30.0, gt=0, description="After how many seconds without a sign of life a worker's jobs go to another one."
    )
    source_url: str = Field(
        "",
        description="Where the running version's source can be had; default: `/source`, served by the library itself.",
    )

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

    @field_validator("public_url")
    @classmethod
    def _http(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("begins with http:// or https://")
        return value.rstrip("/")

    @cached_property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.home / 'library.sqlite'}"

    @cached_property
    def objects(self) -> str:
        return self.objects_url or f"file://{self.home / 'objects'}"

    @cached_property
    def index(self) -> str:
        return self.index_url or f"tantivy://{self.home / 'index'}"


def known() -> list[str]:
    """Every name that may stand in the environment; a secret may also be in a file that `NAME_FILE` names."""
    names = []
    for field, about in Settings.model_fields.items():
        names.append(f"{PREFIX}{field.upper()}")
        if about.annotation is SecretStr or SecretStr in getattr(about.annotation, "__args__", ()):
            names.append(f"{PREFIX}{field.upper()}_FILE")
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
        name = "HOCLIEU_" + "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(name=name, value=str(first["input"]), allowed=str(first["msg"])) from error
