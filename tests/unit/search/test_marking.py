import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from service.search.analysis import TOKEN, both
from service.search.marking import Occurrence, Wanted, bare, neighbours, occurrences

LETTERS = "aăâeêioôơuưyàáảãạyýỳđdhlmnqstb _-.,10œßªİ\u0301\u0323й"


def slowly(text: str, wanted: frozenset[str]) -> list[Occurrence]:
    """Every token analysed."""
    found = TOKEN.finditer(text.replace("_", " "))
    return [Occurrence(one.start(), one.end(), both(one[0])[1]) for one in found if both(one[0])[1] in wanted]


def test_places_are_those_of_the_text() -> None:
    text = "Hàm_số, hàm số; HAM"
    found = occurrences(text, bare({"ham"}))
    assert [text[one.start : one.end] for one in found] == ["Hàm", "hàm", "HAM"]


def test_a_final_y_is_found_as_i() -> None:
    assert [one.token for one in occurrences("Vật lý, vật lí, vật ly", bare({"li"}))] == ["li", "li", "li"]


@settings(max_examples=500)
@given(st.text(alphabet=LETTERS, max_size=40), st.sets(st.text(alphabet=LETTERS, min_size=1, max_size=4), max_size=4))
def test_the_fast_way_finds_what_analysing_everything_finds(text: str, words: set[str]) -> None:
    normal = unicodedata.normalize("NFC", text)
    own = {both(one[0])[1] for one in TOKEN.finditer(normal.replace("_", " "))}
    wanted = frozenset({both(word)[1] for word in words if TOKEN.fullmatch(word)} | set(sorted(own)[::2]))
    assert occurrences(normal, bare(wanted)) == slowly(normal, wanted)


@settings(max_examples=300)
@given(st.text(alphabet=st.characters(codec=None), max_size=40))
def test_any_text_gives_the_same_both_ways(text: str) -> None:
    normal = unicodedata.normalize("NFC", text)
    wanted = frozenset(both(one[0])[1] for one in TOKEN.finditer(normal.replace("_", " ")))
    assert occurrences(normal, bare(wanted)) == slowly(normal, wanted)


def test_neighbours_have_no_word_between() -> None:
    text = "hàm số, bậc một hai"
    ham, so, bac, hai = occurrences(text, bare({"ham", "so", "bac", "hai"}))
    assert neighbours(text, ham, so)
    assert neighbours(text, so, bac)
    assert not neighbours(text, bac, hai)


def test_letters_beside_signs_of_books_are_bare_one_for_one() -> None:
    # What is written most goes the fast way, which must not lose a place.
    text = "“Hàm số” – y ≥ ax² • Đường… œuvre µ"
    assert occurrences(text, bare({"duong"})) == slowly(text, frozenset({"duong"}))
    fast = text.partition(" œ")[0].replace("²", "2")
    assert occurrences(fast, bare({"y", "ax2", "duong"})) == slowly(fast, frozenset({"y", "ax2", "duong"}))
    assert len(occurrences(fast, bare({"y", "ax2", "duong"}))) == 3


def test_what_is_marked_is_settled_over_all_that_is_shown() -> None:
    meant = Wanted(frozenset({"tu"}), frozenset({"tụ"}))
    settled = meant.settled(["Từ trường", "Cái tu\u0323"])
    assert [settled.has(one, "tu") for one in ("tụ", "từ")] == [True, False]
    assert settled.settled(["từ"]) is settled
    assert occurrences("từ", meant.settled(["từ"]))
    assert bare({"tu"}).settled(["tụ", "từ"]).has("từ", "tu")
