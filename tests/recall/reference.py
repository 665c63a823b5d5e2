"""The text of a file as LibreOffice shows it: of slides in their PDF, of documents in a plain-text export.

One process a file, each with the profile of this run, because a profile is
locked while it is used.
"""

import datetime
import re
import subprocess
import tempfile
import zipfile
from pathlib import Path

import pymupdf

_SECONDS = 120.0


_DELETED = re.compile(r"<w:delText[^>]*>([^<]*)</w:delText>")
_MOVED = re.compile(r"<w:moveFrom .*?</w:moveFrom>", re.DOTALL)
_SHOWN = re.compile(r"<w:t[^>]*>([^<]*)</w:t>")


class NoReference(Exception):
    """LibreOffice gave nothing: not installed, or the file is encrypted or broken."""


def libreoffice() -> str:
    """What it says of its version, such as "LibreOffice 7.4.7.2"; empty where it is not installed."""
    try:
        said = subprocess.run(["soffice", "--version"], capture_output=True, timeout=_SECONDS, check=False, text=True)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return " ".join(said.stdout.split()[:2])


def text(path: Path, *, as_pdf: bool, profile: Path) -> str:
    """What LibreOffice makes of a file. Raises: NoReference."""
    kind = "pdf" if as_pdf else "txt:Text (encoded):UTF8"
    with tempfile.TemporaryDirectory() as name:
        command = [
            "nice", "-n", "19", "soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore",
            "--convert-to", kind, "--outdir", name, str(path),
        ]  # fmt: skip
        try:
            subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NoReference(str(error)) from error
        # A conversion that fails exits with 0 all the same.
        made = next(Path(name).iterdir(), None)
        if made is None:
            raise NoReference("LibreOffice does not open it")
        if not as_pdf:
            return _without_deleted(made.read_text(encoding="utf-8-sig", errors="replace"), path)
        with pymupdf.open(made) as pdf:
            return _without_today("\n".join(page.get_text() for page in pdf))


def _without_today(shown: str) -> str:
    """Fields of date and time show the moment of the conversion."""
    today = datetime.datetime.now().astimezone()
    days = "|".join(
        re.escape(f"{today:{form}}") for form in ("%m/%d/%Y", "%d/%m/%Y", "%m/%d/%y", "%d.%m.%Y", "%Y-%m-%d")
    )
    return re.sub(rf"(?:{days})(?: \d{{1,2}}:\d\d(?::\d\d)?(?: [AP]M)?)?", "", shown)


def _without_deleted(shown: str, path: Path) -> str:
    """Text exports show what tracked changes deleted, right where it stood."""
    if not zipfile.is_zipfile(path):
        return shown
    with zipfile.ZipFile(path) as package:
        if "word/document.xml" not in package.namelist():
            return shown
        source = package.read("word/document.xml").decode("utf-8", "replace")
    moved = [text for part in _MOVED.findall(source) for text in _SHOWN.findall(part)]
    for text in (*_DELETED.findall(source), *moved):
        shown = shown.replace(text, "", 1)
    return shown
