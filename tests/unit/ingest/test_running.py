"""Running headers, footers, page numbers and watermarks."""

from dataclasses import dataclass

from ingest.formats.pdf.running import marginal_blocks, watermarks


@dataclass(frozen=True)
class _Block:
    text: str
    top: float
    bottom: float


def _pages(number: int, *, header: str = "Trường A – {}", body: str = "Nội dung {}") -> list[list[_Block]]:
    return [
        [
            _Block(header.format(index), 0.03, 0.06),
            _Block(body.format("abcdefgh"[index]), 0.2, 0.8),
            _Block(f"Trang {index}\n", 0.94, 0.97),
        ]
        for index in range(number)
    ]


def _texts(pages: list[list[_Block]], found: set[int]) -> set[str]:
    return {block.text for blocks in pages for block in blocks if id(block) in found}


def test_what_repeats_in_the_margins_is_running_digits_aside() -> None:
    pages = _pages(4)
    assert _texts(pages, marginal_blocks(pages)) == {block.text for blocks in pages for block in (blocks[0], blocks[2])}


def test_what_repeats_in_the_middle_is_content() -> None:
    pages = _pages(4, body="Yêu cầu cần đạt")
    assert "Yêu cầu cần đạt" not in _texts(pages, marginal_blocks(pages))


def test_a_line_at_the_top_of_one_page_is_content() -> None:
    pages = _pages(4)
    pages[1][0] = _Block("Chương hai", 0.03, 0.06)
    assert "Chương hai" not in _texts(pages, marginal_blocks(pages))


def test_a_single_page_has_no_running_header() -> None:
    pages = _pages(1)
    assert marginal_blocks(pages) == set()


def test_two_pages_with_the_same_header_have_one() -> None:
    pages = _pages(2)
    assert len(marginal_blocks(pages)) == 4


def test_a_stamp_on_picture_pages_is_a_watermark() -> None:
    assert watermarks(["thuvien.example 1", "thuvien.example 2", "thuvien.example 3", "Bài 1"], {0, 1, 2, 3}) == {
        0,
        1,
        2,
    }


def test_the_same_words_on_pages_without_pictures_are_content() -> None:
    assert watermarks(["a", "a", "a"], set()) == set()
