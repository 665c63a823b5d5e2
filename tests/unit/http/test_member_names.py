"""Names inside a zip are names on every system that it is opened on, and no two are one."""

import pytest

from service.http.member_names import LONGEST_BYTES, names_of


def test_names_lose_folders_and_marks_and_stay_apart() -> None:
    assert names_of(["../../etc/passwd", "a\u202egpj.exe", "A.txt", "a.TXT", "a (2).TXT"]) == [
        b"_.._etc_passwd", b"agpj.exe", b"A.txt", b"a (2).TXT", b"a (2) (2).TXT",
    ]  # fmt: skip


def test_the_same_name_in_two_forms_of_unicode_is_one_name() -> None:
    assert names_of(["b\u00e0i.pdf", "ba\u0300i.pdf"]) == ["b\u00e0i.pdf".encode(), "b\u00e0i (2).pdf".encode()]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ('Đề "thi": a<b>?*|.docx', "Đề _thi__ a_b____.docx"),
        ("con.txt", "_con.txt"),
        ("COM1", "_COM1"),
        ("Console.log", "Console.log"),
        ("hết. . ", "hết"),
        ("..", "tep"),
        ("", "tep"),
    ],
)
def test_what_windows_keeps_for_itself_is_written_otherwise(name: str, safe: str) -> None:
    assert names_of([name]) == [safe.encode()]


def test_long_names_keep_their_ending_and_whole_letters() -> None:
    first, second = names_of(["ấ" * 300 + ".pptx", "ấ" * 301 + ".pptx"])
    assert len(first) <= LONGEST_BYTES
    assert len(second) <= LONGEST_BYTES
    assert first != second
    for one in (first, second):
        assert one.decode().endswith(".pptx")
        assert one.decode().startswith("ấấấ")


def test_so_many_of_one_name_are_all_told_apart() -> None:
    made = names_of(["bài.pdf"] * 200)
    assert len(set(made)) == 200
