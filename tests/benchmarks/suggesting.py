"""How long suggestions take at 100,000 resources, for each letter that is typed, on SQLite and on PostgreSQL.

Titles are put together from those of lessons as they repeat in real libraries
(subject, grade, week, lesson), and each has a topic of a programme; a fifth of them
was ever opened, few of them often, and one in fifty is not public. Asked is every beginning that somebody
types on the way to a title or to the name of a topic, with and without tones, from the second letter on.
No engine is asked, so that there is none here. Beside it stands the least that
a letter can cost: one question for twenty rows of the same range of titles,
through the bare driver, by turns.

    python -m tests.benchmarks.suggesting [--postgresql] [--resources 100000] [--titles 300] [--home FOLDER]
"""

import argparse
import cProfile
import os
import pstats
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

from sqlalchemy import create_engine

from service import compose
from service.library.suggest import suggest
from service.model import Value
from service.search.beginnings import beginning
from service.settings import Settings
from service.vocabularies import seeds
from tests.benchmarks.bulk import Made, fill
from tests.benchmarks.figures import Figure, figure, report
from tests.benchmarks.memory import own_pss_mb

P95_MS = 20.0
# Of a web process, whose whole may be 150 MB.
MEMORY_MB = 15.0
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
_BARE = (
    "SELECT value, resource FROM terms WHERE field = ? AND value >= ? AND value < ? ORDER BY value, resource LIMIT 20"
)


def title(number: int, rng: random.Random) -> str:
    grade, week, lesson = rng.randint(1, 12), rng.randint(1, 35), rng.choice(LESSONS)
    return f"{rng.choice(KINDS)} {rng.choice(SUBJECTS)} {grade} tuần {week}: {lesson} ({number})"


def resource(words: str, rng: random.Random) -> Made:
    values = (
        Value("title", words, "person", language="vi"),
        Value("subject", "toan", "person"),
        Value("grade", f"lop-{rng.randint(1, 12)}", "person"),
        Value("type", "presentation", "person"),
        Value("language", "vi", "person"),
        Value("topic", rng.choice(topics()), "sheet"),
        Value("keyword", rng.choice(LESSONS), "person"),
        Value("keyword", f"{rng.choice(LESSONS)} {rng.randint(1, 400)}", "person"),
    )
    used = int(rng.paretovariate(1.1)) if rng.random() < 0.2 else 0
    return Made(values, used, public=rng.random() >= 0.02)


@cache
def topics() -> list[str]:
    return list(seeds.load().terms["topic"])


def labels(number: int, rng: random.Random) -> list[str]:
    """Of topics: what somebody types who knows the programme."""
    return [seeds.load().label("topic", code, "vi") for code in rng.sample(topics(), number)]


def typed(titles: list[str], rng: random.Random) -> Iterator[str]:
    for words in titles:
        start = rng.choice((0, 0, 1, 2, 3))
        whole = " ".join(words.split()[start:])
        whole = beginning(whole) if rng.random() < 0.7 else whole
        for length in range(2, min(len(whole), 24)):
            yield whole[:length]


def bare(url: str) -> tuple[Callable[[str], object], Callable[[], None]]:
    """One question of the driver on a connection of its own; the second closes it."""
    engine = create_engine(url)
    connection = engine.raw_connection()
    statement = _BARE.replace("?", "%s") if engine.dialect.name == "postgresql" else _BARE

    def ask(words: str) -> object:
        prefix = beginning(words)
        cursor = connection.cursor()
        cursor.execute(statement, ("title", prefix, f"{prefix}\U0010ffff"))
        found = cursor.fetchall()
        connection.rollback()
        return found

    return ask, lambda: (connection.close(), engine.dispose())[1]


def milliseconds(act: Callable[[], object]) -> tuple[float, object]:
    began = time.perf_counter()
    done = act()
    return (time.perf_counter() - began) * 1000, done


def measure(settings: Settings, prefix: str, asked: argparse.Namespace, analyse: Callable[[], object]) -> list[Figure]:
    """analyse: what a server does by itself some time after so many rows have come."""
    rng = random.Random(7)
    services = compose.services(settings)
    services.catalogue.migrate()
    titles = [title(number, rng) for number in range(asked.resources)]
    with services.catalogue.reading() as work:
        filled = bool(work.resources.after(0, 1))
    if not filled:
        took, _ = milliseconds(lambda: fill(services, [resource(words, rng) for words in titles]))
        print(f"filled in {took / 1000:.0f} s, load {os.getloadavg()[0]:.1f}", file=sys.stderr)
        analyse()
    rng = random.Random(8)
    before = own_pss_mb(os.getpid()) or 0.0
    reading, _ = milliseconds(lambda: services.most_used.read(services.catalogue))
    beside, close = bare(settings.database)
    ours: list[float] = []
    least: list[float] = []
    found = 0
    profile = cProfile.Profile() if asked.profile else None
    for words in typed([*rng.sample(titles, asked.titles), *labels(asked.titles // 3, rng)], rng):
        least.append(milliseconds(lambda words=words: beside(words))[0])
        if profile:
            profile.enable()
        spent, some = milliseconds(lambda words=words: suggest(services, words, language="vi"))
        if profile:
            profile.disable()
        ours.append(spent)
        found += bool(some)
    memory = (own_pss_mb(os.getpid()) or 0.0) - before
    close()
    services.catalogue.close()
    if profile:
        pstats.Stats(profile, stream=sys.stderr).sort_stats("cumulative").print_stats(30)
    cut, cut_bare = statistics.quantiles(ours, n=100), statistics.quantiles(least, n=100)
    return [
        figure(f"suggestions{prefix}-resources", asked.resources, "resources"),
        figure(f"suggestions{prefix}-p50", cut[49], "ms", baseline=cut_bare[49]),
        figure(f"suggestions{prefix}-p95", cut[94], "ms", at_most=P95_MS),
        figure(f"suggestions{prefix}-p95, beside one bare question", cut[94], "ms", baseline=cut_bare[94]),
        figure(f"suggestions{prefix}-max", max(ours), "ms"),
        figure(f"suggestions{prefix}-with-something", found / len(ours), "of 1", at_least=0.95),
        figure(f"suggestions{prefix}-most-used-read", reading, "ms"),
        figure(f"suggestions{prefix}-memory", memory, "MB", at_most=MEMORY_MB),
    ]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Time of suggestions while typing")
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--resources", type=int, default=100_000)
    parser.add_argument("--titles", type=int, default=300)
    parser.add_argument("--home", type=Path, help="a library of an earlier run, or where this one's is to stay")
    parser.add_argument("--profile", action="store_true")
    asked = parser.parse_args(arguments)
    with ExitStack() as held:
        home = asked.home or Path(held.enter_context(tempfile.TemporaryDirectory()))
        if asked.postgresql:
            from tests.servers.postgresql import PostgresServer

            server = PostgresServer(fsync="on", autovacuum="on", max_wal_size="1GB").start()
            held.callback(server.close)
            settings = Settings(home=home, database_url=server.create("suggesting"))
            told = measure(settings, "-postgresql", asked, lambda: server.run("ANALYZE", "suggesting"))
        else:
            told = measure(Settings(home=home), "", asked, lambda: None)
    print(f"load {os.getloadavg()[0]:.1f}", file=sys.stderr)
    return report(told)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
