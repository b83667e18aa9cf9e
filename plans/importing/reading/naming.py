"""What tables are called in messages: people count real tables, not the frames of a letterhead."""


class TableNames:
    """Hands out "Bảng 1", "Bảng 2" …; frames for letterhead and signature get names of their own."""

    def __init__(self) -> None:
        self._count = 0

    def reserve(self) -> str:
        """Take the next number; an outer table is numbered before the tables inside it."""
        self._count += 1
        return f"Bảng {self._count}"

    def settle(self, name: str, folded_text: str) -> str:
        """Keep the number, or give it back when the table turns out to be a frame."""
        frame = frame_name(folded_text)
        if frame and name == f"Bảng {self._count}":
            self._count -= 1
        return frame or name


def frame_name(folded_text: str) -> str:
    """The name of a frame that only places words on the page, or the empty string for a real table."""
    if "cộng hòa xã hội chủ nghĩa" in folded_text or ("độc lập" in folded_text and "hạnh phúc" in folded_text):
        return "Khung tiêu đề văn bản"
    return "Khung ký tên" if folded_text.startswith("nơi nhận") else ""
