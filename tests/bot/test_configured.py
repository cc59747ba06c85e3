import pytest

from bot.app.configured import reader_of
from bot.settings import Settings
from bot.texts import Reader


@pytest.mark.parametrize(
    ("url", "place", "reader"),
    [
        ("http://localhost:11434/v1", None, Reader.IN_HOUSE),
        ("http://127.0.0.1:11434/v1", None, Reader.IN_HOUSE),
        ("http://[::1]:11434/v1", None, Reader.IN_HOUSE),
        ("http://10.3.0.7/v1", None, Reader.IN_HOUSE),
        ("http://192.168.1.20:8000/v1", None, Reader.IN_HOUSE),
        ("https://8.8.8.8/v1", None, Reader.UNKNOWN),
        ("https://api.example.com/v1", None, Reader.UNKNOWN),
        ("https://localhost.example.com/v1", None, Reader.UNKNOWN),
        ("https://api.example.com/v1", "in-china", Reader.IN_CHINA),
        ("http://127.0.0.1:4000/v1", "abroad", Reader.ABROAD),  # it hands questions on
    ],
)
def test_where_a_chat_model_stands_is_what_the_operator_says_or_its_address_proves(
    url: str, place: str | None, reader: Reader
) -> None:
    assert reader_of(Settings(_env_file=None, llm_base_url=url, llm_model="m", llm_place=place)) is reader
