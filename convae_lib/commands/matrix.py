"""``convae matrix``: what a layer of a model does, as a sparse matrix."""

from io import BytesIO
from pathlib import Path

from .arguments import WrongUse, add_overwrite
from .named_models import add_model, check_model, read_model
from .outputs import check_out, write_all

__all__ = ["HELP", "add_arguments", "run"]

HELP = """\
Write the matrix of one layer, and a picture of where its entries are.

example:
  convae matrix published conv2d_1 --out C.npz
  convae matrix published

Without LAYER the layers are listed. Written are C.npz, which scipy.sparse.load_npz reads,
and C.png. The matrix takes the flattened input to the flattened output, before bias and
activation.
"""


def add_arguments(parser):
    """Say what the command takes."""
    add_model(parser)
    parser.add_argument(
        "layer", metavar="LAYER", nargs="?", help="its name; without it, a list"
    )
    parser.add_argument("--out", metavar="C.npz", help="where the matrix goes")
    add_overwrite(parser)


def run(chosen, screen):
    """Load, find the layer, and write its matrix and its picture."""
    check_model(chosen.model)
    if chosen.layer is None:
        if chosen.out:
            raise WrongUse("--out needs a LAYER; without --out the layers are listed")
        return tell_layers(screen, read_model(chosen.model, chosen.debug))
    if not chosen.out:
        raise WrongUse("say where the matrix goes, as --out C.npz")
    out, picture = Path(chosen.out), Path(chosen.out).with_suffix(".png")
    check_out(out, "--out", ".npz", chosen.overwrite)
    check_out(picture, "the picture of --out", ".png", chosen.overwrite)
    model = read_model(chosen.model, chosen.debug)
    from scipy.sparse import save_npz

    from ..models.layer_matrices import layer_matrix
    from ..pictures.matrices import show_sparsity

    found = layers_of(model)
    if chosen.layer not in found:
        raise WrongUse(
            f"LAYER {chosen.layer!r} is none of {chosen.model}; those with a matrix are "
            f"{', '.join(name for name in found if has_matrix(found[name]))}"
        )
    layer = found[chosen.layer]
    shape = tuple(layer.input.shape[1:])
    try:
        with screen.progress("making the matrix"):
            C = layer_matrix(layer, shape)
    except ValueError as error:
        raise WrongUse(
            f"LAYER {chosen.layer!r}: {str(error).partition('; ')[0]}; those with a "
            f"matrix are {', '.join(n for n in found if has_matrix(found[n]))}"
        ) from error
    drawn, packed = BytesIO(), BytesIO()
    with screen.progress("writing the matrix and its picture"):
        figure = show_sparsity(C, f"{chosen.layer}, {type(layer).__name__}")
        figure.savefig(drawn, dpi=150)
        save_npz(packed, C)
        write_all({out: packed.getvalue(), picture: drawn.getvalue()})
    rows, columns = C.shape
    screen.line(f"{chosen.layer} takes {shape} to {tuple(layer.output.shape[1:])}:")
    screen.line(f"a matrix of {rows:,} by {columns:,}, {C.nnz:,} entries stored")
    screen.line(f"{out} is written, and its picture, {picture}")
    screen.result(
        out=str(out),
        picture=str(picture),
        layer=chosen.layer,
        input_shape=list(shape),
        shape=[rows, columns],
        entries=C.nnz,
    )


def layers_of(model):
    """Return the layers of a model and of the models in it, by name, in their order."""
    found = {}
    for layer in model.layers:
        if hasattr(layer, "layers"):
            for name, inner in layers_of(layer).items():
                found[f"{layer.name}/{name}" if name in found else name] = inner
        elif type(layer).__name__ != "InputLayer" and hasattr(layer, "output"):
            found[layer.name] = layer
    return found


def has_matrix(layer):
    """Tell whether the library makes a matrix of such a layer."""
    from ..models.linear_layers import LAYERS

    return type(layer) in LAYERS


def tell_layers(screen, model):
    """Print the layers and what they take and give."""
    rows = [
        {
            "name": name,
            "kind": type(layer).__name__,
            "input_shape": list(layer.input.shape[1:]),
            "output_shape": list(layer.output.shape[1:]),
            "has_matrix": has_matrix(layer),
        }
        for name, layer in layers_of(model).items()
    ]
    width = max(len(row["name"]) for row in rows) + 2
    for row in rows:
        how = "" if row["has_matrix"] else "  (no matrix)"
        to = f"{tuple(row['input_shape'])} to {tuple(row['output_shape'])}"
        screen.line(f"{row['name']:{width}s}{row['kind']}, {to}{how}")
    screen.result(layers=rows)
