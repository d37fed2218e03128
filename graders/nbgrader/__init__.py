"""Katas as assignments of nbgrader: notebooks out, submissions in. Imported only where it is used."""
