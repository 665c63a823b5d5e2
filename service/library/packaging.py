"""A package of records as a folder: a workbook, descriptions, files, checksums, a form for the receipt.

    national-2026-11-28-001/
      records.xlsx         a row a record in the profile's columns; the withdrawn on a sheet of their own
      records.jsonl        the same for programs: identifier, datestamp, files with size, type, checksum
      lom/ID.xml           each record as LOM
      files/ID/001-….pdf   the files that its licence lets go along
      receipt.csv          to be filled in and sent back: `hoclieu handover receipt`
      README.txt           what all of it is, in Vietnamese and English
      SHA256SUMS           for `sha256sum -c`

It is written under another name and renamed when it is whole.
"""

import csv
import hashlib
import json
import re
import shutil
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from service.crosswalks import XML_PROLOG, Record, lom
from service.errors import Conflict, ObjectDamaged
from service.library.profile import Profile
from service.library.services import Services
from service.library.workbook import Workbook
from service.messages import LANGUAGES, sentence
from service.model import FileEntry, Inventoried
from service.ports import blob_key

RECEIPT = ("package", "identifier", "outcome", "reason")
"""Columns of a receipt."""
NAME_CHARACTERS = 80
# What no file system of a memory stick minds (FAT, NTFS).
_UNSAFE = re.compile(r"[^\w.() -]|[\x00-\x1f]")


class Folder:
    """A package that is being written. Raises: OSError: there is no room, or nothing can be written there; Conflict:
    one of this name stands there."""

    def __init__(self, services: Services, profile: Profile, out: Path, name: str) -> None:
        self.name = name
        self.files = 0
        self._services = services
        self._profile = profile
        self._whole = out / name
        self._path = out / f".{name}.partial"
        if self._whole.exists():
            raise Conflict(package=name)
        out.mkdir(parents=True, exist_ok=True)
        # What a killed run has left.
        shutil.rmtree(self._path, ignore_errors=True)
        self._path.mkdir()
        (self._path / "lom").mkdir()
        self._language = services.settings.language
        self._open = ExitStack()
        self._sums = self._open.enter_context((self._path / "SHA256SUMS").open("w", encoding="utf-8", newline="\n"))
        self._lines = self._open.enter_context((self._path / "records.jsonl").open("w", encoding="utf-8", newline="\n"))
        form = self._open.enter_context((self._path / "receipt.csv").open("w", encoding="utf-8-sig", newline=""))
        self._receipt = csv.writer(form)
        self._receipt.writerow(RECEIPT)
        sheets = [self._say("handover-sheet-records"), self._say("handover-sheet-withdrawn")]
        self._book = self._open.enter_context(Workbook(self._path / "records.xlsx", sheets))
        self._sheet = ExitStack()
        columns = [*(rule.column for rule in profile.rules), self._say("handover-column-files")]
        self._add = self._sheet.enter_context(self._book.sheet(columns))

    def _say(self, code: str) -> str:
        return sentence(code, self._language)

    def add(self, one: Inventoried, record: Record, files: Sequence[FileEntry]) -> None:
        """A record with the files that go along. Raises: ObjectMissing, ObjectDamaged: nothing of it is added."""
        folder = self._path / "files" / one.id
        told: list[tuple[FileEntry, str]] = []
        try:
            told.extend((entry, self._copy(folder, entry)) for entry in files)
        except Exception:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        described = (XML_PROLOG + lom.write(record)).encode()
        (self._path / "lom" / f"{one.id}.xml").write_bytes(described)
        names = [f"files/{one.id}/{name}" for _, name in told]
        self._add([*self._profile.row(record), self._profile.separator.join(names)])
        said = {
            "identifier": record.identifier,
            "datestamp": one.datestamp,
            "url": record.url,
            "lom": f"lom/{one.id}.xml",
            "files": [
                {
                    "path": path,
                    "name": entry.name,
                    "media_type": entry.media_type,
                    "size_bytes": entry.size_bytes,
                    "sha256": entry.sha256,
                }
                for (entry, _), path in zip(told, names, strict=True)
            ],
        }
        self._lines.write(json.dumps(said, ensure_ascii=False) + "\n")
        self._receipt.writerow((self.name, record.identifier, "", ""))
        self._sums.write(f"{hashlib.sha256(described).hexdigest()}  lom/{one.id}.xml\n")
        self._sums.writelines(f"{entry.sha256}  {path}\n" for (entry, _), path in zip(told, names, strict=True))
        self.files += len(told)

    def _copy(self, folder: Path, entry: FileEntry) -> str:
        """Returns: the name of the file in the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{entry.number:03}-{_UNSAFE.sub('-', entry.name)[-NAME_CHARACTERS:].strip(' .')}"
        summed = hashlib.sha256()
        with (folder / name).open("wb") as out:
            for block in self._services.objects.open(blob_key(entry.sha256)):
                summed.update(block)
                out.write(block)
        if summed.hexdigest() != entry.sha256:
            raise ObjectDamaged(key=blob_key(entry.sha256))
        return name

    def finish(self, withdrawn: Sequence[tuple[str, str, str]]) -> Path:
        """The whole package under its name. withdrawn: (identifier, datestamp, why)."""
        self._sheet.close()
        columns = [self._say(f"handover-column-{name}") for name in ("identifier", "datestamp", "why")]
        with self._book.sheet(columns) as add:
            for identifier, datestamp, why in withdrawn:
                add([identifier, datestamp, self._say(f"handover-{why}")])
                self._lines.write(
                    json.dumps({"identifier": identifier, "datestamp": datestamp, "withdrawn": why}) + "\n"
                )
                self._receipt.writerow((self.name, identifier, "", ""))
        readme = "\n\n".join(sentence("handover-readme", language, {"package": self.name}) for language in LANGUAGES)
        (self._path / "README.txt").write_text(readme + "\n", encoding="utf-8")
        sums = self._sums
        self._book.close()
        for name in ("records.xlsx", "README.txt"):
            sums.write(f"{_sum(self._path / name)}  {name}\n")
        self._lines.flush()
        sums.write(f"{_sum(self._path / 'records.jsonl')}  records.jsonl\n")
        self._open.close()
        self._path.rename(self._whole)
        return self._whole

    def discard(self) -> None:
        """What was not finished goes; nothing after `finish`."""
        if self._path.exists():
            # Where there is no room, there is none for an ending either.
            for one in (self._sheet, self._open):
                with suppress(OSError):
                    one.close()
            shutil.rmtree(self._path, ignore_errors=True)


def _sum(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
