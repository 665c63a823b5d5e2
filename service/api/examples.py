"""Bodies of answers for the contract, as a library of today gives them; a test holds each against its shape."""

from typing import Any

_ID = "7g2k9m4x1q8t"
_AT = f"https://hoclieu.example/resources/{_ID}"
_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

SEARCH: dict[str, Any] = {
    "query": "ham so bac hai",
    "total": 1,
    "items": [
        {
            "id": _ID,
            "title": "Hàm số bậc hai",
            "type": "e-textbook",
            "subjects": ["toan", "toan-dai-so"],
            "grades": ["lop-10"],
            "language": "vi",
            "licence": "CC0-1.0",
            "url": _AT,
            "thumbnail_url": f"{_AT}/thumbnail?width=320",
            "source": None,
            "score": 18.25,
            "hits": [
                {
                    "file": 1,
                    "locator": {"kind": "page", "value": 2},
                    "snippet": "<mark>Hàm số bậc hai</mark> là hàm số cho bởi công thức y = ax² + bx + c",
                    "url": f"{_AT}/read?file=1&page=2&q=ham+so+bac+hai",
                }
            ],
        }
    ],
    "facets": {
        "subject": [
            {"value": "toan", "label": "Toán", "count": 1, "parent": None},
            {"value": "toan-dai-so", "label": "Số và Đại số", "count": 1, "parent": "toan"},
        ],
        "grade": [{"value": "lop-10", "label": "Lớp 10", "count": 1, "parent": "thpt"}],
    },
    "rewritten": None,
    "suggestion": None,
    "page": 1,
    "size": 20,
    "cursor": "",
    "partial": False,
}
EXPORTED: dict[str, Any] = {
    "id": _ID,
    "url": _AT,
    "titles": [{"value": "Hàm số bậc hai", "language": "vi"}],
    "descriptions": [{"value": "Tài liệu tự học Toán lớp 10.", "language": "vi"}],
    "type": "e-textbook",
    "subjects": ["toan", "toan-dai-so"],
    "grades": ["lop-10"],
    "languages": ["vi"],
    "licence": "CC0-1.0",
    "licence_url": "https://creativecommons.org/publicdomain/zero/1.0/",
    "creators": ["Tổ Toán"],
    "publishers": [],
    "keywords": ["parabol"],
    "placements": [
        {
            "programme": "ct2018",
            "subject": "toan",
            "strand": None,
            "grade": "lop-10",
            "series": "kntt",
            "edition": None,
            "lesson": 16,
            "week": 19,
            "period": None,
            "term": None,
            "outcome": None,
            "section": None,
            "proposed": False,
        }
    ],
    "organisation": {"code": "default", "name": "Thư viện"},
    "revision": 1,
    "published_at": "2026-09-05T01:00:00Z",
    "modified_at": "2026-09-05T01:00:00Z",
    "files": [
        {
            "number": 1,
            "name": "toan-10-ham-so-bac-hai.pdf",
            "role": "main",
            "media_type": "application/pdf",
            "size_bytes": 183204,
            "sha256": _SHA256,
            "pages": 9,
            "seconds": None,
            "passages": 41,
            "url": f"{_AT}/files/1",
            "immutable_url": f"{_AT}/v/1/files/1",
        }
    ],
    "passages_url": f"https://hoclieu.example/api/v1/resources/{_ID}/passages",
    "similar_url": f"https://hoclieu.example/api/v1/resources/{_ID}/similar",
    "source": None,
    "source_url": None,
    "isbns": [],
    "shelves": [],
}
RECORD: dict[str, Any] = {
    **EXPORTED,
    "revisions": [{"number": 1, "published_at": "2026-09-05T01:00:00Z", "url": f"{_AT}/v/1"}],
}
PASSAGES: dict[str, Any] = {
    "id": _ID,
    "passages": [
        {
            "file": 1,
            "locator": {"kind": "page", "value": 2},
            "text": "Hàm số bậc hai là hàm số cho bởi công thức y = ax² + bx + c.",
            "language": "vi",
        }
    ],
    "next": f"https://hoclieu.example/api/v1/resources/{_ID}/passages?start=500",
}
SIMILAR: dict[str, Any] = {
    "id": _ID,
    "items": [
        {
            "id": "3b8f0c6n2v5r",
            "title": "Phương trình bậc hai",
            "type": "worksheet",
            "subjects": ["toan", "toan-dai-so"],
            "grades": ["lop-10"],
            "language": "vi",
            "licence": "CC-BY-4.0",
            "url": "https://hoclieu.example/resources/3b8f0c6n2v5r",
            "thumbnail_url": "https://hoclieu.example/resources/3b8f0c6n2v5r/thumbnail?width=320",
            "source": None,
        }
    ],
}
SUGGESTED: list[dict[str, Any]] = [
    {"text": "Hàm số bậc hai", "lang": "", "kind": "Học liệu", "url": f"/resources/{_ID}"},
]
ALIVE: dict[str, Any] = {"status": "alive"}
READY: dict[str, Any] = {"status": "ready", "parts": {"database": "ok", "objects": "ok", "index": "ok"}}
NOT_READY: dict[str, Any] = {"parts": {"database": "unavailable", "objects": "ok", "index": "unknown"}}
MEASURES = (
    "# HELP hoclieu_part_up Whether a part answers: 1 or 0.\n"
    "# TYPE hoclieu_part_up gauge\n"
    'hoclieu_part_up{part="database"} 1.0\n'
)
