"""Forms: what a worker has said of a matter, and what is still to be asked."""
