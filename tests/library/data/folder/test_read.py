"""A folder in three parts: what is read, split, cut, counted and refused."""

import json
import os
import pickle
import shutil
import subprocess
import sys
import tracemalloc

import numpy as np
import pytest
from PIL import Image

from convae_lib import entropy_floor, read_folder
from convae_lib.data import read_images
from convae_lib.data.folder import decoding, looking, parts, read, stores
from convae_lib.data.images import PARTS
from tests.library.data.folder.odd_files import bomb, fill, picture, save


def names(part):
    return [part.name(row) for row in range(len(part))]


def by_part(folder, **options):
    images, _ = read_folder(folder, **options)
    return {part: names(getattr(images, part)) for part in PARTS}


def test_a_nested_folder_of_every_format(tmp_path):
    for place, ending in enumerate("png jpg webp gif bmp tif".split()):
        for seed in range(2):
            save(
                tmp_path / f"{'ab'[seed]}/deep/{place}.{ending}",
                picture(60 + place, 80),
            )
    images, report = read_folder(tmp_path, size=(32, 48))
    assert images.image_shape == (32, 48, 3) == report.image_shape
    assert report.read == report.files == 12 and not report.refused
    assert report.classes == {"a/deep": 6, "b/deep": 6}
    assert report.parts == {"train": 10, "valid": 1, "test": 1}
    assert report.done == {"resized": 12}
    for part in PARTS:
        seen = getattr(images, part)[:]
        assert seen.dtype == np.float32 and 0 <= seen.min() < seen.max() <= 1
        for label, name in zip(images.labels[part], names(getattr(images, part))):
            assert [*report.classes][label] == name.rpartition("/")[0]


def test_an_image_fills_its_size_and_its_middle_is_kept(tmp_path):
    wide = np.zeros((20, 60), np.uint8)
    wide[:, 20:40] = 255  # the middle square
    fill_three = [save(tmp_path / f"{n}.png", wide) for n in range(3)]
    images, report = read_folder(tmp_path, size=10)
    assert len(fill_three) == 3 and images.image_shape == (10, 10)
    assert images.train[0].min() > 0.9
    _, report = read_folder(tmp_path, size=40)
    assert report.done == {"enlarged": 3}
    images, report = read_folder(tmp_path)
    assert images.image_shape == (20, 60) and not report.done
    np.testing.assert_array_equal(images.train[0], wide / np.float32(255))


def test_a_large_photograph_is_as_sharp_as_if_it_were_decoded_whole(tmp_path):
    for ending in ("jpg", "png"):
        save(tmp_path / ending / f"a.{ending}", picture(400, 560), quality=95)
    photograph, drawn = (
        read_images(tmp_path / ending, size=100)[0][0] for ending in ("jpg", "png")
    )
    assert np.abs(photograph - drawn).mean() < 0.02


def test_tiles_are_cut_from_the_middle_and_lie_side_by_side(tmp_path):
    whole = picture(40, 50)
    save(tmp_path / "a.png", whole)
    images, report = read_images(tmp_path, size=12, tiles=True)
    expected = [
        whole[2 + 12 * row : 14 + 12 * row, 1 + 12 * column : 13 + 12 * column]
        for row in range(3)
        for column in range(4)
    ]
    np.testing.assert_array_equal(images[:], np.array(expected) / np.float32(255))
    assert report.tiles == 12 and report.image_shape == (12, 12, 3)
    assert {*names(images)} == {"a.png"}


def test_the_grid_of_a_file_has_all_its_tiles(tmp_path):
    for name, size in (("wide", (50, 21)), ("tall", (21, 40)), ("small", (9, 50))):
        Image.new("L", size).save(tmp_path / f"{name}.png")
    images, _ = read_images(tmp_path, size=10, tiles=True)
    assert [images.grid(file) for file in range(2)] == [(4, 2), (2, 5)]
    assert images.ends.tolist() == [8, 18]
    assert [images.name(row) for row in (7, 8)] == ["tall.png", "wide.png"]
    whole, _ = read_images(tmp_path, size=10)
    assert whole.grid(2) == (1, 1)


