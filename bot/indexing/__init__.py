"""Indexing beside the bot: processes of their own that build an index and read what people bring."""
