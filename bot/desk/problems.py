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
    EMAIL_SHAPE = "This is no mail address: write one such as wang.fang@example.org, or none."
    EMAIL_TAKEN = "Another account has this mail address."
    JOURNEY_GONE = "This login was begun too long ago, in another browser, or is done already: begin anew."
    PROVIDER_SILENT = "The identity provider does not answer: try again, or log in with a password."
    PROVIDER_REFUSED = "The identity provider did not let the person in."
    PROVIDER_DISTRUSTED = "What the identity provider said does not hold: the log says what of it."
    NOT_INVITED = "The identity provider knows the person, but no account of ours is theirs: invite them."
    IDENTITY_TAKEN = "This identity is another account's."


class StaffError(NiangjiaError):
    """Say why something was not done with an account."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem
