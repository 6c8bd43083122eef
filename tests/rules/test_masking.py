import pytest

from zhengtong.rules.masking import mask_mobile, mask_name, mask_resident_id


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (mask_resident_id("11010519491231002X"), "110105********002X"),
        (mask_resident_id("1101054912"), "**********"),  # too short to show both ends
        (mask_resident_id(""), ""),
        (mask_mobile("13812345678"), "138****5678"),
        (mask_mobile("1234567"), "*******"),
        (mask_name("张三"), "张*"),
        (mask_name("欧阳修"), "欧**"),
        (mask_name("张"), "*"),
        (mask_name("John  Smith"), "J*** S****"),
        (mask_name(""), ""),
    ],
)
def test_masks(shown: str, expected: str) -> None:
    assert shown == expected
