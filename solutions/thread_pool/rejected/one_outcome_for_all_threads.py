"""Mistake: what a call gave passes through an attribute that all threads share, where another call may put its own.

Must fail: one_result_each
May fail: order_holds, pool_is_full, slow_one_stalls_nobody, failure_in_its_place, bad_limits
"""

import urllib.request
from concurrent.futures import ThreadPoolExecutor


class Fetcher:
    def __init__(self, fetch, count):
        self.fetch = fetch
        self.page = None
        self.pages = [None] * count

    def one(self, place, url):
        try:
            self.page = self.fetch(url)
        except Exception as error:
            self.page = error
        self.pages[place] = self.page


def fetch(url):
    with urllib.request.urlopen(url) as response:
        return response.read().decode()


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    urls = list(urls)
    fetcher = Fetcher(fetch, len(urls))
    with ThreadPoolExecutor(max_workers) as executor:
        for place, url in enumerate(urls):
            executor.submit(fetcher.one, place, url)
    return fetcher.pages
