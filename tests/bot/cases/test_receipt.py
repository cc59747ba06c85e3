from hypothesis import given
from hypothesis import strategies as st

from bot.cases import receipt

DIGITS = st.text("0123456789", min_size=15, max_size=15)


def test_a_receipt_is_shown_in_groups_of_four_and_read_back_however_it_is_written() -> None:
    digits = receipt.new()
    shown = receipt.shown(digits)
    assert [len(group) for group in shown.split()] == [4, 4, 4, 4]
    spaced = (digits, shown, shown.replace(" ", "-"), shown.replace(" ", "—"), f" {shown}\n")
    for written in (*spaced, f"回执号：{shown}", f"我的回执是{digits}"):
        assert receipt.read(written) == digits
    assert receipt.read(digits.translate(str.maketrans("0123456789", "０１２３４５６７８９"))) == digits
    for hidden in ("\u200b".join(digits), f"\u202d{digits}\u202c", "\u2060 ".join((digits[:8], digits[8:]))):
        assert receipt.read(hidden) == digits


def test_what_is_no_receipt_is_not_read_as_one() -> None:
    for written in ("", "13800000000", "1234567890123456789", "一二三四", "老板欠我 1234 5678 9012 3456 元", "²" * 16):
        assert receipt.read(written) is None


def test_a_digit_too_few_or_too_many_is_told_from_a_telephone_and_an_identity_number() -> None:
    digits = receipt.new()
    assert receipt.mistyped(digits[:-1])
    assert receipt.mistyped(f"回执号 {digits}1")
    assert receipt.read(f"我回执是 {receipt.shown(digits)}") == digits
    assert not any(map(receipt.mistyped, (digits, "13800000000", "420100199001011234", "三千块")))


def test_somebody_who_lost_a_receipt_says_so_in_a_few_words() -> None:
    assert all(map(receipt.missed, ("我的回执号丢了", "回执找不到了怎么办", "忘了存，回执没存")))
    assert all(map(receipt.missed, ("回执号在哪里看", "回执号怎么查", "我的回执去哪找")))
    assert not receipt.missed("仲裁委的受理回执要不要留着")


def test_no_two_receipts_are_alike() -> None:
    made = {receipt.new() for _ in range(1000)}
    assert len(made) == 1000
    assert all(receipt.valid(each) for each in made)


@given(DIGITS, st.integers(0, 15), st.integers(1, 9))
def test_a_wrong_digit_is_always_seen(body: str, place: int, by: int) -> None:
    digits = completed(body)
    wrong = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]
    assert not receipt.valid(wrong)


@given(DIGITS, st.integers(0, 14))
def test_two_neighbours_swapped_are_always_seen(body: str, place: int) -> None:
    digits = completed(body)
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    assert receipt.valid(swapped) == (swapped == digits)


def completed(body: str) -> str:
    """Return the one receipt that begins so."""
    (digits,) = [body + last for last in "0123456789" if receipt.valid(body + last)]
    return digits
