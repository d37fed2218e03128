"""Grades one submitted file and returns one result, without pytest."""
