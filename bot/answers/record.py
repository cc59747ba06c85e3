"""An answer as the JSON object that `niangjia ask --json` and `--batch` print."""

from typing import Any

from bot.answers.model import Answer
from knowledge.model import Citation, ScoredPassage, Statute


def answer_record(answer: Answer, question_id: str | None = None) -> dict[str, Any]:
    """Return the answer's JSON object; `question_id` opens it where a question set is answered."""
    record: dict[str, Any] = {} if question_id is None else {"id": question_id}
    return record | {
        "status": answer.status.value,
        "confidence": round(answer.confidence, 4),
        "answer": answer.text,
        "citations": [_citation(citation) for citation in answer.citations],
        "passages": [_passage(found) for found in answer.passages],
        "elapsed_ms": round(answer.elapsed_ms, 2),
    }


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "source": citation.source,
        "title": citation.title,
        "law": citation.law,
        "article": citation.article,
        "quote": citation.quote,
        "span": [citation.start, citation.end],
        "path": list(citation.path),
        "date": citation.issued.isoformat() if citation.issued else None,
        **_statutes(citation.statutes),
    }


def _passage(found: ScoredPassage) -> dict[str, Any]:
    passage = found.passage
    return {
        "source": passage.source,
        "title": passage.title,
        "law": passage.law,
        "article": passage.article,
        "record": passage.record,
        "path": list(passage.path),
        "text": passage.text,
        "score": round(found.score, 4),
        **_statutes(passage.statutes),
    }


def _statutes(statutes: tuple[Statute, ...]) -> dict[str, Any]:
    return {"statutes": [{"law": s.law, "article": s.article} for s in statutes]} if statutes else {}
