"""The desk's knowledge: what the bot answers from, and how admins keep it right."""
