"""What a classifier answers: certificates, witnesses, audits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Iterator, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._labels import are_same

__all__ = [
    "Adversary", "Audit", "Budget", "Certificate", "Certificates", "Collective", "Gap", "Group", "Suggestion", "Witness",
]


@dataclass(frozen=True)
class Adversary:
    """What may have been done to the training labels. Without limits, anything, at a cost of 1 for each label.

    Limits are knowledge about the data: they must not be read off the labels that are defended.

    Parameters
    ----------
    trusted_rows : sequence of int, or of a truth value for each training row
        Training rows whose labels nobody can have changed.
    directions : sequence of (label, label)
        The only changes that are possible, from and to; empty if all are.
    costs : sequence of int, optional
        What changing each row's label costs, at least 1. A radius is then a budget.
    """

    trusted_rows: Sequence[int] = ()
    directions: Sequence[Tuple[Any, Any]] = ()
    costs: Optional[Sequence[int]] = None


@dataclass(frozen=True)
class Certificate:
    """One certificate of all rows.

    Attributes
    ----------
    kind : str
        Its name, such as ``"exact"``.
    predictions : ndarray of shape (m,)
        The labels that the certified classifier predicts.
    radii : ndarray of int32, shape (m,)
        So many labels can be changed, whichever, before the prediction can change: ``ANY`` where nothing changes it.
    is_certified : ndarray of bool, shape (m,)
        Whether the prediction is proved. Where it is not, the radius is 0 and claims nothing.
    assumes_classes : ndarray of bool, shape (m,)
        Whether the radius holds for the list of classes only, which was read off the labels.
    """

    kind: str
    predictions: NDArray[Any]
    radii: NDArray[np.int32]
    is_certified: NDArray[np.bool_]
    assumes_classes: NDArray[np.bool_]

    def accuracy(self, y: ArrayLike, radius: int = 0) -> float:
        """The fraction of rows that are predicted rightly, whatever so many labels are changed to.

        Parameters
        ----------
        y : array-like of shape (m,)
            The true labels, compared by their spelling: the number 1 is the text "1".
        radius : int, default 0
            How many labels may be wrong.

        Returns
        -------
        float
            The certified accuracy at this radius.
        """
        right = are_same(self.predictions, y) & self.is_certified & (self.radii >= radius)
        return float(np.mean(right)) if right.size else 0.0


@dataclass(frozen=True)
class Certificates(Mapping[str, Certificate]):
    """The certificates of some rows, by their names: ``certificates["exact"].radii``.

    Attributes
    ----------
    log_failure : ndarray of shape (m,)
        Upper bounds on the log of the probability that the noisy vote goes against the prediction; NaN without noise.
    log_change : ndarray of shape (m,)
        The same for labels that are wrong at random.
    is_conditional : bool
        Whether radii hold only for what was fitted held fixed, because labels had a say in it.
    class_shares : dict of label to float, or None
        The stated shares of the classes, by which scores are lifted: radii hold for them, so they must come from elsewhere
        than the labels.
    """

    _by_kind: Mapping[str, Certificate]
    log_failure: NDArray[np.float64]
    log_change: NDArray[np.float64]
    is_conditional: bool
    class_shares: Optional[Mapping[Any, float]] = None
    _address: int = field(default=0, repr=False)

    def __getitem__(self, kind: str) -> Certificate:
        return self._by_kind[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_kind)

    def __len__(self) -> int:
        return len(self._by_kind)

    @property
    def radii(self) -> NDArray[np.int32]:
        """The radii of the only certificate; of several, say which: ``certificates["exact"].radii``."""
        return self._only().radii

    @property
    def predictions(self) -> NDArray[Any]:
        """The predictions of the only certificate; of several, say which."""
        return self._only().predictions

    def _only(self) -> Certificate:
        if len(self._by_kind) != 1:
            raise ValueError(f"There are several certificates: say which, one of {', '.join(self._by_kind)}.")
        return next(iter(self._by_kind.values()))


@dataclass(frozen=True)
class Witness:
    """The cheapest changes of labels that change a prediction: they cost one more than its exact radius.

    Attributes
    ----------
    row : int
        The row that was asked for.
    prediction, rival : label
        What is predicted, and what comes past it.
    cost : int
        What the changes cost: their number, unless labels differ in cost.
    rows : ndarray of int64
        The training rows whose labels are changed.
    old, new : ndarray
        Their labels, and what they are changed to.
    """

    row: int
    prediction: Any
    rival: Any
    cost: int
    rows: NDArray[np.int64]
    old: NDArray[Any]
    new: NDArray[Any]


@dataclass(frozen=True)
class Suggestion:
    """A training label to check.

    Attributes
    ----------
    row : int
        The training row.
    label : label
        What it is labelled with.
    is_contradicted : bool
        Whether the classifier without the row predicts another class. Otherwise certified predictions depend on it.
    suggested : label
        What is predicted without the row.
    contradiction_radius : int
        So many other labels can be changed, and ``label`` still does not come past ``suggested``.
    lead : float
        By how much ``suggested`` is ahead.
    witness_count : float
        In how many smallest witnesses the label is.
    radius_gain : int
        By how much the sum of radii grows if this label alone is known to be right.
    total_radius : int
        The sum of radii once this label and all before it are known to be right.
    """

    row: int
    label: Any
    is_contradicted: bool
    suggested: Any
    contradiction_radius: int
    lead: float
    witness_count: float
    radius_gain: int
    total_radius: int


@dataclass(frozen=True)
class Audit:
    """Which training labels to check first.

    Attributes
    ----------
    suggestions : list of Suggestion
        The labels, the first to check first.
    audited_rows, counted_rows : int
        Rows whose predictions were audited, and those whose radii count.
    total_radius : int
        The sum of the exact radii of the counted rows.
    contradicted, clearly_contradicted : int
        How many labels are contradicted, and how many of them clearly.
    """

    suggestions: List[Suggestion]
    audited_rows: int
    counted_rows: int
    total_radius: int
    contradicted: int
    clearly_contradicted: int

    @property
    def rows(self) -> NDArray[np.int64]:
        """The training rows to check, the first first."""
        return np.array([suggestion.row for suggestion in self.suggestions], np.int64)


@dataclass(frozen=True)
class Budget:
    """What one adversary with a budget can do to all rows: ``found`` by an attack, ``at_most`` proved.

    ``alone`` counts the rows whose own radius is below the budget. ``attack`` are the training rows that are changed,
    with ``new`` labels.
    """

    budget: int
    alone: int
    at_most: int
    found: int
    assumes_classes: bool
    attack: NDArray[np.int64]
    new: NDArray[Any]


@dataclass(frozen=True)
class Group:
    """By how much the number of correct rows of a group can fall and rise on balance: proved, and found by attacks."""

    group: Any
    budget: int
    rows: int
    correct: int
    lost_at_most: int
    lost_found: int
    gained_at_most: int
    gained_found: int


@dataclass(frozen=True)
class Gap:
    """Accuracy of ``group`` less that of ``other``, and between what it stays: proved, and found by attacks."""

    group: Any
    other: Any
    budget: int
    difference: float
    at_least: float
    at_most: float
    found_least: float
    found_most: float


@dataclass(frozen=True)
class Collective:
    """What one adversary, with one budget, can do to the predictions of all rows.

    Attributes
    ----------
    rows, counted : int
        The rows, and those that count: with the truth given, the rows that are predicted rightly.
    budgets : list of Budget
        In ascending order.
    groups : list of Group
    gaps : list of Gap
    """

    rows: int
    counted: int
    budgets: List[Budget]
    groups: List[Group]
    gaps: List[Gap]


