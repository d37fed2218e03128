"""The pytest plugin; `hooks` is what pytest loads."""
