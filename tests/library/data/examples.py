"""Folders like the official one and hosts that serve them, for several test files."""

import gzip
import os
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler
from pathlib import Path

import pytest

KEYS = ["train_images", "train_labels", "test_images", "test_labels"]
needs_shell = pytest.mark.skipif(os.name == "nt", reason="apt is faked in shell")


def write(folder, contents, level=9):
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(gzip.compress(content, level, mtime=level))
    return folder


def files_below(folder):
    return sorted(path.name for path in Path(folder).rglob("*") if path.is_file())


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


class Answering(BaseHTTPRequestHandler):
    """A host that is there, and whose answers are a function of the request."""

    def __init__(self, *args, answer):
        self.answer = answer
        super().__init__(*args)

    def do_HEAD(self):
        self.begin(200)

    def do_GET(self):
        try:
            self.answer(self)
        except OSError:  # the other side has heard enough
            self.close_connection = True

    def begin(self, status, headers=()):
        self.send_response(status)
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *args):
        pass
