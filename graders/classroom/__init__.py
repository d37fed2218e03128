"""A class: a folder with the files of its students, and one file with all scores."""
