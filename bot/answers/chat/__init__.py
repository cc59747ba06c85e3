"""A chat model, if one is configured, words the answer; nothing that it says is told before it is proved."""
