"""The words of a consolidated report that people may write over: the product's own proposal for every section.

Composed from the figures and from what the agencies wrote; the figures themselves stand in the report beside them and
cannot be written over. Pure.
"""

import re
from typing import Any

from agencies.folding import fold
from reports.documents.consolidated import compiled, default_recipients
from reports.documents.wording import amount, listed, rate, small_first
from reports.models import Consolidation

Figures = dict[str, Any]
RECIPIENTS = "recipients"
USUAL = ("results", "shortcomings", "obstacles", "proposals", "outlook")
"""Sections that every consolidated report has, whatever the outline of the agencies' reports."""
TITLES = {
    "results": "Đánh giá chung về kết quả",
    "shortcomings": "Tồn tại, hạn chế và nguyên nhân",
    "obstacles": "Khó khăn, vướng mắc",
    "proposals": "Kiến nghị, đề xuất",
    "outlook": "Phương hướng, nhiệm vụ thời gian tới",
    RECIPIENTS: "Nơi nhận",
}
ADDRESSED = re.compile(r"[-–+•\s]*Đối với\s+(?P<to>[^:]{2,150}):\s*(?P<words>.+)", re.I)
MOST_NAMED = 10
"""Up to so many agencies are named in a proposed sentence."""


def sections_of(figures: Figures) -> list[tuple[str, str]]:
    """Return the sections to be written, as (key, title), in the order of the report: what an outline adds stands
    before the outlook, recipients last."""
    further = [(row["key"], row["title"]) for row in figures.get("outline", []) if row["key"] not in USUAL]
    usual = [(key, TITLES[key]) for key in USUAL]
    return [*usual[:-1], *further, usual[-1], (RECIPIENTS, TITLES[RECIPIENTS])]


def proposals_of(figures: Figures, issuer: str) -> dict[str, str]:
    """Return the product's words for every section; "" where there is nothing to say."""
    made = {key: compiled(figures["words"].get(key, [])) for key, _ in sections_of(figures) if key != RECIPIENTS}
    made["results"] = _results(figures)
    made["proposals"] = by_addressee(figures["words"].get("proposals", []))
    made["outlook"] = _outlook(figures)
    made[RECIPIENTS] = _recipients(figures, issuer)
    return made


def final_words(figures: Figures, issuer: str, own: dict[str, str]) -> dict[str, str]:
    """Return the words of a version: what people wrote, elsewhere the proposal."""
    return {key: own[key].strip() if key in own else text for key, text in proposals_of(figures, issuer).items()}


def _results(figures: Figures) -> str:
    """Judge in general: how much of what came due is done, where most and where least."""
    totals = figures["totals"]
    if totals["completion_rate"] is None:
        return "Trong kỳ chưa có đầu việc hoàn thành hoặc quá hạn; các cơ quan đang triển khai nhiệm vụ theo tiến độ của Kế hoạch."
    lines = [
        f"Nhìn chung, các cơ quan, đơn vị, địa phương đã triển khai các nhiệm vụ được giao; đã hoàn thành "
        f"{amount(totals['done'])} đầu việc, đạt {rate(totals['completion_rate'])} số đầu việc đã đến hạn"
        + (
            f", trong đó {rate(totals['on_time_rate'])} hoàn thành đúng hạn."
            if totals["on_time_rate"] is not None
            else "."
        )
    ]
    rated = [row for row in figures["kinds"] if row["tally"]["completion_rate"] is not None]
    shares = [row["tally"]["completion_rate"] for row in rated]
    if shares and max(shares) > min(shares):
        lines.append(
            f"{_kinds_at(rated, max(shares))} đạt tỷ lệ hoàn thành cao nhất ({rate(max(shares))}); "
            f"{small_first(_kinds_at(rated, min(shares)))} đạt thấp nhất ({rate(min(shares))})."
        )
    reached = [row for row in figures.get("targets", []) if row["reported"]]
    if reached:
        met = sum(row["met"] == row["reported"] for row in reached)
        lines.append(
            f"Trong {amount(len(reached))} chỉ tiêu đã có số liệu, {amount(met)} chỉ tiêu được tất cả các cơ quan đã báo "
            "cáo số liệu đạt mức đề ra."
            if met
            else f"Có {amount(len(reached))} chỉ tiêu đã có số liệu báo cáo; chưa có chỉ tiêu nào được tất cả các cơ quan đã báo "
            "cáo số liệu đạt mức đề ra."
        )
    return "\n".join(lines)


