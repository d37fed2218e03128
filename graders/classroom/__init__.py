"""A class: whose files are in a folder, and the scores of all of them in one file."""
