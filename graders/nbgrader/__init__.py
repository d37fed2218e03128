"""LAYER 4. Katas as assignments of nbgrader: notebooks out, submissions in. Nothing here is imported unless it is used."""
