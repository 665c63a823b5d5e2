"""Which words a library knows, over its life: they come before their documents, from every process, and stay right."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from service.errors import Unavailable
from service.library import discover, entries, lexicon_files, lexicons, project, reindexing
from service.library.services import Services
from service.library.views import SearchRequest
from service.model import PUBLIC, Generation
from service.ports import ObjectStore
from tests.relevance.library import Text, publish


class Store:
    """Objects of which those under some prefix cannot be reached, or written."""

    def __init__(self, inner: ObjectStore, prefix: str) -> None:
        self._inner = inner
        self._prefix = prefix
        self.asked = 0

    def __getattr__(self, name: str) -> object:
        act = getattr(self._inner, name)

        def call(*given: object, **named: object) -> object:
            if given and str(given[0]).startswith(self._prefix):
                self.asked += 1
                raise Unavailable(part="objects")
            return act(*given, **named)

        return call if callable(act) else act


def add(services: Services, *texts: str) -> list[str]:
    return list(publish(services, [Text(text, text.split()[0], (text,)) for text in texts]))


def total(services: Services, text: str) -> int:
    return discover.search(services, PUBLIC, SearchRequest(text=text)).total


def knows(services: Services, *tokens: str) -> set[str]:
    return set(lexicons.known(services, project.live(services), tokens))


def hide(services: Services, resource: str) -> None:
    with services.catalogue.writing() as work:
        found = work.resources.get(resource)
        assert found is not None
        work.resources.save(replace(found, visibility="hidden"))
    project.write(services, [resource])


def files(services: Services) -> set[str]:
    return set(services.objects.keys(f"{lexicon_files.FOLDER}/"))


def test_another_process_knows_a_word_with_its_next_search(parts: Services, opened: Callable[[], Services]) -> None:
    add(parts, "hàm số bậc hai")
    other = opened()
    assert knows(other, "ham", "quang", "", "x" * 70_000) == {"ham"}
    add(parts, "quang hợp")
    assert knows(other, "ham", "quang", "hop") == {"ham", "quang", "hop"}
    assert total(other, "quang hop xyzzy") == 1


def test_text_without_new_words_writes_no_file(parts: Services) -> None:
    add(parts, "hàm số bậc hai")
    before = files(parts)
    add(parts, "số hàm hai bậc", "hai bậc")
    assert files(parts) == before


def test_what_was_removed_does_not_keep_others_from_being_found(parts: Services) -> None:
    lost, _ = add(parts, "chuyện xyzzy", "hàm số")
    assert total(parts, "hàm số xyzzy") == 0
    hide(parts, lost)
    assert [total(parts, text) for text in ("hàm số xyzzy", "xyzzy", "hàm số")] == [1, 0, 1]
    assert "xyzzy" not in lexicons.occurring(parts.index, project.live(parts).name, ["xyzzy"])
    reindexing.reindex(parts)
    assert knows(parts, "xyzzy", "ham") == {"ham"}


def test_a_word_that_comes_back_counts_again(parts: Services) -> None:
    lost, _ = add(parts, "chuyện xyzzy", "hàm số")
    hide(parts, lost)
    add(parts, "lại có xyzzy")
    assert [total(parts, text) for text in ("hàm số xyzzy", "xyzzy")] == [0, 1]


def test_documents_are_not_written_before_their_words(parts: Services) -> None:
    away = replace(parts, objects=Store(parts.objects, "lexicons/"))  # type: ignore[arg-type]
    (resource,) = add(parts, "hàm số")
    with parts.catalogue.reading() as work:
        found = work.resources.get(resource)
    assert found is not None
    parts.index.write(project.live(parts).name, [], [found.key])
    made = entries.documents(parts, [found.key])
    fresh = replace(away, lexicons=lexicon_files.Lexicons())
    with pytest.raises(Unavailable):
        lexicons.learn(fresh, project.live(parts), made.values())
    assert total(parts, "hàm số") == 0
    project.write(parts, [resource])
    assert total(parts, "hàm số") == 1


def test_while_files_are_away_what_was_loaded_serves_and_the_index_answers_for_the_rest(parts: Services) -> None:
    add(parts, "hàm số")
    assert knows(parts, "ham") == {"ham"}
    store = Store(parts.objects, "lexicons/")
    away = replace(parts, objects=store)  # type: ignore[arg-type]
    # From here on written by another process.
    add(replace(parts, lexicons=lexicon_files.Lexicons()), "quang hợp")
    assert knows(away, "ham", "quang", "xyzzy") == {"ham", "quang"}
    assert total(away, "quang hop xyzzy") == 1
    asked = store.asked
    assert knows(away, "ham", "quang", "xyzzy") == {"ham", "quang"}
    assert store.asked == asked, "a store that is away is asked again at every search"
    nothing = replace(away, lexicons=lexicon_files.Lexicons())
    assert knows(nothing, "ham", "quang", "xyzzy") == {"ham", "quang"}


def test_a_damaged_file_is_as_one_that_is_away(parts: Services, home: Path) -> None:
    add(parts, "hàm số")
    for path in (home / "objects").rglob("lexicons/*/*"):
        path.write_bytes(b"rubbish")
    fresh = replace(parts, lexicons=lexicon_files.Lexicons())
    assert knows(fresh, "ham", "xyzzy") == {"ham"}


def test_an_index_from_before_there_were_lexicons_answers_by_itself(parts: Services) -> None:
    add(parts, "hàm số")
    live = project.live(parts)
    old = replace(live, name=live.name, lexicon=None)
    before = files(parts)
    lexicons.learn(parts, old, [])
    assert lexicons.known(parts, old, ["ham", "xyzzy"]) == {"ham"}
    assert files(parts) == before


def test_many_small_files_are_folded_and_lose_nothing(parts: Services) -> None:
    words = [f"tu{number}" for number in range(60)]
    for word in words:
        add(parts, word)
    live = project.live(parts)
    assert live.lexicon is not None
    assert len(live.lexicon) <= lexicons.MOST_FILES
    assert {key.rsplit("/", 1)[1] for key in files(parts)} == set(live.lexicon)
    assert knows(parts, *words, "tu60") == set(words)
    lexicons.fold(parts, live, everything=True)
    assert len(project.live(parts).lexicon or ()) == 1
    assert knows(replace(parts, lexicons=lexicon_files.Lexicons()), *words, "tu60") == set(words)


def test_a_row_of_a_moment_ago_sees_no_less(parts: Services) -> None:
    add(parts, "mot", "hai")
    add(parts, "ba")
    before: Generation = project.live(parts)
    lexicons.fold(parts, before, everything=True)
    fresh = replace(parts, lexicons=lexicon_files.Lexicons())
    assert lexicons.known(fresh, before, ["mot", "hai", "ba", "bon"]) == {"mot", "hai", "ba"}
    assert knows(fresh, "mot", "hai", "ba", "bon") == {"mot", "hai", "ba"}


def test_files_that_no_row_names_go_after_an_hour(parts: Services) -> None:
    add(parts, "mot")
    add(parts, "hai")
    live = project.live(parts)
    dead, young = lexicon_files.key_of(live.name, "20200101000000-dead"), lexicon_files.key_of(live.name, "9-young")
    for key in (dead, young):
        parts.objects.put(key, b"")
    lexicons.fold(parts, live, everything=True)
    assert dead not in files(parts)
    assert young in files(parts)


def test_words_go_with_their_generation(parts: Services) -> None:
    add(parts, "mot")
    before = project.live(parts).name
    reindexing.reindex(parts)
    lexicons.drop(parts, before)
    assert files(parts)
    assert not any(f"/{before}/" in key for key in files(parts))


def test_words_for_a_generation_that_was_dropped_are_dropped_too(parts: Services) -> None:
    before = project.live(parts)
    with parts.catalogue.writing() as work:
        work.generations.remove(before.name)
    lexicons.add(parts, before, {"mot": 1})
    assert not any(f"/{before.name}/" in key for key in files(parts))
