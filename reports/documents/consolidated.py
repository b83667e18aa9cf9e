"""The consolidated report as Word: a department's report to the provincial committee, or the committee's own draft.

Reads nothing but the frozen figures and words of a `Consolidation`.
"""

from typing import Any

from agencies.folding import fold
from reports.documents import annexes
from reports.documents.letterheads import Issuer, committee_of, day_short
from reports.documents.word import Column, Paper
from reports.documents.wording import (
    amount,
    count,
    cut,
    listed,
    plan_subject,
    quoted,
    rate,
    report_subject,
    small_first,
    without_number,
)
from reports.models import Consolidation

NAMED_TASKS = 3
"""Up to so many tasks due on one day are named; more are counted."""
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


class _Report:
    """One consolidated report being written."""

    def __init__(self, consolidation: Consolidation) -> None:
        self.figures: dict[str, Any] = consolidation.figures
        self.words: dict[str, str] = consolidation.narrative
        self.made = consolidation
        self.plan, self.period = self.figures["plan"], self.figures["period"]
        self.by_committee = consolidation.issuer == Consolidation.Issuer.COMMITTEE
        self.issuer, self.short_name = self._issuer()
        self.subject = report_subject(self.plan["title"], self.plan["province"], self.period["name"], self.plan["year"])
        self.paper = Paper(self.subject, self.issuer.name)
        self.known_as = f"Kế hoạch số {self.plan['number']}"

    def write(self) -> bytes:
        paper = self.paper
        paper.letterhead(self.issuer.letterhead("", None, self.made.made_on))
        paper.title("Báo cáo", self.subject)
        paper.addressee("Bộ Nội vụ" if self.by_committee else self.committee_name)
        self._opening()
        self._general()
        self._by_heading()
        self._shortcomings()
        self._obstacles()
        self._outlook()
        self._closing()
        recipients = self.words.get("recipients", "") or default_recipients(self.made.issuer, self.short_name)
        lines = [line.strip().lstrip("- ") for line in recipients.splitlines() if line.strip()]
        paper.signature(self.issuer.signing(self.made.signed_as), self.made.signer, lines)
        annexes.write(
            paper, self.figures, f"Kèm theo Báo cáo số:{' ' * 8}/BC-{self.issuer.symbol} của {self.short_name}"
        )
        return paper.as_bytes()

    def _issuer(self) -> tuple[Issuer, str]:
        full_name = f"{self.plan['province_kind']} {self.plan['province']}"
        self.committee_name = f"Ủy ban nhân dân {full_name}"
        if self.by_committee:
            return committee_of(self.plan["province"], full_name), f"UBND {full_name}"
        author = self.plan["author"]
        return Issuer(**{**author, "lines": tuple(author["lines"])}), self.plan["coordinator"]

    # Chapters

    def _opening(self) -> None:
        subject = plan_subject(self.plan["title"], self.plan["province"])
        to = "Bộ Nội vụ" if self.by_committee else f"UBND {self.plan['province_kind']}"
        self.paper.paragraph(
            f"Thực hiện {self.known_as} ngày {day_short(self.plan['signed_on'])} của {self.plan['issuer']} về "
            f"{subject} (sau đây gọi là {self.known_as}), {self.short_name} tổng hợp, báo cáo {to} kết quả thực hiện "
            f"{small_first(self.period['name'])} như sau:"
        )

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
            f"cơ quan, đơn vị, địa phương đã gửi báo cáo (đạt {share}), trong đó {amount(facts['on_time'])} cơ quan "
            f"báo cáo đúng hạn (chậm nhất ngày {day_short(self.period['due_date'])})"
            + (f", {amount(len(late))} cơ quan báo cáo chậm." if late else ", không có cơ quan báo cáo chậm.")
        )
        if late:
            names = [f"{row['agency']} (chậm {amount(row['days_late'])} ngày)" for row in late]
            self.paper.paragraph(f"- Báo cáo chậm: {self._named(names, 'II')}.")
        if missing:
            self.paper.paragraph(f"- Chưa báo cáo: {self._named([row['agency'] for row in missing], 'II')}.")
        if excluded:
            names = [f"{row['agency']} ({small_first(row['reason']).rstrip('.')})" for row in excluded]
            self.paper.paragraph(f"- Không phải báo cáo trong kỳ: {self._named(names, 'II')}.")

    def _totals(self) -> None:
        totals, paper = self.figures["totals"], self.paper
        paper.paragraph(
            f"{self.known_as} giao {amount(self.figures['tasks_total'])} nhiệm vụ. Tổng hợp từ báo cáo của "
            f"{amount(self.figures['reporting']['arrived'])} cơ quan, số liệu tính đến hết ngày "
            f"{day_short(self.period['as_of'])}, các cơ quan được giao {amount(totals['deliveries'])} đầu việc phải "
            "hoàn thành trong thời gian thực hiện Kế hoạch (mỗi nhiệm vụ tính theo từng cơ quan và từng mốc phải "
            f"có kết quả). Đã hoàn thành {amount(totals['done'])} đầu việc, gồm {amount(totals['done_on_time'])} đầu "
            f"việc đúng hạn và {amount(totals['done_late'])} đầu việc trễ hạn; còn lại {amount(totals['handed_in'])} "
            f"đầu việc đã báo cáo hoàn thành, đang chờ xác nhận; {amount(totals['under_way'])} đầu việc đang trong "
            f"thời hạn thực hiện; {amount(totals['overdue'])} đầu việc quá hạn chưa hoàn thành."
        )
        paper.paragraph(
            f"- Tỷ lệ hoàn thành đối với đầu việc đã đến hạn: {rate(totals['completion_rate'])} "
            "(số đã hoàn thành chia cho tổng số đã hoàn thành và số quá hạn chưa hoàn thành)."
        )
        paper.paragraph(
            f"- Tỷ lệ hoàn thành so với toàn bộ đầu việc được giao: {rate(totals['share_done'])} "
            "(số đã hoàn thành chia cho tổng số đầu việc)."
        )
        paper.paragraph(
            f"- Tỷ lệ đúng hạn: {rate(totals['on_time_rate'])} (số hoàn thành đúng hạn chia cho số đã hoàn thành)."
        )
        if totals["check_points"]:
            paper.paragraph(
                f"- Đối với các nhiệm vụ thực hiện thường xuyên, kéo dài nhiều quý: đến thời điểm chốt số liệu, các cơ "
                f"quan đã cập nhật kết quả {amount(totals['check_points_answered'])}/{amount(totals['check_points'])} "
                "lượt theo mốc quý; các mốc này không tính vào tỷ lệ hoàn thành."
            )

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
        rows.append(["", "Tổng cộng", count(self.figures["reporting"]["arrived"]), *_cells(self.figures["totals"])])
        self.paper.caption("Bảng 2. Kết quả thực hiện theo khối cơ quan")
        self.paper.table(kinds, rows, size=11, total=True)
        self.paper.note(
            "Ghi chú: Tỷ lệ (%) = số đã hoàn thành chia cho tổng số đã hoàn thành và số quá hạn chưa hoàn thành; "
            "dấu “-” là chưa có đầu việc đến hạn."
        )

    def _judgement(self) -> None:
        commend, remind = self.figures["commend"], self.figures["remind"]
        self.paper.paragraph(
            "- Các cơ quan thực hiện tốt (báo cáo đúng hạn, tỷ lệ hoàn thành trên 90%, tỷ lệ trễ hạn dưới 10%): "
            + (f"{self._named(commend, 'I')}." if commend else "chưa có cơ quan đạt mức này.")
        )
        self.paper.paragraph(
            "- Các cơ quan có tỷ lệ hoàn thành dưới 50% số đầu việc đã đến hạn, cần đôn đốc: "
            + (f"{self._named(remind, 'I')}." if remind else "không có.")
        )
        self.paper.paragraph("(Kết quả chi tiết của từng cơ quan tại Phụ lục I kèm theo)", italic=True)

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
        self.paper.paragraph(f"- {cut(task['text'])}{time}: {_standing(task)}")
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
                f"{amount(len(agencies))} cơ quan; theo thời gian quá hạn: {listed(ages)} (chi tiết tại Phụ lục III)."
            )
        if totals["not_updated"]:
            paper.paragraph(
                f"- Còn {amount(totals['not_updated'])} lượt chưa cập nhật kết quả theo mốc quý đối với các nhiệm vụ "
                "thực hiện thường xuyên."
            )
        late = len(self.figures["reporting"]["late"]) + len(self.figures["reporting"]["missing"])
        if late:
            paper.paragraph(f"- Còn {amount(late)} cơ quan báo cáo chậm hoặc chưa báo cáo (chi tiết tại Phụ lục II).")
        self._words_or("shortcomings", "Các cơ quan không nêu tồn tại, hạn chế khác.")

    def _obstacles(self) -> None:
        self.paper.heading("IV. Khó khăn, vướng mắc và kiến nghị, đề xuất")
        self.paper.heading("1. Khó khăn, vướng mắc", 2)
        self._words_or("obstacles", "Trong kỳ, các cơ quan không báo cáo khó khăn, vướng mắc.")
        self.paper.heading("2. Kiến nghị, đề xuất", 2)
        self._words_or("proposals", "Trong kỳ, các cơ quan không có kiến nghị, đề xuất.")

    def _outlook(self) -> None:
        self.paper.heading("V. Phương hướng, nhiệm vụ thời gian tới")
        self._words_or("outlook", "")
        coming = self.figures["coming"]
        if not coming:
            return
        self.paper.paragraph(
            "Các cơ quan, đơn vị, địa phương tập trung hoàn thành các nhiệm vụ đến hạn trong thời gian tới:"
        )
        for row in coming:
            named = [cut(text, 110).rstrip("…") for text in row["texts"]]
            about = f": {listed(named)}" if len(named) <= NAMED_TASKS else ""
            self.paper.paragraph(
                f"- Hạn {day_short(row['due_date'])}: {amount(row['tasks'])} nhiệm vụ với {amount(row['items'])} đầu "
                f"việc của các cơ quan{about}."
            )

    def _closing(self) -> None:
        to = "Bộ Nội vụ" if self.by_committee else f"UBND {self.plan['province_kind']}"
        self.paper.paragraph(
            f"Trên đây là báo cáo {small_first(self.subject)}, {self.short_name} trân trọng báo cáo {to}./."
        )

    def _words_or(self, name: str, otherwise: str) -> None:
        text = self.words.get(name, "").strip()
        if text:
            self.paper.prose(text)
        elif otherwise:
            self.paper.paragraph(otherwise)

    def _named(self, names: list[str], annex: str) -> str:
        if len(names) <= LONGEST_LIST:
            return listed(names)
        return f"{amount(len(names))} cơ quan (danh sách tại Phụ lục {annex})"


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


