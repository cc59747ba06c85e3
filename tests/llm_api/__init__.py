"""A chat service that speaks OpenAI's protocol, on the loopback, and says what a test has written for it."""

from tests.llm_api.server import KEY, MODEL, Fault, LlmApi, Said

__all__ = ["KEY", "MODEL", "Fault", "LlmApi", "Said"]
