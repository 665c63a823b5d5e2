"""What a library of learning resources is full of, and what must never be held: names, dates and numbers of no pupil.

Each kind gives the pages of a file; a line with bars is a row of a table.
"""

import datetime
import random
from collections.abc import Callable, Iterable, Sequence

from tests.privacy.people import address, mark, persons, phone

Pages = list[str]

PROSE = (
    "Quang hợp là quá trình cây xanh dùng ánh sáng để tạo chất hữu cơ từ nước và khí các-bô-níc.",
    "Học sinh thảo luận nhóm, ghi kết quả vào phiếu học tập rồi trình bày trước lớp.",
    "Hàm số bậc hai có đồ thị là một đường parabol; đỉnh của nó cho giá trị lớn nhất hoặc nhỏ nhất.",
    "Nhà thơ mượn hình ảnh dòng sông để nói nỗi nhớ quê; giọng thơ tha thiết mà kín đáo.",
    "Giáo viên nhận xét, cho điểm và chốt kiến thức trọng tâm của bài.",
)
WRITERS = (
    ("Nguyễn Du", "1765", "1820", "Truyện Kiều"),
    ("Hồ Xuân Hương", "1772", "1822", "Bánh trôi nước"),
    ("Nguyễn Trãi", "1380", "1442", "Bình Ngô đại cáo"),
    ("Nguyễn Đình Chiểu", "01/07/1822", "03/07/1888", "Lục Vân Tiên"),
    ("Nam Cao", "29/10/1915", "30/11/1951", "Chí Phèo"),
    ("Tô Hoài", "27/09/1920", "06/07/2014", "Dế Mèn phiêu lưu kí"),
    ("Xuân Diệu", "02/02/1916", "18/12/1985", "Vội vàng"),
    ("Nguyễn Khuyến", "15/02/1835", "05/02/1909", "Thu điếu"),
    ("Nguyễn Minh Châu", "20/10/1930", "23/01/1989", "Chiếc thuyền ngoài xa"),
    ("Vũ Trọng Phụng", "20/10/1912", "13/10/1939", "Số đỏ"),
    ("Lê Minh Khuê", "06/12/1949", "", "Những ngôi sao xa xôi"),
    ("Trần Đăng Khoa", "24/04/1958", "", "Hạt gạo làng ta"),
)
PROVINCES = (
    *("Cao Bằng", "Hà Giang", "Hà Nội", "Lạng Sơn", "Thái Nguyên", "Thái Bình", "Hà Nam", "Hà Tĩnh", "Lâm Đồng"),
    *("Quảng Ninh", "Quảng Trị", "Ninh Bình", "Kiên Giang", "Long An", "An Giang", "Đồng Nai"),
)
HEROES = (
    *("Trần Hưng Đạo", "Lý Thường Kiệt", "Lê Lợi", "Nguyễn Huệ", "Phan Bội Châu", "Phan Châu Trinh", "Võ Nguyên Giáp"),
    *("Hoàng Hoa Thám", "Nguyễn Thị Minh Khai", "Võ Thị Sáu", "Lý Tự Trọng", "Vừ A Dính"),
)
ENGLISH = ("Tom Brown", "Lily Green", "Jack White", "Anna Black", "Ben Hill", "Kate Young", "Peter Stone", "Mary King")


def _prose(chance: random.Random, sentences: int) -> str:
    return " ".join(chance.choices(PROSE, k=sentences))


def _adults(chance: random.Random, count: int) -> list[str]:
    return [person.name for person in persons(chance, count, first_year=1965, years=30)]


def _date(chance: random.Random, first: int, last: int) -> str:
    return f"{chance.randrange(1, 29)}/{chance.randrange(1, 13)}/{chance.randrange(first, last)}"


def _decimal(chance: random.Random, low: int, high: int) -> str:
    return f"{chance.randrange(low, high)},{chance.randrange(10)}"


def _table(title: str, head: str, rows: Iterable[Iterable[object]], after: str = "") -> str:
    return "\n".join((title, head, *(" | ".join(map(str, row)) for row in rows), after)).strip()


