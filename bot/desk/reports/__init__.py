"""The weekly and the monthly report: counts of what came in and what became of it, and nothing of anybody."""
