"""A home's own questions: from a spreadsheet, or written by a chat model and approved by a person."""
