"""The consolidated report as Word: a department's to the provincial committee, the committee's own, or a district's.

Reads nothing but the frozen figures and words of a `Consolidation`.
"""

from collections.abc import Iterable
from typing import Any

from agencies.folding import fold
from reports.documents import annexes
from reports.documents.authors import author_of
from reports.documents.letterheads import day_short
from reports.documents.word import Column, Paper
from reports.documents.wording import (
    NO_PUNCTUALITY,
    NO_RATE,
    amount,
    count,
    cut,
    listed,
    number_or_none,
    plan_subject,
    quoted,
    rate,
    report_subject,
    roman,
    small_first,
    standing_in_words,
    standing_of,
    without_number,
)
from reports.models import Consolidation

NAMED_TASKS = 3
"""Up to so many tasks due on one day are named; more are counted."""
USUAL_SECTIONS = ("results", "shortcomings", "obstacles", "proposals", "outlook")
"""Sections that have their own place in the report; what an outline adds stands before the outlook."""
LONGEST_LIST = 25
"""Up to so many agencies are named in a sentence; more are counted, and the annex names them."""


def consolidated_report(consolidation: Consolidation) -> bytes:
    """Return the Word file of a version."""
    return _Report(consolidation).write()


def default_recipients(issuer: str, coordinator: str) -> str:
    """Return the usual "Nơi nhận", one a line, for the form to begin with."""
    if issuer == Consolidation.Issuer.COMMITTEE:
        lines = ["Như trên;", "Chủ tịch, các Phó Chủ tịch UBND tỉnh;", f"{coordinator};", "Lưu: VT."]
    else:
        lines = ["Như trên;", "Giám đốc, các Phó Giám đốc Sở;", "Lưu: VT."]
    return "\n".join(lines)


def subject_of(consolidation: Consolidation) -> str:
    """Return what the report is about."""
    plan, period = consolidation.figures["plan"], consolidation.figures["period"]
    about = report_subject(plan["title"], plan["province"], period["name"], plan["year"])
    return f"{about} của {whose(consolidation.figures)}" if consolidation.figures.get("collector") else about


def whose(figures: dict[str, Any]) -> str:
    """Return whose results a parent agency's report sums up: "UBND cấp xã" of a district, else its units."""
    kinds = {row["kind"] for row in figures["kinds"]}
    alike = len(kinds) == 1 and all(kind.startswith("UBND") for kind in kinds)
    return kinds.pop() if alike else "các đơn vị trực thuộc"


def opening(consolidation: Consolidation) -> str:
    """Return the sentence that the report begins with."""
    figures, author = consolidation.figures, author_of(consolidation)
    plan = figures["plan"]
    units = f" của {whose(figures)}" if figures.get("collector") else ""
    known_as = f"Kế hoạch số {plan['number']}"
    return (
        f"Thực hiện {known_as} ngày {day_short(plan['signed_on'])} của {plan['issuer']} về "
        f"{plan_subject(plan['title'], plan['province'])} (sau đây gọi là {known_as}), {author.name} tổng hợp, báo cáo "
        f"{author.to_short} kết quả thực hiện {small_first(figures['period']['name'])}{units} như sau:"
    )


def closing(consolidation: Consolidation) -> str:
    """Return the sentence that the report ends with."""
    author, about = author_of(consolidation), small_first(subject_of(consolidation))
    return f"Trên đây là báo cáo {about}, {author.name} trân trọng báo cáo {author.to_short}./."


def recipients_of(consolidation: Consolidation) -> list[str]:
    """Return the lines of "Nơi nhận" without their dashes, each ending as the decree wants (Appendix I, II.9d)."""
    author = author_of(consolidation)
    words = consolidation.narrative.get("recipients", "") or default_recipients(consolidation.issuer, author.name)
    return closed_list(line.strip().lstrip("-–+• ") for line in words.splitlines())


