"""What a library of learning resources is full of, and what must never be held: names, dates and numbers of no pupil.

Each kind gives the pages of a file; a line with bars is a row of a table.
"""

import datetime
import random
from collections.abc import Callable, Sequence

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
    ("Nguyễn Du", "1765", "1820", "Truyện Kiều"), ("Hồ Xuân Hương", "1772", "1822", "Bánh trôi nước"),
    ("Nguyễn Trãi", "1380", "1442", "Bình Ngô đại cáo"), ("Nguyễn Đình Chiểu", "01/07/1822", "03/07/1888", "Lục Vân Tiên"),
    ("Nam Cao", "29/10/1915", "30/11/1951", "Chí Phèo"), ("Tô Hoài", "27/09/1920", "06/07/2014", "Dế Mèn phiêu lưu kí"),
    ("Xuân Diệu", "02/02/1916", "18/12/1985", "Vội vàng"), ("Nguyễn Khuyến", "15/02/1835", "05/02/1909", "Thu điếu"),
    ("Nguyễn Minh Châu", "20/10/1930", "23/01/1989", "Chiếc thuyền ngoài xa"), ("Vũ Trọng Phụng", "20/10/1912", "13/10/1939", "Số đỏ"),
    ("Lê Minh Khuê", "06/12/1949", "", "Những ngôi sao xa xôi"), ("Trần Đăng Khoa", "24/04/1958", "", "Hạt gạo làng ta"),
)  # fmt: skip
PROVINCES = [
    "Cao Bằng",
    "Hà Giang",
    "Hà Nội",
    "Lạng Sơn",
    "Thái Nguyên",
    "Thái Bình",
    "Hà Nam",
    "Hà Tĩnh",
    "Lâm Đồng",
    "Quảng Ninh",
    "Quảng Trị",
    "Ninh Bình",
    "Kiên Giang",
    "Long An",
    "An Giang",
    "Đồng Nai",
]
HEROES = [
    "Trần Hưng Đạo",
    "Lý Thường Kiệt",
    "Lê Lợi",
    "Nguyễn Huệ",
    "Phan Bội Châu",
    "Phan Châu Trinh",
    "Võ Nguyên Giáp",
    "Hoàng Hoa Thám",
    "Nguyễn Thị Minh Khai",
    "Võ Thị Sáu",
    "Lý Tự Trọng",
    "Vừ A Dính",
]


def _prose(chance: random.Random, sentences: int) -> str:
    return " ".join(chance.choices(PROSE, k=sentences))


def _adults(chance: random.Random, count: int) -> list[str]:
    return [person.name for person in persons(chance, count, first_year=1965, years=30)]


def title_page(chance: random.Random) -> Pages:
    authors = _adults(chance, chance.randrange(6, 14))
    lines = [
        "SÁCH GIÁO KHOA",
        f"{authors[0]} (Tổng Chủ biên) – {authors[1]} (Chủ biên)",
        " – ".join(authors[2:]),
        "TOÁN 7",
        "TẬP MỘT",
    ]
    back = f"Chịu trách nhiệm xuất bản: Chủ tịch Hội đồng Thành viên {chance.choice(authors)}. Biên tập nội dung: {', '.join(authors[:4])}. Số ĐKXB: 10-2023/CXBIPH/280-869/GD. In xong và nộp lưu chiểu tháng 6 năm 2023. Mã số ISBN: 978-604-0-{chance.randrange(10000, 99999)}-1"
    return ["\n".join(lines), _prose(chance, 20), back]


def authors_of_a_plan(chance: random.Random) -> Pages:
    rows = [
        f"{number} | {name} | Thành viên | {chance.choice(('Toán', 'Ngữ văn', 'Lịch sử'))}"
        for number, name in enumerate(_adults(chance, 9), start=1)
    ]
    return [
        "\n".join(("DANH SÁCH GIÁO VIÊN BIÊN SOẠN TÀI LIỆU", "TT | Họ và tên | Nhiệm vụ | Môn", *rows)),
        _prose(chance, 20),
    ]


