"""Processes of this machine, and where they listen."""

import os
import socket
import time
from pathlib import Path

LISTENING = "0A"


def family(number):
    """Return a process, and those it has started, and those they have."""
    children = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            parent = (place / "stat").read_text().rpartition(")")[2].split()[1]
        except OSError:  # it has ended
            continue
        children.setdefault(int(parent), []).append(int(place.name))
    found = [number]
    for each in found:  # it grows
        found += children.get(each, [])
    return found


def lives(number):
    """Tell whether a process is there, and no zombie."""
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def survivors(numbers, seconds):
    """Return which of some processes still live after a time, or as soon as none does."""
    end = time.monotonic() + seconds
    while (found := [*filter(lives, numbers)]) and time.monotonic() < end:
        time.sleep(0.2)
    return found


def heard_by_others(numbers):
    """Return at which addresses some processes listen, and at which not only to this machine.

    Both in hexadecimal digits, as Linux has them. JAX sums at the address that the
    machine's own name stands for, which is one of 127.* on most.
    """
    inodes = set()
    for number in numbers:
        for file in Path(f"/proc/{number}/fd").glob("*"):
            try:
                inodes.add(os.readlink(file))
            except OSError:
                continue
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            _, local, _, state, *rest = line.split()
            if state == LISTENING and f"socket:[{rest[5]}]" in inodes:
                found.add(local.partition(":")[0])
    own = (
        socket.inet_aton(socket.gethostbyname(socket.gethostname()))[::-1].hex().upper()
    )
    return found, {x for x in found if x[-2:] != "7F" and x[-8:] != own}
