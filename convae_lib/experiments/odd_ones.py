"""One class of images is learned; how well are the others told from it?"""

from dataclasses import dataclass

from ..checks import check_sizes
from ..scores.measures import applied
from ..scores.odd_ones import (
    RULES,
    auroc,
    code_scores,
    error_scores,
    residual_scores,
    rule_scores,
)
from .experiment import Experiment, refuse_unknown
from .training import Training

__all__ = ["OddByRule", "OddOnes"]


@dataclass(frozen=True, kw_only=True)
class OddOnes(Experiment):
    """Train on the images of one class, and rank all test images by their errors.

    Attributes
    ----------
    training : Training
    class_label : int
        The class that is learned.

    Raises
    ------
    ValueError
        If the training is no `Training`, or the label no whole number from 0 up.

    Examples
    --------
    See `OddByRule`, which is run like it.
    """

    training: Training
    class_label: int

    kind = "odd ones"

    def __post_init__(self):
        if not isinstance(self.training, Training):
            raise ValueError(f"training {self.training!r} must be a Training")
        check_sizes(0, class_label=self.class_label)

    @property
    def seed(self):
        return self.training.seed

    def measure(self, images, models=None):
        """Return the scores of the training, and the area under the curve of each error."""
        trained = []
        images = images.only(self.class_label)
        row = self.training.measure(
            images, models, keep=lambda _, model, __: trained.append(model)
        )
        odd = images.labels["test"] != self.class_label
        reconstruct = applied(trained[0])
        scores = error_scores(images.test, reconstruct)
        scores |= residual_scores(images, reconstruct)
        scores |= code_scores(images, applied(trained[0].layers[0]))
        return row | {
            f"auroc_by_{name}": auroc(values, odd) for name, values in scores.items()
        }


@dataclass(frozen=True, kw_only=True)
class OddByRule(Experiment):
    """The same by a rule that needs no training.

    Attributes
    ----------
    rule : {"brightness", "mean image", "PCA", "covariance", "kernel density"}
        As in `rule_scores`.
    class_label : int
        The class that is known.

    Raises
    ------
    ValueError
        If the rule is another one, or the label no whole number from 0 up.

    Examples
    --------
    >>> import numpy as np
    >>> from convae_lib.data import Images
    >>> x = np.repeat(np.linspace(0, 1, 10), 16).reshape(10, 4, 4)
    >>> two = {"train": [0] * 5 + [1] * 5, "valid": [0] * 5 + [1] * 5}
    >>> two["test"] = two["train"]
    >>> images = Images(train=x, valid=x, test=x, labels={k: np.array(v) for k, v in two.items()})
    >>> OddByRule(name="mean grey", rule="brightness", class_label=0).run(images)["auroc"]
    1.0
    """

    rule: str
    class_label: int

    kind = "odd by rule"

    def __post_init__(self):
        refuse_unknown("rule", self.rule, RULES)
        check_sizes(0, class_label=self.class_label)

    def measure(self, images, models=None):
        """Return the area under the curve: of the setting chosen, and of all."""
        images = images.only(self.class_label)
        odd = images.labels["test"] != self.class_label
        tried = rule_scores(self.rule, images)
        areas = [auroc(each["scores"], odd) for each in tried]
        losses = [each.get("val_loss") for each in tried]
        chosen = min(range(len(tried)), key=lambda i: losses[i] or 0)
        return {
            "auroc": areas[chosen],
            "setting": tried[chosen]["setting"],
            "settings": [each["setting"] for each in tried],
            "val_losses": losses,
            "aurocs": areas,
        }
