"""Notices: staff are called to what waits for them, and told nothing about anybody."""
