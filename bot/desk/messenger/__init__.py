"""The desk in the messenger: staff link their account there, and work on cases from the group or in private."""
