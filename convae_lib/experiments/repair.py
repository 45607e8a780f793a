"""Repair damaged images by a rule: the rows that a denoiser is compared with."""

from dataclasses import dataclass

from ..scores.corruptions import CORRUPTIONS
from ..scores.denoising import repair_scores
from ..scores.repairs import REPAIRS
from .experiment import Experiment, refuse_unknown

__all__ = ["RepairByRule"]


@dataclass(frozen=True, kw_only=True)
class RepairByRule(Experiment):
    """Fit a rule to one kind of damage, and repair all kinds with it.

    Its setting, the width of a filter say, is the one that repairs the validation images
    best, by PSNR, when they are damaged as the training images were.

    Attributes
    ----------
    rule : {"nothing", "Gaussian filter", "median filter", "PCA", "linear regression"}
    damage : str
        A kind of `corrupt`.
    amount : float
        How much of it.

    Raises
    ------
    ValueError
        If the rule or the kind is another one.

    Examples
    --------
    >>> import numpy as np
    >>> from convae_lib.data import Images
    >>> x = np.full((9, 8, 8), 0.5, np.float32)
    >>> images = Images(train=x, valid=x, test=x)
    >>> blur = RepairByRule(
    ...     name="blur", rule="Gaussian filter", damage="gaussian", amount=0.2
    ... )
    >>> row = blur.run(images)
    >>> row["setting"], row["damages"][1]
    (1.2, 'gaussian 0.2')
    """

    rule: str
    damage: str
    amount: float

    kind = "repair by rule"

    def __post_init__(self):
        refuse_unknown("rule", self.rule, REPAIRS)
        refuse_unknown("damage", self.damage, CORRUPTIONS)
        object.__setattr__(self, "amount", float(self.amount))

    def measure(self, images, models=None):
        """Return the setting, what was tried, and the scores on all kinds of damage."""
        damage = self.damage, self.amount
        tried = REPAIRS[self.rule](images, damage)
        fits = [
            repair_scores("val", images.valid, repair, {"": damage}, similar=False)
            for _, repair in tried
        ]
        decibels = [fit["val_psnr"][0] for fit in fits]
        setting, repair = tried[decibels.index(max(decibels))]
        return {
            "setting": setting,
            "settings": [each for each, _ in tried],
            "decibels": decibels,
            **repair_scores("val", images.valid, repair),
            **repair_scores("test", images.test, repair),
        }
