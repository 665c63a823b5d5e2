"""What schools keep about people, as tables: a title, a head, a row a person, a foot."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.privacy.people import DATES, STYLES, Person, address, identity, mark, persons, phone

Cell = Callable[[Person], str]
Column = tuple[str, Cell]
Columns = Sequence[Column]


@dataclass(frozen=True)
class Table:
    """A table with what stands above and below; `head` may be empty."""

    kind: str
    above: tuple[str, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    below: tuple[str, ...] = ()


LETTERHEADS = (
    (),
    ("UBND HUYỆN BẢO LÂM", "TRƯỜNG PTDTBT THCS NAM QUANG"),
    (
        "SỞ GIÁO DỤC VÀ ĐÀO TẠO CAO BẰNG",
        "TRƯỜNG THPT CHUYÊN",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
    ),
    ("PHÒNG GD&ĐT HOÀ AN - TRƯỜNG TIỂU HỌC ĐỨC LONG",),
)
FEET = (
    (),
    ("Người lập bảng", "Hiệu trưởng", "Nông Thị Bích"),
    ("Danh sách này có tất cả các em trong lớp.",),
    ("Cao Bằng, ngày 15 tháng 9 năm 2023", "GVCN", "Lý Văn Toàn"),
)
REMARKS = (
    "Em chăm ngoan, tích cực phát biểu, cần rèn chữ viết.",
    "Tiếp thu bài nhanh, còn hay quên đồ dùng học tập.",
    "Có tiến bộ trong học kì này, cố gắng hơn ở phần giải toán có lời văn.",
)


def _rank(chance: random.Random, *words: str) -> Cell:
    return lambda _: chance.choice(words)


def _money(chance: random.Random) -> str:
    return f"{chance.randrange(1, 9)}.{chance.randrange(100, 999)}.{chance.choice(('000', '500', '750'))}"


def _columns(chance: random.Random, date: Cell, name: Cell) -> dict[str, tuple[str, Columns]]:
    """Kind of register -> its title and its columns after the running number."""
    full = chance.choice(("Họ và tên", "Họ, tên", "Họ tên", "HỌ VÀ TÊN HỌC SINH")), name
    born = chance.choice(("Ngày sinh", "Ngày, tháng, năm sinh", "NTNS", "Năm sinh")), date
    sex: Column = "Giới tính", lambda person: "Nữ" if person.is_girl else "Nam"
    people: Column = "Dân tộc", lambda person: person.people
    home: Column = chance.choice(("Chỗ ở", "Địa chỉ", "Nơi ở hiện nay")), lambda _: address(chance)
    called: Column = "Điện thoại", lambda _: phone(chance)
    parent: Column = "Cha/mẹ", lambda _: persons(chance, 1, first_year=1980)[0].name
    split: Columns = [
        ("Họ đệm", lambda person: name(person).rsplit(" ", 1)[0]),
        ("Tên", lambda person: name(person).rsplit(" ", 1)[1]),
        ("Ngày", lambda person: f"{person.born:%d}"),
        ("Tháng", lambda person: f"{person.born:%m}"),
        ("Năm", lambda person: f"{person.born:%Y}"),
    ]
    identified: Column = "Mã định danh", lambda person: identity(chance, person)
    cmnd: Column = "Số CMND", lambda _: f"08{chance.randrange(10**7):07}"
    account: Column = "Số tài khoản", lambda _: f"{chance.randrange(10**12, 10**13)}"
    paid: Column = chance.choice(("Số tiền", "Thực lĩnh")), lambda _: _money(chance)
    factor: Column = "Hệ số", lambda _: f"{chance.choice((2.34, 3.0, 3.66, 4.98)):.2f}".replace(".", ",")
    insured: Column = "Số thẻ BHYT", lambda _: f"HS404{chance.randrange(10**10):010}"
    tall: Column = "Chiều cao (cm)", lambda _: f"{chance.randrange(85, 160)}"
    heavy: Column = "Cân nặng (kg)", lambda _: f"{chance.randrange(12, 50)},{chance.randrange(10)}"
    candidate: Column = "SBD", lambda _: f"{chance.randrange(10**6):06}"
    born_at: Column = "Nơi sinh", _rank(chance, "Cao Bằng", "Hà Giang", "Thái Nguyên")
    state: Column = "Tình trạng", _rank(chance, "Khuyết tật vận động", "Dị tật tim bẩm sinh", "Cận thị", "Bệnh hen")
    office: Column = "Chức vụ", _rank(chance, "Giáo viên", "Hiệu trưởng", "Phó Hiệu trưởng", "Kế toán", "Văn thư")

    def marks(*heads: str) -> list[Column]:
        return [(head, lambda _: mark(chance)) for head in heads]

    def passed(*heads: str) -> list[Column]:
        return [(head, _rank(chance, "Đ", "CĐ")) for head in heads]

    listed = chance.choice(
        ("DANH SÁCH HỌC SINH LỚP 6A", "Danh sách học sinh lớp 3A2 năm học 2023 - 2024", "DANH SÁCH LỚP 9B")
    )
    marked = chance.choice(("SỔ ĐIỂM LỚP 7B", "BẢNG ĐIỂM MÔN TOÁN LỚP 8A", "Kết quả kiểm tra cuối học kì I"))
    good = "Xếp loại", _rank(chance, "Giỏi", "Khá", "Đạt")
    size = "Nhận xét", _rank(chance, "Bình thường", "SDD thể nhẹ")
    return {
        "class": (listed, [full, born, sex, people, home]),
        "split": (listed, [*split, sex]),
        "marks": (marked, [full, *marks("TX1", "TX2", "TX3", "GK", "CK", "ĐTB")]),
        "subjects": ("BẢNG TỔNG HỢP KẾT QUẢ HỌC TẬP LỚP 6C", [full, *marks("Toán", "Văn", "Anh", "Sử"), good]),
        "identities": (listed, [identified, full, sex]),
        "cmnd": ("DANH SÁCH CÁN BỘ", [full, cmnd, home]),
        "parents": ("Danh sách liên hệ phụ huynh lớp 1A", [full, parent, called]),
        "accounts": ("DANH SÁCH CHI TRẢ QUA NGÂN HÀNG", [full, account, paid]),
        "salaries": ("BẢNG LƯƠNG THÁNG 5 NĂM 2023", [full, factor, ("Phụ cấp", lambda _: _money(chance)), paid]),
        "insured": ("DANH SÁCH HỌC SINH THAM GIA BHYT", [full, insured, born]),
        "measured": ("THEO DÕI SỨC KHOẺ LỚP MẦM", [full, tall, heavy, size]),
        "exam room": ("DANH SÁCH THÍ SINH PHÒNG THI SỐ 03", [candidate, full, born, born_at]),
        "illnesses": ("Kết quả khám sức khoẻ học sinh", [full, ("Lớp", _rank(chance, "6A", "6B")), state]),
        "homes": ("DANH SÁCH HỌC SINH BÁN TRÚ", [full, home]),
        "names": (listed, [full]),
        "staff": ("DANH SÁCH CÁN BỘ, GIÁO VIÊN, NHÂN VIÊN", [full, born, office, ("Trình độ", _rank(chance, "ĐH"))]),
        "ranks": ("KẾT QUẢ ĐÁNH GIÁ MÔN THỂ DỤC LỚP 6A", [full, *passed("HK1", "HK2", "Cả năm")]),
        "directory": ("Danh bạ điện thoại nhà trường", [full, office, called]),
        "remarks": ("SỔ THEO DÕI VÀ ĐÁNH GIÁ HỌC SINH", [full, *marks("Điểm"), ("Nhận xét", _rank(chance, *REMARKS))]),
        "bare": ("", [full, born]),
        "poor": ("DANH SÁCH HỌC SINH HỘ NGHÈO", [full, born, parent, ("Ghi chú", _rank(chance, "Hộ nghèo", ""))]),
        "report": ("HỌC BẠ", [full, born, *marks("Toán", "Văn"), ("Hạnh kiểm", _rank(chance, "Tốt", "Khá"))]),
    }


KINDS = tuple(_columns(random.Random(0), lambda _: "", lambda person: person.name))


def register(chance: random.Random, kind: str, count: int) -> Table:
    """One table of that kind with so many persons."""
    style, date = chance.choice(STYLES), chance.choice(DATES)
    is_staff = kind in ("cmnd", "accounts", "salaries", "staff", "directory")
    people = persons(chance, count, first_year=1972, years=25) if is_staff else persons(chance, count)
    title, columns = _columns(chance, lambda p: date(p.born), lambda p: style(p.name))[kind]
    rows = [
        (*([str(number)] if kind != "bare" else []), *(cell(person) for _, cell in columns))
        for number, person in enumerate(people, start=1)
    ]
    head = () if kind == "bare" else (chance.choice(("STT", "TT")), *(head for head, _ in columns))
    above = (*chance.choice(LETTERHEADS), *([title] if title else []))
    return Table(kind, above, head, tuple(rows), () if kind == "bare" else chance.choice(FEET))
