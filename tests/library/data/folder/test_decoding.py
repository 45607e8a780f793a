"""One file: what is made of each kind, and why others are refused."""

import io
import struct
import warnings
import zlib

import numpy as np
import pytest
from PIL import Image

from convae_lib.data.folder import decoding
from convae_lib.data.folder.decoding import Refusal, decode, has_colour, quietly
from tests.library.data.folder.odd_files import bomb, chunk, picture, save


def refusal(path):
    with pytest.raises(Refusal) as error:
        decode(path)
    return str(error.value)


def pixels(path, mode="RGB"):
    return np.asarray(decode(path).image.convert(mode))


@pytest.mark.parametrize("ending", ["png", "bmp", "webp", "tif", "ppm", "gif"])
def test_what_loses_nothing_is_read_exactly(ending, tmp_path):
    grey = picture()[..., 0] // 8 * 8  # few enough levels for a palette
    options = {"lossless": True} if ending == "webp" else {}
    path = save(tmp_path / f"grey.{ending}", grey, **options)
    np.testing.assert_array_equal(pixels(path, "L"), grey)
    if ending != "gif":
        path = save(tmp_path / f"colour.{ending}", **options)
        np.testing.assert_array_equal(pixels(path), picture())


@pytest.mark.parametrize("ending", ["jpg", "webp", "avif", "jp2"])
def test_what_loses_something_is_near(ending, tmp_path):
    if ending == "avif" and "AVIF" not in decoding.formats():
        pytest.skip("this Pillow was built without AVIF")
    path = save(tmp_path / f"a.{ending}")
    assert np.abs(pixels(path).astype(int) - picture()).mean() < 8


def test_a_name_does_not_decide_what_a_file_is(tmp_path):
    for name in ("a.png", "a.txt", "a"):
        path = tmp_path / name
        path.write_bytes(save(tmp_path / "real.jpg").read_bytes())
        assert decode(path).size == (40, 50)


def test_sixteen_bits_are_divided_and_not_cut_off(tmp_path):
    levels = np.uint16([[0, 128, 129, 257, 300, 32768, 65407, 65535]])
    for ending in ("png", "tif", "pgm"):
        path = tmp_path / f"deep.{ending}"
        Image.fromarray(levels).save(path)
        seen = decode(path)
        assert np.asarray(seen.image).tolist() == [[0, 0, 1, 1, 1, 128, 255, 255]]
        assert seen.image.mode == "L" and seen.notes == ["16 bits"]


def test_sixteen_bits_of_each_colour_are_eight(tmp_path):
    row = b"\0" + np.array([65535, 300, 257 * 70], ">u2").tobytes()  # one pixel
    (tmp_path / "deep.png").write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 16, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(row))
        + chunk(b"IEND", b"")
    )
    assert decode(tmp_path / "deep.png").notes == ["16 bits"]
    assert pixels(tmp_path / "deep.png").tolist() == [[[255, 1, 70]]]


def test_colours_are_converted(tmp_path):
    path = tmp_path / "print.jpg"
    Image.new("CMYK", (8, 8), (0, 255, 255, 0)).save(path, quality=95)
    assert decode(path).notes == ["CMYK"]
    assert pixels(path)[0, 0] == pytest.approx([255, 0, 0], abs=6)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_is_transparent_shows_white(mode, tmp_path):
    image = Image.new(mode, (2, 1), (0,) * len(mode))
    image.putpixel((1, 0), (0,) * (len(mode) - 1) + (255,))
    image.save(tmp_path / "a.png")
    assert pixels(tmp_path / "a.png", "L").tolist() == [[255, 0]]
    assert decode(tmp_path / "a.png").notes == ["transparent"]


def test_transparent_colours_of_a_palette_show_white(tmp_path):
    image = Image.new("P", (2, 1))
    image.putpalette([200, 0, 0, 0, 200, 0])
    image.putpixel((1, 0), 1)
    for ending in ("png", "gif"):
        image.save(tmp_path / f"a.{ending}", transparency=0)
        shown = pixels(tmp_path / f"a.{ending}")[0].tolist()
        assert shown == [[255, 255, 255], [0, 200, 0]]
    image.save(tmp_path / "opaque.png")
    assert pixels(tmp_path / "opaque.png")[0, 0].tolist() == [200, 0, 0]


