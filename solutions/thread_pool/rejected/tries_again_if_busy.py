"""Mistake: a server that says that it is busy is asked once more.

Must fail: one_result_each
May fail: -
"""

import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")

    def attempt(url, tries=3):
        try:
            return fetch(url)
        except urllib.error.HTTPError as error:
            if error.code in (429, 503) and tries > 1:
                return attempt(url, tries - 1)
            return error
        except Exception as error:
            return error

    with ThreadPoolExecutor(max_workers) as executor:
        return list(executor.map(attempt, urls))
