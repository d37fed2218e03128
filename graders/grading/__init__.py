"""One file handed in -> one result: no pytest."""
