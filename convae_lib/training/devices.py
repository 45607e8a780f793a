"""What a training runs on: processors, cards, versions."""

import os
import platform
import subprocess
import sys
from importlib.metadata import version

__all__ = ["describe_device", "describe_versions", "graphics_cards", "use_threads"]

# Read by TensorFlow when it starts to compute.
THREADS = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")


def use_threads(count):
    """Let this process compute with so many threads, if it has not begun yet."""
    os.environ.update(dict.fromkeys(THREADS, str(count)))


def describe_device():
    """Name the graphics card, if Keras is in use and has one, else the processor."""
    keras = sys.modules.get("keras")
    if keras and (cards := graphics_cards()):
        return cards[0]
    name = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo") as lines:
            name = next(x.split(":")[1].strip() for x in lines if "model name" in x)
    except (OSError, StopIteration):
        pass
    threads = os.environ.get(THREADS[0]) or os.cpu_count()
    return f"{name}, {threads} of {os.cpu_count()} cores"


def graphics_cards():
    """Return the graphics cards that Keras computes on, by their names; it loads Keras."""
    import keras

    if keras.backend.backend() == "torch":  # Keras lists no devices of it
        cuda = sys.modules["torch"].cuda
        return [cuda.get_device_name(k) for k in range(cuda.device_count())]
    # "gpu" as an argument is an error in JAX where there is none; it says "cuda", too.
    devices = keras.distribution.list_devices()
    cards = [device for device in devices if device.startswith(("gpu", "cuda"))]
    names = _card_names() if cards else []
    return names if len(names) == len(cards) else cards


def describe_versions():
    """Return the versions of Python and NumPy; where in use, of Keras and its backend."""
    keras = sys.modules.get("keras")
    packages = ("keras", keras.config.backend(), "numpy") if keras else ("numpy",)
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in packages},
    }


def _card_names():
    query = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"]
    if visible := os.environ.get("CUDA_VISIBLE_DEVICES"):
        query.append(f"--id={visible}")
    try:
        done = subprocess.run(query, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    return done.stdout.strip().splitlines()
