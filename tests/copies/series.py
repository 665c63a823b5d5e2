"""Lessons of one series: a plan's template with everything that plans share, filled with texts of the sample library.

What a teacher's folder is full of, and what must not be called near copies:
the headings, the steps and the phrases are the same in all of them.
"""

import random
import re
from functools import cache

from deploy.sample.build import SOURCES

TEMPLATE = (
    "Trường: ............ Tổ: ............ Họ và tên giáo viên: ............",
    "KẾ HOẠCH BÀI DẠY. Thời gian thực hiện: hai tiết.",
    "I. MỤC TIÊU. 1. Về kiến thức: sau bài học này, học sinh nêu được những nội dung chính của bài.",
    "2. Về năng lực: tự chủ và tự học; giao tiếp và hợp tác; giải quyết vấn đề và sáng tạo.",
    "3. Về phẩm chất: chăm chỉ, trung thực, trách nhiệm; có ý thức giữ gìn và bảo vệ của chung.",
    "II. THIẾT BỊ DẠY HỌC VÀ HỌC LIỆU. Giáo viên: sách giáo khoa, máy chiếu, phiếu học tập. Học sinh: sách, vở, bút.",
    "III. TIẾN TRÌNH DẠY HỌC. Hoạt động 1. Khởi động. a) Mục tiêu: tạo hứng thú và dẫn dắt vào bài mới.",
    "b) Nội dung: học sinh trả lời câu hỏi của giáo viên. c) Sản phẩm: câu trả lời của học sinh.",
    "d) Tổ chức thực hiện. Bước 1: giáo viên giao nhiệm vụ, chia lớp thành các nhóm bốn học sinh.",
    "Bước 2: học sinh thực hiện nhiệm vụ, giáo viên quan sát và giúp đỡ khi cần.",
    "Bước 3: đại diện nhóm trình bày, các nhóm khác nhận xét, bổ sung.",
    "Bước 4: giáo viên đánh giá, chốt kiến thức và chuyển sang hoạt động tiếp theo.",
    "Hoạt động 2. Hình thành kiến thức mới. Hoạt động 3. Luyện tập. Hoạt động 4. Vận dụng.",
    "Hướng dẫn về nhà: học bài cũ, hoàn thành bài tập còn lại và chuẩn bị bài sau.",
)
PARAGRAPHS_A_LESSON = 10
_SHORTEST = 20


@cache
def paragraphs() -> tuple[str, ...]:
    """Paragraphs of the sample library's chapters, at least 20 words each."""
    found = []
    for path in sorted(SOURCES.glob("*.txt")):
        _, _, body = path.read_text(encoding="utf-8").partition("\n\n")
        for paragraph in body.split("\n\n"):
            words = re.findall(r"\w+", paragraph)
            if len(words) >= _SHORTEST:
                found.append(paragraph)
    return tuple(found)


def lessons(count: int, *, seed: int = 1) -> list[list[str]]:
    """`count` different lessons on the template, as passages; two of them may share a paragraph by chance."""
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        own = chance.sample(paragraphs(), PARAGRAPHS_A_LESSON)
        # Every few lines of the template some of the lesson, as it is filled in.
        places = sorted(chance.sample(range(len(TEMPLATE)), PARAGRAPHS_A_LESSON))
        filled = list(TEMPLATE)
        for place, paragraph in zip(reversed(places), own, strict=True):
            filled.insert(place + 1, paragraph)
        made.append(filled)
    return made


def slides(count: int, pages: int, *, seed: int = 2) -> list[list[str]]:
    """`count` texts of so many pages, a paragraph each, no paragraph twice in one."""
    chance = random.Random(seed)
    return [chance.sample(paragraphs(), pages) for _ in range(count)]
