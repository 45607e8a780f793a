"""The principal components that the live autoencoder shows beside the networks.

python -m tools.components    fit them, and write convae_lib/widgets/pca_30.npz

They are those of the record `RECORD`, in half precision, and like the shipped networks they
come from the real training images: on the stand-in nothing is written.
"""

import sys
from io import BytesIO

import numpy as np

from convae_lib import PatchPCA, load_fashion_mnist
from convae_lib.checks import write_whole
from tools.notebooks import ROOT

PATH = ROOT / "convae_lib" / "widgets" / "pca_30.npz"
RECORD = "re69b5638"


def main():
    """Fit and write; return where they are."""
    data = load_fashion_mnist()
    if data.is_stand_in:
        sys.exit("the components that ship are those of Fashion-MNIST, not of drawings")
    code = PatchPCA(patch=28, components=30).fit(data.x_train)
    packed = BytesIO()
    halves = {"mean": code.mean_, "components": code.components_}
    np.savez_compressed(
        packed, record=RECORD, **{k: v.astype(np.float16) for k, v in halves.items()}
    )
    write_whole(PATH, packed.getvalue())
    print(f"{PATH}: {len(packed.getvalue()) / 1000:.0f} kB")
    return PATH


if __name__ == "__main__":
    main()