def test_tiles_of_one_file_are_in_one_part(tmp_path):
    for seed in range(12):
        save(tmp_path / f"{seed}.png", picture(40 + seed, 50 + 7 * seed, seed))
    images, report = read_folder(tmp_path, size=16, tiles=True)
    files = [{*names(getattr(images, part))} for part in PARTS]
    assert [len(part) for part in files] == [*report.parts.values()] == [10, 1, 1]
    assert len(set.union(*files)) == 12
    assert sum(len(getattr(images, part)) for part in PARTS) == report.tiles
    whole, _ = read_images(tmp_path, size=16, tiles=True)
    assert len(whole) == report.tiles


def test_tiles_are_read_like_an_array_in_any_order(tmp_path):
    images, _ = read_images(fill(tmp_path, 5), size=16, tiles=True)
    x = images[:]
    assert images.shape == x.shape == (5 * 6, 16, 16, 3)
    for rows in (
        slice(None, None, -3),
        slice(7, 99, 2),
        -1,
        [29, 0, 3, 3, -30],
        np.arange(30) % 4 == 0,
        np.array([], int),
    ):
        np.testing.assert_array_equal(images[rows], x[rows])
    again = pickle.loads(pickle.dumps(images))
    np.testing.assert_array_equal(again[3:8], x[3:8])
    for rows in ([30], [-31]):
        with pytest.raises(IndexError, match="outside 30 images"):
            images[rows]


def test_the_split_depends_on_paths_from_the_folder_on_and_the_seed_only(
    tmp_path, monkeypatch
):
    split = by_part(fill(tmp_path / "one", 40))
    assert [len(files) for files in split.values()] == [32, 4, 4]
    assert sorted(sum(split.values(), [])) == [f"{n:03d}.png" for n in range(40)]
    moved = tmp_path / "elsewhere" / "two"
    shutil.copytree(tmp_path / "one", moved)
    assert by_part(moved) == split
    monkeypatch.chdir(moved)
    assert by_part(".") == split
    assert by_part(moved, seed=1) != split
    save(moved / "new.png")
    more = by_part(moved)
    stay = sum(len({*split[part]} & {*more[part]}) for part in PARTS)
    assert stay >= 38  # of 40


def test_shares_of_the_split(tmp_path):
    fill(tmp_path, 10)
    for split, expected in (
        ((0.5, 0.3, 0.2), [5, 3, 2]),
        ((0.98, 0.01, 0.01), [8, 1, 1]),
        ((0.01, 0.01, 0.98), [1, 1, 8]),
    ):
        files = by_part(tmp_path, split=split)
        assert [len(part) for part in files.values()] == expected


def test_files_of_one_folder_stay_together_if_asked(tmp_path):
    for photograph in range(10):
        fill(tmp_path / str(photograph), 4)
    files = by_part(tmp_path, by_parent=True, split=(0.6, 0.2, 0.2))
    parents = [{name.split("/")[0] for name in part} for part in files.values()]
    assert [len(part) for part in parents] == [6, 2, 2]
    assert len(set.union(*parents)) == 10
    with pytest.raises(ValueError, match="has too few folders with images, 1: 3 are"):
        read_folder(tmp_path / "1", by_parent=True)


def test_parts_far_from_the_shares_are_told_with_what_helps(tmp_path):
    for name in "abcd":
        fill(tmp_path / name, 10)
    assert read_folder(tmp_path)[1].remarks == []
    _, report = read_folder(tmp_path, by_parent=True)
    assert [*report.parts.values()] == [20, 10, 10]
    assert report.remarks == [
        "parts of 80%, 10% and 10% cannot be had, for 4 folders, which stay whole, give "
        "20, 10 and 10 files: more folders, of fewer files each, come nearer"
    ]
    (told,) = read_folder(fill(tmp_path / "few", 3))[1].remarks
    assert "for 3 files give 1, 1 and 1: more files come nearer" in told


