"""From the bytes of a file to a proposal, in one call that tells how far it is. Pure: no database, no Django."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from agencies.matching import Catalogue, Name
from plans.importing.reading import UnreadableDocument, read_document
from plans.importing.reading.limits import Budget, too_demanding
from plans.importing.understanding import understand

MAX_TASKS = 5_000
"""The longest plans seen have some hundred tasks; what has more is no plan."""

Tell = Callable[[str, int, int], None]
"""Takes the stage ("reading", "finding", "understanding"), how many rows are done and how many there are (0: unknown)."""


@dataclass(frozen=True)
class Request:
    """What is to be read: the file's name, and the register of the province whose plan it is (`register_names`).

    Without a register the national names are used. ``criteria`` are the (code, name) pairs of the method that tasks may be
    linked to; without them no links are proposed. The switch is the plan's for "trước ngày X".
    """

    name: str
    names: tuple[Name, ...] | None = None
    province: str | None = None
    before_is_inclusive: bool = False
    criteria: tuple[tuple[str, str], ...] = ()

    def catalogue(self) -> Catalogue | None:
        """Return the names as the understanding looks them up."""
        return None if self.names is None else Catalogue(self.names, province=self.province)


class NowAndThen:
    """Tells a stage at once when it is new, and how far it is after every ``pause`` seconds at most."""

    def __init__(self, tell: Tell, pause: float) -> None:
        self._tell, self._pause = tell, pause
        self._stage, self._next = "", 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage != self._stage or now >= self._next:
            self._stage, self._next = stage, now + self._pause
            self._tell(stage, done, total)


def silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


def propose(data: bytes, request: Request, tell: Tell = silent) -> dict[str, Any]:
    """Return the proposal in the shape of ``read_plan --json``; it may hold no task.

    Raises ``UnreadableDocument`` with words for the person; a file that needs more memory than there is counts as one.
    """
    try:
        return _propose(data, request, tell)
    except MemoryError as error:
        raise too_demanding() from error
    except UnreadableDocument as error:
        if _ran_out_of_memory(error):
            raise too_demanding() from error
        raise


def _propose(data: bytes, request: Request, tell: Tell) -> dict[str, Any]:
    tell("reading", 0, 0)
    budget = Budget(found=lambda rows: tell("reading", rows, 0))
    document = read_document(data, request.name, budget=budget)
    tell("finding", sum(len(table.rows) for table in document.tables), 0)

    def understood(done: int, total: int) -> None:
        if total > MAX_TASKS:
            raise UnreadableDocument(
                f"Văn bản có {total} dòng nhiệm vụ, vượt mức {MAX_TASKS} dòng của một kế hoạch. "
                "Hãy tách riêng phần kế hoạch rồi nhập lại.",
                "too_many_rows",
            )
        tell("understanding", done, total)

    return understand(
        document,
        catalogue=request.catalogue(),
        before_is_inclusive=request.before_is_inclusive,
        criteria=request.criteria,
        progress=understood,
    ).as_dict()


def _ran_out_of_memory(error: BaseException | None) -> bool:
    """Whether the true cause of a refusal is that a reader found no memory."""
    seen = 0
    while error is not None and seen < 20:
        if isinstance(error, MemoryError) or "memory allocation failed" in str(error).lower():  # libxml2 says it so
            return True
        error, seen = error.__cause__ or error.__context__, seen + 1
    return False
