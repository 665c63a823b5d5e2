"""What a file holds, told without our readers: words by Tika or ffmpeg, streams by ffprobe, locks by their marks.

`words` and `streams` decide what a file carries; `apart` decides what is not asked of a reader at all.
"""

import json
import re
import subprocess
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

_WORD = re.compile(r"[^\W\d_]+")
# Tika tells the names of the members and pictures that it met among the words.
_MEMBER = re.compile(r"\S+\.(?:jpe?g|png|gif|bmp|svg|emf|wmf|tiff?|x?html?|ncx|css|mht|xml|js)\b", re.IGNORECASE)
_CUE_MARKS = re.compile(r"<[^>]*>|\{[^}]*\}|^[\d:,]+ --> .*$|^\d+$", re.MULTILINE)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_LEGACY = (".doc", ".dot", ".ppt", ".pps", ".xls")
_UNSAID = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_MOST_PAGES = 50
_SECONDS = 120


class NoEvidence(Exception):
    """The program that would tell is not installed."""


def words(path: Path) -> int:
    """How many words another program finds in a file. Raises: NoEvidence."""
    if path.suffix.lower() in (".srt", ".vtt", ".ass", ".ssa"):
        said = _said("ffmpeg", "-v", "error", "-i", str(path), "-f", "srt", "-")
        return len(_WORD.findall(_CUE_MARKS.sub("", said)))
    return len(_WORD.findall(_MEMBER.sub(" ", _tika()(path)))) or _words_of_pages(path)


def _words_of_pages(path: Path) -> int:
    """Words between the tags of pages in a zip: Tika passes over large packages and what is written by scripts."""
    if not zipfile.is_zipfile(path):
        return 0
    with zipfile.ZipFile(path) as package:
        pages = [one for one in package.infolist() if one.filename.lower().endswith((".html", ".xhtml", ".htm"))]
        texts = (package.read(one).decode("utf-8", "replace") for one in pages[:_MOST_PAGES])
        return sum(len(_WORD.findall(_UNSAID.sub(" ", text))) for text in texts)


def streams(path: Path) -> frozenset[str]:
    """Kinds of streams that can be played or shown: video (a picture too), audio. Raises: NoEvidence."""
    said = _said("ffprobe", "-v", "error", "-show_streams", "-of", "json", str(path))
    try:
        found: list[dict[str, Any]] = json.loads(said or "{}").get("streams", [])
    except ValueError:
        return frozenset()
    kinds = (one.get("codec_type", "") for one in found if one.get("width") or one.get("sample_rate"))
    return frozenset(kind for kind in kinds if kind in ("video", "audio"))


def apart(path: Path) -> str:
    """Why a file is counted apart whatever it holds: legacy, encrypted, program; empty where it is not."""
    data = path.read_bytes()
    if path.suffix.lower() in _LEGACY:
        return "legacy"
    if data.startswith(_OLE):
        return "encrypted" if _ENCRYPTED_STREAM in data else "legacy"
    if data[:2] == b"MZ" or data[:3] in (b"FWS", b"CWS", b"ZWS"):
        return "program"
    if data.startswith(b"%PDF-") and b"/Encrypt" in data and _is_locked(path):
        return "encrypted"
    return "encrypted" if _is_encrypted_package(path) else ""


def opens(path: Path) -> bool:
    """Whether another program opens the file at all. Raises: NoEvidence."""
    try:
        _tika(strict=True)(path)
    except OSError:
        return False
    return True


def _is_locked(path: Path) -> bool:
    import pymupdf

    with pymupdf.open(path) as pdf:
        return bool(pdf.needs_pass)


def _is_encrypted_package(path: Path) -> bool:
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as package:
        try:
            return b"encryption-data" in package.read("META-INF/manifest.xml")
        except (KeyError, RuntimeError):
            return any(member.flag_bits & 1 for member in package.infolist())


def _said(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
    except FileNotFoundError as error:
        raise NoEvidence(command[0]) from error
    return done.stdout.decode("utf-8", "replace")


@cache
def _tika(*, strict: bool = False) -> Callable[[Path], str]:
    try:
        from iscc_tika import Extractor
    except ImportError as error:
        raise NoEvidence("iscc-tika") from error
    extractor = Extractor()

    def read(path: Path) -> str:
        try:
            return str(extractor.extract_file_to_string(str(path))[0])
        except Exception as error:
            if strict:
                raise OSError(str(error)) from error
            # Whatever it raises, it found nothing.
            return ""

    return read
