"""What a text resolves to, what is searched for a code, and when the fingerprint moves."""

from dataclasses import replace

import pytest

from service.vocabularies import Vocabularies, folded
from service.vocabularies.seeds import load
from service.vocabularies.shapes import shape_of
from service.vocabularies.terms import Term


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("subject", "toan", "toan"),
        ("subject", "Vật lí", "vat-li"),
        ("subject", "Vật lý", "vat-li"),
        ("subject", "vat ly", "vat-li"),
        ("subject", "vl", "vat-li"),
        ("subject", "HÓA HỌC", "hoa-hoc"),
        ("subject", "hoa", "hoa-hoc"),
        ("subject", "Hoạ", "mi-thuat"),
        ("subject", "Tập đọc", "tieng-viet"),
        ("subject", "chinh ta", "tieng-viet"),
        ("subject", "Anh văn", "tieng-anh"),
        ("subject", "Thể dục", "giao-duc-the-chat"),
        ("subject", "HĐGDNGLL", "hoat-dong-trai-nghiem"),
        ("subject", "lsđl", "lich-su-va-dia-li"),
        ("subject", "gddp", "giao-duc-dia-phuong"),
        ("subject", "Vật lý 8", "khtn-vat-li"),
        ("subject", "GDCD 11", "giao-duc-kinh-te-va-phap-luat"),
        ("subject", "GDCD", "giao-duc-cong-dan"),
        ("subject", "To\u0061\u0301n", "toan"),
        ("grade", "Lớp 10", "lop-10"),
        ("grade", "lop 10", "lop-10"),
        ("grade", "5", "lop-5"),
        ("grade", "cap 2", "thcs"),
        ("grade", "Mẫu giáo bé", "mau-giao-3-4"),
        ("type", "Giáo án", "lesson-plan"),
        ("type", "skkn", "teaching-initiative"),
        ("licence", "cc by 4.0", "CC-BY-4.0"),
        ("licence", "https://creativecommons.org/licenses/by-sa/4.0/", "CC-BY-SA-4.0"),
        ("licence", "http://creativecommons.org/licenses/by-sa/4.0/deed.vi", "CC-BY-SA-4.0"),
        ("licence", "https://rightsstatements.org/vocab/InC/1.0", "InC"),
        ("licence", "chưa rõ nguồn gốc", "CNE"),
        ("language", "Tày", "tyz"),
        ("language", "tieng lo lo", "nty"),
        ("language", "Giẻ Triêng", "jeh"),
        ("language", "VI", "vi"),
        ("programme", "Chương trình 2006", "ct2006"),
        ("programme", "GDPT 2018", "ct2018"),
        ("series", "Kết nối tri thức với cuộc sống", "kntt"),
        ("series", "CTST", "ctst"),
        ("series", "cd", "canh-dieu"),
        ("week", "tuần 19", "19"),
        ("week", "36", None),
        ("subject", "", None),
        ("subject", "thiên văn", None),
        ("no-such-field", "toan", None),
    ],
)
def test_a_name_as_people_write_it_resolves_to_its_code(field: str, text: str, code: str | None) -> None:
    assert load().resolve(field, text) == code


def test_every_name_of_every_term_resolves_to_that_term() -> None:
    for field, terms in load().terms.items():
        if shape_of(field).nested:
            # A name that stands below several terms means none of them by itself.
            continue
        for code, term in terms.items():
            for name in (code, *load().searchable(field, code), *filter(None, [term.extra.get("uri")])):
                assert load().resolve(field, name) == code, name


def test_former_names_stand_under_the_subject_of_today() -> None:
    vocabularies = load()
    for former, today in [("Vật lý 8", "khoa-hoc-tu-nhien"), ("Anh văn", "ngoai-ngu-1"), ("Nhạc", "nghe-thuat")]:
        assert vocabularies.ancestors("subject", vocabularies.resolve("subject", former) or "")[-1] == today


def test_searchable_words_are_all_labels_and_alternatives_once() -> None:
    words = load().searchable("subject", "vat-li")
    assert words[:2] == ("Vật lí", "Physics")
    assert {"Vật lý", "vl"} <= set(words)
    assert len(words) == len(set(words))
    assert load().searchable("subject", "none") == ()


def test_folding_drops_tones_marks_and_bars_but_keeps_the_name_whole() -> None:
    assert folded("  Đạo-đức ") == folded("dao duc") == "dao duc"
    assert folded("Đạo-đức", tones=True) == "đạo đức"


def test_the_fingerprint_moves_with_a_label_and_with_the_order() -> None:
    terms = load().terms
    toan = replace(terms["subject"]["toan"], labels={"vi": "Toán", "en": "Arithmetic"})
    relabelled = Vocabularies({**terms, "subject": {**terms["subject"], "toan": toan}})
    turned = Vocabularies({**terms, "subject": dict(reversed(terms["subject"].items()))})
    prints = {load().fingerprint(), relabelled.fingerprint(), turned.fingerprint()}
    assert len(prints) == 3
    assert load().fingerprint() == Vocabularies(dict(terms)).fingerprint()


