"""Labels as the library tells them apart: by their spelling, where 1, 1.0 and 01 are one class."""

from __future__ import annotations

import re
import sys
import warnings
from typing import Any, Dict, Hashable, Iterable, List, Sequence, Type

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["DataConversionWarning", "are_same", "column", "in_order", "key", "labels", "scikit_learns", "spelled"]

_LONGEST_NUMBER = 400  # Longer ones are names made of digits.
_NUMBER = re.compile(r"[+-]?(?=\.?[0-9])([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,3}))?\Z")


class DataConversionWarning(UserWarning):
    """Data were given in another form than asked for, and taken all the same. With scikit-learn loaded it is its own."""


def scikit_learns(name: str, own: Type[Any]) -> Type[Any]:
    """scikit-learn's class of a name where that is loaded, so that its users catch what they expect; else our own."""
    loaded = sys.modules.get("sklearn.exceptions")
    return own if loaded is None else getattr(loaded, name, own)


def spelled(value: Any) -> str:
    """The text of a label."""
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    if isinstance(value, bytes):
        return value.decode()
    return str(value)


def key(value: Any) -> Hashable:
    """The same for all labels that are one class to the library."""
    text = spelled(value)
    found = _NUMBER.match(text) if len(text) <= _LONGEST_NUMBER else None
    if found is None:
        return text
    whole, fraction, exponent = (part or "" for part in found.groups())
    digits = (whole + fraction).lstrip("0")
    significant = digits.rstrip("0")
    if not significant:
        return 0, "", 0
    return -1 if text[0] == "-" else 1, significant, int(exponent or 0) + len(digits) - len(fraction)


def column(y: ArrayLike) -> NDArray[Any]:
    """A label for each row, of whatever kind."""
    given = np.asarray(y)
    if given.ndim == 2 and given.shape[1] == 1:
        warnings.warn(
            "A column-vector y was passed when a 1d array was expected. Please change the shape of y to (n_samples, ), for example using "
            "ravel().", scikit_learns("DataConversionWarning", DataConversionWarning), stacklevel=4)
        given = given.ravel()
    if given.ndim != 1:
        raise ValueError(f"y should be a 1d array, got an array of shape {given.shape} instead.")
    return given


def labels(y: Any) -> NDArray[Any]:
    """Labels: whole numbers, texts or truth values, of one kind and without gaps."""
    if not hasattr(y, "dtype"):
        _check(np.asarray(y, object).ravel())  # NumPy would make texts of all where there is one.
    given = column(y)
    if given.dtype.kind == "O":
        _check(given)
    if given.dtype.kind == "f":
        if not np.all(np.isfinite(given)):
            raise ValueError("Input y contains NaN or infinity.")
        if np.any(given != np.floor(given)):
            raise ValueError("Unknown label type: continuous. Labels are whole numbers, texts or truth values.")
    if given.dtype.kind in "mM" and np.any(np.isnat(given)):
        raise ValueError("Input y contains NaN.")
    if given.dtype.kind == "c":
        raise ValueError("Unknown label type: complex.")
    return given


def are_same(predictions: NDArray[Any], y: ArrayLike) -> NDArray[np.bool_]:
    """Which predicted labels are the true ones. Kinds may differ: the number 1 is the text "1"."""
    truth = labels(y)
    if len(truth) != len(predictions):
        raise ValueError(f"Found input variables with inconsistent numbers of samples: {[len(predictions), len(truth)]}")
    if truth.dtype == predictions.dtype and truth.dtype.kind in "biuf":
        return np.asarray(predictions == truth, np.bool_)
    known: Dict[Any, Hashable] = {}

    def keys(given: NDArray[Any], other: NDArray[Any]) -> List[Hashable]:
        # NumPy compares truth values with numbers, and so do its users.
        values: Iterable[Any] = (given.astype(int) if given.dtype.kind == "b" and other.dtype.kind in "iuf" else given).tolist()
        for value in values:
            if (type(value), value) not in known:
                known[type(value), value] = key(value)
        return [known[type(value), value] for value in values]

    pairs = zip(keys(predictions, truth), keys(truth, predictions))
    return np.fromiter((one == other for one, other in pairs), np.bool_, len(truth))


def in_order(names: Sequence[str], values: NDArray[Any], stated: Sequence[Any]) -> NDArray[Any]:
    """The labels of the library's classes, whose names are given: the values of y where it has them.

    Where the list of classes is stated, those that y does not have are made of the same kind if they can be.
    """
    of_y = {key(value): i for i, value in enumerate(values)}
    if all(key(name) in of_y for name in names):
        return np.asarray(values[[of_y[key(name)] for name in names]])
    of_list = {key(value): value for value in stated}
    known = [values[of_y[key(name)]] if key(name) in of_y else _like(values, of_list[key(name)]) for name in names]
    if len({_kind(value) for value in known}) == 1 and values.dtype.kind != "O":
        return np.array(known)
    return np.array([value.item() if isinstance(value, np.generic) else value for value in known], object)


def _like(values: NDArray[Any], value: Any) -> Any:
    """A stated class as y would have it."""
    kinds = {_kind(one) for one in values}
    if kinds == {str}:
        return spelled(value)
    if kinds == {int} and isinstance(value, str):
        try:
            number: Any = int(value) if values.dtype.kind != "f" else float(value)
        except ValueError:
            return value
        return number if key(number) == key(value) else value
    return value


def _kind(value: Any) -> Any:
    if isinstance(value, (bool, np.bool_)):
        return bool
    if isinstance(value, (int, float, np.integer, np.floating)):
        return int
    return str if isinstance(value, str) else type(value)


def _check(values: NDArray[Any]) -> None:
    if any(_is_missing(value) for value in values):
        raise ValueError("Input y contains NaN.")
    kinds: Dict[Any, Any] = {}
    for value in values:
        kinds.setdefault(_kind(value), value)
    if len(kinds) > 1:
        one, other = list(kinds.values())[:2]
        raise ValueError(
            f"Labels are of different types: {one!r} is {type(one).__name__}, and {other!r} is {type(other).__name__}. Make them "
            "all texts, or all whole numbers.")


def _is_missing(value: Any) -> bool:
    if value is None:
        return True
    try:
        return bool(value != value)
    except TypeError:  # pandas.NA is neither true nor false.
        return True
    except ValueError:  # An array.
        return False
