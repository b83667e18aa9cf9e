"""Accounts of the sample data: one for each role to try, and one officer for every other agency."""

from django.conf import settings
from django.contrib.auth.hashers import make_password

from agencies.folding import unaccent
from agencies.models import Agency, Membership, Province, User

Role = Membership.Role
TO_TRY = [
    ("dieuphoi", "Nguyễn Thị Hạnh", "Chuyên viên Phòng Cải cách hành chính", "SNV", Role.COORDINATOR),
    ("yte", "Trần Minh Đức", "Chuyên viên Văn phòng Sở", "SYT", Role.OFFICER),
    ("yte.lanhdao", "Lê Hồng Trung", "Phó Giám đốc Sở", "SYT", Role.LEADER),
    ("tuphap", "Phạm Thu Hà", "Chuyên viên Văn phòng Sở", "STP", Role.OFFICER),
    ("lapthach", "Hoàng Văn Nam", "Chuyên viên Phòng Nội vụ", "UBND huyện Lập Thạch", Role.OFFICER),
    ("ubnd", "Vũ Quang Huy", "Lãnh đạo UBND tỉnh", "UBNDT", Role.VIEWER),
    ("quantri", "Đỗ Anh Tuấn", "Quản trị hệ thống", "SNV", Role.ADMINISTRATOR),
    ("snv", "Bùi Thị Mai", "Chuyên viên Sở Nội vụ", "SNV", Role.OFFICER),
    ("snv.lanhdao", "Ngô Đình Thắng", "Phó Giám đốc Sở", "SNV", Role.LEADER),
    ("lapthach.lanhdao", "Trịnh Xuân Bách", "Phó Chủ tịch UBND huyện", "UBND huyện Lập Thạch", Role.LEADER),
    ("tuphap.lanhdao", "Nguyễn Thanh Bình", "Phó Giám đốc Sở", "STP", Role.LEADER),
]
KINDS_WITH_ACCOUNTS = [
    Agency.Kind.DEPARTMENT,
    Agency.Kind.EQUIVALENT,
    Agency.Kind.BOARD,
    Agency.Kind.ARMED_FORCE,
    Agency.Kind.CENTRAL_VERTICAL,
    Agency.Kind.DISTRICT_PC,
    Agency.Kind.PUBLIC_UNIT,
]
FAMILY = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý"]
MIDDLE = ["Thị", "Văn", "Minh", "Thu", "Đức", "Ngọc", "Quang", "Hải", "Thanh", "Xuân"]
GIVEN = ["An", "Bình", "Chi", "Dũng", "Giang", "Hoa", "Khánh", "Lan", "Long", "Nga", "Phong", "Sơn", "Tâm", "Vân"]


def make_accounts(province: Province) -> None:
    """Make the accounts that are missing; every agency gets an officer and a leader, so that reports can leave it."""
    password = make_password(settings.DEMO_PASSWORD)
    by_name = {agency.code: agency for agency in province.agencies.all()}
    by_name |= {agency.name: agency for agency in province.agencies.all()}
    for username, full_name, position, place, role in TO_TRY:
        _account(username, full_name, position, by_name[place], role, password)
    taken = set(Membership.objects.filter(agency__province=province).values_list("agency", "role"))
    for number, agency in enumerate(province.agencies.filter(kind__in=KINDS_WITH_ACCOUNTS)):
        login = "".join(filter(str.isalnum, unaccent(agency.name.removeprefix("UBND "))))[:20]
        if (agency.pk, Role.OFFICER) not in taken:
            _account(f"cv.{login}", _name(number), "Chuyên viên", agency, Role.OFFICER, password)
        if (agency.pk, Role.LEADER) not in taken:
            _account(f"ld.{login}", _name(number + 57), "Lãnh đạo cơ quan", agency, Role.LEADER, password)


def _name(number: int) -> str:
    return f"{FAMILY[number % len(FAMILY)]} {MIDDLE[number * 3 % len(MIDDLE)]} {GIVEN[number * 5 % len(GIVEN)]}"


def _account(username: str, full_name: str, position: str, agency: Agency, role: str, password: str) -> None:
    administers = role == Role.ADMINISTRATOR
    user, made = User.objects.get_or_create(
        username=username,
        defaults={
            "full_name": full_name,
            "position": position,
            "province": agency.province,
            "email": f"{username}@vinhphuc.example",
            "password": password,
            "is_staff": administers,
            "is_superuser": administers,
        },
    )
    if made:
        Membership.objects.create(user=user, agency=agency, role=role)