def _cells(tally: dict[str, Any]) -> list[str]:
    names = ("deliveries", "done", "done_on_time", "handed_in", "under_way", "overdue")
    return [*(count(tally[name]) for name in names), rate(tally["completion_rate"]).rstrip("%")]


def _standing(task: dict[str, Any]) -> str:
    """Say how many agencies stand where: "41 cơ quan thực hiện; 02 cơ quan đã hoàn thành …"."""
    states, agencies = task["states"], task["agencies"]
    if agencies == 1:
        return _standing_of_one(task)
    if states["not_started"] == agencies and not task["overdue_agencies"]:
        return f"{amount(agencies)} cơ quan thực hiện; chưa đến thời hạn."
    parts = [
        (states["completed"], "đã hoàn thành"),
        (states["handed_in"], "chờ xác nhận"),
        (states["in_progress"], "đang thực hiện"),
        (states["not_started"], "chưa báo cáo kết quả"),
    ]
    told = [f"{amount(number)} cơ quan {words}" for number, words in parts if number]
    late = task["overdue_agencies"]
    overdue = f"; {amount(late)} cơ quan quá hạn chưa hoàn thành" if late else ""
    mean = f"mức độ thực hiện bình quân {task['percent']}%"
    return f"{amount(agencies)} cơ quan thực hiện, gồm {', '.join(told)}{overdue}; {mean}."


def _standing_of_one(task: dict[str, Any]) -> str:
    agency, tally = task["owners"][0], task["tally"]
    if task["states"]["completed"]:
        late = " quá hạn" if tally["done_late"] else " đúng hạn"
        return f"{agency} đã hoàn thành{late}."
    if task["states"]["handed_in"]:
        return f"{agency} đã báo cáo hoàn thành, đang chờ xác nhận."
    if task["states"]["not_started"] and not tally["overdue"] and not tally["done"]:
        return f"{agency} thực hiện; chưa đến thời hạn."
    begun = f"đang thực hiện, đạt {task['percent']}%" if task["states"]["in_progress"] else "chưa báo cáo kết quả"
    done = f", đã xong {amount(tally['done'])}/{amount(tally['deliveries'])} lần" if tally["done"] else ""
    late = f", quá hạn {amount(tally['overdue'])} đầu việc" if tally["overdue"] else ""
    return f"{agency} {begun}{done}{late}."