def test_the_rim_that_tiles_leave_out_is_told(tmp_path):
    save(tmp_path / "a.png", picture(40, 50))
    _, report = read_images(tmp_path, size=20, tiles=True)  # 40×40 of 40×50
    assert report.rim == pytest.approx(0.2)
    assert report.remarks == [
        "left out, as rims that hold no whole tile: 20.0% of the pixels"
    ]
    assert read_images(tmp_path, size=10, tiles=True)[1].remarks == []


def test_colour_is_kept_if_any_pixel_has_it(tmp_path):
    grey = picture()[..., 0]
    for n in range(4):
        save(tmp_path / f"{n}.png", np.stack([grey] * 3, -1))
    assert read_folder(tmp_path)[0].image_shape == (40, 50)
    assert read_folder(tmp_path, colour=True)[0].image_shape == (40, 50, 3)
    save(tmp_path / "z.png")
    assert read_folder(tmp_path)[0].image_shape == (40, 50, 3)
    assert read_folder(tmp_path, colour=False)[0].image_shape == (40, 50)


@pytest.fixture
def odd(tmp_path):
    """A folder of ten pictures and of everything else that lies in folders."""
    folder = fill(tmp_path / "odd", 10)
    whole = (folder / "000.png").read_bytes()
    (folder / "cut.png").write_bytes(whole[:-200])
    (folder / "page.jpg").write_bytes(b"<html>")
    (folder / "zero.webp").touch()
    bomb(folder / "bomb.png", 30_000, 30_000)
    Image.new("LAB", (40, 50)).save(folder / "lab.tif")
    (folder / "phone.heic").write_bytes(b"ftypheic")
    (folder / "notes.txt").write_text("notes")
    (folder / ".hidden.png").write_bytes(whole)
    save(folder / "small.png", picture(10, 90))
    Image.fromarray(np.uint16(picture()[..., 0]) * 257).save(folder / "deep.png")
    Image.fromarray(picture()).convert("CMYK").save(folder / "print.jpg")
    return folder


def test_every_file_is_counted_and_every_refusal_named(odd):
    images, report = read_folder(odd, size=16, tiles=True)
    assert report.read == 12 and report.not_images == 1 and report.hidden == 1
    assert report.refused == {
        "broken": 2,
        "empty": 1,
        "too large": 1,
        "colours not read": 1,
        "format not read": 1,
        "too small": 1,
    }
    assert report.files == report.read + report.not_images + 7
    assert report.done == {"16 bits": 1, "CMYK": 1}
    reasons = {path: reason for path, reason, _ in report.named}
    assert reasons == {
        "cut.png": "broken",
        "page.jpg": "broken",
        "zero.webp": "empty",
        "bomb.png": "too large",
        "lab.tif": "colours not read",
        "phone.heic": "format not read",
        "small.png": "too small",
    }
    assert json.loads(json.dumps(report.as_dict()))["refused"]["broken"] == 2
    said = str(report)
    details = {path: detail for path, _, detail in report.named}
    assert details["bomb.png"] == "900,000,000 pixels; up to 89,478,485 are read"
    assert "12 of 20 files read, cut into 72 tiles: 16×16×3 pixels" in said
    assert "  small.png: too small (10×90 pixels; a tile is 16×16)" in said
    assert "and 5 more" in "\n".join(report.lines(names=2))
    for part in PARTS:
        assert np.isfinite(getattr(images, part)[:]).all()


