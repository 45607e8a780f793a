"""Small experiments that need no Keras, and the few images to run them on."""

from concurrent.futures import Future

from convae_lib import draw_garments
from convae_lib.data import Images
from convae_lib.experiments import LinearCode, Lossless

FORMATS = [Lossless(name=name, format=name) for name in ("raw", "gzip", "png")]
CODES = [LinearCode(name="new", patch=1, components=count) for count in range(1, 41)]
QUESTIONS = {"low": CODES[:20], "high": CODES[20:]}


def record(code, **more):
    """Return what a run of a code could have left behind."""
    return code.label(code.settings | {"images_from": "drawn", "val_loss": 0.1} | more)


def drawn_images():
    """Return a thousand drawn garments to train on, and some to validate and test."""
    x, _, _ = draw_garments(1_500, seed=7)
    return Images(train=x[:1_000], valid=x[1_000:1_300], test=x[1_300:], name="drawn")


class Here:
    """Stands for an executor: runs everything in this process."""

    def __init__(self, jobs):
        pass

    def submit(self, run, *given):
        future = Future()
        try:
            future.set_result(run(*given))
        except Exception as error:
            future.set_exception(error)
        return future

    def shutdown(self, cancel_futures):
        pass
