from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.desk.ports import Session
from bot.desk.staff import PERMISSIONS, Permission, Role, Staff, manages, reach
from knowledge.organizations import load_organizations
from tests.bot.desk.office import CITY, COUNTY, OTHER_CITY, PROVINCE

EVERYBODY = {"own account", "today", "see figures", "see directory", "see duty"}
ALLOWED = {
    Role.CLERK: EVERYBODY | {"see cases", "work cases"},
    Role.SUPERVISOR: EVERYBODY | {"see staff", "see cases", "work cases", "keep duty", "keep canned"},
    Role.ADMIN: EVERYBODY
    | {"see staff", "manage staff", "read audit", "keep knowledge", "keep directory", "keep duty", "keep canned"},
    Role.AUDITOR: EVERYBODY | {"see staff", "read audit", "see cases"},
}
ADMIN = Staff("00000001", "admin", "甲", Role.ADMIN, (CITY,), datetime(2026, 11, 21, tzinfo=UTC))
CLERK = replace(ADMIN, id="00000002", role=Role.CLERK)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
def test_a_role_may_what_its_row_says_and_nothing_else(role: Role, permission: Permission) -> None:
    assert replace(ADMIN, role=role).may(permission) is (permission.value in ALLOWED[role])
    assert set(PERMISSIONS) == set(Role)


def test_a_union_reaches_itself_and_all_below_it() -> None:
    organizations = load_organizations()
    assert reach([COUNTY], organizations) == {COUNTY}
    city = reach([CITY], organizations)
    assert {CITY, COUNTY} < city
    assert not city & {PROVINCE, OTHER_CITY}
    assert reach([PROVINCE], organizations) == set(organizations.organizations)
    assert reach([COUNTY, OTHER_CITY], organizations) > {COUNTY, OTHER_CITY}
    assert reach(["a union that is gone"], organizations) == {"a union that is gone"}


@pytest.mark.parametrize(
    ("admin", "other", "expected"),
    [
        (ADMIN, CLERK, True),
        (ADMIN, replace(CLERK, unions=(COUNTY,)), True),
        (ADMIN, replace(CLERK, role=Role.ADMIN), True),
        (ADMIN, ADMIN, False),
        (ADMIN, replace(CLERK, unions=(PROVINCE,)), False),
        (ADMIN, replace(CLERK, unions=(COUNTY, OTHER_CITY)), False),
        (replace(ADMIN, unions=(COUNTY,)), CLERK, False),
        (replace(ADMIN, role=Role.SUPERVISOR), CLERK, False),
        (replace(ADMIN, role=Role.AUDITOR), CLERK, False),
    ],
)
def test_an_admin_manages_others_within_their_unions(admin: Staff, other: Staff, expected: bool) -> None:
    assert manages(admin, other, load_organizations()) is expected


def test_only_an_admin_must_have_a_second_factor_here_or_at_the_provider() -> None:
    def of(staff: Staff, strong: bool = False) -> Session:
        return Session("id", staff, True, "Firefox", staff.created_at, staff.created_at, strong)

    assert of(ADMIN).must_add_factor
    assert not of(ADMIN, strong=True).must_add_factor
    assert not of(replace(ADMIN, second_factor=True)).must_add_factor
    assert not of(CLERK).must_add_factor
