"""Folders like the official one and hosts that serve them, for several test files."""

import gzip
import os
from http.server import SimpleHTTPRequestHandler
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


class BreaksOff(Quiet):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"half")
