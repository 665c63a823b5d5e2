"""How words are counted when readers are compared."""

from tests.recall.words import recall, whole, words


def test_words_are_compared_without_case_ligatures_and_soft_hyphens() -> None:
    assert words("O\ufb03ce op\u00ad-tional") == words("office OPTIONAL")


def test_pieces_on_lines_of_their_own_are_the_word_that_a_reader_knows() -> None:
    assert whole("inherite\nd colour", {"inherited", "colour"}) == words("inherited colour")
    assert whole("T\ne\nx\nt\nin", {"text", "in"}) == words("text in")


def test_whole_words_at_the_ends_of_lines_stay_apart() -> None:
    known = {"note", "book", "notebook"}
    assert whole("note\nbook", known) == words("note book")
    assert whole("inherite d", {"inherited"}) == words("inherite d")


def test_recall_counts_a_word_as_often_as_it_is_wanted() -> None:
    assert recall(words("a a b c"), words("a b x")) == 0.5
