"""Records whose texts in every format were once looked at and found right.

`python -m tests.golden.records` writes them anew into `records/`; look at the difference before it is committed.
"""

import datetime
from pathlib import Path

from service.crosswalks import Alignment, Concept, Crosswalk, File, Record, Text
from service.library.records import CROSSWALKS, document

FOLDER = Path(__file__).parent / "records"
_VI = "vi"

FULL = Record(
    identifier="oai:hoclieu.example:0123456789ab",
    url="https://hoclieu.example/resources/0123456789ab",
    titles=(Text("Hàm số bậc hai & đồ thị <b>", _VI), Text("Quadratic functions", "en")),
    descriptions=(Text("Vẽ parabol qua năm điểm.\nBài {1}: 50 % số điểm.", _VI),),
    languages=("vi", "tyz"),
    keywords=(Text("parabol", _VI), Text("đỉnh")),
    type=Concept(
        "presentation",
        (Text("Bài trình chiếu", _VI), Text("Presentation", "en")),
        same={"dcmi": "Text", "lom": "slide", "hcrt": "slide", "schema": "PresentationDigitalDocument"},
    ),
    subjects=(
        Concept(
            "toan-dai-so", (Text("Số và Đại số", _VI),), (Concept("toan", (Text("Toán", _VI), Text("Maths", "en"))),)
        ),
    ),
    grades=(Concept("lop-10", (Text("Lớp 10", _VI),), (Concept("thpt", (Text("THPT", _VI),)),), {"isced": "3"}),),
    outcomes=(Concept("toan-10-ham-so-2", (Text("Vẽ được đồ thị hàm số bậc hai", _VI),)),),
    placements=(
        Alignment("Chương trình 2018 · Kết nối tri thức", "Toán 10 · Bài 16 · Tuần 19"),
        Alignment("Chương trình cũ", "Toán 10 · Học kì 1"),
    ),
    audience=("teacher", "parent"),
    creators=("Nguyễn Thị Minh; Tổ Toán", "Lò Văn Pánh"),
    publishers=("Nhà xuất bản Giáo dục",),
    reviewers=("Hoàng Thị Lan",),
    organisation="Trường THPT Bản Giốc",
    created="2025-09",
    published=datetime.datetime(2026, 11, 28, 3, 15, 7, tzinfo=datetime.UTC),
    modified=datetime.datetime(2026, 11, 28, 4, 0, 0, tzinfo=datetime.UTC),
    version="2",
    licence=Concept(
        "CC-BY-4.0",
        (Text("CC BY 4.0 (ghi công)", _VI), Text("CC BY 4.0", "en")),
        same={"uri": "https://creativecommons.org/licenses/by/4.0/"},
    ),
    part_of=("https://hoclieu.example/resources/ba9876543210",),
    based_on=("Sách giáo khoa Toán 10, trang 41",),
    isbns=("9786040287892",),
    shelves=("510.7 TO-2/a <kệ 3>",),
    files=(
        File(
            "https://hoclieu.example/resources/0123456789ab/files/1",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            1_234_567,
            "0f" * 32,
            "Bài 16.pptx",
        ),
        File("https://hoclieu.example/resources/0123456789ab/files/2", "video/mp4", 987_654_321, "a1" * 32, "phim.mp4"),
    ),
    thumbnail="https://hoclieu.example/resources/0123456789ab/thumbnail?width=320",
    duration_seconds=754.4,
    pages=24,
)
"""Every field, with what each format has to escape."""

BARE = Record(
    identifier="oai:hoclieu.example:zyxwvtsrqpnm",
    url="https://hoclieu.example/resources/zyxwvtsrqpnm",
    titles=(Text("tài liệu.pdf"),),
    languages=("und",),
    type=Concept("other", (Text("Tài liệu khác", _VI),), same={"hcrt": "other"}),
    licence=Concept("CC0-1.0", same={"uri": "https://creativecommons.org/publicdomain/zero/1.0/"}),
)
"""What the operator's batch publishes when a file says nothing."""

RECORDS = {"full": FULL, "bare": BARE}


def path_of(name: str, crosswalk: Crosswalk) -> Path:
    return FOLDER / f"{name}{crosswalk.FORMAT.extension}"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, record in RECORDS.items():
        for crosswalk in CROSSWALKS:
            path_of(name, crosswalk).write_bytes(document(crosswalk, record))
