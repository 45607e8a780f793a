"""Download the four official files into memory, and give up in time.

Nothing is written: what is on its way, whatever its length, fills no disk, and
leaves nothing behind where the program is killed.
"""

import sys
import threading

from .official import FILES

__all__ = ["BASE_URL", "CONNECT_SECONDS", "TOTAL_SECONDS", "download_official"]

BASE_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
CONNECT_SECONDS = 5  # until the host answers
READ_SECONDS = 30  # of silence
TOTAL_SECONDS = 600  # for all files, 30 MB
CHUNK_BYTES = 2**14


def download_official(base_url=None):
    """Download the four official files.

    Parameters
    ----------
    base_url : str, optional
        Where they come from, ending in a slash; ``BASE_URL`` by default, the
        storage that Keras itself uses.

    Returns
    -------
    dict of str to bytes
        A file for each key of ``FILES``, not verified yet.

    Raises
    ------
    OSError
        If the host does not answer within ``CONNECT_SECONDS`` seconds, is silent
        for ``READ_SECONDS``, has not served all files after ``TOTAL_SECONDS``, or
        does not serve them; says what stands in the way.
    """
    import requests  # here, so that loading local files does without it

    base_url = BASE_URL if base_url is None else base_url
    session = requests.Session()
    session.headers["Accept-Encoding"] = "identity"

    def knock(stopped):
        session.head(base_url, timeout=CONNECT_SECONDS)

    def download(stopped):
        return {
            key: _download(session, base_url + official.name, official.largest, stopped)
            for key, official in FILES.items()
        }

    try:
        _within(CONNECT_SECONDS, knock, "no answer")
        print(f"Fashion-MNIST, 30 MB, is fetched from {base_url}", file=sys.stderr)
        return _within(TOTAL_SECONDS, download, "not all files are served")
    except (OSError, ValueError) as error:  # ValueError: a malformed address
        kind = TimeoutError if isinstance(error, TimeoutError) else ConnectionError
        raise kind(
            f"{base_url} cannot be reached: {_reason(error, base_url)}"
        ) from error


def _within(seconds, work, late):
    """Return what ``work`` returns, or raise TimeoutError if it takes longer.

    Time-outs of connections bound neither the look-up of a name, nor the number of
    addresses tried, nor a host that trickles, so a thread is given the time instead.
    ``work`` is handed an event that tells it to stop.
    """
    stopped, outcome = threading.Event(), []

    def run():
        try:
            outcome.append((work(stopped), None))
        except Exception as error:  # raised again below, where it can be caught
            outcome.append((None, error))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        thread.join(seconds)
    finally:
        stopped.set()
    if not outcome:
        raise TimeoutError(f"{late} within {seconds} seconds")
    result, error = outcome[0]
    if error is not None:
        raise error
    return result


def _download(session, url, most, stopped):
    """Return what a URL serves, the first ``most`` bytes and little more of it."""
    content = bytearray()
    with session.get(
        url, stream=True, timeout=(CONNECT_SECONDS, READ_SECONDS)
    ) as response:
        response.raise_for_status()
        for chunk in response.iter_content(CHUNK_BYTES):
            content += chunk
            if len(content) > most or stopped.is_set():
                break
    return bytes(content)


def _reason(error, url):
    """Say in one line why there is no download, and what helps."""
    from requests.exceptions import SSLError
    from requests.utils import get_environ_proxies, select_proxy

    first = error  # what lies behind it, which requests wraps a few times
    while first.__cause__ or first.__context__:
        first = first.__cause__ or first.__context__
    said = " ".join(str(getattr(first, "strerror", None) or first).split())
    if isinstance(error, SSLError):
        said += (
            " (its certificate is refused; where a proxy shows its own, name the file "
            "that vouches for it in REQUESTS_CA_BUNDLE)"
        )
    if select_proxy(url, get_environ_proxies(url)):
        said += " (by way of a proxy; correct or unset HTTPS_PROXY and ALL_PROXY)"
    return said
