"""People who do not exist: departments send names and numbers with a dossier, and the adapter must drop them."""

from __future__ import annotations

_FAMILY = ("Nguyễn", "Lê", "Trần", "Phạm", "Hoàng", "Bùi", "Trịnh", "Đỗ", "Vũ", "Lương", "Hà", "Mai")
_MIDDLE = ("Văn", "Thị", "Đức", "Thu", "Minh", "Hữu", "Ngọc", "Quang", "Thanh", "Xuân")
_GIVEN = (
    "An",
    "Bình",
    "Chi",
    "Dũng",
    "Giang",
    "Hạnh",
    "Khánh",
    "Lan",
    "Nam",
    "Phúc",
    "Quỳnh",
    "Sơn",
    "Thảo",
    "Tùng",
    "Yến",
)
_STREETS = ("Lê Lợi", "Quang Trung", "Trần Phú", "Nguyễn Trãi", "Bà Triệu", "Đội Cung", "Lam Sơn")


def person(number: int) -> dict[str, str]:
    """The personal members of a dossier, made from a number; numbers start with the digits of no subscriber."""
    family, rest = number % len(_FAMILY), number // len(_FAMILY)
    middle, rest = rest % len(_MIDDLE), rest // len(_MIDDLE)
    given, rest = rest % len(_GIVEN), rest // len(_GIVEN)
    return {
        "ho_ten": f"{_FAMILY[family]} {_MIDDLE[middle]} {_GIVEN[given]}",
        "cccd": f"038{rest % 10**9:09d}",
        "dien_thoai": f"0000{rest % 10**6:06d}",
        "email": f"nguoi.{rest % 10**5}@example.vn",
        "dia_chi": f"Số {rest % 300 + 1} đường {_STREETS[rest % len(_STREETS)]}",
    }
