"""What networks do to a download: the stand-in where it fails, and why is said.

Met by a root and by an ordinary user, by ``load_fashion_mnist`` and by ``make data``.
Nothing wrong is ever returned, and nothing is left on the disk.
"""

import gzip
import re
import ssl
import subprocess

import pytest

from convae_lib.data.fashion_mnist import fetch
from tests.library.data.fashion_mnist.world import needs_posix, ordinary_user

pytestmark = needs_posix


def page(request):
    request.begin(200, {"Content-Type": "text/html"})
    request.wfile.write(b"<html>Log in to the hotel's network</html>")


def to_the_page(request):
    if request.path.endswith(".gz"):
        request.begin(302, {"Location": "/login"})
    else:
        page(request)


def round_and_round(request):
    request.begin(302, {"Location": request.path})


def elsewhere(request):
    request.begin(302, {"Location": "file:///etc/passwd"})


def breaks_off(request):
    request.begin(200, {"Content-Length": "1000"})
    request.wfile.write(b"half")


def says(content, **headers):
    def answer(request):
        request.begin(200, headers)
        request.wfile.write(content)

    return answer


FAULTS = {
    "not found": (lambda request: request.begin(404), "404"),
    "out of order": (lambda request: request.begin(503), "503"),
    "nothing": (lambda request: request.begin(204), "has 0 bytes"),
    "hangs up": (lambda request: request.connection.close(), "cannot be reached: .+"),
    "not HTTP": (lambda request: request.wfile.write(b"SSH-2.0"), "cannot be reached"),
    "breaks off": (breaks_off, "cannot be reached: .*996 more expected"),
    "a log-in page": (page, "web page, perhaps to log in"),
    "sent on to a log-in page": (to_the_page, "web page, perhaps to log in"),
    "sent round and round": (round_and_round, "redirects"),
    "sent to a local file": (elsewhere, "No connection adapters"),
    "a bomb": (says(gzip.compress(bytes(2**22))), "more than 9,424 bytes"),
    "a bomb as encoding": (
        says(gzip.compress(bytes(2**22)), **{"Content-Encoding": "gzip"}),
        "more than [0-9,]+ bytes",
    ),
    "no gzip": (says(b"x", **{"Content-Encoding": "gzip"}), "decompress|decod"),
    "other content": (says(gzip.compress(bytes(9424))), "has 9,424 bytes and SHA"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_network_gives_the_stand_in(world, fault):
    world.answer, why = FAULTS[fault]
    with world.as_user():
        for run in (world.load, world.make_data):
            gives, said = run()
            assert gives == "stand-in"
            *_, line = said.strip().splitlines()
            assert "stand-in images" in line and re.search(why, line)
        assert world.files() == []


@pytest.mark.parametrize("at", range(4))
def test_one_bad_file_of_four_is_enough(world, at):
    good, bad = world.answer, sorted(world.wrapped)[at]
    world.answer = lambda request: (page if bad in request.path else good)(request)
    assert world.load()[0] == "stand-in"
    assert world.files() == []


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "ALL_PROXY"])
@pytest.mark.parametrize("proxy", ["http://127.0.0.1:9", "garbage://", "127.0.0.1:x"])
@ordinary_user
def test_a_bad_proxy_is_named(world, variable, proxy):
    world.patch.delenv("NO_PROXY")
    world.patch.setenv(variable, proxy)
    for run in (world.load, world.make_data):
        gives, said = run()
        assert gives == "stand-in" and "a proxy; correct or unset" in said
    world.patch.delenv(variable)
    assert world.load()[0] == "real"


@ordinary_user
def test_a_certificate_that_nobody_vouches_for(world, host):
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        world.patch.delenv(name, raising=False)
    key, certificate = world.home / "key.pem", world.home / "certificate.pem"
    try:
        subprocess.run(
            "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost "
            f"-addext subjectAltName=IP:127.0.0.1 -keyout {key} -out {certificate}",
            shell=True,
            check=True,
            capture_output=True,
            env={"PATH": "/usr/bin:/bin:/usr/local/bin"},
        )
    except subprocess.CalledProcessError:
        pytest.skip("NOT RUN: no openssl to make a certificate")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    host(world.serves(), context)
    for run in (world.load, world.make_data):
        gives, said = run()
        assert gives == "stand-in"
        assert "certificate is refused" in said and "REQUESTS_CA_BUNDLE" in said
    world.patch.setenv("REQUESTS_CA_BUNDLE", str(world.home / "none.pem"))
    gives, said = world.load()
    assert gives == "stand-in" and "none.pem" in said
    world.patch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    assert world.load()[0] == "real"


def sent_on(world):
    def answer(request):
        if request.path.startswith("/there/"):
            serve(request)
        else:
            request.begin(301, {"Location": f"/there{request.path}"})

    serve = world.serves()
    return answer


def in_chunks(world):
    def answer(request):
        request.protocol_version = "HTTP/1.1"
        # This server hangs up after each answer, and has to say so in HTTP 1.1.
        request.begin(200, {"Transfer-Encoding": "chunked", "Connection": "close"})
        content = world.wrapped[request.path[1:]]
        for piece in (content[:7], content[7:], b""):
            request.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))

    return answer


def without_a_length(world):
    return lambda request: says(world.wrapped[request.path[1:]])(request)


def unwrapped(world):
    return lambda request: says(world.contents[request.path[1:]])(request)


GOOD = {
    "sent on": sent_on,
    "in chunks": in_chunks,
    "without a length": without_a_length,
    "decompressed": unwrapped,
    "called an encoding": lambda w: w.serves(**{"Content-Encoding": "gzip"}),
}


@ordinary_user
@pytest.mark.parametrize("way", GOOD)
def test_ways_to_serve_the_right_files(world, way):
    world.answer = GOOD[way](world)
    with world.as_user():
        assert world.load()[0] == "real"
        assert world.cache_is_whole()
        world.patch.setattr(fetch, "BASE_URL", world.offline)
        assert world.load() == ("real", "")
