"""The files under HOCLIEU_HOME/secrets, sealed to a public key for a backup and opened at a restore.

age (through pyrage): a file that the `age` program opens too, so that secrets
never depend on this program; the machine that makes backups holds only the
public key, and whoever steals a backup cannot read them.
"""

import hashlib
import io
import tarfile
from dataclasses import dataclass
from pathlib import Path

from service.errors import BackupIdentity, BackupKey, Damaged, Invalid

FOLDER = "secrets"
FILE_MODE, FOLDER_MODE = 0o600, 0o700


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted tar. sha256: of `data`."""

    data: bytes
    sha256: str


def new_key() -> tuple[str, str]:
    """(secret, public): the secret opens backups and belongs off the machine; the public one is HOCLIEU_BACKUP_KEY."""
    import pyrage

    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def seal(home: Path, public_key: str) -> Sealed | None:
    """None: there are no secrets. Raises: BackupKey {count}: there are, and no key; Invalid: it is no age key."""
    files = sorted(path for path in (home / FOLDER).rglob("*") if path.is_file() and not path.is_symlink())
    if not files:
        return None
    if not public_key:
        raise BackupKey(count=len(files))
    import pyrage

    try:
        recipient = pyrage.x25519.Recipient.from_str(public_key)
    except pyrage.RecipientError as error:
        raise Invalid(field="HOCLIEU_BACKUP_KEY", value=public_key) from error
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for path in files:
            data = path.read_bytes()
            member = tarfile.TarInfo(path.relative_to(home / FOLDER).as_posix())
            member.size, member.mode = len(data), FILE_MODE
            archive.addfile(member, io.BytesIO(data))
    sealed = pyrage.encrypt(packed.getvalue(), [recipient])
    return Sealed(sealed, hashlib.sha256(sealed).hexdigest())


def unseal(data: bytes, identity: str) -> bytes:
    """The tar. identity: text of a key file. Raises: BackupIdentity: no key in it, or another one."""
    import pyrage

    lines = [line.strip() for line in identity.splitlines() if line.startswith("AGE-SECRET-KEY-")]
    try:
        packed: bytes = pyrage.decrypt(data, [pyrage.x25519.Identity.from_str(line) for line in lines])
    except (pyrage.IdentityError, pyrage.DecryptError, ValueError) as error:
        raise BackupIdentity from error
    return packed


def unpack(packed: bytes, home: Path) -> int:
    """Write the files; one of the same name is replaced. Returns: how many. Raises: Damaged: not what was sealed."""
    folder = home / FOLDER
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    count = 0
    try:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            for member in archive:
                content = archive.extractfile(member)
                path = folder / member.name
                if content is None or not path.resolve().is_relative_to(folder.resolve()):
                    raise Damaged(name=member.name)
                path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
                path.touch(mode=FILE_MODE)
                path.write_bytes(content.read())
                count += 1
    except tarfile.TarError as error:
        raise Damaged(name="secrets.age") from error
    return count