def test_a_warning_of_pillow_is_not_shown(odd, recwarn):
    bomb(odd / "warned.png", 10_000, 10_000)
    read_folder(odd, size=16)
    assert not [w for w in recwarn if "PIL" in w.filename or "omb" in str(w.message)]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (dict(size=0), "size 0 must be a whole number of pixels, or height and width"),
        (dict(size=(16, 2.5)), r"size \(16, 2.5\) must be a whole number"),
        (dict(size=10_000), "size 10000 is more than 89,478,485 pixels; give less"),
        (dict(size=(1, 2, 3)), r"size \(1, 2, 3\) must be"),
        (dict(tiles=True), "tiles need a size, such as size=64"),
        (dict(tiles="yes", size=8), "tiles 'yes' is neither True nor False"),
        (dict(colour="red"), "colour 'red' is neither True nor False"),
        (dict(split=(0.5, 0.5)), r"split \(0.5, 0.5\) must be three shares above 0"),
        (dict(split=(0.9, 0.1, 0)), "must be three shares above 0 whose sum is 1"),
        (dict(split=(8, 1, 1)), r"split \(8, 1, 1\) must be"),
        (dict(seed=-1), "seed -1 must be a whole number from 0 up"),
        (dict(memory=-1), "memory -1 must be a number of MiB from 0 up"),
        (dict(memory=float("inf")), "memory inf must be a number of MiB"),
        (
            dict(size=99, tiles=True),
            r"no image \(left out: 3 too small; the first: 000",
        ),
    ],
)
def test_arguments_that_are_none_are_named(options, message, tmp_path):
    fill(tmp_path, 3)
    with pytest.raises(ValueError, match=message):
        read_folder(tmp_path, **options)


