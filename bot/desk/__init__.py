"""The desk: the web console that staff of a union work at."""
