"""How much each clause of a query counts. Clauses are summed: taking the best one was 0.5–2.9 points of nDCG worse.

The adapters build the clauses; the numbers stand here, so that every engine ranks alike.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """Of one field's clauses: accented tokens, folded tokens, folded bigrams."""

    dia: float
    fold: float
    bigrams: float


# Bigram weights between 0.5 and 1.0 make no difference; without bigrams folded search loses 6 points.
BODY = Weights(dia=1.0, fold=1.0, bigrams=1.0)
TITLE = Weights(dia=0.0, fold=1.0, bigrams=1.0)
# They hold what a teacher knows of a lesson ("Toán 10 Bài 16"). At 1.0 it is found better still (mean reciprocal rank
# 0.939 beside 0.791, `python -m tests.relevance.lessons` on the sample library), but the engines, which weigh rare
# labels differently, part ways: the first of the similar resources is the same in 91 of 100 cases, 95 are wanted.
KEYWORDS = Weights(dia=0.0, fold=0.5, bigrams=0.5)
DESCRIPTION = Weights(dia=0.0, fold=0.3, bigrams=0.3)
METADATA = {"title": TITLE, "keywords": KEYWORDS, "description": DESCRIPTION}

# Times the number of pairs: a passage that holds the query's words in their order is what somebody who quotes a
# line looks for; frequent pairs elsewhere would outweigh it. `python -m tests.relevance.pages`, seeds 4 to 6, which
# it was not chosen on (the files were the same): of 100 lines 96-98 toned and 96-97 bare lead to their page, without
# it 91-92 and 92-96. Questions (`python -m tests.relevance`) without it, pairs counted: at most 0.2 points apart.
IN_A_ROW = 2.0

# `SEARCH.md`: what was typed counts beside what was meant, where a letter was repaired.
TYPED = 0.3
"""Times the weights of BODY."""
