import pytest

from bot.cases.routing import Directory, Route, route
from knowledge.categories import load_categories
from knowledge.organizations import load_organizations
from knowledge.regions import load_regions
from knowledge.vocabulary import Category

DIRECTORY = Directory(load_organizations(), load_categories())


def routed(text: str, *categories: Category, conflict: bool = False) -> Route:
    """Route a matter by what the worker wrote of the place."""
    regions = load_regions()
    mentioned = regions.mentioned(text)
    return route(
        categories or (Category.WAGE_ARREARS,),
        mentioned[0] if mentioned else None,
        regions.places(text),
        DIRECTORY,
        conflict=conflict,
        elsewhere=regions.elsewhere(text),
    )


@pytest.mark.parametrize(
    ("text", "union"),
    [
        ("沙市一个工地", "沙市区总工会"),
        ("荆州一个工地", "荆州市总工会"),
        ("我是城发集团的", "荆州城发集团工会"),
        ("竹山县", "竹山县总工会"),
        ("武汉海关", "湖北省直属机关工会"),
        ("没说在哪", "湖北省总工会"),
    ],
)
def test_a_matter_goes_to_the_nearest_union(text: str, union: str) -> None:
    assert routed(text).organization == union


def test_the_reason_is_told_in_words() -> None:
    found = routed("沙市一个工地")
    assert found.department == "rights"
    assert found.reason == "您说的地方是沙市，归沙市区总工会。“欠薪”这类事，由维权和法律服务部门办理。"


def test_a_complaint_about_a_union_goes_one_level_up() -> None:
    found = routed("沙市", conflict=True)
    assert (found.organization, found.department) == ("荆州市总工会", "office")
    assert "自己的事自己不好查" in found.reason
    assert routed("沙市", Category.UNION_COMPLAINT).organization == "荆州市总工会"
    assert routed("城发", Category.UNION_COMPLAINT).organization == "荆州市总工会"


def test_nobody_stands_above_the_province() -> None:
    found = routed("没说在哪", conflict=True)
    assert found.organization == "湖北省总工会"
    assert "没有关系的人" in found.reason


def test_a_place_outside_the_regions_is_that_citys_12351() -> None:
    found = routed("在武汉的工地")
    assert (found.organization, found.elsewhere) == (None, ("武汉",))
    assert "12351" in found.reason


def test_a_place_of_ours_wins_over_one_elsewhere() -> None:
    assert routed("从武汉到沙市干活").organization == "沙市区总工会"


def test_the_bodies_outside_come_with_what_to_bring_and_by_when() -> None:
    found = routed("沙市", Category.WORK_INJURY, Category.WAGE_ARREARS)
    assert [body.id for body in found.bodies][:2] == ["injury", "social-insurance"]
    assert len({body.id for body in found.bodies}) == len(found.bodies)
    by_id = {body.id: body for body in found.bodies}
    assert "《工伤保险条例》第十七条" in by_id["injury"].limit
    assert "身份证" in by_id["inspection"].bring
    assert "《劳动保障监察条例》第二十条" in by_id["inspection"].limit
