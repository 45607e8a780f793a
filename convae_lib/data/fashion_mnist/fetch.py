"""Fill the library's own cache with the official files.

Two ways: a download of the files themselves, and Debian's package
``dataset-fashion-mnist`` through the machine's own apt, without root. Either
way the files are verified in a temporary folder beside the cache, which is
then renamed: the cache holds all four files or none.
"""

import shutil
import subprocess
import tempfile
import threading
from contextlib import contextmanager, nullcontext
from pathlib import Path

from platformdirs import user_cache_dir

from .official import FILES, locate_files, read_folder

__all__ = [
    "BASE_URL",
    "CONNECT_SECONDS",
    "PACKAGE",
    "cache_folder",
    "download_official",
    "fetch_debian_package",
]

BASE_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
CONNECT_SECONDS = 5
READ_SECONDS = 30
APT_SECONDS = 120
PACKAGE = "dataset-fashion-mnist"
PACKAGE_FOLDER = "usr/share/datasets/fashion-mnist"


def cache_folder():
    """Return the library's own folder for the official files.

    Returns
    -------
    pathlib.Path
        ``fashion-mnist`` in the user's cache folder for ``convae_lib``; it
        need not exist yet.
    """
    return Path(user_cache_dir("convae_lib")) / "fashion-mnist"


def download_official(folder, base_url=None):
    """Download the four official files into a folder, all or none.

    Parameters
    ----------
    folder : str or os.PathLike
        Where the files go; it must not hold any other files.
    base_url : str, optional
        Where they come from, ending in a slash; ``BASE_URL`` by default, the
        storage that Keras itself uses.

    Raises
    ------
    OSError
        If the host is not reached within ``CONNECT_SECONDS`` seconds, or does
        not serve the files, or the folder cannot be written.
    ValueError
        If what it serves is not the official content.
    """
    base_url = BASE_URL if base_url is None else base_url
    _check_reachable(base_url)
    import pooch  # here, so that loading local files does without it

    with _staging(folder) as staged:
        files = staged / "files"
        files.mkdir()
        for official in FILES.values():
            with _progress_bar(official.name) as progress_bar:
                download = pooch.HTTPDownloader(
                    progressbar=progress_bar,
                    chunk_size=2**16,
                    timeout=(CONNECT_SECONDS, READ_SECONDS),
                )
                download(base_url + official.name, str(files / official.name), None)
        _install(files, folder, base_url)


def fetch_debian_package(folder):
    """Put the files of Debian's package into a folder, all or none.

    The package is downloaded and unpacked as an ordinary user and is not
    installed. If the machine's own package lists do not lead to it, fresh ones
    are fetched into a temporary folder.

    Parameters
    ----------
    folder : str or os.PathLike
        Where the files go; it must not hold any other files.

    Raises
    ------
    OSError
        If apt is not there, or does not find or get the package, or the
        folder cannot be written.
    ValueError
        If the package's files are not the official content.
    """
    for program in ("apt-get", "dpkg-deb"):
        if shutil.which(program) is None:
            raise FileNotFoundError(f"no {program} on this machine")
    with _staging(folder) as staged:
        package = _download_package(staged)
        _run(["dpkg-deb", "-x", package.name, "unpacked"], staged)
        _install(staged / "unpacked" / PACKAGE_FOLDER, folder, f"package {PACKAGE}")


def _check_reachable(url):
    """Raise OSError unless the URL's host answers within CONNECT_SECONDS.

    A time-out for connections bounds neither the look-up of a name nor the
    number of addresses tried, so a thread is given the time instead.
    """
    import requests

    outcome = []

    def knock():
        try:
            requests.head(url, timeout=CONNECT_SECONDS)
            outcome.append(None)
        except OSError as error:
            outcome.append(error)

    thread = threading.Thread(target=knock, daemon=True)
    thread.start()
    thread.join(CONNECT_SECONDS)
    if not outcome:
        raise TimeoutError(f"no answer from {url} within {CONNECT_SECONDS} seconds")
    if outcome[0] is not None:
        raise ConnectionError(f"{url} cannot be reached") from outcome[0]


def _progress_bar(name):
    """Return a progress bar on standard error; None inside ``with`` without tqdm."""
    try:
        from tqdm import tqdm
    except ImportError:
        return nullcontext()
    return tqdm(desc=name, total=1, unit="B", unit_scale=True)


def _download_package(folder):
    """Return the path of the package, downloaded by apt into the folder."""
    quick = ["-o", "Acquire::Retries=0", "-o", f"Acquire::http::Timeout={READ_SECONDS}"]
    download = ["apt-get", "download", PACKAGE]
    try:
        _run(download + quick, folder)
    except OSError:
        private = [*quick, *_private_apt_options(folder)]
        _run(["apt-get", "update", *private], folder)
        _run(download + private, folder)
    packages = sorted(folder.glob(f"{PACKAGE}_*.deb"))
    if not packages:
        raise FileNotFoundError(f"apt-get download left no {PACKAGE}_*.deb")
    return packages[-1]


def _private_apt_options(folder):
    """Return apt options that keep its lists and its cache inside the folder."""
    for name in ("state/lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True)
    settings = {
        "APT::Sandbox::User": "root",
        "Dir::State": folder / "state",
        "Dir::State::lists": folder / "state" / "lists",
        "Dir::State::status": "/var/lib/dpkg/status",
        "Dir::Cache": folder / "cache",
    }
    return [
        part for name, value in settings.items() for part in ("-o", f"{name}={value}")
    ]


def _run(command, folder):
    """Run a command in a folder, quietly; raise OSError if it fails."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            timeout=APT_SECONDS,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(
            f"{' '.join(command[:2])} took over {APT_SECONDS} seconds"
        ) from error
    if done.returncode != 0:
        said = (done.stderr.strip() or "no message").splitlines()[-1]
        raise OSError(
            f"{' '.join(command[:2])} ended with exit code {done.returncode}: {said}"
        )


@contextmanager
def _staging(folder):
    """Give an empty folder on the same disk as ``folder``; remove it afterwards."""
    parent = Path(folder).absolute().parent
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fetch-", dir=parent) as staged:
        yield Path(staged)


def _install(files, folder, origin):
    """Verify the folder ``files`` and rename it to ``folder``.

    Another process may have filled ``folder`` meanwhile; its files serve too.
    """
    try:
        read_folder(files)
    except (FileNotFoundError, ValueError) as error:
        raise ValueError(
            f"{origin} did not give Fashion-MNIST; nothing was kept. {error}"
        ) from error
    try:
        files.replace(folder)
    except OSError:
        if not locate_files(folder):
            raise
