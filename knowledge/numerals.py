"""Chinese numerals as articles of law are numbered with."""

DIGITS = "零一二三四五六七八九"
NUMERAL = "[零〇一二三四五六七八九十百千两]+"  # a pattern's piece
_VALUES = {character: value for value, character in enumerate(DIGITS)} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def to_int(numeral: str) -> int:
    """Return the number that `numeral` says, such as 85 for 八十五; digits one by one (二〇〇八) count as places."""
    if numeral.isdecimal():
        return int(numeral)
    if not any(unit in numeral for unit in _UNITS):
        return int("".join(str(_VALUES[character]) for character in numeral))
    total, digit = 0, 0
    for character in numeral:
        if character in _UNITS:
            total += (digit or 1) * _UNITS[character]
            digit = 0
        else:
            digit = _VALUES[character]
    return total + digit


def to_chinese(number: int) -> str:
    """Return a number from 1 to 9,999 as an article's numeral, such as 一百零一 for 101 and 十二 for 12."""
    if not 0 < number < 10_000:
        raise ValueError(f"{number} is outside 1 to 9,999")
    words, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            words += ("零" if gap and words else "") + DIGITS[digit] + name
        gap = digit == 0
    return words.removeprefix("一") if 10 <= number < 20 else words
