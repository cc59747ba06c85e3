"""How the union talks and acts."""
