"""What can go wrong with an account: each in English for the command line, and in Chinese in `texts.py`."""

from enum import StrEnum

from knowledge.errors import NiangjiaError


class Problem(StrEnum):
    """Why something was not done."""

    LOGIN_SHAPE = "A login is 3 to 32 lower-case letters, digits, dots or hyphens and begins with a letter or a digit."
    LOGIN_TAKEN = "This login is taken: choose another."
    NAME = "A name is 1 to 32 characters."
    NO_UNION = "Name at least one union."
    UNKNOWN_UNION = "This is no union of knowledge/directory/organizations.yaml, or none below those of the admin."
    UNKNOWN_STAFF = "There is nobody with this login."
    NOT_YOURS = "This account is not the admin's to change."
    LINK_GONE = "The link was used or is too old: ask for a new one."
    PASSWORD_SHORT = "The password is too short."  # noqa: S105 - a complaint
    PASSWORD_LONG = "The password is too long."  # noqa: S105 - a complaint
    PASSWORD_COMMON = "The password is too easily guessed."  # noqa: S105 - a complaint
    PASSWORD_LIKE_LOGIN = "The password holds the login."  # noqa: S105 - a complaint
    PASSWORDS_DIFFER = "The two passwords differ."
    WRONG_PASSWORD = "The password is wrong."  # noqa: S105 - a complaint
    WRONG_LOGIN = "Login or password is wrong."
    WRONG_CODE = "The code is wrong or was used."
    FACTOR_NEEDED = "An admin needs a second factor."


class StaffError(NiangjiaError):
    """Say why something was not done with an account."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem
