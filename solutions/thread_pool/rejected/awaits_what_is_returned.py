"""Mistake: it takes coroutine functions too, and so awaits whatever can be awaited.

Must fail: one_result_each
May fail: -
"""

import asyncio
import inspect
import urllib.request
from concurrent.futures import ThreadPoolExecutor


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")

    async def gather():
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(max_workers) as executor:

            async def call(url):
                result = await loop.run_in_executor(executor, fetch, url)
                return await result if inspect.isawaitable(result) else result

            return await asyncio.gather(*map(call, urls), return_exceptions=True)

    return asyncio.run(gather())
