"""Ray, started on this machine or connected to, and quiet."""

import logging
import os
import re
import shutil
import socket
import tempfile
import warnings
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

__all__ = ["first_line", "ray_session", "read_address"]

TEMPORARY = "convae-ray-"  # then the process that made it
STARTS = 3  # of Ray on this machine: it gives up where much else runs

QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_agent_register_timeout_ms": "120000",  # where much else runs
}


def read_address(address):
    """Return the address of a cluster of Ray; refuse what is none, or if Ray lacks.

    Raises
    ------
    ValueError
        Names the address and what would be valid.
    ModuleNotFoundError
        Says how Ray is installed.
    """
    known = isinstance(address, str) and (
        address in ("local", "auto") or re.fullmatch(r"[\w.-]+:\d{1,5}", address)
    )
    if not known:
        raise ValueError(f"address {address!r} is none; give local, auto or HOST:PORT")
    if find_spec("ray") is None:
        raise ModuleNotFoundError(
            "Ray is not installed; pip install '.[workers]' in this repository brings it",
            name="ray",
        )
    return address


@contextmanager
def ray_session(address, cores):
    """Start Ray on this machine, or connect to a cluster, until the block ends.

    Where this process is connected already, that connection is used, and stays.

    Parameters
    ----------
    address : str
        As `read_address` takes it.
    cores : int
        How many there are, where Ray is started here.

    Yields
    ------
    module
        Ray itself.

    Raises
    ------
    ConnectionError
        If Ray does not start, or no cluster answers.
    """
    with ExitStack() as closing:
        closing.enter_context(_environment(QUIET))
        import ray

        if not ray.is_initialized():
            closing.enter_context(_silence(ray._private.worker))
            options = dict(logging_level=logging.CRITICAL, log_to_driver=False)
            if address == "local":
                options["_temp_dir"] = closing.enter_context(_temporary_folder())
                closing.callback(ray.shutdown)  # before its folder is removed
                _start(ray, num_cpus=cores, **options)
            else:
                closing.callback(ray.shutdown)
                _connect(ray, address, **options)
        yield ray


@contextmanager
def _environment(variables):
    before = {name: os.environ.get(name) for name in variables}
    os.environ |= variables
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


@contextmanager
def _silence(module):
    """Have Ray not print that a worker was lost: it is made good."""
    told = module.print_to_stdstream
    module.print_to_stdstream = lambda *lines, **options: None
    try:
        yield
    finally:
        module.print_to_stdstream = told


@contextmanager
def _temporary_folder():
    """Give a new folder, and remove it in the end, and what killed processes left."""
    where = Path("/tmp") if os.path.isdir("/tmp") else Path(tempfile.gettempdir())
    for left in where.glob(f"{TEMPORARY}*-*"):  # short: paths of sockets have a limit
        owner = left.name.split("-")[2]
        if owner.isdigit() and not _lives(int(owner)):
            shutil.rmtree(left, ignore_errors=True)
    folder = tempfile.mkdtemp(prefix=f"{TEMPORARY}{os.getpid()}-", dir=where)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _lives(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass  # another user's
    return True


def _start(ray, **options):
    """Start Ray on this machine, at 127.0.0.1 only."""
    from ray._private import ray_constants

    # Ray takes the machine's address where it could be one of several.
    ray_constants.ENABLE_RAY_CLUSTER = False
    for start in range(STARTS):
        try:
            with warnings.catch_warnings():  # what is forked runs a program at once
                warnings.filterwarnings("ignore", r"os\.fork", RuntimeWarning)
                return ray.init("local", include_dashboard=False, **options)
        except Exception as error:  # of no other class where processes are late
            ray.shutdown()
            if start == STARTS - 1:
                raise ConnectionError(
                    f"Ray does not start: {first_line(error)}"
                ) from error


def _connect(ray, address, **options):
    """Connect to a cluster that runs."""
    told = "`ray start --head` starts one and tells its address"
    try:
        if address != "auto":  # Ray itself would try for a minute
            host, port = address.rsplit(":", 1)
            socket.create_connection((host, int(port)), timeout=5).close()
        ray.init(address, **options)
    except (OSError, OverflowError) as error:
        raise ConnectionError(
            f"no cluster of Ray answers at {address} ({first_line(error)}); {told}"
        ) from error
    except RuntimeError as error:  # of another version
        raise ConnectionError(
            f"the cluster of Ray at {address} refuses: {first_line(error)}"
        ) from error


def first_line(error):
    """Return what an error says first: Ray's have many lines."""
    return str(error).strip().partition("\n")[0]