def title_page(chance: random.Random) -> Pages:
    authors = _adults(chance, chance.randrange(6, 14))
    front = (
        "SÁCH GIÁO KHOA",
        f"{authors[0]} (Tổng Chủ biên) – {authors[1]} (Chủ biên)",
        " – ".join(authors[2:]),
        "TOÁN 7",
    )
    back = (
        f"Chịu trách nhiệm xuất bản: Chủ tịch Hội đồng Thành viên {chance.choice(authors)}.",
        f"Biên tập nội dung: {', '.join(authors[:4])}. Số ĐKXB: 10-2023/CXBIPH/280-869/GD.",
        f"Nộp lưu chiểu tháng 6 năm 2023. Mã số ISBN: 978-604-0-{chance.randrange(10000, 99999)}-1",
    )
    return ["\n".join(front), _prose(chance, 20), "\n".join(back)]


def authors_of_a_plan(chance: random.Random) -> Pages:
    subjects = ("Toán", "Ngữ văn", "Lịch sử")
    rows = [(at, name, "Thành viên", chance.choice(subjects)) for at, name in enumerate(_adults(chance, 9), start=1)]
    return [
        _table("DANH SÁCH GIÁO VIÊN BIÊN SOẠN TÀI LIỆU", "TT | Họ và tên | Nhiệm vụ | Môn", rows),
        _prose(chance, 20),
    ]


def bibliography(chance: random.Random) -> Pages:
    lines = [
        f"[{number}] {name} ({chance.randrange(1995, 2023)}), Phương pháp dạy học tích cực, NXB Giáo dục Việt Nam,"
        f" tr. {chance.randrange(2, 9)}–{chance.randrange(10, 300)}, truy cập ngày {_date(chance, 2015, 2024)}."
        for number, name in enumerate(_adults(chance, 14), start=1)
    ]
    return [_prose(chance, 20), "\n".join(("TÀI LIỆU THAM KHẢO", *lines))]


def lives_of_writers(chance: random.Random) -> Pages:
    lives = [
        f"{name} {f'({born} – {died})' if died else f'sinh ngày {born}'} là tác giả của {work}. {_prose(chance, 3)}"
        for name, born, died, work in chance.sample(WRITERS, k=9)
    ]
    return ["\n".join(lives[:5]), "\n".join(lives[5:])]


def table_of_writers(chance: random.Random) -> Pages:
    heads = ("Tác giả | Năm sinh | Năm mất | Tác phẩm", "Nhà văn | Sinh | Mất | Tác phẩm tiêu biểu")
    title = "Lập bảng thống kê các tác giả đã học theo mẫu sau:"
    return [_table(title, chance.choice(heads), chance.sample(WRITERS, k=10), _prose(chance, 4))]


def frequencies(chance: random.Random) -> Pages:
    rows = [("Tần số (n)", *(chance.randrange(1, 9) for _ in range(8)), "N = 40")]
    tasks = [
        f"Bài {number}. Bạn {person.given} ghi điểm kiểm tra của lớp 7A: {', '.join(mark(chance) for _ in range(12))}."
        for number, person in enumerate(persons(chance, 3), start=1)
    ]
    head = f"Điểm (x) | {' | '.join(map(str, range(3, 11)))}"
    return [_table("Điểm kiểm tra môn Toán của học sinh lớp 7B:", head, rows, "\n".join((*tasks, _prose(chance, 8))))]


def provinces(chance: random.Random) -> Pages:
    rows = [
        (number, name, _decimal(chance, 800, 9000), _decimal(chance, 300, 3000), mark(chance))
        for number, name in enumerate(chance.sample(PROVINCES, k=14), start=1)
    ]
    head = "TT | Tỉnh | Diện tích (km2) | Dân số (nghìn người) | Tỉ lệ tăng (%)"
    return [_table("Bảng 2. Diện tích, dân số và tỉ lệ tăng tự nhiên của một số tỉnh", head, rows), _prose(chance, 15)]


