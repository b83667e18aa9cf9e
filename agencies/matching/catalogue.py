"""The names that the reader knows: a province's register, filled up with the national catalogue, looked up by
spelling."""

import datetime as dt
import functools
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from agencies import standard

from .cells import AgencyCell
from .words import Words, compact

_LEVELS = (" tỉnh", " thành phố")
_SHORTEST_PLAIN = 5
_SHORTEST_FUZZY = 7


@dataclass(frozen=True, slots=True)
class Name:
    """One agency or group of a catalogue.

    ``name`` is the official name; ``key`` is opaque and handed back with each entry; ``valid_from`` and
    ``valid_to`` are the first and the last day; ``successors`` the names of those that took over; ``reorganised``
    the day since which the name is doubtful, where its last day is not known.
    """

    name: str
    key: object | None = None
    group: bool = False
    kind: str = ""
    aliases: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    successors: tuple[str, ...] = ()
    reorganised: dt.date | None = None

    def valid_on(self, day: dt.date | None) -> bool:
        """Say whether the name was in use on a day; always true where no day is given."""
        return day is None or not (
            (self.valid_from and day < self.valid_from) or (self.valid_to and day > self.valid_to)
        )


@dataclass(frozen=True, slots=True)
class Hit:
    """A name found in a text up to token ``end``. ``weak``: only an abbreviation or the name without its level."""

    end: int
    names: tuple[Name, ...]
    misspelt: bool
    weak: bool


@dataclass(frozen=True, slots=True)
class Near:
    """The names nearest to unknown words, nearest first; ``clear`` when the first stands out."""

    names: tuple[Name, ...]
    clear: bool


