"""What the union knows, and how it is found."""
