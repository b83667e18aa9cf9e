"""Words that are no names: what prose begins with, what an organisation's name begins with."""

import re

from .words import Words

PROSE = re.compile(
    r"(?:tong hop|xay dung|ban hanh|bao cao|huong dan|to chuc|trinh|lap|tuyen truyen|day manh|tang cuong|"
    r"quan triet|khac phuc|xu ly|giai quyet|"
    r"bo tri|cong bo|cung cap|cap nhat|nghien cuu|ra soat|thuong xuyen|tiep tuc|chu dong|can cu|theo|trong|de|"
    r"nham|tren co so|gui|cac noi dung|"
    r"noi dung|viec|nhiem vu|ket qua|ke hoach|chi dao|duoc|khi|truoc|den|hoan thanh|trien khai|thuc hien|khac|v|"
    r"v v|lien quan|co lien quan|neu co|"
    r"theo quy dinh|dinh ky|tham dinh|thong bao|cong khai|giup|danh gia|kiem soat|phe duyet|quyet dinh|cong tac|"
    r"ky|chinh|thuc day|cai thien|nang cao|"
    r"dam bao|bao dam|chuan bi|phan cong|giao|thong tin|ap dung|van hanh|duy tri|phat trien|phan tich|quan ly|"
    r"khao sat|dieu tra|va) "
)
ORGANISATION = re.compile(
    r"(?:so|ban|bql|bch|bcd|trung tam|tt|chi cuc|cuc|vu|phong|vien|truong|benh vien|cong ty|"
    r"hoi(?! (?:cho|nghi|thao|thi) )|quy|to|doi(?! ngu)|"
    r"hiep hoi|lien doan|lien minh|lien hiep|ngan hang|"
    r"kho bac|doan|hoi dong|uy ban|van phong|bao|dai|tap doan|tong cong ty|bo|toa|thanh tra|chi nhanh|bao tang|"
    r"thu vien|khu|nha|ubnd|hdnd|"
    r"dang uy|(?:huyen|thi|thanh|quan) uy|mat tran|bo chi huy|ban chi dao|ban quan ly|tong cuc|hat|tram|xi nghiep|hop tac xa|nhom|"
    r"co so(?! du lieu)|don vi|co quan) "
)
_FIRST_WORDS = frozenset(
    re.findall(
        r"\w+",
        """sở ban chi cục vụ phòng viện trường bệnh công hội quỹ tổ đội hiệp liên ngân đoàn ủy văn báo đài tập tổng bộ tòa
        nhà đảng mặt hạt trạm xí hợp nhóm cơ đơn bảo thư huyện thị thành quận""",
    )
)
FIRM_ROLE = re.compile(
    r"(?:chu tri|phoi hop|tham muu|theo doi|thuc hien|to chuc thuc hien|dau moi|la co quan|"
    r"lam dau moi) "
)


_SHORT = {
    "BQL": "Ban Quản lý", "BQLDA": "Ban Quản lý dự án", "QLDA": "Quản lý dự án", "BCĐ": "Ban Chỉ đạo",
    "CHQS": "Chỉ huy Quân sự", "LHPN": "Liên hiệp Phụ nữ", "MTTQ": "Mặt trận Tổ quốc", "LĐLĐ": "Liên đoàn Lao động", "KKT": "Khu kinh tế",
    "BHXH": "Bảo hiểm xã hội", "KBNN": "Kho bạc Nhà nước", "THADS": "Thi hành án dân sự", "TAND": "Tòa án nhân dân",
    "VKSND": "Viện kiểm sát nhân dân", "THPT": "Trung học phổ thông", "TTYT": "Trung tâm Y tế",
    "BVĐK": "Bệnh viện Đa khoa", "KCN": "khu công nghiệp", "CTCP": "Công ty cổ phần", "ĐTXD": "đầu tư xây dựng",
}  # fmt: skip
_SHORT_WORD = re.compile(r"(?<!\w)(?:" + "|".join(_SHORT) + r")(?!\w)", re.IGNORECASE)


def spelt_out(printed: str) -> str:
    """Return a name that no register knows with its usual abbreviations written out ("BQL", "CHQS")."""
    return _SHORT_WORD.sub(lambda found: _SHORT[found[0].upper()], printed)


def is_organisation(words: Words, at: int) -> bool:
    """Say whether an organisation's name may start here ("Trung tâm …", "Hội …") and no prose ("ban hành …")."""
    if words.match(ORGANISATION, at) is None or words.match(PROSE, at) is not None:
        return False
    token = words.tokens[at]
    return token.key == token.plain or token.key in _FIRST_WORDS


def is_proper(words: Words, start: int, end: int) -> bool:
    """Say whether a span is a proper name: at most four words, each with a capital, in a text that is not all
    capitals."""
    texts = [token.text for token in words.tokens[start:end] if token.is_word]
    return 0 < len(texts) <= 4 and all(text[0].isupper() for text in texts) and words.text != words.text.upper()


def has_abbreviation(printed: str) -> bool:
    """Say whether capitals stand for words in a name that is not all capitals: two such names are near by chance."""
    return printed != printed.upper() and re.search(r"[A-ZĐ]{3,}", printed) is not None


def is_note(inner: Words) -> bool:
    """Say whether a bracket only remarks on the agency before it ("qua Sở Nội vụ", "trước đây là …")."""
    return bool(
        re.match(
            r"(?:qua|thong qua|thuong truc|co quan thuong truc|theo|truoc day|gom|bao gom|sau|nay|cu|gui|bao cao)\b",
            inner.flat,
        )
    )