def test_a_topics_name_means_the_one_of_the_subject_and_grade_beside_it() -> None:
    vocabularies = load()
    assert vocabularies.resolve("topic", "Các phép tính với phân số") is None
    beside = {"subject": ["toan"], "grade": ["lop-6"]}
    found = vocabularies.resolve("topic", "cac phep tinh voi phan so", beside)
    assert found is not None
    assert found.startswith("toan-6-")
    assert vocabularies.resolve("topic", "Các phép tính với phân số", {"grade": ["lop-12"]}) is None
    # A strand of the subject, and a code, are as good.
    assert vocabularies.resolve("topic", "Các phép tính với phân số", {**beside, "subject": ["toan-dai-so"]}) == found
    assert vocabularies.resolve("topic", found) == found


def test_a_term_that_has_ended_is_known_and_leaves_its_names_to_the_living() -> None:
    old = Term("su-dia", {"vi": "Sử Địa", "en": "History"}, alternatives=("sđ",), extra={"ended": "2025-07-01"})
    new = Term("lich-su-va-dia-li", {"vi": "Lịch sử và Địa lí", "en": "History and geography"}, alternatives=("sđ",))
    both = Vocabularies({"subject": {old.code: old, new.code: new}})
    assert both.resolve("subject", "sđ") == "lich-su-va-dia-li"
    assert both.resolve("subject", "sử địa") == "su-dia"
    assert both.label("subject", "su-dia", "vi") == "Sử Địa"
    assert [code for _, code in both.beginning(("subject",), "s")] == ["lich-su-va-dia-li"]
    assert both.ended("subject", "su-dia")
    assert not both.ended("subject", "lich-su-va-dia-li")


def test_subjects_stand_above_the_roots_of_topics() -> None:
    terms = load()
    assert terms.path("topic", "tin-hoc-3-1-3") == (
        "tin-hoc-3-1-3",
        "tin-hoc-3-1",
        "thcn-tin-hoc",
        "tin-hoc-va-cong-nghe",
    )
    assert [terms.above("topic", code) for code in terms.path("topic", "tin-hoc-3-1-3")] == [
        *terms.path("topic", "tin-hoc-3-1-3")[1:], None,
    ]  # fmt: skip
    assert terms.label("topic", "toan", "en") == "Mathematics"
    assert terms.in_tree("topic", "toan") == terms.get("subject", "toan")
    assert terms.get("topic", "toan") is None
    # Nothing stands above other vocabularies, and nothing is made of what nobody knows.
    assert terms.path("grade", "lop-10") == terms.ancestors("grade", "lop-10") == ("lop-10", "thpt")
    assert terms.path("topic", "nope") == ("nope",)
    assert (terms.above("topic", "nope"), terms.in_tree("topic", "nope"), terms.above("grade", "thpt")) == (
        None,
        None,
        None,
    )


def test_topics_of_several_subjects_and_of_the_subjects_own_name_end_somewhere() -> None:
    two = Term("x", {"vi": "Đo"}, extra={"subject": "toan-dai-so|vat-li", "grades": "lop-6|lop-7"})
    same = Term("toan", {"vi": "Toán"}, extra={"subject": "toan", "grades": "lop-6"})
    own = Vocabularies({**load().terms, "topic": {two.code: two, same.code: same}})
    assert own.path("topic", "x")[:2] == ("x", "toan-dai-so")
    assert {"toan", "vat-li"} <= {*own.path("topic", "x")}
    assert (own.path("topic", "toan"), own.above("topic", "toan")) == (("toan",), None)
    assert own.label_alone("topic", "x", "vi") == "Đo · Lớp 6, Lớp 7"


def test_a_topic_that_stands_alone_says_its_grade() -> None:
    assert load().label_alone("topic", "toan-10-1-1-3", "vi") == "Hàm số và đồ thị · Lớp 10"
    assert load().label_alone("topic", "toan", "vi") == "Toán"
    assert load().label_alone("grade", "lop-10", "en") == "Grade 10"


def test_names_that_begin_so_come_in_the_order_of_their_vocabulary_from_any_word_on() -> None:
    terms = load()
    found = [code for _, code in terms.beginning(("topic",), "ham so bac hai")]
    assert "toan-10-1-1-3-2" in found
    order = list(terms.terms["topic"])
    assert found == sorted(found, key=order.index)
    slow = [
        code
        for code, term in terms.terms["topic"].items()
        if any(f" {folded(name)}".find(" do thi") >= 0 for name in terms.searchable("topic", term.code))
    ]
    assert [code for _, code in terms.beginning(("topic",), "do thi")] == slow
    assert [name for name, _ in terms.beginning(("grade", "subject"), "lop 1")][:1] == ["grade"]
    assert list(terms.beginning(("topic", "subject"), "xyzzy")) == list(terms.beginning(("topic",), " , (")) == []
    # Nobody types the comma.
    assert [code for _, code in terms.beginning(("topic",), "ham so bac hai do")] == ["toan-10-1-1-3-2"]
