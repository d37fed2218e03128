"""Katas as nbgrader assignments: makes their notebooks and grades submissions. Imported only when it is used."""