class Catalogue:
    """Names by spelling.

    Built from any iterable of ``Name``. Unless ``national`` is false the national catalogue stands behind it: its
    aliases and abbreviations also lead to the given names, and its other names are still recognised (their entries
    have no key).
    """

    def __init__(self, names: Iterable[Name], *, province: str | None = None, national: bool = True) -> None:
        self.province = province
        self.read_before: dict[tuple[Any, ...], AgencyCell] = {}
        self._exact: dict[str, list[Name]] = {}
        self._plain: dict[str, list[Name]] = {}
        self._weak: set[str] = set()
        own = list(names)
        behind = list(_national()) if national else []
        covered = self._merge(own, behind)
        self._own_keys: frozenset[str] = frozenset(self._exact)
        for name in behind:
            if id(name) not in covered:
                self._add(name, only_new=bool(own))
        self._sorted = sorted(self._plain)
        self._fuzzy = [key for key in self._sorted if len(key) >= _SHORTEST_FUZZY]
        self._nearest = functools.lru_cache(maxsize=4000)(self._search)
        self._likely = functools.lru_cache(maxsize=4000)(self._alike)

    @classmethod
    def standard(cls, province: str | None = None) -> "Catalogue":
        """Return the national catalogue alone, as a plan of the province would use it."""
        return cls(_national(), province=province, national=False)

    def _merge(self, own: list[Name], behind: list[Name]) -> set[int]:
        """Index the given names under the national spellings too; return the national names that they stand for."""
        by_key: dict[str, Name] = {}
        for name in behind:
            for spelling in (name.name, *name.aliases):
                by_key.setdefault(compact(without_level(spelling))[0], name)
        covered: set[int] = set()
        for name in own:
            twin = next(
                (
                    by_key[key]
                    for words in (name.name, *name.aliases)
                    if (key := compact(without_level(words))[0]) in by_key
                ),
                None,
            )
            if twin is None or twin.group != name.group:
                self._add(name)
                continue
            if name.group:  # groups of a register have no days: the reform ended them all the same
                name = replace(
                    name,
                    valid_from=name.valid_from or twin.valid_from,
                    valid_to=name.valid_to or twin.valid_to,
                    successors=name.successors or twin.successors,
                    reorganised=name.reorganised or twin.reorganised,
                )
            if compact(without_level(twin.name)) == compact(without_level(name.name)):
                covered.add(id(twin))
            self._add(
                replace(
                    name,
                    aliases=(*name.aliases, twin.name, *twin.aliases),
                    abbreviations=(*name.abbreviations, *twin.abbreviations),
                    kind=name.kind or twin.kind,
                ),
                origin=name,
            )
        return covered

    def _add(self, name: Name, *, origin: Name | None = None, only_new: bool = False) -> None:
        result = origin or name
        for spelling in (name.name, *name.aliases, *name.abbreviations):
            bare = without_level(spelling)
            short = spelling in name.abbreviations
            self._index(spelling, result, weak=short, only_new=only_new)
            if bare != spelling:
                self._index(bare, result, weak=True, only_new=only_new)

    def _index(self, spelling: str, name: Name, *, weak: bool, only_new: bool) -> None:
        key, plain = compact(spelling)
        if not key or (only_new and key in self._own_keys):
            return
        for table, word in ((self._exact, key), (self._plain, plain)):
            names = table.setdefault(word, [])
            if all(other.name != name.name for other in names):
                names.append(name)
        if weak:
            self._weak.add(key)

    def named(self, official: str) -> Name | None:
        """Return the name whose official name, alias or abbreviation this is."""
        found = self._exact.get(compact(official)[0])
        return found[0] if found else None

    def longest(self, words: Words, at: int, *, lead: str = "", on: dt.date | None = None) -> Hit | None:
        """Return the longest name that starts at a token; ``lead`` is a shared head such as "Sở" put before it.

        A name may run over commas, "và", dashes, stops and line ends, since its own words may be so printed.
        """
        exact, plain = compact(lead)
        best: Hit | None = None
        parted = ""
        for place in range(at, len(words)):
            token = words.tokens[place]
            if not token.is_word:
                if token.plain not in ("va", ",", "-", ".", "/", "¶", "'"):
                    break
                parted += token.plain if token.plain in ("va", ",", "/") else ""
                continue
            exact += token.key
            plain += token.plain
            if not self._begins(plain):
                break
            if parted and not _has_parts(self._exact.get(exact) or self._plain.get(plain), best, parted, on):
                continue
            if names := self._exact.get(exact):
                best = Hit(place + 1, tuple(names), False, exact in self._weak)
            elif len(plain) >= _SHORTEST_PLAIN and (names := self._plain.get(plain)):
                best = Hit(place + 1, tuple(names), True, False)
        return best

    def _begins(self, plain: str) -> bool:
        place = bisect_left(self._sorted, plain)
        return place < len(self._sorted) and self._sorted[place].startswith(plain)

    def nearest(self, words: str) -> Near:
        """Return names spelt nearly like the words; none where nothing is near."""
        return self._nearest(compact(words)[1])

    def _search(self, plain: str) -> Near:
        size = len(plain)
        if size < _SHORTEST_FUZZY - 1:
            return Near((), False)
        limit = 1 if size < 11 else 2 if size < 20 else 3
        found = process.extract(plain, self._fuzzy, scorer=OSA.distance, score_cutoff=limit + 1, limit=12)
        near: dict[str, tuple[float, Name]] = {}
        for key, edits, _ in found:
            # An error in the head ("Sở", "Bộ") is less likely than one further on.
            distance = edits + (key[:2] != plain[:2])
            for name in self._plain[key]:
                if name.name not in near or near[name.name][0] > distance:
                    near[name.name] = (distance, name)
        ranked = sorted(near.values(), key=lambda pair: pair[0])
        if not ranked or ranked[0][0] > limit:
            return Near((), False)
        clear = len(ranked) == 1 or ranked[1][0] - ranked[0][0] >= 2 or (ranked[0][0] == 1 and ranked[1][0] > 2)
        return Near(tuple(name for _, name in ranked[:3]), clear)

    def candidates(self, words: str, limit: int = 3) -> tuple[str, ...]:
        """Return official names that a person may have meant by unknown words."""
        return self._likely(compact(words)[1], limit)

    def _alike(self, plain: str, limit: int) -> tuple[str, ...]:
        if len(plain) < 3 or len(plain) > 80:
            return ()
        found = process.extract(plain, self._fuzzy, scorer=OSA.normalized_similarity, score_cutoff=0.6, limit=limit * 3)
        return tuple(dict.fromkeys(self._plain[key][0].name for key, _, _ in found))[:limit]


def _has_parts(names: list[Name] | None, shorter: Hit | None, parted: str, on: dt.date | None) -> bool:
    """Say whether "," or "và" may stand inside a name, so that a list of two agencies is not taken for one.

    "Báo và Đài PT-TH tỉnh" is one body only since it exists: before, and without "và", it is the newspaper and the
    broadcaster.
    """
    if not names:
        return False
    name = names[0]
    if name.kind in ("department", "equivalent", "internal_unit"):
        return True
    if not any(mark in name.name for mark in (",", " và ", " - ")):
        return False
    return shorter is None or (parted.startswith("va") and name.valid_on(on))


def without_level(name: str) -> str:
    """Return a name without the level at its end: "Thanh tra tỉnh" gives "Thanh tra"."""
    for level in _LEVELS:
        if name.endswith(level) and len(name) > len(level) + 2:
            return name[: -len(level)]
    return name


@functools.cache
def _national() -> tuple[Name, ...]:
    return tuple(Name(**row) for row in standard.rows())
