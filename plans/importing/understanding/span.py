"""The years of a plan for several years, told by its title."""

import re

from agencies.folding import fold
from plans.importing.proposal import PlanHead

_SPAN = re.compile(r"giai đoạn (?:từ )?(?:năm )?((?:19|20)\d\d)\s*(?:[-–—]|đến)\s*(?:năm )?((?:19|20)\d\d)")
_YEAR = re.compile(r"\bnăm (?:19|20)\d\d")
_LONGEST = 10


def years_of(plan: PlanHead) -> list[int]:
    """All years of "Kế hoạch … giai đoạn 2018-2020"; nothing for the plan of one year, also within such a span."""
    title = fold(plan.title or "")
    found = _SPAN.search(title)
    if not found or _YEAR.search(_SPAN.sub("", title)):
        return []
    first, last = int(found[1]), int(found[2])
    return list(range(first, last + 1)) if first < last <= first + _LONGEST else []
