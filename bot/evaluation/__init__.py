"""Measure a generation with question sets: what is found, what is answered, and where it goes wrong."""
