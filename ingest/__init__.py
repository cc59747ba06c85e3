"""How the union learns: documents become passages of a new index generation."""
