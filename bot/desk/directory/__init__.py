"""The directory at the desk: what is local is confirmed here, everything else is shown with where it comes from."""
