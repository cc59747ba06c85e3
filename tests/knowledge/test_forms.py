from pathlib import Path

import pytest

from knowledge.entries import DirectoryError
from knowledge.forms import Kind, load_forms

DOCUMENTS = Path("knowledge/documents")


def test_every_form_rests_on_a_shipped_document() -> None:
    for form in load_forms().forms.values():
        assert form.service is None or (DOCUMENTS / f"{form.service}.md").exists()
        assert (form.service is None) == (form.category is None)


def test_every_form_asks_where_so_that_it_can_be_routed() -> None:
    for form in load_forms().forms.values():
        assert any(question.kind is Kind.PLACE and question.required for question in form.questions)


def test_a_service_is_found_by_the_name_that_a_worker_gives_it() -> None:
    forms = load_forms()
    named = forms.named("我想给伢申请金秋助学")
    assert named is not None
    assert named.id == "tuition"
    assert forms.named("老板不发工资") is None


def test_a_form_that_asks_what_is_not_there_is_told(tmp_path: Path) -> None:
    file = tmp_path / "forms.yaml"
    file.write_text("questions: []\nforms:\n  - {id: grievance, title: 反映, questions: [story]}\n", "utf-8")
    with pytest.raises(DirectoryError, match="asks story, which is no question"):
        load_forms(file)
