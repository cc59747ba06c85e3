from pathlib import Path

import pytest

from knowledge.regions import Region, Regions, RegionsError, load_regions


@pytest.fixture
def regions() -> Regions:
    return load_regions()


def test_a_workers_words_name_the_region(regions: Regions) -> None:
    assert regions.mentioned("我在沙市上班，工资没发") == ("荆州市",)
    assert regions.mentioned("丹江口的厂") == ("十堰",)


def test_regions_come_once_and_in_the_order_of_the_text(regions: Regions) -> None:
    assert regions.mentioned("随州和荆州，还有随县") == ("随州", "荆州市")


def test_the_longest_name_wins_so_a_company_is_not_its_city(regions: Regions) -> None:
    assert regions.mentioned("荆州城发集团的职工") == ("荆州城发",)


def test_a_city_elsewhere_is_not_the_district_that_its_name_holds(regions: Regions) -> None:
    assert regions.mentioned("我在长沙市打工") == ()
    assert regions.elsewhere("我在长沙市打工") == ("长沙",)


def test_a_place_keeps_the_word_that_the_worker_used(regions: Regions) -> None:
    assert regions.places("长沙转到沙市，再到斗湖堤，沙市") == ("沙市", "斗湖堤")


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("我在城发上班", "荆州城发"),
        ("房县城发传单", "十堰"),
        ("省博物馆保安", "省直"),
        ("丹江口的厂", "十堰"),
        ("牡丹江的厂", None),
    ],
)
def test_everyday_names_of_counties_and_employers_are_known(regions: Regions, text: str, region: str | None) -> None:
    assert regions.mentioned(text) == ((region,) if region else ())


def test_masking_hides_places_and_leaves_words_that_only_look_like_them(regions: Regions) -> None:
    assert regions.masked("沙市和武汉，县城发工资", "〇") == "〇和〇，县城发工资"


def test_a_place_elsewhere_is_told_apart_from_regions(regions: Regions) -> None:
    assert regions.elsewhere("武汉和荆州哪个多") == ("武汉",)


@pytest.mark.parametrize(
    "text",
    [
        "全省直接发放",
        "推广水性涂料",
        "公租住房县里有吗",
        "孙中山",
        "县城发工资",
        "总监利用职权",
        "汽车城",
        "农贸沙市场",
        "石首先",
    ],
)
def test_words_that_only_look_like_places_are_none(regions: Regions, text: str) -> None:
    assert regions.mentioned(text) == ()
    assert regions.elsewhere(text) == ()


def test_a_region_admits_its_own_its_parents_and_what_holds_everywhere(regions: Regions) -> None:
    assert regions.admits("荆州城发", ("荆州城发",))
    assert regions.admits("荆州城发", ("荆州市",))
    assert regions.admits("荆州城发", ())


def test_a_region_admits_neither_its_neighbours_nor_its_children(regions: Regions) -> None:
    assert not regions.admits("十堰", ("随州",))
    assert not regions.admits("荆州市", ("荆州城发",))


def test_who_has_not_said_where_they_are_is_admitted_everywhere(regions: Regions) -> None:
    assert regions.admits(None, ("随州",))


@pytest.mark.parametrize(
    ("title", "source", "region"),
    [
        ("荆州城发集团工会书写新篇章", "seeds/a.txt", ("荆州城发",)),
        ("凝聚工力量", "seeds/荆州城发集团工会-综述.txt", ("荆州城发",)),
        ("在荆州市工会第六次代表大会上的报告", "seeds/a.txt", ("荆州市",)),
        ("2023年湖北省直属机关工会工作综述", "seeds/a.txt", ("省直",)),
        ("劳动合同法", "laws/劳动合同法.md", ()),
        ("通知", "通知/十堰/2024.txt", ("十堰",)),
    ],
)
def test_a_documents_region_is_told_by_title_then_file_then_folder(
    regions: Regions, title: str, source: str, region: tuple[str, ...]
) -> None:
    assert regions.of_document(title, source) == region


def test_every_parent_must_be_a_region() -> None:
    with pytest.raises(RegionsError, match="甲"):
        Regions([Region("乙", "乙工会", ("乙",), parent="甲")])


def test_a_region_without_names_is_refused_with_the_files_name(tmp_path: Path) -> None:
    file = tmp_path / "regions.yaml"
    file.write_text("regions:\n  - id: 甲\n    union: 甲工会\n", encoding="utf-8")
    with pytest.raises(RegionsError, match=r"regions\.yaml"):
        load_regions(file)