def _kinds_at(rows: list[dict[str, Any]], share: float) -> str:
    """Name the kinds of agencies that stand at this completion rate: "Khối sở", "Các khối: ban; sở"."""
    names = [small_first(row["kind"]) for row in rows if row["tally"]["completion_rate"] == share]
    return f"Các khối: {listed(names)}" if len(names) > 1 else f"Khối {names[0]}"


def _outlook(figures: Figures) -> str:
    """Say what has to be done next about what is late; what is still to come is told by date below it."""
    lines = []
    late = list(dict.fromkeys(row["agency"] for row in figures["overdue"]))
    if late:
        lines.append(
            f"- {_named(late)} tập trung hoàn thành {amount(figures['totals']['overdue'])} đầu việc đã quá hạn, báo cáo rõ "
            "nguyên nhân và thời hạn hoàn thành."
        )
    if figures["remind"]:
        lines.append(
            f"- {_named(figures['remind'])} có tỷ lệ hoàn thành dưới {figures['period'].get('remind_below', 50)}% kiểm điểm, "
            "làm rõ trách nhiệm và có biện pháp khắc phục."
        )
    missing = [row["agency"] for row in figures["reporting"]["missing"]]
    if missing:
        lines.append(f"- {_named(missing)} khẩn trương gửi báo cáo, chấp hành nghiêm chế độ báo cáo.")
    waiting = sum(
        row["settled_on"] is None and not row["answered_on"] for one in figures["obstacles"] for row in one["rows"]
    )
    if waiting:
        lines.append(f"- Các cơ quan có liên quan trả lời {amount(waiting)} vướng mắc, kiến nghị chưa được giải quyết.")
    return "\n".join(lines)


def _named(names: list[str]) -> str:
    if len(names) > MOST_NAMED:
        return f"Đề nghị {amount(len(names))} cơ quan (danh sách tại các phụ lục)"
    return f"{'Đề nghị các cơ quan: ' if len(names) > 1 else 'Đề nghị '}{listed(names)}"


def by_addressee(words: list[dict[str, str]]) -> str:
    """Return agencies' proposals under the agency to which each line is addressed ("Đối với …:"), the same words once.

    Lines that name nobody stand below, compiled by agency.
    """
    addressed: dict[str, tuple[str, dict[str, tuple[str, list[str]]]]] = {}
    rest = []
    for row in words:
        others = []
        for line in row["text"].splitlines():
            if found := ADDRESSED.fullmatch(line.strip()):
                said = addressed.setdefault(fold(found["to"]), (found["to"].strip(), {}))[1]
                said.setdefault(fold(found["words"]).strip(" ."), (found["words"].strip(), []))[1].append(row["agency"])
            elif line.strip():
                others.append(line)
        if others:
            rest.append({"agency": row["agency"], "text": "\n".join(others)})
    lines = []
    for name, said in addressed.values():
        lines.append(f"- Đối với {name}:")
        lines += [f"+ {text.rstrip(' .;')} ({listed(agencies)})." for text, agencies in said.values()]
    return "\n".join([*lines, *([compiled(rest)] if rest else [])])


def _recipients(figures: Figures, issuer: str) -> str:
    if figures.get("author"):
        return "Như trên;\nLãnh đạo cơ quan;\nLưu: VT."
    coordinator = figures["plan"]["coordinator"]
    short = "UBND tỉnh" if figures["plan"]["province_kind"] == "tỉnh" else "UBND thành phố"
    if issuer == Consolidation.Issuer.COMMITTEE:
        return default_recipients(issuer, coordinator).replace("UBND tỉnh", short)
    return default_recipients(issuer, coordinator)
