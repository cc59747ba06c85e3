from datetime import date

from bot.forms.draft import Draft, Step, advance, ask, back, finish, missing, put, read, skip, understand, unnamed
from knowledge.forms import GRIEVANCE, load_forms
from knowledge.regions import load_regions

TODAY = date(2026, 11, 21)
FORM = load_forms()[GRIEVANCE]
REGIONS = load_regions()


def test_what_the_story_tells_is_not_asked_again() -> None:
    story = "我们18个人在沙市万达广场工地干活，从今年3月起一分钱没拿到"
    draft = understand(FORM, put(Draft("d", GRIEVANCE), "story", story), story, REGIONS, TODAY)
    assert draft.values == {
        "story": story,
        "employer": "沙市万达广场工地",
        "place": "沙市",
        "since": "今年3月",
        "people": "18",
    }
    assert [question.id for question in missing(FORM, draft)] == ["wish", "name", "phone"]


def test_who_stays_unnamed_is_asked_neither_name_nor_telephone() -> None:
    draft = Draft("d", GRIEVANCE, anonymous=True)
    assert {"name", "phone"}.isdisjoint(question.id for question in missing(FORM, draft))


def test_who_does_not_want_to_be_named_any_more_leaves_no_name_behind() -> None:
    named = put(put(Draft("d", GRIEVANCE), "name", "小王"), "phone", "13800001234")
    assert unnamed(FORM, named).values == {}


def test_who_hands_in_early_is_asked_only_what_is_needed() -> None:
    told = put(Draft("d", GRIEVANCE), "story", "不发工资")
    assert finish(FORM, told).asked == "employer"
    placed = put(put(told, "employer", "华美服装厂"), "place", "沙市")
    assert finish(FORM, placed).step is Step.CHECKING


def test_questions_come_in_the_order_of_the_form_until_the_check() -> None:
    draft, asked = Draft("d", GRIEVANCE), []
    while (draft := advance(FORM, draft)).step is Step.ASKING:
        assert draft.asked is not None
        asked.append(draft.asked)
        draft = put(draft, draft.asked, "话")
    assert asked == [question.id for question in FORM.questions]
    assert draft.step is Step.CHECKING


def test_the_way_back_asks_again_and_keeps_what_was_said() -> None:
    first = put(advance(FORM, Draft("d", GRIEVANCE)), "story", "不发工资")
    second = advance(FORM, first)
    assert second.asked == "employer"
    returned = back(second)
    assert (returned.asked, returned.value("story")) == ("story", "不发工资")
    assert back(returned).asked == "story"
    assert advance(FORM, put(returned, "story", "不发奖金")).asked == "employer"


def test_from_the_check_the_way_back_leads_to_the_last_question() -> None:
    draft = Draft("d", GRIEVANCE)
    while (draft := advance(FORM, draft)).step is Step.ASKING:
        draft = put(draft, draft.asked or "", "话")
    assert back(draft).asked == "phone"


def test_what_was_skipped_can_still_be_said() -> None:
    draft = skip(put(Draft("d", GRIEVANCE), "since", "去年"), "since")
    assert draft.value("since") is None
    assert "since" not in {question.id for question in missing(FORM, draft)}
    assert put(ask(draft, "since"), "since", "今年").value("since") == "今年"


def test_a_reply_is_read_by_the_kind_of_its_question() -> None:
    assert read(FORM.question("people"), "大概二十", REGIONS, TODAY) == "20"
    assert read(FORM.question("phone"), "不方便说", REGIONS, TODAY) is None
    assert read(FORM.question("place"), "荆州沙市区", REGIONS, TODAY) == "荆州沙市区"
    assert read(FORM.question("place"), "哦我写错了，是随州曾都", REGIONS, TODAY) == "随州曾都"
    assert read(FORM.question("since"), "大概是从今年三月开始的吧", REGIONS, TODAY) == "大概是从今年三月开始的吧"
