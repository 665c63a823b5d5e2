"""Which store and bucket an address means: `s3+https://host[:port]/bucket?region=…`.

Plain HTTP is for a store on this very machine: over a network others could
read unpublished files, and addresses that open a file for five minutes.
"""

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from service.errors import SettingsError
from service.settings import on_this_machine

FORMS = "s3+https://host[:port]/bucket?region=…, s3+http://127.0.0.1:port/bucket"
# What stores without regions answer to, and AWS's oldest.
REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class Named:
    """The settings that an operator has to set right, for the sentences that name them."""

    url: str = "HOCLIEU_OBJECTS_URL"
    access_key: str = "HOCLIEU_OBJECTS_ACCESS_KEY"
    secret_key: str = "HOCLIEU_OBJECTS_SECRET_KEY"  # noqa: S105 - the name of one


@dataclass(frozen=True, slots=True)
class Address:
    """host: with its port, where it has one."""

    host: str
    bucket: str
    region: str
    secure: bool
    named: Named = Named()

    @property
    def origin(self) -> str:
        return f"{'https' if self.secure else 'http'}://{self.host}"


def parse(url: str, named: Named = Named()) -> Address:
    """Raises: SettingsError: no host, no bucket, keys in it, plain HTTP to another machine."""
    try:
        split = urlsplit(url)
        host, bucket = split.hostname or "", split.path.strip("/")
        secure = split.scheme == "s3+https"
        # A key in an address ends in logs and process lists; it is not repeated here either.
        shown = url.replace(f"{split.username or ''}:{split.password or ''}@", "…@") if split.username else url
        if not host or not bucket or "/" in bucket or split.username or not (secure or on_this_machine(host)):
            raise SettingsError(name=named.url, value=shown, allowed=FORMS)
        region = parse_qs(split.query).get("region", [REGION])[0]
        return Address(split.netloc, bucket, region, secure, named)
    except ValueError as error:
        raise SettingsError(name=named.url, value=url, allowed=FORMS) from error
