"""Mistake: coroutines and gather, but fetch blocks the loop: nothing runs beside it.

Must fail: pool_is_full, slow_one_stalls_nobody
May fail: -
"""

import asyncio
import urllib.request


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    limit = asyncio.Semaphore(max_workers)

    async def one(url):
        async with limit:
            return fetch(url)

    async def main():
        return await asyncio.gather(*map(one, urls), return_exceptions=True)

    return asyncio.run(main())
