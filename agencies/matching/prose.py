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
    r"(?:so|ban|bql|bch|bcd|trung tam|tt|chi cuc|cuc|vu|phong|vien|truong|benh vien|cong ty|hoi|quy|to|doi(?! ngu)|"
    r"hiep hoi|lien doan|lien minh|lien hiep|ngan hang|"
    r"kho bac|doan|hoi dong|uy ban|van phong|bao|dai|tap doan|tong cong ty|bo|toa|thanh tra|chi nhanh|bao tang|"
    r"thu vien|khu|nha|ubnd|hdnd|"
    r"dang uy|mat tran|bo chi huy|ban chi dao|ban quan ly|tong cuc|hat|tram|xi nghiep|hop tac xa|nhom|"
    r"co so(?! du lieu)|don vi|co quan) "
)
_FIRST_WORDS = frozenset(
    re.findall(
        r"\w+",
        """sở ban chi cục vụ phòng viện trường bệnh công hội quỹ tổ đội hiệp liên ngân đoàn ủy văn báo đài tập tổng bộ tòa
        nhà đảng mặt hạt trạm xí hợp nhóm cơ đơn bảo thư""",
    )
)
FIRM_ROLE = re.compile(
    r"(?:chu tri|phoi hop|tham muu|theo doi|thuc hien|to chuc thuc hien|dau moi|la co quan|"
    r"lam dau moi) "
)


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