def heroes(chance: random.Random) -> Pages:
    rows = [f"{at}. {name}: {_prose(chance, 1)}" for at, name in enumerate(chance.sample(HEROES, k=10), start=1)]
    return ["\n".join(("Danh sách các nhân vật lịch sử tiêu biểu", *rows)), _prose(chance, 10)]


def timeline(chance: random.Random) -> Pages:
    deeds = ("lãnh đạo phong trào yêu nước", "tham gia thành lập mặt trận", "đọc bản tuyên ngôn")
    rows = [(_date(chance, 1930, 1976), f"{name} {chance.choice(deeds)}") for name in chance.sample(HEROES, k=9)]
    return [_table("Niên biểu các sự kiện lịch sử", "Thời gian | Sự kiện", rows, _prose(chance, 6))]


def exam_plan(chance: random.Random) -> Pages:
    first = datetime.date(2023, chance.choice((3, 5, 10, 12)), 4)
    rows = [
        (
            at + 1,
            name,
            f"{first + datetime.timedelta(days=at // 2):%d/%m/%Y}",
            chance.choice(("Toán", "Tiếng Anh")),
            "7h30",
        )
        for at, name in enumerate(_adults(chance, 12))
    ]
    head = "TT | Cán bộ coi thi | Ngày thi | Môn | Giờ"
    return [_table("LỊCH KIỂM TRA CUỐI HỌC KÌ VÀ PHÂN CÔNG COI THI", head, rows)]


def duties(chance: random.Random) -> Pages:
    first = datetime.date(2023, 9, 4)
    rows = [
        (name, f"{first + datetime.timedelta(weeks=at):%d/%m/%Y}", f"Trực tuần {at + 1}")
        for at, name in enumerate(_adults(chance, 10))
    ]
    return [_table("PHÂN CÔNG TRỰC BAN", "Giáo viên | Từ ngày | Nội dung", rows), _prose(chance, 8)]


def publisher(chance: random.Random) -> Pages:
    offices = [
        f"Công ty CP Sách và Thiết bị {place}: số {chance.randrange(9, 300)} phố Hùng Vương, {place};"
        f" điện thoại 024.{chance.randrange(10**7, 10**8)}; email: lienhe@sach.example"
        for place in chance.sample(PROVINCES, k=9)
    ]
    return [_prose(chance, 10), "\n".join(("NHÀ XUẤT BẢN GIÁO DỤC – Địa chỉ liên hệ đặt mua sách", *offices))]


def own_telephone(chance: random.Random) -> Pages:
    teacher = (
        "BÀI GIẢNG ĐIỆN TỬ",
        f"Giáo viên: {_adults(chance, 1)[0]}",
        f"Điện thoại: {phone(chance)}",
        address(chance),
    )
    return ["\n".join(teacher), _prose(chance, 25)]


def classes(chance: random.Random) -> Pages:
    rows = [
        (at, f"{6 + at // 3}{'ABC'[at % 3]}", name, chance.randrange(25, 45), f"{_decimal(chance, 11, 60)}%", 20 + at)
        for at, name in enumerate(_adults(chance, 8), start=1)
    ]
    head = "TT | Lớp | GVCN | Sĩ số | Tỉ lệ HS giỏi | Số HS khá"
    return [_table("THỐNG KÊ CHẤT LƯỢNG THEO LỚP HỌC KÌ I", head, rows)]


def made_up_five(chance: random.Random) -> Pages:
    rows = [
        (at, person.name, f"{person.born:%d/%m/%Y}", mark(chance), mark(chance), phone(chance))
        for at, person in enumerate(persons(chance, chance.choice((3, 4, 5))), start=1)
    ]
    head = "STT | Họ và tên | Ngày sinh | Toán | Tin | Điện thoại"
    # A textbook shows its table again on the next page, with the formula filled in.
    again = f"Em hãy tính điểm trung bình bằng hàm AVERAGE. {_prose(chance, 5)}"
    return [_table("Bài 5. Lập bảng điểm lớp em", head, rows), _table("Kết quả:", head, rows, again)]


