"""Mistake: each call makes a semaphore of its own, so none of them waits for any other.

Must fail: pool_is_full, never_more_than_allowed
May fail: -
"""

import asyncio
import urllib.request
from concurrent.futures import ThreadPoolExecutor


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")

    async def one(url):
        async with asyncio.Semaphore(max_workers):
            return await asyncio.to_thread(fetch, url)

    async def main():
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(50))
        return await asyncio.gather(*map(one, urls), return_exceptions=True)

    return asyncio.run(main())
