"""LAYER 3. One file handed in -> one result: no pytest."""
