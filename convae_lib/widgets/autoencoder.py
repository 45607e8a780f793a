"""The live autoencoder in a notebook: an output that carries all it needs."""

from .elements import ELEMENTS, source

__all__ = ["LiveAutoencoder", "live_autoencoder"]


class LiveAutoencoder:
    """What a notebook shows of the live autoencoder; see `live_autoencoder`."""

    def __repr__(self):
        return "LiveAutoencoder()"

    def _repr_html_(self):
        """Return the element with its styles and scripts, which load nothing else."""
        files = ELEMENTS["live-autoencoder"]
        styles = "".join(source(file) for file in files if file.endswith(".css"))
        scripts = "".join(source(file) for file in files if file.endswith(".js"))
        return (
            f"<style>{styles}</style>\n"
            "<live-autoencoder><p>Networks to touch: this needs JavaScript, and a "
            "notebook that is trusted.</p></live-autoencoder>\n"
            '<script>if (!customElements.get("live-autoencoder")) {\n'
            f"{scripts}}}</script>"
        )


def live_autoencoder():
    """Show trained networks that one can touch, in Jupyter or Colab.

    Draw a garment or choose one, see its code and its reconstruction, and change the
    code; compare networks with PCA; walk over a map; train a small network. It is the
    element of the book's page "The live autoencoder", and asks no server for anything:
    the networks that `load_trained` returns come with the output, which is about a
    megabyte large. They learned from Fashion-MNIST and have never seen a drawn garment.

    Returns
    -------
    LiveAutoencoder
        A notebook shows it.

    Examples
    --------
    >>> from convae_lib import live_autoencoder
    >>> live_autoencoder()
    LiveAutoencoder()
    """
    return LiveAutoencoder()
