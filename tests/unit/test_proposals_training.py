"""How the weights are made and judged."""

from deploy.proposals import examples, judging, learning
from deploy.proposals.examples import Example
from service.vocabularies import seeds

VOCABULARIES = seeds.load()


def test_what_was_learnt_tells_texts_apart() -> None:
    numbers = [f"phép cộng phép trừ số tự nhiên hàng chục hàng đơn vị {word}" for word in ("một", "hai", "ba", "bốn")]
    poems = [f"bài thơ nhà thơ vần nhịp cảm xúc hình ảnh so sánh {word}" for word in ("một", "hai", "ba", "bốn")]
    model = learning.fit([*(Example(text, "toan") for text in numbers), *(Example(text, "ngu-van") for text in poems)])
    told = {text: model.guess(text) for text in ("phép cộng số tự nhiên hàng chục đơn vị", poems[0])}
    assert [guess.code for guess in told.values() if guess] == ["toan", "ngu-van"]
    assert learning.fit([Example(text, "toan") for text in numbers]).classes == ("toan",)


def test_a_model_that_is_too_sure_is_cooled() -> None:
    model = learning.fit(
        [Example("a b c d", "x"), Example("a b c e", "x"), Example("p q r s", "y"), Example("p q r t", "y")]
    )
    wrong = [(model, "a b c", frozenset("y")), (model, "a b c", frozenset("x"))]
    right = [(model, "a b c", frozenset("x")), (model, "p q r", frozenset("y"))]
    assert learning.best_temperature(wrong) > learning.best_temperature(right)


def test_the_halves_share_no_sample_and_every_subject_with_two_is_in_both() -> None:
    found = examples.samples()
    one, other = examples.halves(VOCABULARIES, found)
    assert sorted(sample.name for sample in (*one, *other)) == [sample.name for sample in found]
    assert abs(len(one) - len(other)) <= 1
    subjects = [{VOCABULARIES.ancestors("subject", it.truth["subject"][0])[-1] for it in half} for half in (one, other)]
    assert len(subjects[0] & subjects[1]) >= 15


def test_rules_alone_are_right_about_the_sample_library() -> None:
    trials = [(sample, {}) for sample in examples.samples()]
    figures = {
        (one.field, one.view): one
        for one in judging.judge(VOCABULARIES, trials, ("subject", "grade"))
        if one.least == 0.7
    }
    for field, coverage in (("subject", 0.6), ("grade", 0.5)):
        named = figures[field, "all"]
        assert named.precision >= judging.AIMED, named
        assert named.coverage >= coverage, named
