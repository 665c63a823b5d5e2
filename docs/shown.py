"""What `python -m docs.screenshots` looks at: every kind of page of the sample library, as data.

A `{name}` in an address is the id of the resource that was made from that file of `deploy/sample`.
"""

from collections.abc import Mapping

SIZES: Mapping[str, tuple[int, int]] = {"phone": (360, 740), "desk": (1280, 800)}
"""Name -> width and height in pixels: a cheap phone of 2016, a school's projector."""

GROUNDS = ("light", "dark")

_PDF = "/resources/{toan-10-ham-so-bac-hai.pdf}"
_SLIDES = "/resources/{toan-7-tong-ba-goc.pptx}"
_FILM = "/resources/{khoa-hoc-4-vong-tuan-hoan-cua-nuoc.mp4}"
_BOOK = "/resources/{su-tich-ho-ba-be.epub}"
WITHDRAWN = "lich-su-11-khoi-nghia-giai-phong.qti.zip"
"""While its tombstone is looked at; then it is brought back."""

PAGES: Mapping[str, str] = {
    "home": "/",
    "home-english": "/en/",
    "suggestions": "/about",
    "search": "/search?q=nui+lua+phun+trao",
    "search-many": "/search?q=nuoc",
    "search-narrow": "/search?q=nuoc&grade=lop-4&language=vi",
    "search-week": "/search?week=12",
    "search-all": "/search",
    "nothing": "/search?q=zzzz",
    "nothing-narrow": "/search?q=nui+lua&grade=lop-12&type=video",
    "landing": _PDF,
    "landing-english": f"/en{_PDF}",
    "landing-slides": _SLIDES,
    "landing-film": _FILM,
    "landing-week": "/resources/{ke-hoach-tuan-12-lop-3.docx}",
    "landing-questions": f"/resources/{{{WITHDRAWN}}}",
    "landing-code": _PDF,
    "page": f"{_PDF}/read?page=3&q=truc+doi+xung",
    "page-zoomed": f"{_PDF}/read?page=3",
    "page-text": f"{_PDF}/read?page=3&q=truc+doi+xung&text=1",
    "text": f"{_PDF}/text",
    "slide": f"{_SLIDES}/read?slide=4&q=so+le+trong",
    "chapter": f"{_BOOK}/read?section=2&q=giao+long",
    "week-plan": "/resources/{ke-hoach-tuan-12-lop-3.docx}/read?section=2",
    "sheet": "/resources/{bai-tap-dia-li-10-dan-so.xlsx}/read?sheet=2",
    "package": "/resources/{tin-hoc-8-an-toan-tren-mang.scorm.zip}/read",
    "simulation": "/resources/{vat-li-11-con-lac-lo-xo.zip}/read",
    "picture": "/resources/{khtn-6-te-bao-thuc-vat.svg}/read",
    "film": f"{_FILM}/read?t=40&q=ngung+tu",
    "film-text": f"{_FILM}/read?t=40&text=1",
    "lecture": "/resources/{dia-li-9-phong-tranh-lu-quet-sat-lo.mp4}/read",
    "sound": "/resources/{tieng-viet-2-hat-ngo-vang.mp3}/read",
    "question": "/resources/{toan-6-chia-het.gift}/read?question=4&q=so+nguyen+to",
    "question-answered": "/resources/{khtn-8-phan-ung-hoa-hoc.moodle.xml}/read?question=7",
    "question-text": "/resources/{toan-6-chia-het.gift}/read?question=4&text=1",
    "report": f"{_PDF}/report",
    "report-sent": f"{_PDF}/report?sent=1",
    "about": "/about",
    "source": "/source",
    "embed": "/embed",
    "embed-new": "/embed/new",
    "embed-card": f"/embed{_PDF}",
    "paper-landing": _PDF,
    "paper-text": f"{_PDF}/text",
    "not-found": "/nothing",
    "bad-request": "/search?page=x",
    "home-grades": "/",
    "keep": f"{_PDF}/keep",
    "kept": "/kept",
}
"""Name -> address, in the order of the visit: those that leave something in the browser come last.

What is done on a page before it is looked at stands in `docs.screenshots`, by the same name; `paper-…` is as printed.
"""

GONE: Mapping[str, str] = {
    "gone": f"/resources/{{{WITHDRAWN}}}",
    "embed-gone": f"/embed/resources/{{{WITHDRAWN}}}",
}
"""Seen while WITHDRAWN is withdrawn."""

REFUSED: Mapping[str, str] = {"refused": "/search?language=vi&licence=CC0-1.0&type=presentation"}
"""Seen by whoever has asked too much."""
