"""Networks of others, opened for surgery."""
