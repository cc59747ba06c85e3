"""The duty roster at the desk: who is called when, and by what."""
