"""How a page speaks: sentences, sizes, dates, numbers and places in one language."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ingest.document import Locator, Warning
from ingest.illustrate import QUESTIONS, SHEETS, SLIDES
from service.library.views import HitView
from service.messages import catalogue, formats, sentence

# Dates people see are those of Viet Nam, which keeps no summer time.
HERE = datetime.timezone(datetime.timedelta(hours=7))
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

# What a number of "pages" counts. A sheet is a page to nobody.
_COUNTED = {
    **dict.fromkeys(SLIDES, "slide"), **dict.fromkeys(SHEETS, "sheet"), **dict.fromkeys(QUESTIONS, "question")
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Speech:
    """One language. Templates call it `t`."""

    language: str

    def __call__(self, code: str, **parameters: Any) -> str:
        return sentence(code, self.language, parameters)

    def knows(self, code: str) -> bool:
        return code in catalogue(self.language)

    def number(self, value: float) -> str:
        """Digits in groups of three, as the language writes them; at most one decimal."""
        text = f"{value:,.1f}".removesuffix(".0")
        return text.translate(str.maketrans(",.", ".,")) if self.language == "vi" else text

    def size(self, size_bytes: int) -> str:
        """1 KB is 1,000 bytes, as file managers of phones count."""
        for unit, factor in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
            if size_bytes >= factor:
                value = size_bytes / factor
                return f"{self.number(round(value) if value >= 100 or unit == 'KB' else value)} {unit}"
        return f"{size_bytes} B"

    def date(self, moment: datetime.datetime) -> str:
        return self.day(moment.astimezone(HERE).date())

    def day(self, day: datetime.date) -> str:
        """A date that has no hour."""
        if self.language == "vi":
            return f"{day:%d/%m/%Y}"
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"

    def place(self, locator: Locator, label: str = "") -> str:
        """`Trang 12`, `Trang chiếu 3`, `Phút 12:34`; of a package's item its title, if that is known."""
        if locator.kind == "item" and label:
            return label
        if locator.kind == "second":
            return self("locator-hour" if int(locator.value) >= 3600 else "locator-second", value=clock(locator.value))
        return self(f"locator-{locator.kind}", value=locator.value)

    def short(self, locator: Locator) -> str:
        """The place beside a title: `12`, `12:34`; nothing for a package's item, whose id is for machines."""
        if locator.kind == "item":
            return ""
        return clock(locator.value) if locator.kind == "second" else str(locator.value)

    def more(self, count: int, shown: Sequence[HitView]) -> str:
        """`còn 12 trang khác`: further places beside those shown, by their kind where all of these are of one."""
        kinds = {hit.locator.kind for hit in shown}
        kind = kinds.pop() if len(kinds) == 1 else ""
        code = f"hits-more-{kind}" if self.knows(f"hits-more-{kind}") else "hits-more"
        return self(code, count=self.number(count))

    def format(self, media_type: str, name: str = "") -> str:
        """A short word for a kind of file: the one people know, else the ending of its name."""
        return formats.word(media_type, name)

    def warning(self, warning: Warning) -> str:
        """What a reader is told of a file, with numbers as they are written here."""
        parameters = {
            name: self.number(value) if isinstance(value, int) else value for name, value in warning.parameters.items()
        }
        return self(warning.code, **parameters)

    def extent(self, pages: int | None, seconds: float | None, media_type: str = "") -> str:
        """`24 trang`, `24 trang chiếu`, `28 phút`; empty where there is neither."""
        if pages:
            unit = _COUNTED.get(media_type, "page")
            return self(f"extent-{unit}" if pages == 1 else f"extent-{unit}s", count=self.number(pages))
        if seconds and seconds < 59.5:
            return self("extent-seconds", count=self.number(max(1, round(seconds))))
        if seconds:
            minutes = round(seconds / 60)
            return self("extent-minute" if minutes == 1 else "extent-minutes", count=self.number(minutes))
        return ""


def clock(value: int | str) -> str:
    """Seconds as 12:34 or 1:02:03."""
    minutes, seconds = divmod(int(value), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
