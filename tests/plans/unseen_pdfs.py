"""Prints the unseen plans that are PDF files beside their pages: ``python -m tests.plans.unseen_pdfs [NAME …]``.

Kinds: "print-word" through LibreOffice, "print-word-rowless" with a table without lines between its rows,
"print-word-rowless-middle" with, moreover, every cell in the middle of its row, "print-word-bare" without any lines,
"print-word-running" with a running head and page numbers, "print-web" through Chromium, which draws every line as a thin
rectangle. Both programs must be installed; the files are kept, so that the tests need neither.
"""

import io
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from tests.plans.unseen_files import BORDERS, docx_file, html_file
from tests.plans.unseen_key import Case, cases

STYLE = (
    "<meta charset=utf-8><style>table{border-collapse:collapse;width:100%}td{border:1px solid #000;padding:4px;"
    "vertical-align:top}@page{size:A4;margin:20mm}body{font:13pt 'Liberation Serif'}</style>"
)
RUNNING = ("Kế hoạch nâng cao Chỉ số PAR INDEX năm 2023", "Trang")
LOOKS = {
    "print-word": (BORDERS, ("", "")),
    "print-word-rowless": (re.sub(r"<w:insideH [^>]*>", "", BORDERS), ("", "")),
    "print-word-rowless-middle": (re.sub(r"<w:insideH [^>]*>", "", BORDERS), ("", "")),
    "print-word-bare": ("", ("", "")),
    "print-word-running": (BORDERS, RUNNING),
}


def in_the_middle(word: bytes) -> bytes:
    """The same Word file with the words of each cell at half its height."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            target.writestr(name, part.replace(b"</w:tcPr>", b'<w:vAlign w:val="center"/></w:tcPr>'))
    return stream.getvalue()


def print_word(case: Case, target: Path) -> None:
    """Through LibreOffice, with a profile of its own."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"{target.stem}.docx"
        made = docx_file(case.page, *LOOKS[case.kind])
        source.write_bytes(in_the_middle(made) if case.kind.endswith("-middle") else made)
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]
        subprocess.run([*command, "--outdir", str(target.parent), str(source)], check=True, capture_output=True)


def print_web(case: Case, target: Path) -> None:
    """Through Chromium."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "trang.html"
        source.write_text(STYLE + html_file(case.page), encoding="utf-8")
        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile"]
        subprocess.run([*command, f"--print-to-pdf={target}", source.as_uri()], check=True, capture_output=True)


def main(names: list[str]) -> None:
    """Print all plans of these kinds, or only those named."""
    for case in cases():
        if case.kind.startswith("print") and (not names or case.path.name.removesuffix(".pdf.plan") in names):
            target = case.path.with_suffix("")
            print_web(case, target) if case.kind == "print-web" else print_word(case, target)
            sys.stdout.write(f"{target} {target.stat().st_size}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