def english_class(chance: random.Random) -> Pages:
    rows = [(name, _date(chance, 2010, 2012), mark(chance).replace(",", ".")) for name in ENGLISH]
    talk = "Mai: How old are you? Nam: I am eleven. Read the class list and answer the questions. Who was born in May?"
    return [_table("Unit 3. My class list", "Name | Date of birth | Score", rows, talk)]


def questions(chance: random.Random) -> Pages:
    lines = []
    for number in range(1, 13):
        options = " ".join(f"{letter}. {name}" for letter, name in zip("ABCD", chance.sample(HEROES, k=4), strict=True))
        asked = f"Ai là người lãnh đạo phong trào ngày {_date(chance, 1930, 1976)}?"
        lines.append(f"Câu {number}. {asked} {options} (0,25 điểm)")
    return ["\n".join(("NGÂN HÀNG CÂU HỎI LỊCH SỬ 9", *lines[:6])), "\n".join(lines[6:])]


def group_of_pupils(chance: random.Random) -> Pages:
    names = ", ".join(person.name for person in persons(chance, 7))
    lines = ("DỰ ÁN: SẢN PHẨM TỪ TRE", "Nhóm 1 – Lớp 10A1", f"Thành viên: {names}", f"GVHD: {_adults(chance, 1)[0]}")
    return ["\n".join(lines), _prose(chance, 6), _prose(chance, 6)]


def index_of_names(chance: random.Random) -> Pages:
    names = sorted({*_adults(chance, 20), *HEROES})
    entries = [f"{name}, {chance.randrange(5, 120)}, {chance.randrange(121, 300)}" for name in names]
    return [_prose(chance, 10), "\n".join(("BẢNG TRA CỨU TÊN RIÊNG", *entries))]


def story(chance: random.Random) -> Pages:
    lines = [f"{person.name} nhìn ra cánh đồng rồi nói khẽ. {_prose(chance, 2)}" for person in persons(chance, 9)]
    return ["\n".join(lines[:5]), "\n".join(lines[5:])]


def lesson_plan(chance: random.Random) -> Pages:
    day = _date(chance, 2020, 2024)
    lines = (
        "KẾ HOẠCH BÀI DẠY",
        f"Họ và tên giáo viên: {_adults(chance, 1)[0]}",
        f"Ngày soạn: {day}",
        f"Ngày dạy: {day}",
    )
    return ["\n".join((*lines, "Lớp 6A, 6B, 6C", _prose(chance, 20))), _prose(chance, 30)]


def physics(chance: random.Random) -> Pages:
    rows = [(at, _decimal(chance, 1, 9), chance.randrange(10, 99), _decimal(chance, 1, 9)) for at in range(1, 15)]
    return [_table("Bảng kết quả thí nghiệm đo gia tốc", "Lần | t (s) | s (cm) | a (m/s2)", rows, _prose(chance, 10))]


def empty_form(chance: random.Random) -> Pages:
    rows = [(number, "........", ".../.../...", ".....") for number in range(1, 21)]
    head = "STT | Họ và tên | Ngày sinh | Địa chỉ"
    return [_table("Bài tập: tạo danh sách học sinh của lớp em", head, rows, _prose(chance, 6))]


def scientists(chance: random.Random) -> Pages:
    lines = [
        f"{name}{chance.randrange(1, 4)}, Khoa Sư phạm, Đại học {chance.choice(PROVINCES)}; nhận bài"
        f" {_date(chance, 2022, 2023)}; phản biện xong sau khi sửa theo góp ý của ban biên tập"
        for name in _adults(chance, 8)
    ]
    return ["\n".join(("TẠP CHÍ KHOA HỌC GIÁO DỤC", *lines, _prose(chance, 12)))]


KINDS: Sequence[Callable[[random.Random], Pages]] = (
    *(title_page, authors_of_a_plan, bibliography, lives_of_writers, table_of_writers, frequencies, provinces, heroes),
    *(timeline, exam_plan, duties, publisher, own_telephone, classes, made_up_five, english_class, questions),
    *(group_of_pupils, index_of_names, story, lesson_plan, physics, empty_form, scientists),
)
