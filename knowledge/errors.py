"""The one root of every error that Niangjia raises on purpose."""


class NiangjiaError(Exception):
    """Say in one sentence what went wrong and what to do about it."""
