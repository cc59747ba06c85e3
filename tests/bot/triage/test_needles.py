import re

import pytest

from bot.triage.needles import needles, pieces


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        ("遗书", {"遗书"}),
        ("不(发|给)工资", {"不发", "不给"}),
        ("打(断|伤)|挨打", {"打断", "打伤", "挨打"}),
        ("(被|把).{0,8}锁着", {"锁着"}),
        ("(?<!消防)门.{0,4}反锁", {"反锁"}),
        ("想死(?!你)", {"想死"}),
        ("写(好)?了", {"写好", "写了"}),
        ("(救命)+啊", {"救命"}),
        (r"\d个", {"个"}),
        ("[^我]了?", {""}),
        ("(打|.)架?", {""}),
    ],
)
def test_a_text_must_hold_one_of_the_pieces_for_the_pattern_to_match(pattern: str, needed: set[str]) -> None:
    assert needles(pattern) == needed


@pytest.mark.parametrize("text", ["", "打", "他被打了", "把门从外面锁着", "写好了"])
def test_what_matches_holds_a_piece_that_is_needed(text: str) -> None:
    for pattern in ("打", "被?打了?", "(把|被).{0,8}锁(着|了)", "写(好)?了", ".*"):
        assert re.search(pattern, text) is None or needles(pattern) & pieces(text)
