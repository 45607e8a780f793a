"""Take the official files from Debian's package, which need not be installed.

The machine's own apt downloads the package ``dataset-fashion-mnist`` as an ordinary
user, into a temporary folder.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

from .official import FILES
from .reading import locate_files, read_bytes

__all__ = ["PACKAGE", "fetch_debian_package"]

PACKAGE = "dataset-fashion-mnist"
PACKAGE_FOLDER = "usr/share/datasets/fashion-mnist"
READ_SECONDS = 30
APT_SECONDS = 120


def fetch_debian_package():
    """Return the official files of Debian's package.

    If the machine's own package lists do not lead to it, fresh ones are fetched
    into a temporary folder.

    Returns
    -------
    dict of str to bytes
        A file for each key of ``FILES``, not verified yet.

    Raises
    ------
    OSError
        If apt is not there, or does not find or get the package, or no temporary
        folder can be written.
    """
    for program in ("apt-get", "dpkg-deb"):
        if shutil.which(program) is None:
            raise FileNotFoundError(f"no {program} on this machine")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        folder = Path(folder)
        package = _download_package(folder)
        _run(["dpkg-deb", "-x", package.name, "unpacked"], folder)
        paths = locate_files(folder / "unpacked" / PACKAGE_FOLDER)
        if not paths:
            raise FileNotFoundError(f"package {PACKAGE} holds no Fashion-MNIST files")
        return {key: read_bytes(path, FILES[key]) for key, (path, *_) in paths.items()}


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
