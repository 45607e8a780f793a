"""An exercise: its answer, and the slips that people make on the way to it."""

from dataclasses import dataclass

from .comparison import difference

__all__ = ["Exercise"]


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """What the check under an exercise knows.

    Attributes
    ----------
    answer : object or callable
        The right answer; or a function that makes it of what the notebook hands to
        `check`, by names such as ``images``.
    slips : tuple of (object or callable, str)
        Wrong answers that are easy to arrive at, each with the sentence that helps.
    atol : float, default 1e-6
        Allowed absolute difference between numbers.

    Examples
    --------
    >>> exercise = Exercise(answer=13, slips=[(14, "Count the steps between posts.")])
    >>> exercise.says(14)
    'not yet: Count the steps between posts.'
    >>> exercise.says(13)
    'right'
    """

    answer: object
    slips: tuple = ()
    atol: float = 1e-6

    def says(self, answer, **given):
        """Return the line that `check` prints."""
        if answer is ...:
            return "not answered yet"
        wrong = difference(answer, _made(self.answer, given), atol=self.atol)
        if wrong is None:
            return "right"
        for slip, sentence in self.slips:
            if difference(answer, _made(slip, given), atol=self.atol) is None:
                return f"not yet: {sentence}"
        return f"not yet: {wrong}"


def _made(answer, given):
    return answer(**given) if callable(answer) else answer
