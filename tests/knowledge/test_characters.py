from knowledge.characters import plain, visible


def test_marks_that_nobody_sees_are_left_out_and_what_is_seen_stays() -> None:
    assert visible("\u202e老\u200b板\u2060不\ufeff发\u00ad工资\u202c") == "老板不发工资"
    assert (
        visible("一家三口 👨\u200d👩\u200d👧，１８个人——（沙市）") == "一家三口 👨\u200d👩\u200d👧，１８个人——（沙市）"
    )


def test_digits_and_spaces_of_any_kind_are_one_kind() -> None:
    assert plain("１３８\u00a0٠١٢\u3000𝟑𝟒\u200d𝟓 ① ² 三") == "138 012 345 ① ² 三"
