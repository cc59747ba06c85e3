"""The root of every error that this package raises on purpose."""


class NiangjiaError(Exception):
    """Say in one sentence what went wrong and what to do about it."""