def bibliography(chance: random.Random) -> Pages:
    lines = [
        f"[{number}] {name} ({chance.randrange(1995, 2023)}), Phương pháp dạy học tích cực, NXB Giáo dục Việt Nam, tr. {chance.randrange(2, 9)}–{chance.randrange(10, 300)}, truy cập ngày {chance.randrange(1, 29)}/{chance.randrange(1, 13)}/{chance.randrange(2015, 2024)}."
        for number, name in enumerate(_adults(chance, 14), start=1)
    ]
    return [_prose(chance, 20), "\n".join(("TÀI LIỆU THAM KHẢO", *lines))]


def lives_of_writers(chance: random.Random) -> Pages:
    pages = []
    for name, born, died, work in chance.sample(WRITERS, k=9):
        life = f"({born} – {died})" if died else f"sinh ngày {born}"
        pages.append(f"{name} {life} là tác giả của {work}. {_prose(chance, 3)}")
    return ["\n".join(pages[:5]), "\n".join(pages[5:])]


def table_of_writers(chance: random.Random) -> Pages:
    rows = [f"{name} | {born} | {died} | {work}" for name, born, died, work in chance.sample(WRITERS, k=10)]
    return [
        "\n".join(
            (
                "Lập bảng thống kê các tác giả đã học theo mẫu sau:",
                chance.choice(("Tác giả | Năm sinh | Năm mất | Tác phẩm", "Nhà văn | Sinh | Mất | Tác phẩm tiêu biểu")),
                *rows,
                _prose(chance, 4),
            )
        )
    ]


def frequencies(chance: random.Random) -> Pages:
    people = persons(chance, 3)
    table = (
        "Điểm (x) | "
        + " | ".join(map(str, range(3, 11)))
        + "\nTần số (n) | "
        + " | ".join(str(chance.randrange(1, 9)) for _ in range(8))
        + " | N = 40"
    )
    tasks = [
        f"Bài {number}. Bạn {person.given} ghi lại điểm kiểm tra của lớp 7A: {', '.join(mark(chance) for _ in range(12))}. Tính số trung bình cộng."
        for number, person in enumerate(people, start=1)
    ]
    return [
        "\n".join(
            ("Điểm kiểm tra môn Toán của học sinh lớp 7B được ghi trong bảng sau:", table, *tasks, _prose(chance, 8))
        )
    ]


def provinces(chance: random.Random) -> Pages:
    rows = [
        f"{number} | {name} | {chance.randrange(800, 9000)},{chance.randrange(10)} | {chance.randrange(300, 3000)},{chance.randrange(10)} | {mark(chance)}"
        for number, name in enumerate(chance.sample(PROVINCES, k=14), start=1)
    ]
    return [
        "\n".join(
            (
                "Bảng 2. Diện tích, dân số và tỉ lệ tăng tự nhiên của một số tỉnh, thành phố",
                "TT | Tỉnh | Diện tích (km2) | Dân số (nghìn người) | Tỉ lệ tăng (%)",
                *rows,
            )
        ),
        _prose(chance, 15),
    ]


def heroes(chance: random.Random) -> Pages:
    rows = [
        f"{number}. {name}: {_prose(chance, 1)}" for number, name in enumerate(chance.sample(HEROES, k=10), start=1)
    ]
    return ["\n".join(("Danh sách các nhân vật lịch sử tiêu biểu", *rows)), _prose(chance, 10)]


def timeline(chance: random.Random) -> Pages:
    rows = [
        f"{chance.randrange(1, 29)}/{chance.randrange(1, 13)}/{chance.randrange(1930, 1976)} | {name} {chance.choice(('lãnh đạo phong trào yêu nước', 'tham gia thành lập mặt trận', 'đọc bản tuyên ngôn'))}"
        for name in chance.sample(HEROES, k=9)
    ]
    return ["\n".join(("Niên biểu các sự kiện lịch sử", "Thời gian | Sự kiện", *rows, _prose(chance, 6)))]