def test_what_hides_nothing_is_not_noted_as_transparent(tmp_path):
    Image.new("RGBA", (2, 2), (9, 8, 7, 255)).save(tmp_path / "a.png")
    assert decode(tmp_path / "a.png").notes == []


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("ending", ["jpg", "png", "tif", "webp"])
def test_photographs_are_turned_as_they_were_held(orientation, ending, tmp_path):
    upright = Image.fromarray(picture())
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    turned = upright.transpose(turns[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    turned.save(tmp_path / f"a.{ending}", exif=exif, quality=95)
    seen = decode(tmp_path / f"a.{ending}")
    assert seen.size == (40, 50) and seen.image.size == (50, 40)
    assert seen.notes == (["turned"] if orientation > 1 else [])
    assert np.abs(np.asarray(seen.image).astype(int) - picture()).mean() < 6


def test_a_broken_note_of_orientation_is_none(tmp_path):
    save(tmp_path / "a.jpg", exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff\x12\x01")
    with quietly():
        assert decode(tmp_path / "a.jpg").size == (40, 50)


@pytest.mark.parametrize("ending", ["gif", "png", "webp", "tif"])
def test_of_several_frames_the_first_is_taken(ending, tmp_path):
    frames = [Image.new("L", (6, 4), level) for level in (40, 80, 120)]
    path = tmp_path / f"moving.{ending}"
    frames[0].save(path, save_all=True, append_images=frames[1:], lossless=True)
    assert decode(path).notes == ["animated"]
    assert np.unique(pixels(path, "L")).tolist() == [40]


def test_a_preview_beside_a_photograph_is_no_animation(tmp_path):
    photograph = Image.fromarray(picture())
    photograph.save(
        tmp_path / "phone.jpg",
        format="MPO",
        save_all=True,
        append_images=[photograph.resize((10, 8))],
    )
    assert decode(tmp_path / "phone.jpg").notes == []


@pytest.mark.parametrize("ending", ["png", "jpg", "webp", "gif", "tif", "bmp"])
def test_what_is_cut_off_is_refused(ending, tmp_path):
    whole = save(tmp_path / f"whole.{ending}", picture(80, 90)).read_bytes()
    path = tmp_path / f"cut.{ending}"
    for length in (1, 10, len(whole) // 2, len(whole) - len(whole) // 8):
        path.write_bytes(whole[:length])
        with quietly():
            said = refusal(path)
        assert said.startswith("broken: "), length


def test_what_was_damaged_anywhere_is_an_image_or_refused(tmp_path):
    rng = np.random.default_rng(0)
    for ending in ("png", "jpg", "webp", "gif", "tif"):
        whole = save(tmp_path / f"whole.{ending}").read_bytes()
        path = tmp_path / f"damaged.{ending}"
        for _ in range(40):
            content = np.frombuffer(whole, np.uint8).copy()
            content[rng.integers(0, len(content), 8)] = rng.integers(0, 256, 8)
            path.write_bytes(content)
            with quietly():
                try:
                    seen = decode(path)
                except Refusal as error:
                    assert error.reason in ("broken", "too large", "colours not read")
                else:
                    assert seen.image.mode in ("L", "RGB")


@pytest.mark.parametrize("side", [9_460, 20_000, 2**31 - 1])
def test_bombs_are_refused_before_they_are_decoded(side, tmp_path):
    path = bomb(tmp_path / "bomb.png", side, side)
    assert path.stat().st_size < 300
    with quietly(), warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        assert refusal(path).startswith("too large: ")


def test_the_largest_image_that_is_read(tmp_path, monkeypatch):
    save(tmp_path / "a.png")
    monkeypatch.setattr(decoding, "MAX_PIXELS", 2_000)
    assert decode(tmp_path / "a.png").size == (40, 50)
    monkeypatch.setattr(decoding, "MAX_PIXELS", 1_999)
    assert (
        refusal(tmp_path / "a.png") == "too large: 2,000 pixels; up to 1,999 are read"
    )


def test_other_kinds_are_told_apart(tmp_path):
    for name, content, said in (
        ("a.png", b"<html>not found</html>", "broken: no decoder can read it"),
        ("a.txt", b"text", "no image"),
        ("Thumbs.db", b"\xd0\xcf", "no image"),
        ("a.heic", b"ftypheic", "format not read: HEIC; save it as PNG or JPEG"),
        ("a.SVG", b"<svg/>", "format not read: SVG; save it as PNG or JPEG"),
        ("a.eps", b"%!PS-Adobe", "format not read: EPS; save it as PNG or JPEG"),
        ("program.png", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "broken"),
    ):
        (tmp_path / name).write_bytes(content)
        assert refusal(tmp_path / name).startswith(said)
    Image.new("L", (2, 2)).save(
        tmp_path / "a.dat", format="PCX"
    )  # Pillow would read it
    assert refusal(tmp_path / "a.dat") == "no image"
    Image.new("LAB", (2, 2)).save(tmp_path / "lab.tif")
    assert refusal(tmp_path / "lab.tif").startswith("colours not read: mode LAB; save")
    Image.fromarray(np.float32([[0.5]])).save(tmp_path / "float.tif")
    assert refusal(tmp_path / "float.tif").startswith("colours not read: mode F")
    Image.fromarray(np.int32([[70_000]])).save(tmp_path / "deep.tif")
    assert refusal(tmp_path / "deep.tif").startswith("colours not read: mode I")


def test_what_may_not_be_read_is_told(tmp_path, monkeypatch):
    def forbidden(*_):
        raise PermissionError(13, "Permission denied")

    path = save(tmp_path / "a.png")
    monkeypatch.setattr("builtins.open", forbidden)
    assert refusal(path) == "no permission: Permission denied"


def test_a_pixel_has_colour_or_none_has(tmp_path):
    grey = Image.fromarray(picture()[..., 0])
    assert not has_colour(grey) and not has_colour(grey.convert("RGB"))
    coloured = grey.convert("RGB")
    coloured.putpixel((49, 39), (1, 1, 2))
    assert has_colour(coloured)
    packed = io.BytesIO()
    grey.convert("RGB").save(packed, "JPEG")
    (tmp_path / "a.jpg").write_bytes(packed.getvalue())
    assert not has_colour(decode(tmp_path / "a.jpg").image)


def test_a_large_jpeg_is_decoded_small_where_that_is_enough(tmp_path):
    path = save(tmp_path / "a.jpg", picture(400, 560))
    seen = decode(path, enough=100)
    assert seen.size == (400, 560) and seen.image.size == (140, 100)
