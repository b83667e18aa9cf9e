"""Figures, names and titles in the words of administrative papers."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

ACRONYMS = ("SIPAS", "UBND", "HĐND", "TTHC", "CCHC", "PAR INDEX", "CBCCVC")
NUMBERING = re.compile(r"^\s*(?:[IVXLC]+|\d+(?:\.\d+)*|[a-zđ])\s*[.)]\s*")
CLAUSE = re.compile(r"[.;:](?=\s)")
LEAD_IN = re.compile(r"(?:[,;]?\s(?:cụ thể|gồm|bao gồm|như sau)(?:\s(?:các )?hình thức)?)?\s*[:;.,]*$")


def amount(number: int) -> str:
    """Return 21914 as "21.914", and numbers below ten with a zero as documents write them: "03"."""
    return f"{number:02d}" if 0 < number < 10 else f"{number:,}".replace(",", ".")


def count(number: int) -> str:
    """Return a number for a table cell: "21.914"."""
    return f"{number:,}".replace(",", ".")


def rate(percent: float | None) -> str:
    """Return 98.6 as "98,6%", 100.0 as "100%"; "-" where there is nothing to divide by."""
    return "-" if percent is None else f"{percent:g}".replace(".", ",") + "%"


NO_RATE = "chưa xác định, do chưa có đầu việc hoàn thành hoặc quá hạn"
NO_PUNCTUALITY = "chưa xác định, do chưa có đầu việc hoàn thành"
"""What a report says where there is nothing to divide by."""


def number_or_none(number: int) -> str:
    """Return a number before its noun: "03", or "không có" instead of 0."""
    return amount(number) if number else "không có"


def standing_in_words(tally: Mapping[str, Any]) -> str:
    """Return the sentence about how many deliveries stand where; nothing is told of where none stands, but overdue."""
    done, late = tally["done"], tally["done_late"]
    if not done:
        first = "Chưa có đầu việc hoàn thành"
    elif late and late < done:
        first = (
            f"Đã hoàn thành {amount(done)} đầu việc, gồm {amount(done - late)} đầu việc đúng hạn và {amount(late)} đầu "
            "việc trễ hạn"
        )
    else:
        first = f"Đã hoàn thành {amount(done)} đầu việc, {'đều trễ hạn' if late else 'đều đúng hạn'}"
    rest = [
        (tally["handed_in"], "đầu việc đã báo cáo hoàn thành, đang chờ xác nhận"),
        (tally["under_way"], "đầu việc đang trong thời hạn thực hiện"),
    ]
    told = [first, *(f"{amount(number)} {words}" for number, words in rest if number)]
    return "; ".join([*told, f"{number_or_none(tally['overdue'])} đầu việc quá hạn chưa hoàn thành"]) + "."


def roman(number: int) -> str:
    """Return 4 as "IV": chapters and annexes are numbered so; up to 39."""
    return "X" * (number // 10) + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[number % 10]


def listed(names: Sequence[str]) -> str:
    """Return "A; B; C": agencies' names hold commas and "và"."""
    return "; ".join(names)


def small_first(text: str) -> str:
    """Return the text with a small first letter, unless it begins with an abbreviation."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def without_number(heading: str) -> str:
    """Return a heading without its printed number: "1.1. Trách nhiệm …" gives "Trách nhiệm …"."""
    return NUMBERING.sub("", heading, count=1).strip().rstrip(":").rstrip()


def plan_subject(title: str, province: str) -> str:
    """Return what a plan is about as it stands inside a sentence: "nâng cao sự hài lòng của người dân …".

    Titles printed in capitals are written small again; abbreviations and the province's name keep their letters.
    """
    text = re.sub(r"\s+", " ", title).strip(" .")
    if text.isupper():
        text = text.lower()
        for word in (*ACRONYMS, province):
            text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", word, text, flags=re.IGNORECASE)
    text = re.sub(r"^kế hoạch\s+(?:về\s+|triển khai\s+(?=kế hoạch))?", "", text, flags=re.IGNORECASE)
    return small_first(text)


def report_subject(title: str, province: str, period: str, year: int) -> str:
    """Return the title of a report on a plan: "Kết quả thực hiện Kế hoạch nâng cao … 6 tháng đầu năm 2024"."""
    about = plan_subject(title, province)
    if str(year) in period:
        about = re.sub(rf"\s*(?:trong\s+)?năm\s+{year}$", "", about)
    return f"Kết quả thực hiện Kế hoạch {about} {small_first(period)}"


def cut(text: str, limit: int = 220) -> str:
    """Return what a task is called in a sentence: its first line, shortened at the end of a clause if there is one.

    Falls back to the last word that fits, with an ellipsis. Brackets left open and "gồm các hình thức:" go as well.
    """
    line = next((line for line in text.splitlines() if line.strip()), "").strip().lstrip("-+• ").strip()
    if len(line) > limit:
        clauses = [match.start() for match in CLAUSE.finditer(line[:limit]) if match.start() > 50]
        line = line[: clauses[-1]] if clauses else line[:limit].rsplit(" ", 1)[0].rstrip(",;:. ") + "…"
    if line.count("(") > line.count(")"):
        line = line[: line.rindex("(")].rstrip(" ,;:.")
    return LEAD_IN.sub("", line)


def quoted(agency: str, text: str) -> list[str]:
    """Return an agency's words as lines of a paper: the name first, further lines as "+"."""
    lines = [line.strip().lstrip("-+•* ").strip() for line in text.splitlines()]
    lines = [line for line in lines if line]
    if len(lines) == 1:
        return [f"- {agency}: {small_first(lines[0])}"]
    return [f"- {agency}:", *(f"+ {line}" for line in lines)]


def standing_of(task: dict[str, Any]) -> str:
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
        late = " trễ hạn" if tally["done_late"] else " đúng hạn"
        return f"{agency} đã hoàn thành{late}."
    if task["states"]["handed_in"]:
        return f"{agency} đã báo cáo hoàn thành, đang chờ xác nhận."
    if task["states"]["not_started"] and not tally["overdue"] and not tally["done"]:
        return f"{agency} thực hiện; chưa đến thời hạn."
    begun = f"đang thực hiện, đạt {task['percent']}%" if task["states"]["in_progress"] else "chưa báo cáo kết quả"
    done = f", đã xong {amount(tally['done'])}/{amount(tally['deliveries'])} lần" if tally["done"] else ""
    late = f", quá hạn {amount(tally['overdue'])} đầu việc" if tally["overdue"] else ""
    return f"{agency} {begun}{done}{late}."