def exam_plan(chance: random.Random) -> Pages:
    first = datetime.date(2023, chance.choice((3, 5, 10, 12)), 4)
    rows = []
    for number, name in enumerate(_adults(chance, 12)):
        day = first + datetime.timedelta(days=number // 2)
        rows.append(
            f"{number + 1} | {name} | {day:%d/%m/%Y} | {chance.choice(('Toán', 'Ngữ văn', 'Tiếng Anh'))} | 7h30"
        )
    return [
        "\n".join(
            ("LỊCH KIỂM TRA CUỐI HỌC KÌ VÀ PHÂN CÔNG COI THI", "TT | Cán bộ coi thi | Ngày thi | Môn | Giờ", *rows)
        )
    ]


def duties(chance: random.Random) -> Pages:
    first = datetime.date(2023, 9, 4)
    rows = [
        f"{name} | {first + datetime.timedelta(weeks=number):%d/%m/%Y} | Trực tuần {number + 1}"
        for number, name in enumerate(_adults(chance, 10))
    ]
    return ["\n".join(("PHÂN CÔNG TRỰC BAN", "Giáo viên | Từ ngày | Nội dung", *rows)), _prose(chance, 8)]


def publisher(chance: random.Random) -> Pages:
    offices = [
        f"Công ty CP Sách và Thiết bị {place}: số {chance.randrange(9, 300)} phố Hùng Vương, {place}; điện thoại 024.{chance.randrange(10**7, 10**8)}; email: lienhe@sach.example"
        for place in chance.sample(PROVINCES, k=9)
    ]
    return [_prose(chance, 10), "\n".join(("NHÀ XUẤT BẢN GIÁO DỤC – Địa chỉ liên hệ đặt mua sách", *offices))]


def own_telephone(chance: random.Random) -> Pages:
    (name,) = _adults(chance, 1)
    return [
        f"BÀI GIẢNG ĐIỆN TỬ\nGiáo viên: {name}\nĐiện thoại: {phone(chance)}\nEmail: gv@truong.example\n{address(chance)}",
        _prose(chance, 25),
    ]


def classes(chance: random.Random) -> Pages:
    rows = [
        f"{number} | {grade}{letter} | {name} | {chance.randrange(25, 45)} | {chance.randrange(5, 20)} | {chance.randrange(11, 60)},{chance.randrange(10)}% | {chance.randrange(11, 20)}"
        for number, (grade, letter, name) in enumerate(
            zip((6, 6, 7, 7, 8, 8, 9, 9), "ABABABAB", _adults(chance, 8), strict=True), start=1
        )
    ]
    return [
        "\n".join(
            ("THỐNG KÊ CHẤT LƯỢNG THEO LỚP HỌC KÌ I", "TT | Lớp | GVCN | Sĩ số | Số HS giỏi | Tỉ lệ | Số HS khá", *rows)
        )
    ]


def made_up_five(chance: random.Random) -> Pages:
    people = persons(chance, chance.choice((3, 4, 5)))
    rows = [
        f"{number} | {person.name} | {person.born:%d/%m/%Y} | {mark(chance)} | {mark(chance)} | {phone(chance)}"
        for number, person in enumerate(people, start=1)
    ]
    head = "STT | Họ và tên | Ngày sinh | Toán | Tin | Điện thoại"
    # A textbook shows its table again on the next page, with the formula filled in.
    return [
        "\n".join(("Bài 5. Lập bảng điểm lớp em", _prose(chance, 5), head, *rows)),
        "\n".join((head, *rows, "Em hãy tính điểm trung bình bằng hàm AVERAGE.", _prose(chance, 5))),
    ]


def english_class(chance: random.Random) -> Pages:
    rows = [
        f"{name} | {chance.randrange(1, 13)}/{chance.randrange(1, 29)}/2010 | {mark(chance).replace(',', '.')}"
        for name in (
            "Tom Brown",
            "Lily Green",
            "Jack White",
            "Anna Black",
            "Ben Hill",
            "Kate Young",
            "Peter Stone",
            "Mary King",
        )
    ]
    talk = "Mai: How old are you? Nam: I am eleven. Read the class list and answer the questions. Who was born in May?"
    return ["\n".join(("Unit 3. My class list", "Name | Date of birth | Score", *rows, talk))]


def questions(chance: random.Random) -> Pages:
    lines = []
    for number in range(1, 13):
        options = chance.sample(HEROES, k=4)
        lines.append(
            f"Câu {number}. Ai là người lãnh đạo phong trào ngày {chance.randrange(1, 29)}/{chance.randrange(1, 13)}/{chance.randrange(1930, 1976)}? A. {options[0]} B. {options[1]} C. {options[2]} D. {options[3]} (0,25 điểm)"
        )
    return ["\n".join(("NGÂN HÀNG CÂU HỎI LỊCH SỬ 9", *lines[:6])), "\n".join(lines[6:])]


def group_of_pupils(chance: random.Random) -> Pages:
    names = [person.name for person in persons(chance, 7)]
    return [
        f"DỰ ÁN: SẢN PHẨM TỪ TRE\nNhóm 1 – Lớp 10A1\nThành viên: {', '.join(names)}\nGVHD: {_adults(chance, 1)[0]}",
        _prose(chance, 6),
        _prose(chance, 6),
    ]


def index_of_names(chance: random.Random) -> Pages:
    entries = [
        f"{name}, {chance.randrange(5, 120)}, {chance.randrange(121, 300)}"
        for name in sorted({*_adults(chance, 20), *HEROES})
    ]
    return [_prose(chance, 10), "\n".join(("BẢNG TRA CỨU TÊN RIÊNG", *entries))]


def story(chance: random.Random) -> Pages:
    lines = [
        f"{person.name} nhìn ra cánh đồng rồi nói khẽ với bạn bên cạnh. {_prose(chance, 2)}"
        for person in persons(chance, 9)
    ]
    return ["\n".join(lines[:5]), "\n".join(lines[5:])]


def lesson_plan(chance: random.Random) -> Pages:
    (name,) = _adults(chance, 1)
    day = datetime.date(2023, 9, 4) + datetime.timedelta(days=chance.randrange(200))
    return [
        f"KẾ HOẠCH BÀI DẠY\nHọ và tên giáo viên: {name}\nNgày soạn: {day:%d/%m/%Y}\nNgày dạy: {day:%d/%m/%Y}\nLớp 6A, 6B, 6C\n{_prose(chance, 20)}",
        _prose(chance, 30),
    ]


def physics(chance: random.Random) -> Pages:
    rows = [
        f"{number} | {chance.randrange(1, 9)},{chance.randrange(10)} | {chance.randrange(10, 99)} | {chance.randrange(1, 9)},{chance.randrange(100):02}"
        for number in range(1, 15)
    ]
    return [
        "\n".join(("Bảng kết quả thí nghiệm đo gia tốc", "Lần | t (s) | s (cm) | a (m/s2)", *rows, _prose(chance, 10)))
    ]


def empty_form(chance: random.Random) -> Pages:
    rows = [f"{number} | ........ | .../.../... | ....." for number in range(1, 21)]
    return [
        "\n".join(
            (
                "Bài tập: tạo danh sách học sinh của lớp em",
                "STT | Họ và tên | Ngày sinh | Địa chỉ",
                *rows,
                _prose(chance, 6),
            )
        )
    ]


def scientists(chance: random.Random) -> Pages:
    names = _adults(chance, 8)
    lines = [
        f"{name}{chance.randrange(1, 4)}, Khoa Sư phạm, Đại học {chance.choice(PROVINCES)}; nhận bài {chance.randrange(1, 29)}/{chance.randrange(1, 13)}/2022; phản biện xong sau khi sửa theo góp ý của ban biên tập"
        for name in names
    ]
    return ["\n".join(("TẠP CHÍ KHOA HỌC GIÁO DỤC", *lines, _prose(chance, 12)))]


KINDS: Sequence[Callable[[random.Random], Pages]] = (
    title_page, authors_of_a_plan, bibliography, lives_of_writers, table_of_writers, frequencies, provinces, heroes, timeline,
    exam_plan, duties, publisher, own_telephone, classes, made_up_five, english_class, questions, group_of_pupils,
    index_of_names, story, lesson_plan, physics, empty_form, scientists,
)  # fmt: skip
