"""Route: asyncio.gather over an executor of max_workers threads, behind a semaphore."""

import asyncio
import urllib.request
from concurrent.futures import ThreadPoolExecutor


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")

    async def main():
        loop = asyncio.get_running_loop()
        # The default executor has min(32, cpus + 4) threads, which may be too few.
        loop.set_default_executor(ThreadPoolExecutor(max_workers))
        limit = asyncio.Semaphore(max_workers)

        async def one(url):
            async with limit:
                return await asyncio.to_thread(fetch, url)

        return await asyncio.gather(*map(one, urls), return_exceptions=True)

    return asyncio.run(main())
