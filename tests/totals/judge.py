"""Each file of a report beside what other programs find in it: demanded and given, or counted apart with a reason."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.totals import evidence

AIM = 0.97
"""Of the unencrypted, non-hostile, non-legacy files that carry text or media."""

_MEDIA = ("video/", "audio/", "image/")
_UNREAD = ("no-reader", "unknown-format")


@dataclass(frozen=True)
class Judged:
    """A file: type (its folder), what the report says, why it is counted apart (empty: it is demanded).

    given: published with passages or media data; warned: published with a warning. reason: of what is not given.
    """

    path: str
    type: str
    media_type: str
    outcome: str
    seconds: float
    apart: str
    given: bool
    warned: bool
    reason: str

    @property
    def owes_a_warning(self) -> bool:
        """Pictures of pages, Flash films and programs are published, and the reader is told."""
        owes = self.apart in ("pictures only", "program") and not self.given
        return owes and not (self.outcome == "published" and self.warned)


def judge(root: Path, line: dict[str, Any]) -> Judged:
    """One line of the report of an ingest of `root`. Raises: evidence.NoEvidence."""
    path, warnings = line["path"], [one["code"] for one in line["warnings"]]
    media = str(line["media_type"] or "").startswith(_MEDIA) and not any(code in _UNREAD for code in warnings)
    published = line["outcome"] == "published"
    return Judged(
        path=path,
        type=path.split("/")[0] if "/" in path else "",
        media_type=line["media_type"] or "",
        outcome=line["outcome"],
        seconds=line["seconds"],
        apart=_apart(root / path),
        given=published and (line["passages"] > 0 or media),
        warned=bool(warnings),
        reason=(line["reason"] or {}).get("code", "")
        or ", ".join(warnings)
        or ("read all the same" if line["passages"] else "no words read"),
    )


def _apart(path: Path) -> str:
    if "hostile" in path.parts:
        return "hostile"
    if reason := evidence.apart(path):
        return reason
    if evidence.words(path):
        return ""
    if path.suffix.lower() == ".pdf":
        return _of_pdf(path)
    if evidence.streams(path):
        return ""
    return "without words" if evidence.opens(path) else "broken: no other program opens it"


def _of_pdf(path: Path) -> str:
    """A PDF without words: pages of pictures or drawings, blank ones, or none at all."""
    import pymupdf

    try:
        with pymupdf.open(path) as pdf:
            pictured = any(page.get_images() for page in pdf)
            drawn = any(page.get_drawings() for page in pdf)
    except (RuntimeError, ValueError):
        return "broken: no other program opens it"
    return "pictures only" if pictured else "drawings only" if drawn else "without words"
