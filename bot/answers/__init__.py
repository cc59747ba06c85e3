"""A question and its earlier turns become an answer with its sources, or an honest no."""
