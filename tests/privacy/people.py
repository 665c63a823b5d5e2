"""Made-up persons of a school: nobody is meant, every number is drawn by chance."""

import datetime
import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

KINH = (
    [
        "Nguyễn",
        "Trần",
        "Lê",
        "Phạm",
        "Hoàng",
        "Huỳnh",
        "Phan",
        "Vũ",
        "Võ",
        "Đặng",
        "Bùi",
        "Đỗ",
        "Hồ",
        "Ngô",
        "Dương",
        "Lý",
        "Đinh",
        "Mai",
        "Trịnh",
        "Đào",
        "Tạ",
        "Lương",
        "Cao",
        "Hà",
    ],
    ["Văn", "Thị", "Đức", "Minh", "Thu", "Ngọc", "Hữu", "Quang", "Thanh", "Gia", "Bảo", "Khánh", "Thuỳ", "Hồng", "Anh"],
    [
        "An",
        "Bình",
        "Chi",
        "Dũng",
        "Giang",
        "Hà",
        "Hải",
        "Hằng",
        "Hiếu",
        "Hoa",
        "Huy",
        "Khoa",
        "Lan",
        "Linh",
        "Long",
        "Mai",
        "Nam",
        "Nga",
        "Nhung",
        "Phúc",
        "Quân",
        "Sơn",
        "Thảo",
        "Trang",
        "Tuấn",
        "Vy",
        "Yến",
    ],
)
TAY = (
    ["Nông", "Hoàng", "Bế", "Lô", "Ma", "Lục", "Đàm", "Triệu", "Chu", "Vi", "Lương", "Hứa", "Mông", "Sầm", "Đoàn"],
    ["Văn", "Thị", "Thu", "Đức", "Minh", "Ích", "Bích"],
    ["Dính", "Huệ", "Thiều", "Quyết", "Toàn", "Kiều", "Nhâm", "Hoan", "Tuyên", "Lệ", "Đạt"],
)
HMONG = (
    ["Giàng", "Vàng", "Sùng", "Hờ", "Thào", "Mùa", "Cứ", "Lầu", "Vừ", "Ly", "Hạng", "Sình", "Tráng", "Hầu"],
    ["A", "Thị", "Mí", "Chồng", "Seo"],
    ["Páo", "Dế", "Chua", "Sử", "Mỷ", "Dở", "Lử", "Sính", "Pó", "Chứ", "Dính", "Súa", "Nhè"],
)
THAI = (
    ["Lò", "Quàng", "Cà", "Tòng", "Lường", "Cầm", "Hà", "Vì", "Lèo", "Mè"],
    ["Văn", "Thị"],
    ["Mai", "Panh", "Ơn", "Hặc", "Thương", "Xuân", "Tiện", "Đôi", "Inh"],
)
EDE_FIRST = ["Bhim", "Hen", "Moan", "Thương", "Duôn", "Blơi", "Ngun", "Brih", "Kiêu", "Nguôm"]
EDE_CLANS = ["Niê", "Mlô", "Êban", "Kbuôr", "Byă", "Ayŭn", "Ktla"]
PLACES = [
    "Nà Lẹng",
    "Pác Bó",
    "Khuổi Slưn",
    "Lũng Nặm",
    "Cốc Pàng",
    "Nặm Nhũng",
    "Bản Lìn",
    "Đoỏng Pán",
    "Phia Khao",
    "Sảng Chải",
]
COMMUNES = ["Đức Long", "Nam Quang", "Cô Ba", "Hồng Trị", "Xuân Trường", "Thượng Hà", "Lý Bôn", "Mông Ân"]


@dataclass(frozen=True)
class Person:
    """family: with middle names (họ đệm); given: the last part (tên)."""

    family: str
    given: str
    born: datetime.date
    is_girl: bool
    people: str

    @property
    def name(self) -> str:
        return f"{self.family} {self.given}"


def plain(text: str) -> str:
    """Without accents."""
    spread = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(sign for sign in spread if not unicodedata.combining(sign))


STYLES: tuple[Callable[[str], str], ...] = (str, str, str, str.upper, plain)
"""Ways to write a name; as it is spoken is the commonest."""

DATES: tuple[Callable[[datetime.date], str], ...] = (
    lambda day: day.strftime("%d/%m/%Y"),
    lambda day: day.strftime("%d/%m/%Y"),
    lambda day: f"{day.day}/{day.month}/{day.year}",
    lambda day: f"{day.day}-{day.month}-{day:%y}",
    lambda day: day.isoformat(),
    lambda day: day.strftime("%d.%m.%Y"),
)


def _ede(chance: random.Random, is_girl: bool) -> tuple[str, str]:
    first = chance.choice(EDE_FIRST)
    return (chance.choice((f"H'{first}", f"H {first}")) if is_girl else f"Y {first}"), chance.choice(EDE_CLANS)


def _named(chance: random.Random, people: str, is_girl: bool) -> tuple[str, str]:
    if people == "Ê-đê":
        return _ede(chance, is_girl)
    families, middles, givens = {"Kinh": KINH, "Tày": TAY, "Mông": HMONG, "Thái": THAI}[people]
    middle = chance.sample(middles, k=chance.choice((1, 1, 1, 2)) if people in ("Kinh", "Tày") else 1)
    return " ".join((chance.choice(families), *middle)), chance.choice(givens)


def persons(chance: random.Random, count: int, *, first_year: int = 2008, years: int = 3) -> list[Person]:
    """People of one class or one staff, mostly of one people, each name once."""
    main = chance.choice(("Kinh", "Kinh", "Tày", "Mông", "Thái", "Ê-đê"))
    found: dict[str, Person] = {}
    while len(found) < count:
        people = main if chance.random() < 0.8 else chance.choice(("Kinh", "Tày", "Mông"))
        is_girl = chance.random() < 0.5
        family, given = _named(chance, people, is_girl)
        day = datetime.date(first_year, 1, 1) + datetime.timedelta(days=chance.randrange(365 * years))
        found.setdefault(f"{family} {given}", Person(family, given, day, is_girl, people))
    return sorted(found.values(), key=lambda person: plain(person.given))


def phone(chance: random.Random) -> str:
    digits = chance.choice(("098", "091", "035", "086", "037")) + f"{chance.randrange(10**7):07}"
    ways = (digits, digits, f"{digits[:4]} {digits[4:7]} {digits[7:]}", f"{digits[:4]}.{digits[4:7]}.{digits[7:]}")
    return chance.choice((*ways, f"+84{digits[1:]}"))


def identity(chance: random.Random, person: Person) -> str:
    sex = (3 if person.is_girl else 2) if person.born.year >= 2000 else (1 if person.is_girl else 0)
    return f"0{chance.randrange(1, 96):02}{sex}{person.born:%y}{chance.randrange(10**6):06}"


def mark(chance: random.Random) -> str:
    value = chance.choice((5.0, 6.5, 7.0, 8.0, 8.5, 9.0, 10.0, 4.5, 7.8, 6.3, 9.2))
    return f"{value:g}".replace(".", ",")


def address(chance: random.Random) -> str:
    ways = (
        f"Xóm {chance.choice(PLACES)}, xã {chance.choice(COMMUNES)}",
        f"thôn {chance.choice(PLACES)} - xã {chance.choice(COMMUNES)} - huyện Bảo Lâm",
        f"Bản {chance.choice(PLACES)}",
        f"Tổ {chance.randrange(1, 20)}, phường {chance.choice(COMMUNES)}",
    )
    return chance.choice(ways)
