"""LAYER 4. The pytest plugin; `hooks` is what pytest loads."""
