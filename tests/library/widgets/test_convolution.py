"""The explorer's arithmetic against the library's, in a JavaScript engine."""

import numpy as np
import pytest

from tests.library.widgets.settings import by_library, kernel_shape, random_settings

BUILD = """
(cases) => cases.map(({setting, kernel, x}) => {
  try {
    const conv = convae.describe(setting);
    const matrix = convae.buildMatrix(conv);
    const values = convae.valuesOfSums(matrix, kernel);
    return {
      shape: [matrix.rows, matrix.columns],
      start: [...matrix.start],
      column: [...matrix.column],
      value: [...matrix.sum].map((sum) => values[sum]),
      outputShape: conv.outputShape,
      product: convae.product(matrix, kernel, x),
    };
  } catch (error) {
    return {refused: error.message};
  }
})
"""


@pytest.fixture(scope="module")
def arithmetic(engine):
    return engine("convolution.js", "matrix.js")


def make_case(setting):
    """Return a setting with a kernel of different whole numbers and an input."""
    rng = np.random.default_rng(0)
    shape = kernel_shape(setting)
    kernel = 1.0 + rng.permutation(np.prod(shape))
    x = rng.integers(-9, 10, np.prod(setting["input_shape"]) * setting["channels"])
    return dict(setting=setting, kernel=kernel.tolist(), x=x.tolist())


def compare(case, found):
    """Compare one setting with the library; return whether it is possible."""
    setting = case["setting"]
    kernel = np.reshape(case["kernel"], kernel_shape(setting))
    expected = by_library(setting, kernel)
    if isinstance(expected, str):
        assert found == {"refused": expected}, setting
        return False
    assert "refused" not in found, (setting, found)
    matrix = expected.tocsr()
    matrix.sort_indices()
    assert found["shape"] == [*matrix.shape], setting
    assert found["start"] == matrix.indptr.tolist(), setting
    assert found["column"] == matrix.indices.tolist(), setting
    assert found["value"] == matrix.data.tolist(), setting
    assert found["product"] == (matrix @ case["x"]).tolist(), setting
    assert np.prod(found["outputShape"]) * setting["filters"] == matrix.shape[0]
    return True


def test_a_thousand_random_settings(arithmetic, request, seen):
    seed = int(request.config.option.hypothesis_seed)
    settings = [*random_settings(300, 0), *random_settings(700, seed)]
    cases = [make_case(setting) for setting in settings]
    for case, found in zip(cases, arithmetic.call(BUILD, cases)):
        possible = compare(case, found)
        seen["possible" if possible else "refused"] += 1
    assert min(seen["possible"], seen["refused"]) > 300