def closed_list(lines: Iterable[str]) -> list[str]:
    """Return lines of a list with ";" at the end of each and "." at the last; people forget them, or type commas."""
    told = [bare for line in lines if (bare := line.strip().rstrip(" ;.,"))]
    return [f"{line};" for line in told[:-1]] + [f"{line}." for line in told[-1:]]


class _Report:
    """One consolidated report being written."""

    def __init__(self, consolidation: Consolidation) -> None:
        self.figures: dict[str, Any] = consolidation.figures
        self.words: dict[str, str] = consolidation.narrative
        self.made = consolidation
        self.plan, self.period = self.figures["plan"], self.figures["period"]
        self.author = author_of(consolidation)
        self.subject = subject_of(consolidation)
        self.paper = Paper(self.subject, self.author.issuer.name)
        self.known_as = f"Kế hoạch số {self.plan['number']}"

    def write(self) -> bytes:
        paper, issuer, made_on = self.paper, self.author.issuer, self.made.made_on
        paper.letterhead(issuer.letterhead("", None, made_on))
        paper.title("Báo cáo", self.subject)
        paper.addressee(self.author.to)
        paper.paragraph(opening(self.made))
        self._general()
        self._by_heading()
        self._shortcomings()
        self._obstacles()
        chapter = self._further_sections(5)
        self._outlook(chapter)
        paper.paragraph(closing(self.made))
        paper.signature(issuer.signing(self.made.signed_as), self.made.signer, recipients_of(self.made))
        annexes.write(paper, self.figures, issuer.reference("Báo cáo", "", None, made_on, self.author.name))
        return paper.as_bytes()

    # Chapters

    def _general(self) -> None:
        paper = self.paper
        paper.heading("I. Kết quả chung")
        paper.heading("1. Tình hình chấp hành chế độ báo cáo", 2)
        self._reporting()
        paper.heading("2. Kết quả thực hiện nhiệm vụ", 2)
        self._totals()
        self._sections_table()
        paper.heading("3. Đánh giá mức độ hoàn thành của các cơ quan, đơn vị, địa phương", 2)
        self._judgement()

    def _reporting(self) -> None:
        facts = self.figures["reporting"]
        late, missing, excluded = facts["late"], facts["missing"], facts["excluded"]
        share = rate(round(facts["arrived"] * 100 / facts["expected"], 1)) if facts["expected"] else "-"
        self.paper.paragraph(
            f"Tính đến ngày {day_short(self.made.made_on)}, có {amount(facts['arrived'])}/{amount(facts['expected'])} "
            f"cơ quan, đơn vị, địa phương đã gửi báo cáo (đạt {share}), trong đó {number_or_none(facts['on_time'])} cơ quan "
            f"báo cáo đúng hạn (chậm nhất ngày {day_short(annexes.due_date_of(self.figures))})"
            + (f", {amount(len(late))} cơ quan báo cáo chậm." if late else ", không có cơ quan báo cáo chậm.")
        )
        if late:
            names = [f"{row['agency']} (chậm {amount(row['days_late'])} ngày)" for row in late]
            self.paper.paragraph(f"- Báo cáo chậm: {self._named(names, 'arrivals')}.")
        if missing:
            self.paper.paragraph(f"- Chưa báo cáo: {self._named([row['agency'] for row in missing], 'arrivals')}.")
        if excluded:
            names = [f"{row['agency']} ({small_first(row['reason']).rstrip('.')})" for row in excluded]
            self.paper.paragraph(f"- Không phải báo cáo trong kỳ: {self._named(names, 'arrivals')}.")
        if self._counted < facts["arrived"]:
            self.paper.paragraph(f"- Số báo cáo đã tiếp nhận, được tính vào số liệu: {amount(self._counted)}.")
        children = facts.get("children")
        if children and not children["arrived"]:
            self.paper.paragraph(
                f"- Đơn vị cấp dưới báo cáo qua cơ quan cấp trên trực tiếp: chưa có đơn vị nào trong tổng số "
                f"{amount(children['expected'])} đơn vị gửi báo cáo."
            )
        elif children:
            self.paper.paragraph(
                f"- Đơn vị cấp dưới báo cáo qua cơ quan cấp trên trực tiếp: {amount(children['arrived'])}/"
                f"{amount(children['expected'])} đơn vị đã gửi báo cáo, {number_or_none(children['on_time'])} đơn vị đúng hạn; "
                f"{number_or_none(children['counted'])} báo cáo đã được cơ quan cấp trên tiếp nhận và tính vào số liệu."
            )

    @property
    def _counted(self) -> int:
        """Return how many reports the figures come from, those of children included."""
        facts = self.figures["reporting"]
        return int(facts.get("counted", facts["arrived"]))

    def _totals(self) -> None:
        totals, paper = self.figures["totals"], self.paper
        paper.paragraph(
            f"{self.known_as} giao {amount(self.figures['tasks_total'])} nhiệm vụ{self._of_ours()}. Tổng hợp từ báo cáo của "
            f"{amount(self._counted)} cơ quan, số liệu tính đến hết ngày "
            f"{day_short(self.period['as_of'])}, các cơ quan được giao {amount(totals['deliveries'])} đầu việc phải "
            "hoàn thành trong thời gian thực hiện Kế hoạch (mỗi nhiệm vụ tính theo từng cơ quan và từng mốc phải "
            f"có kết quả). {standing_in_words(totals)}"
        )
        paper.paragraph(
            f"- Tỷ lệ hoàn thành đối với đầu việc đã đến hạn: {_rate_or(totals['completion_rate'], NO_RATE)} "
            "(số đã hoàn thành chia cho tổng số đã hoàn thành và số quá hạn chưa hoàn thành)."
        )
        paper.paragraph(
            f"- Tỷ lệ hoàn thành so với toàn bộ đầu việc được giao: {rate(totals['share_done'])} "
            "(số đã hoàn thành chia cho tổng số đầu việc)."
        )
        paper.paragraph(
            f"- Tỷ lệ đúng hạn: {_rate_or(totals['on_time_rate'], NO_PUNCTUALITY)} (số hoàn thành đúng hạn chia cho số đã hoàn thành)."
        )
        if totals["check_points"]:
            paper.paragraph(
                f"- Đối với các nhiệm vụ thực hiện thường xuyên, kéo dài nhiều quý: đến thời điểm chốt số liệu, các cơ "
                f"quan đã cập nhật kết quả {amount(totals['check_points_answered'])}/{amount(totals['check_points'])} "
                "lượt theo mốc quý; các mốc này không tính vào tỷ lệ hoàn thành."
            )

    def _of_ours(self) -> str:
        """Say how many of the plan's tasks concern the units that a parent sums up."""
        if not self.figures.get("collector"):
            return ""
        return f", trong đó {whose(self.figures)} thực hiện {amount(len(self.figures['tasks']))} nhiệm vụ"

    def _sections_table(self) -> None:
        heads = ("Đầu việc", "Đã hoàn thành", "Đúng hạn", "Chờ xác nhận", "Trong hạn", "Quá hạn", "Tỷ lệ (%)")
        columns = [Column("TT", 0.9), Column("Nội dung", 5.0, "left"), *(Column(head, 1.44) for head in heads)]
        rows: list[list[object]] = []
        for number, section in enumerate(self.figures["sections"], 1):
            title = without_number(section["headings"][-1]) if section["headings"] else "Nhiệm vụ khác"
            rows.append([number, title, *_cells(section["tally"])])
        rows.append(["", "Tổng cộng", *_cells(self.figures["totals"])])
        self.paper.caption("Bảng 1. Kết quả thực hiện theo nội dung Kế hoạch")
        self.paper.table(columns, rows, size=11, total=True)
        kinds = [Column("TT", 0.9), Column("Khối cơ quan", 3.6, "left"), Column("Số cơ quan", 1.4)]
        kinds += [Column(head, 1.44) for head in heads]
        rows = [
            [number, row["kind"][:1].upper() + row["kind"][1:], count(row["agencies"]), *_cells(row["tally"])]
            for number, row in enumerate(self.figures["kinds"], 1)
        ]
        rows.append(["", "Tổng cộng", count(self._counted), *_cells(self.figures["totals"])])
        self.paper.caption("Bảng 2. Kết quả thực hiện theo khối cơ quan")
        self.paper.table(kinds, rows, size=11, total=True)
        self.paper.note(
            "Ghi chú: Tỷ lệ (%) = số đã hoàn thành chia cho tổng số đã hoàn thành và số quá hạn chưa hoàn thành; "
            "dấu “-” là chưa có đầu việc hoàn thành hoặc quá hạn."
        )
        further = [("criteria", "theo tiêu chí đo lường sự hài lòng"), ("targets", "các chỉ tiêu")]
        there = annexes.numbers_of(self.figures)
        if told := [f"{words} tại {self._annex(name)}" for name, words in further if name in there]:
            self.paper.paragraph(f"(Kết quả {listed(told)} kèm theo)", italic=True)

    def _judgement(self) -> None:
        commend, remind = self.figures["commend"], self.figures["remind"]
        above, late_below = self.period.get("commend_above", 90), self.period.get("commend_late_below", 10)
        self.paper.paragraph(
            f"- Các cơ quan thực hiện tốt (báo cáo đúng hạn, tỷ lệ hoàn thành trên {above}%, tỷ lệ trễ hạn dưới "
            f"{late_below}%): "
            + (f"{self._named(commend, 'agencies')}." if commend else "chưa có cơ quan đạt mức này.")
        )
        self.paper.paragraph(
            f"- Các cơ quan có tỷ lệ hoàn thành dưới {self.period.get('remind_below', 50)}% số đầu việc đã đến hạn, cần đôn đốc: "
            + (f"{self._named(remind, 'agencies')}." if remind else "không có.")
        )
        self.paper.paragraph(f"(Kết quả chi tiết của từng cơ quan tại {self._annex('agencies')} kèm theo)", italic=True)

    def _by_heading(self) -> None:
        paper = self.paper
        paper.heading("II. Kết quả thực hiện theo nội dung Kế hoạch")
        paper.prose(self.words.get("results", ""))
        numbers: list[int] = []
        path: list[str] = []
        for task in self.figures["tasks"]:
            headings = task["headings"]
            shared = 0
            while shared < min(len(path), len(headings)) and path[shared] == headings[shared]:
                shared += 1
            for depth in range(shared, len(headings)):
                numbers = [*numbers[:depth], (numbers[depth] if depth < len(numbers) else 0) + 1]
                label = ".".join(str(number) for number in numbers)
                paper.heading(f"{label}. {without_number(headings[depth])}", 2 if depth < 2 else 3)
            path = headings
            self._task(task)

    def _task(self, task: dict[str, Any]) -> None:
        time = f" (thời gian: {small_time(task['time_text'])})" if task["time_text"].strip() else ""
        self.paper.paragraph(f"- {cut(task['text'])}{time}: {standing_of(task)}")
        for words in task["words"]:
            for line in quoted(words["agency"], words["results"]):
                self.paper.paragraph("+ " + line.lstrip("-+ ") if line.startswith("-") else line)

    def _shortcomings(self) -> None:
        paper, totals = self.paper, self.figures["totals"]
        paper.heading("III. Tồn tại, hạn chế và nguyên nhân")
        if totals["overdue"]:
            ages = [f"{row['age']}: {amount(row['count'])}" for row in self.figures["overdue_by_age"] if row["count"]]
            agencies = {row["agency"] for row in self.figures["overdue"]}
            paper.paragraph(
                f"- Còn {amount(totals['overdue'])} đầu việc quá hạn chưa hoàn thành thuộc trách nhiệm của "
                f"{amount(len(agencies))} cơ quan; theo thời gian quá hạn: {listed(ages)} (chi tiết tại {self._annex('overdue')})."
            )
        if totals["not_updated"]:
            paper.paragraph(
                f"- Còn {amount(totals['not_updated'])} lượt chưa cập nhật kết quả theo mốc quý đối với các nhiệm vụ "
                "thực hiện thường xuyên."
            )
        late = len(self.figures["reporting"]["late"]) + len(self.figures["reporting"]["missing"])
        if late:
            paper.paragraph(
                f"- Còn {amount(late)} cơ quan báo cáo chậm hoặc chưa báo cáo (chi tiết tại {self._annex('arrivals')})."
            )
        self._words_or("shortcomings", "Các cơ quan không nêu tồn tại, hạn chế khác.")

    def _obstacles(self) -> None:
        self.paper.heading("IV. Khó khăn, vướng mắc và kiến nghị, đề xuất")
        self.paper.heading("1. Khó khăn, vướng mắc", 2)
        self._words_or("obstacles", "Trong kỳ, các cơ quan không báo cáo khó khăn, vướng mắc.")
        self.paper.heading("2. Kiến nghị, đề xuất", 2)
        self._words_or("proposals", "Trong kỳ, các cơ quan không có kiến nghị, đề xuất.")
        if self.figures.get("obstacles"):
            self.paper.paragraph(
                f"(Chi tiết theo cơ quan giải quyết tại {self._annex('obstacles')} kèm theo)", italic=True
            )

    def _further_sections(self, chapter: int) -> int:
        """Write the sections that this plan's outline has besides the usual ones; returns the next chapter's number."""
        for section in self.figures.get("outline", []):
            text = self.words.get(section["key"], "").strip()
            if section["key"] in USUAL_SECTIONS or not text:
                continue
            self.paper.heading(f"{roman(chapter)}. {without_number(section['title'])}")
            self.paper.prose(text)
            chapter += 1
        return chapter

    def _outlook(self, chapter: int) -> None:
        self.paper.heading(f"{roman(chapter)}. Phương hướng, nhiệm vụ thời gian tới")
        self._words_or("outlook", "")
        coming = self.figures["coming"]
        if not coming:
            return
        self.paper.paragraph(
            "Các cơ quan, đơn vị, địa phương tập trung hoàn thành các nhiệm vụ đến hạn trong thời gian tới:"
        )
        for row in coming:
            named = [cut(text) for text in row["texts"]]
            about = f": {listed(named)}" if len(named) <= NAMED_TASKS else ""
            self.paper.paragraph(
                f"- Hạn {day_short(row['due_date'])}: {amount(row['tasks'])} nhiệm vụ với {amount(row['items'])} đầu "
                f"việc của các cơ quan{about}."
            )

    def _words_or(self, name: str, otherwise: str) -> None:
        text = self.words.get(name, "").strip()
        if text:
            self.paper.prose(text)
        elif otherwise:
            self.paper.paragraph(otherwise)

    def _annex(self, name: str) -> str:
        """Return what an annex is called in the text."""
        return f"Phụ lục {annexes.numbers_of(self.figures)[name]}".strip()

    def _named(self, names: list[str], annex: str) -> str:
        if len(names) <= LONGEST_LIST:
            return listed(names)
        return f"{amount(len(names))} cơ quan (danh sách tại {self._annex(annex)})"


def small_time(text: str) -> str:
    """Return the words of a time cell as they stand inside a sentence."""
    return small_first(" ".join(text.split())) if not text.startswith("Quý") else " ".join(text.split())


def compiled(words: list[dict[str, str]]) -> str:
    """Return agencies' words one under the other, as the form offers them to the coordinator; the same words once."""
    said: dict[str, list[dict[str, str]]] = {}
    for row in words:
        said.setdefault(fold(row["text"]).strip(" .-+"), []).append(row)
    lines = []
    for rows in said.values():
        lines += quoted(listed([row["agency"] for row in rows]), rows[0]["text"])
    return "\n".join(lines)


def _rate_or(percent: float | None, otherwise: str) -> str:
    return otherwise if percent is None else rate(percent)


def _cells(tally: dict[str, Any]) -> list[str]:
    names = ("deliveries", "done", "done_on_time", "handed_in", "under_way", "overdue")
    return [*(count(tally[name]) for name in names), rate(tally["completion_rate"]).rstrip("%")]
