"""How long suggestions take at 100,000 resources, on the catalogue of a small machine, for each letter that is typed.

Titles are put together from those of lessons as they repeat in real libraries
(subject, grade, week, lesson). Asked is every beginning that somebody types on
the way to a title, with and without tones, from the second letter on.

    python -m tests.benchmarks.suggesting [--resources 100000] [--titles 300]
"""

import argparse
import datetime
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from service import compose
from service.library.publishing import listed
from service.library.services import Services
from service.library.suggest import suggest
from service.model import Content, FileEntry, Value
from service.ports import UnitOfWork
from service.search.beginnings import beginning
from service.settings import Settings
from tests.benchmarks.figures import Figure, figure, report

P95_MS = 20.0
BATCH = 500
KINDS = ("Bài giảng", "Giáo án", "Đề kiểm tra", "Phiếu học tập", "Ôn tập", "Kế hoạch bài dạy", "Trò chơi", "Video")
SUBJECTS = (
    "Toán",
    "Ngữ văn",
    "Vật lí",
    "Hoá học",
    "Sinh học",
    "Lịch sử",
    "Địa lí",
    "Tiếng Anh",
    "Tin học",
    "Công nghệ",
)
LESSONS = (
    "hàm số bậc hai", "phương trình đường thẳng", "tế bào nhân thực", "chuyển động thẳng đều", "cân bằng hoá học",
    "cách mạng tháng Tám", "khí hậu Việt Nam", "truyện Kiều", "câu điều kiện", "vòng lặp", "bản vẽ kĩ thuật",
    "phân số", "số thập phân", "quang hợp", "định luật Ôm", "oxi và ozon", "chiến dịch Điện Biên Phủ", "sông ngòi",
)  # fmt: skip


def title(number: int, rng: random.Random) -> str:
    grade, week, lesson = rng.randint(1, 12), rng.randint(1, 35), rng.choice(LESSONS)
    return f"{rng.choice(KINDS)} {rng.choice(SUBJECTS)} {grade} tuần {week}: {lesson} ({number})"


def fill(services: Services, titles: list[str], rng: random.Random) -> None:
    """Published resources with the rows that publishing writes, many a commit."""
    for start in range(0, len(titles), BATCH):
        with services.catalogue.writing() as work:
            add(services, work, titles[start : start + BATCH], start, rng)


def add(services: Services, work: UnitOfWork, titles: list[str], start: int, rng: random.Random) -> None:
    contents, now = [], datetime.datetime.now(datetime.UTC)
    for number, words in enumerate(titles, start=start):
        sha256 = f"{number:064x}"
        work.blobs.add(sha256, 1000)
        values = (
            Value("title", words, "person", language="vi"),
            Value("subject", "toan", "person"),
            Value("type", "presentation", "person"),
            Value("keyword", rng.choice(LESSONS), "person"),
        )
        contents.append(Content(values, (FileEntry(1, sha256, 1000, "application/pdf", f"{number}.pdf", "main"),)))
    for resource in work.resources.add_all(contents, owner="default"):
        draft = work.resources.open_revision(resource.key)
        assert draft is not None
        published = work.resources.save_revision(replace(draft, state="published", published_at=now))
        saved = work.resources.save(replace(resource, published=1))
        work.terms.replace(saved.key, listed(services.vocabularies, saved, published))


def typed(titles: list[str], rng: random.Random) -> Iterator[str]:
    for words in titles:
        start = rng.choice((0, 0, 1, 2, 3))
        whole = " ".join(words.split()[start:])
        whole = beginning(whole) if rng.random() < 0.7 else whole
        for length in range(2, min(len(whole), 24)):
            yield whole[:length]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Time of suggestions while typing")
    parser.add_argument("--resources", type=int, default=100_000)
    parser.add_argument("--titles", type=int, default=300)
    asked = parser.parse_args(arguments)
    rng = random.Random(7)
    with tempfile.TemporaryDirectory() as scratch:
        services = compose.services(Settings(home=Path(scratch)))
        services.catalogue.migrate()
        titles = [title(number, rng) for number in range(asked.resources)]
        began = time.monotonic()
        fill(services, titles, rng)
        print(f"filled in {time.monotonic() - began:.0f} s", file=sys.stderr)
        took, found = [], 0
        for words in typed(rng.sample(titles, asked.titles), rng):
            start = time.perf_counter()
            found += bool(suggest(services, words, language="vi"))
            took.append((time.perf_counter() - start) * 1000)
        services.catalogue.close()
    return report(figures(took, found, asked.resources))


def figures(took: list[float], found: int, resources: int) -> list[Figure]:
    cut = statistics.quantiles(took, n=100)
    return [
        figure("suggestions-resources", resources, "resources"),
        figure("suggestions-p50", cut[49], "ms"),
        figure("suggestions-p95", cut[94], "ms", at_most=P95_MS),
        figure("suggestions-max", max(took), "ms"),
        figure("suggestions-with-something", found / len(took), "of 1", at_least=0.95),
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
