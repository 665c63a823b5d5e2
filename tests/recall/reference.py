"""The text of a file as LibreOffice shows it: of slides in their PDF, of documents in a plain-text export.

One process a file, each with the profile of this run, because a profile is
locked while it is used.
"""

import subprocess
import tempfile
from pathlib import Path

import pymupdf

_SECONDS = 120.0


class NoReference(Exception):
    """LibreOffice gave nothing: not installed, or the file is encrypted or broken."""


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
            return made.read_text(encoding="utf-8-sig", errors="replace")
        with pymupdf.open(made) as pdf:
            return "\n".join(page.get_text() for page in pdf)
