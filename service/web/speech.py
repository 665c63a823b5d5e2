"""How a page speaks: sentences, sizes, dates, numbers and places in one language."""

import datetime
from dataclasses import dataclass
from typing import Any

from ingest.document import Locator
from service.messages import catalogue, sentence

# Dates people see are those of Viet Nam, which keeps no summer time.
HERE = datetime.timezone(datetime.timedelta(hours=7))
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

FORMATS = {
    "application/pdf": "PDF",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PPTX",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
    "application/vnd.ms-powerpoint": "PPT",
    "application/msword": "DOC",
    "application/vnd.ms-excel": "XLS",
    "application/epub+zip": "EPUB",
    "application/zip": "ZIP",
    "audio/mpeg": "MP3",
    "image/svg+xml": "SVG",
    "text/plain": "TXT",
}


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
        day = moment.astimezone(HERE)
        if self.language == "vi":
            return f"{day:%d/%m/%Y}"
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"

    def place(self, locator: Locator) -> str:
        """`Trang 12`, `Trang chiếu 3`, `12:34`."""
        return self(
            f"locator-{locator.kind}", value=clock(locator.value) if locator.kind == "second" else locator.value
        )

    def format(self, media_type: str, name: str = "") -> str:
        """A short word for a kind of file: the one people know, else the ending of its name."""
        ending = name.rpartition(".")[2].upper() if "." in name else ""
        fallback = ending if 2 <= len(ending) <= 5 and ending.isalnum() else media_type.partition("/")[2].upper()[:8]
        return FORMATS.get(media_type, fallback)

    def extent(self, pages: int | None, seconds: float | None) -> str:
        """`24 trang`, `28 phút`; empty where there is neither."""
        if pages:
            return self("extent-page" if pages == 1 else "extent-pages", count=self.number(pages))
        if seconds:
            return self("extent-minutes", count=self.number(max(1, round(seconds / 60))))
        return ""


def clock(value: int | str) -> str:
    """Seconds as 12:34 or 1:02:03."""
    minutes, seconds = divmod(int(value), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