def test_folders_that_are_none_are_named(tmp_path, monkeypatch):
    with pytest.raises(FileNotFoundError, match="nowhere: there is no such folder"):
        read_folder(tmp_path / "nowhere")
    path = save(tmp_path / "a.png")
    with pytest.raises(NotADirectoryError, match="a.png is a file; give the folder"):
        read_folder(path)
    with pytest.raises(ValueError, match="has too few readable images, 1: 3 are need"):
        read_folder(tmp_path)
    path.write_bytes(b"no image")
    (tmp_path / "b.txt").write_text("text")
    with pytest.raises(
        ValueError, match="no image .*: 1 broken; 1 that is no image; the first"
    ):
        read_folder(tmp_path)
    path.unlink()
    with pytest.raises(ValueError, match="no image .left out: 1 that is no image."):
        read_images(tmp_path)
    fill(tmp_path, 3)
    save(tmp_path / "z.png", picture(41, 50))
    with pytest.raises(ValueError, match=r"40×50 .000.png. and 41×50 .z.png.; say to"):
        read_folder(tmp_path)

    def forbidden(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", forbidden)
    with pytest.raises(PermissionError, match="cannot be read: Permission denied"):
        read_folder(tmp_path)


def test_pillow_is_asked_for_where_it_lacks(tmp_path, monkeypatch):
    monkeypatch.setattr(read, "find_spec", lambda name: None)
    with pytest.raises(
        ModuleNotFoundError, match="needs Pillow, .* pip install pillow"
    ):
        read_folder(fill(tmp_path, 3))


@pytest.mark.skipif(os.name == "nt", reason="names are UTF-16 there")
def test_names_that_are_no_text_are_read_and_shown(tmp_path):
    folder = os.path.join(os.fsencode(tmp_path), b"f\xfcr")
    for place in range(3):
        source = save(tmp_path / "a.png")
        os.makedirs(os.path.join(folder, b"%d\xe4" % place))
        os.rename(source, os.path.join(folder, b"%d\xe4" % place, b"\xe4.png"))
    images, report = read_folder(folder)
    assert images.name == r"f\xfcr" and report.read == 3
    assert [*report.classes] == [rf"{place}\xe4" for place in range(3)]
    assert images.train.name(0).endswith(r"\xe4/\xe4.png")
    str(report).encode()
    json.dumps(report.as_dict()).encode()


def test_files_that_change_afterwards_are_named(tmp_path):
    images, _ = read_images(fill(tmp_path, 3))
    save(tmp_path / "001.png", picture(30, 30))
    with pytest.raises(
        OSError, match=r"001.png has changed: it is 30×30 pixels, and was"
    ):
        images[:]
    (tmp_path / "001.png").unlink()
    with pytest.raises(
        OSError, match="001.png cannot be read any more: broken: .*No such"
    ):
        images[1]
    np.testing.assert_array_equal(images[0], picture() / np.float32(255))


@pytest.mark.parametrize("tiles", [True, False])
@pytest.mark.parametrize(
    ("memory", "room", "kept_in", "times"),
    [(1, True, "memory", 1), (0, True, "file", 1), (0, False, "part", 3)],
)
def test_files_are_decoded_once_where_there_is_room(
    memory, room, kept_in, times, tiles, tmp_path, monkeypatch
):
    counted = []

    def counting(path, enough=None):
        counted.append(path)
        return decoding.decode(path, enough)

    monkeypatch.setattr(parts, "decode", counting)
    if not room:
        monkeypatch.setattr(stores, "unnamed_file", lambda size: None)
    images, report = read_images(fill(tmp_path, 6), size=16, tiles=tiles, memory=memory)
    assert report.kept_in == kept_in
    assert ("decoded images" in str(report)) == (kept_in != "memory")
    expected, _ = read_images(tmp_path, size=16, tiles=tiles)
    count = 36 if tiles else 6
    expected = expected[:]
    assert expected.shape == (count, 16, 16, 3)
    counted.clear()
    backwards = np.arange(count)[::-1]
    for rows in (slice(None), backwards, [3, 3, 1]):
        np.testing.assert_array_equal(images[rows], expected[rows])
    once, again = 6, 1 if tiles else 2  # files that the last three rows are in
    assert len(counted) == (once if times == 1 else 2 * once + again)
    moved = pickle.loads(pickle.dumps(images))
    np.testing.assert_array_equal(moved[backwards], expected[::-1])


@pytest.mark.skipif(not hasattr(os, "pwrite"), reason="written otherwise there")
def test_a_full_disk_costs_time_only(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    images, report = read_images(fill(tmp_path, 3), size=16, tiles=True, memory=0)
    expected = images[:]
    again, report = read_images(tmp_path, size=16, tiles=True, memory=0)
    monkeypatch.setattr(stores.os, "pwrite", full)
    for _ in range(2):
        np.testing.assert_array_equal(again[:], expected)
    assert report.kept_in == "file" and not again.store.written.any()


@pytest.mark.skipif(not hasattr(os, "pwrite"), reason="written otherwise there")
def test_a_disk_may_take_a_few_bytes_at_a_time(tmp_path, monkeypatch):
    write = os.pwrite
    monkeypatch.setattr(
        stores.os, "pwrite", lambda to, data, place: write(to, data[:100], place)
    )
    images, _ = read_images(fill(tmp_path, 3), size=16, tiles=True, memory=0)
    first = images[:]
    assert images.store.written.all()
    np.testing.assert_array_equal(images[:], first)


def test_a_file_is_made_where_there_is_room_and_leaves_nothing(tmp_path, monkeypatch):
    cache = tmp_path / "cache"
    monkeypatch.setattr(stores, "user_cache_dir", lambda name: str(cache / name))
    with stores.unnamed_file(1_000) as file:
        file.write(b"content")
        assert os.name == "nt" or not [
            path for path in cache.rglob("*") if path.is_file()
        ]
    assert stores.unnamed_file(2**60) is None  # more than any disk has
    shutil.rmtree(cache)
    cache.write_text("no folder")
    assert stores.unnamed_file(1_000) is None
    monkeypatch.setattr(stores, "user_cache_dir", lambda name: f"~/{name}")
    assert stores.unnamed_file(1_000) is None


def test_what_is_kept_stays_below_its_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(stores, "unnamed_file", lambda size: None)
    images, _ = read_images(fill(tmp_path, 20), memory=5 * 6_000 / 2**20)
    for row in range(20):
        images[row]
        assert images.store.bytes <= 5 * 6_000
    assert [*images.store.files] == [15, 16, 17, 18, 19]
    images[[15]], images[[3]]
    assert [*images.store.files] == [17, 18, 19, 15, 3]  # 16 was asked for longest ago


def test_progress_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(looking, "FILES_AT_ONCE", 4)
    told = []
    read_folder(fill(tmp_path, 10), progress=lambda *both: told.append(both))
    assert told == [(4, 10), (8, 10), (10, 10)]


def repeated(folder, count):
    """Fill a folder with so many names of ten small files."""
    few = [save(folder / f"{n}.png", picture(16, 16, n)) for n in range(10)]
    for n in range(10, count):
        inside = folder / f"{n // 1000}"
        inside.mkdir(exist_ok=True)
        os.link(few[n % 10], inside / f"{n}.png")
    return folder


def peak(folder):
    """Return the most bytes in use while a folder is read once through."""
    tracemalloc.start()
    try:
        images, report = read_folder(folder, memory=0.1)
        for start in range(0, len(images.train), 32):
            images.train[start : start + 32]
        return report.read, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_folder(tmp_path):
    peak(repeated(tmp_path / "first", 20))  # what is imported is not counted
    few, of_few = peak(repeated(tmp_path / "few", 200))
    many, of_many = peak(repeated(tmp_path / "many", 2_000))
    assert (few, many) == (200, 2_000)
    pixels = 16 * 16 * 3
    assert (of_many - of_few) / 1_800 < pixels / 2  # an index, no pixels


ONCE_THROUGH = """
import resource, sys
from convae_lib.data import read_folder
images, report = read_folder(sys.argv[1], memory=0.1)
for start in range(0, len(images.train), 32):
    images.train[start : start + 32]
print(report.read, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="others count memory otherwise")
def test_a_hundred_thousand_files_need_an_index_only(tmp_path):
    used = {}
    for count in (1_000, 100_000):
        folder = repeated(tmp_path / str(count), count)
        done = subprocess.run(
            [sys.executable, "-c", ONCE_THROUGH, folder],
            capture_output=True,
            text=True,
            check=True,
        )
        read, mebibytes = done.stdout.split()
        assert int(read) == count
        used[count] = float(mebibytes)
    # As uint8 their pixels are 73 MiB. Measured: 42 and 57, in 25 s.
    assert used[100_000] - used[1_000] < 30


def test_one_class_of_a_folder_stays_in_its_files(tmp_path):
    for name in "ab":
        fill(tmp_path / name, 10)
    images, report = read_folder(tmp_path, split=(0.4, 0.4, 0.2))
    one = images.only([*report.classes].index("b"))
    assert not isinstance(one.train, np.ndarray)
    rows = np.flatnonzero(images.labels["train"] == 1)
    assert {images.train.name(row)[0] for row in rows} == {"b"}
    np.testing.assert_array_equal(one.train[::-1], images.train[rows[::-1]])
    few = one.first(2).map(lambda batch: 1 - batch)
    np.testing.assert_array_equal(few.train[[1]], 1 - images.train[rows[1:2]])


def test_training_and_scores_take_a_folder(tmp_path):
    from convae_lib import PatchPCA, residual_autoencoder
    from convae_lib.training.fit import train

    images, _ = read_folder(fill(tmp_path, 12), size=16)
    model = residual_autoencoder(4, 2, image_shape=images.image_shape)
    history = train(
        model, images, optimizer="adam", learning_rate=0.01, epochs=2, batch_size=4
    )
    assert len(history["loss_by_epoch"]) == 2
    floor = entropy_floor(images.train)
    assert floor == pytest.approx(entropy_floor(images.train[:]))
    assert floor < min(history["loss_by_epoch"])
    code = PatchPCA(patch=4, components=3).fit(images.train)
    whole = PatchPCA(patch=4, components=3).fit(images.train[:])
    np.testing.assert_allclose(code.components_, whole.components_)
