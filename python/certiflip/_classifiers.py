"""Classifiers with scikit-learn's habits, whose predictions are certified against wrong training labels."""

from __future__ import annotations

import ctypes
import inspect
import os
import tempfile
import warnings
from ctypes import c_int32, c_int64
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, Type, TypeVar, Union, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _library as lib
from ._labels import DataConversionWarning, are_same, column, in_order, key, labels, scikit_learns, spelled
from ._library import CertiFlipError, Handle, Model, Progress, Running
from ._results import Adversary, Audit, Budget, Certificate, Certificates, Collective, Gap, Group, Suggestion, Witness

__all__ = [
    "CertifiedClassifier", "CertifiedKNeighborsClassifier", "CertifiedKernelClassifier", "CertifiedRidgeClassifier",
    "CertifiedSaturatedRidgeClassifier", "DataConversionWarning", "NotFittedError", "load",
]

Self = TypeVar("Self", bound="CertifiedClassifier")

ClassShares = Union[Mapping[Any, float], Sequence[float], NDArray[Any]]

_IS_CERTIFIED, _ASSUMES_CLASSES = 1, 2


class NotFittedError(ValueError, AttributeError):
    """A classifier is used before ``fit``. Where scikit-learn is loaded, its own is raised."""


class CertifiedClassifier:
    """A classifier that is linear in its training labels, so that its predictions can be certified.

    The other classifiers are this one with a head of their own.

    Parameters
    ----------
    head : str, default "ridge"
        As ``certiflip train --head`` has it, such as ``"knn:7"``.
    head_options : str, default ""
        Options of the head with blanks between, such as ``"ridge=fixed:3 intercept=no"``.
    classes : sequence of labels, optional
        The list of classes. If not given it is read off the labels, and certificates say which radii hold for that
        list only.
    prior : sequence of float, optional
        What part of all rows each of ``classes`` is expected to have, from elsewhere than the labels.
    class_shares : dict of label to float, or sequence of float, optional
        What part of the training rows each class is expected to have, from elsewhere than the labels; of a sequence in
        the order of ``classes``. A dict states ``classes``, too. For heads that lift scores by them:
        ``"saturated-ridge"``, ``"two-means"``, ``"tempered-ridge"``, ``"bounded-ridge"`` and ``"hierarchy"``. They take
        the place of ``prior``.
    noise : float, optional
        The probability q that smoothing changes a label, for certificates of the smoothed vote, and for the paper's λ.
    n_jobs : int, optional
        How many threads work; all processors if not given or -1, all but one with -2 and so on. Results do not depend
        on it.

    Attributes
    ----------
    classes_ : ndarray of shape (K,)
        The labels, in the order of the classes.
    n_features_in_ : int
        Number of features k.
    feature_names_in_ : ndarray of str
        The names of the features, where ``X`` had names.

    Notes
    -----
    Arrays of float32 or float64 that are C-contiguous are read in place and never copied; others are converted once.
    The training features are read as long as the classifier lives: do not change them.
    """

    _estimator_type = "classifier"

    class_shares: Optional[ClassShares] = None  # Of heads that know none.

    def __init__(
        self, head: str = "ridge", head_options: str = "", *, classes: Optional[Sequence[Any]] = None,
        prior: Optional[Sequence[float]] = None, class_shares: Optional[ClassShares] = None, noise: Optional[float] = None,
        n_jobs: Optional[int] = None,
    ) -> None:
        self.head = head
        self.head_options = head_options
        self.classes = classes
        self.prior = prior
        self.class_shares = class_shares
        self.noise = noise
        self.n_jobs = n_jobs

    # ---------------------------------------------------------------------------------------------- scikit-learn's habits

    @classmethod
    def _parameter_names(cls) -> List[str]:
        return sorted(name for name in inspect.signature(cls.__init__).parameters if name != "self")

    def get_params(self, deep: bool = True) -> Dict[str, Any]:
        """The parameters of the classifier.

        Parameters
        ----------
        deep : bool, default True
            Without meaning here: parameters are no estimators.

        Returns
        -------
        dict
            Names and values.
        """
        return {name: getattr(self, name) for name in self._parameter_names()}

    def set_params(self: Self, **params: Any) -> Self:
        """Sets parameters of the classifier. ``noise`` and ``n_jobs`` count from the next call, the others from ``fit``.

        Returns
        -------
        self
        """
        for name, value in params.items():
            if name not in self._parameter_names():
                raise ValueError(
                    f"Invalid parameter {name!r} for estimator {self}. Valid parameters are: {self._parameter_names()!r}.")
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        defaults = {name: parameter.default for name, parameter in inspect.signature(type(self).__init__).parameters.items()}
        given = [f"{name}={value!r}" for name, value in self.get_params().items() if not _same(value, defaults[name])]
        return f"{type(self).__name__}({', '.join(given)})"

    def _more_tags(self) -> Dict[str, Any]:
        return {}

    def __sklearn_tags__(self) -> Any:
        # Only scikit-learn from version 1.6 on asks for this, so it is there.
        from sklearn.utils import ClassifierTags, InputTags, Tags, TargetTags  # type: ignore

        return Tags(
            estimator_type="classifier", target_tags=TargetTags(required=True), transformer_tags=None, regressor_tags=None,
            classifier_tags=ClassifierTags(), input_tags=InputTags())

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "_model")

    def __getstate__(self) -> Dict[str, Any]:
        state = {name: value for name, value in self.__dict__.items() if name != "_model"}
        if hasattr(self, "_model"):
            model = self._fitted()
            state["classes_"], state["n_features_in_"] = model.classes, model.columns
            with tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "model")
                lib.call("save", model, os.fsencode(path))
                with open(path, "rb") as file:
                    state["_stored"] = file.read()
        return state

    def __setstate__(self, state: Dict[str, Any]) -> None:
        stored = state.pop("_stored", None)
        self.__dict__.update(state)
        if stored is not None:
            with tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "model")
                with open(path, "wb") as file:
                    file.write(stored)
                model = _loaded(path, self._threads())
            _complete(model)
            model.classes, model.names = state["classes_"], state.get("feature_names_in_")
            self._model = model

    # ------------------------------------------------------------------------------------------------------------ fitting

    def fit(self: Self, X: ArrayLike, y: ArrayLike, *, progress: Optional[Progress] = None) -> Self:
        """Fits the head to features, and keeps the labels.

        Parameters
        ----------
        X : array-like of shape (n, k)
            Features. They must not have been made by looking at the labels.
        y : array-like of shape (n,)
            Labels, any of which may be wrong: numbers, texts or truth values.
        progress : callable, optional
            Is called with the part that is done, from 0 to 1; ``False`` stops the work.

        Returns
        -------
        self
        """
        names_in = _names_of(X)
        features = _features(X)
        if y is None:
            raise ValueError(f"This {type(self).__name__} estimator requires y to be passed, but the target y is None.")
        given_labels = labels(y)
        if len(given_labels) != len(features):
            raise ValueError(f"Found input variables with inconsistent numbers of samples: {[len(features), len(given_labels)]}")
        values, codes = np.unique(given_labels, return_inverse=True)
        stated, shares = self._stated()
        if len(values) < 2 and stated is None:
            raise ValueError(f"All labels are of 1 class, {values[0]!r} (n_samples={len(given_labels)}): at least two classes are needed.")
        if stated is None:
            _check_apart(values)
        codes = np.ascontiguousarray(codes, np.int64)
        texts = lib.texts([spelled(value) for value in values])
        head, head_options = self._head()
        options = lib.FitOptions(head=head.encode(), head_options=head_options.encode())
        if stated is not None:
            options.classes = lib.texts([spelled(value) for value in stated])
            options.class_count = len(stated)
        if self.prior is not None:
            if stated is None or len(self.prior) != len(stated):
                raise ValueError("A prior needs classes, and a number for each.")
            options.prior = (ctypes.c_double * len(stated))(*self.prior)
        if shares is not None:
            options.shares = (ctypes.c_double * len(shares))(*shares)
        if self._needs_noise() and self.noise is not None:
            options.noise = self.noise
        given = lib.Labels(
            count=len(given_labels), values=codes.ctypes.data_as(ctypes.POINTER(c_int64)), names=texts, name_count=len(values))
        with Running(self._threads(), None, progress) as run:
            model = Model(
                "fit", ctypes.byref(lib.matrix(features)), ctypes.byref(given), ctypes.byref(options), run)
        model.kept = features  # The library reads them as long as the model lives, and whatever uses it.
        model.classes, model.names = in_order(_complete(model), values, stated or []), names_in
        self._model = model
        self.n_features_in_ = model.columns
        if names_in is not None:
            self.feature_names_in_ = names_in
        elif hasattr(self, "feature_names_in_"):
            del self.feature_names_in_
        self.classes_ = model.classes
        return self

    def predict(self, X: ArrayLike, *, progress: Optional[Progress] = None) -> NDArray[Any]:
        """The predicted label of each row.

        Parameters
        ----------
        X : array-like of shape (m, k)
        progress : callable, optional

        Returns
        -------
        ndarray of shape (m,)
        """
        model = self._fitted()
        features = self._tests(model, X)
        classes = np.zeros(len(features), np.int32)
        with self._running(model, None, progress) as run:
            lib.call("predict", model, ctypes.byref(lib.matrix(features)), run, lib.pointer(classes), len(classes))
        return np.asarray(model.classes[classes])

    def decision_function(self, X: ArrayLike, *, progress: Optional[Progress] = None) -> NDArray[np.float64]:
        """By how much the head is for each class.

        Parameters
        ----------
        X : array-like of shape (m, k)
        progress : callable, optional

        Returns
        -------
        ndarray of shape (m,) or (m, K)
            With two classes, positive where the second is predicted. With more, the largest is predicted.
        """
        model = self._fitted()
        features = self._tests(model, X)
        shape: Tuple[int, ...] = (len(features),) if len(model.classes) == 2 else (len(features), len(model.classes))
        decisions = np.zeros(shape, np.float64)
        with self._running(model, None, progress) as run:
            lib.call("decide", model, ctypes.byref(lib.matrix(features)), run, lib.pointer(decisions), decisions.size)
        return decisions

    def score(self, X: ArrayLike, y: ArrayLike, sample_weight: Optional[ArrayLike] = None) -> float:
        """The fraction of rows that are predicted rightly.

        Parameters
        ----------
        X : array-like of shape (m, k)
        y : array-like of shape (m,)
        sample_weight : array-like of shape (m,), optional

        Returns
        -------
        float
        """
        right = are_same(self.predict(X), y)
        return float(np.average(right, weights=None if sample_weight is None else np.asarray(sample_weight)))

    # ------------------------------------------------------------------------------------------------------- certificates

    def certify(
        self, X: Optional[ArrayLike] = None, certificates: Union[None, str, Sequence[str]] = None, *, parts: int = 0,
        adversary: Optional[Adversary] = None, progress: Optional[Progress] = None,
    ) -> Certificates:
        """How many training labels could be wrong before each prediction can change.

        Parameters
        ----------
        X : array-like of shape (m, k), optional
            Rows whose predictions are certified. If not given, the training rows, each by the head fitted without it.
        certificates : str or sequence of str, optional
            ``"kl"``, ``"tight"``, ``"structured"`` (they need ``noise``) and ``"exact"``; with ``parts``
            ``"partition"`` and ``"white-box"``. All that are possible if not given.
        parts : int, default 0
            Above 0, a vote of heads that are trained on so many disjoint parts of the rows.
        adversary : Adversary, optional
            What may have been done to the labels; anything if not given.
        progress : callable, optional
            Is called about twenty times a second with the part that is done, from 0 to 1; ``False`` stops the work.

        Returns
        -------
        Certificates
            A mapping from the name of each certificate to its predictions and radii.
        """
        model = self._fitted()
        features = None if X is None else self._tests(model, X)
        kinds = certificates if certificates is None or isinstance(certificates, str) else ",".join(certificates)
        options = lib.CertifyOptions(certificates=None if kinds is None else kinds.encode(), parts=parts)
        smooths = kinds is None or any(kind.strip() not in ("exact", "partition", "white-box") for kind in kinds.split(","))
        if self.noise is not None and not parts and smooths:
            options.noise = self.noise
        with self._running(model, adversary, progress) as run:
            held = Handle("certify", model, _lent(features), ctypes.byref(options), run)
        info = lib.CertificatesInfo()
        lib.call("certificates_get", held, ctypes.byref(info))
        found = {}
        for index in range(info.kinds):
            kind = lib.text("certificates_kind", held, index)
            predictions, radii, flags = (lib.zeros(info.rows, dtype) for dtype in (np.int32, np.int32, np.uint8))
            lib.call(
                "certificates_read", held, kind.encode(), lib.pointer(predictions), lib.pointer(radii), lib.pointer(flags), info.rows)
            found[kind] = Certificate(
                kind, model.classes[predictions], radii, (flags & _IS_CERTIFIED) != 0, (flags & _ASSUMES_CLASSES) != 0)
        failure, change = np.zeros(info.rows), np.zeros(info.rows)
        lib.call("certificates_log_failure", held, lib.pointer(failure), lib.pointer(change), info.rows)
        shares = _numbers(model, "shares", len(model.classes))
        return Certificates(
            found, failure, change, bool(info.is_conditional), None if shares is None else dict(zip(model.classes.tolist(), shares)),
            info.features or 0)

    def witness(
        self, X: Optional[ArrayLike] = None, rows: Optional[Sequence[int]] = None, *, adversary: Optional[Adversary] = None,
        progress: Optional[Progress] = None,
    ) -> List[Optional[Witness]]:
        """The cheapest changes of labels that change each prediction.

        Parameters
        ----------
        X : array-like of shape (m, k), optional
            If not given, the training rows, each by the head fitted without it.
        rows : sequence of int, or of a truth value for each row, optional
            Which rows of ``X``; all if not given.
        adversary : Adversary, optional
        progress : callable, optional

        Returns
        -------
        list of Witness or None
            One for each row asked for; None where nothing that the adversary can do changes the prediction.
        """
        model = self._fitted()
        features = None if X is None else self._tests(model, X)
        count = _rows_of(model) if features is None else len(features)
        wanted = lib.row_numbers(range(count) if rows is None else rows, count, "rows")
        if not len(wanted):
            return []
        with self._running(model, adversary, progress) as run:
            held = Handle("find_witnesses", model, _lent(features), wanted, len(wanted), run)
        found: List[Optional[Witness]] = []
        for index in range(len(wanted)):
            info = lib.WitnessInfo()
            lib.call("witnesses_read", held, index, ctypes.byref(info), None, 0)
            if not info.is_found:
                found.append(None)
                continue
            flips = np.zeros(info.flips, lib.FLIP)
            lib.call("witnesses_read", held, index, ctypes.byref(info), lib.pointer(flips), len(flips))
            found.append(Witness(
                info.row, model.classes[info.prediction], model.classes[info.rival], info.cost, flips["row"].copy(),
                model.classes[flips["from"]], model.classes[flips["to"]]))
        return found

    def audit(
        self, X: Optional[ArrayLike] = None, y: Optional[ArrayLike] = None, budget: int = 20, *, second_opinion: Optional[str] = "knn",
        adversary: Optional[Adversary] = None, progress: Optional[Progress] = None,
    ) -> Audit:
        """Which training labels to check first.

        Parameters
        ----------
        X : array-like of shape (m, k), optional
            Rows whose predictions count. If not given, the training rows, each by the head fitted without it.
        y : array-like of shape (m,), optional
            Their true labels: rows that are predicted wrongly do not count then.
        budget : int, default 20
            How many labels somebody can check.
        second_opinion : str or None, default "knn"
            Another head that has a say in which labels are contradicted.
        adversary : Adversary, optional
        progress : callable, optional

        Returns
        -------
        Audit
        """
        model = self._fitted()
        features = None if X is None else self._tests(model, X)
        options = lib.AuditOptions(budget=budget, second_opinion=(second_opinion or "none").encode())
        if budget < 1:
            raise ValueError(f"budget is {budget}; expected 1 or more.")
        if y is not None:
            options.truth, options.truth_count = _codes(model, labels(y))
        with self._running(model, adversary, progress) as run:
            held = Handle("audit_labels", model, _lent(features), ctypes.byref(options), run)
        info = lib.AuditInfo()
        lib.call("audit_read", held, ctypes.byref(info), None, 0)
        rows = np.zeros(info.suggestions, lib.SUGGESTION)
        lib.call("audit_read", held, ctypes.byref(info), lib.pointer(rows), len(rows))
        suggestions = [
            Suggestion(
                int(one["row"]), model.classes[one["label"]], int(one["reason"]) == 0, model.classes[one["suggested_class"]],
                int(one["contradiction_radius"]), float(one["lead"]), float(one["witness_count"]), int(one["radius_gain"]),
                int(one["total_radius"]))
            for one in rows
        ]
        return Audit(
            suggestions, info.audited_rows, info.counted_rows, info.total_radius, info.contradicted, info.clearly_contradicted)

    def certify_together(
        self, X: ArrayLike, budgets: Sequence[int], y: Optional[ArrayLike] = None, groups: Optional[ArrayLike] = None, *,
        adversary: Optional[Adversary] = None, progress: Optional[Progress] = None,
    ) -> Collective:
        """What one adversary, with one budget, can do to the predictions of all rows.

        Parameters
        ----------
        X : array-like of shape (m, k)
        budgets : sequence of int
            How many labels may be wrong, each at least 1.
        y : array-like of shape (m,), optional
            The true labels: then only rows that are predicted rightly count.
        groups : array-like of shape (m,), optional
            The group of each row; needs ``y``.
        adversary : Adversary, optional
        progress : callable, optional

        Returns
        -------
        Collective
        """
        model = self._fitted()
        features = self._tests(model, X)
        numbers = lib.integers(budgets, c_int32, "budgets")
        options = lib.CollectiveOptions(budgets=numbers, budget_count=len(numbers))
        names: NDArray[Any] = np.array([])
        if y is not None:
            options.truth, options.truth_count = _codes(model, labels(y))
        if groups is not None:
            names, of_rows = np.unique(column(groups), return_inverse=True)
            options.groups, options.group_count = lib.integers(of_rows, c_int32, "groups"), len(of_rows)
        with self._running(model, adversary, progress) as run:
            held = Handle("certify_together", model, _lent(features), ctypes.byref(options), run)
        info = lib.CollectiveInfo()
        lib.call("collective_get", held, ctypes.byref(info))
        found = []
        for index, row in enumerate(lib.table("collective_budgets", lib.BUDGET, held, info.budgets)):
            flips = lib.table("collective_attack", lib.FLIP, held, int(row["flips"]), index)
            found.append(Budget(
                int(row["budget"]), int(row["alone"]), int(row["at_most"]), int(row["found"]), bool(row["assumes_classes"]),
                flips["row"].copy(), model.classes[flips["to"]]))
        of_groups = [
            Group(names[row["group"]], *(int(row[name]) for name in lib.GROUP.names[1:]))  # type: ignore
            for row in lib.table("collective_groups", lib.GROUP, held, info.groups)
        ]
        gaps = [
            Gap(names[row["group"]], names[row["other"]], int(row["budget"]), *(float(row[name]) for name in lib.GAP.names[4:]))  # type: ignore
            for row in lib.table("collective_gaps", lib.GAP, held, info.gaps)
        ]
        return Collective(info.rows, info.counted, found, of_groups, gaps)

    # -------------------------------------------------------------------------------------------------------------- files

    def save(self, path: Union[str, "os.PathLike[str]"]) -> None:
        """Writes the model, training rows included, as ``certiflip train`` does: ``certiflip certify --model`` reads it.

        Parameters
        ----------
        path : str or path
            The file to make or replace. It appears whole or not at all.
        """
        lib.call("save", self._fitted(), os.fsencode(path))

    # ------------------------------------------------------------------------------------------------------------- inside

    def _head(self) -> Tuple[str, str]:
        return self.head, self.head_options

    def _stated(self) -> Tuple[Optional[List[Any]], Optional[List[float]]]:
        """The list of classes, and their shares in its order, where they are stated."""
        stated = None if self.classes is None else list(self.classes)
        given = self.class_shares
        if given is None:
            return stated, None
        if isinstance(given, Mapping):
            of_class = {key(label): float(share) for label, share in given.items()}
            stated = list(given) if stated is None else stated
            if len(of_class) != len(given) or set(of_class) != {key(label) for label in stated}:
                raise ValueError("class_shares must have a share for every class, and for nothing else.")
            return stated, [of_class[key(label)] for label in stated]
        if stated is None or len(given) != len(stated):
            raise ValueError("class_shares need classes, and a number for each; or give a dict of classes and shares.")
        return stated, [float(share) for share in given]

    def _needs_noise(self) -> bool:
        return "ridge=paper" in self._head()[1].split()

    def _threads(self) -> Optional[int]:
        if self.n_jobs is None:
            return None
        threads = lib.whole(self.n_jobs, c_int32, "n_jobs")
        if threads == 0:
            raise ValueError("n_jobs is 0; expected 1 or more, or -1 for all processors, -2 for all but one and so on.")
        return threads if threads > 0 else max(1, len(os.sched_getaffinity(0)) + 1 + threads)

    def _running(self, model: Model, adversary: Optional[Adversary], progress: Optional[Progress]) -> Running:
        return Running(self._threads(), None if adversary is None else _limits(model, adversary), progress)

    def _info(self) -> lib.ModelInfo:
        info = lib.ModelInfo()
        lib.call("model_get", self._model, ctypes.byref(info))
        return info

    def _fitted(self) -> Model:
        model = getattr(self, "_model", None)
        if model is None:
            message = f"This {type(self).__name__} instance is not fitted yet. Call 'fit' with appropriate arguments first."
            raise scikit_learns("NotFittedError", NotFittedError)(message)
        return cast(Model, model)

    def _tests(self, model: Model, X: ArrayLike) -> NDArray[Any]:
        names, fitted = _names_of(X), model.names
        if names is not None and fitted is not None and list(names) != list(fitted):
            raise ValueError("The feature names should match those that were passed during fit.\n" + _difference(names, fitted))
        if names is None and fitted is not None:
            warnings.warn(f"X does not have valid feature names, but {type(self).__name__} was fitted with feature names")
        if names is not None and fitted is None:
            warnings.warn(f"X has feature names, but {type(self).__name__} was fitted without feature names")
        features = _features(X)
        if features.shape[1] != model.columns:
            raise ValueError(
                f"X has {features.shape[1]} features, but {type(self).__name__} is expecting {model.columns} features as input")
        return features


class CertifiedRidgeClassifier(CertifiedClassifier):
    """Ridge regression on the labels: the paper's classifier.

    Parameters
    ----------
    ridge : str or float, default "relative:1"
        λ: ``"relative:C"`` is C times the mean eigenvalue of the centred features; a number, or ``"fixed:L"``, is λ
        itself; ``"paper"`` computes it from the labels for ``noise``, and radii hold for this λ only.
    fit_intercept : bool, default True
    classes, prior, noise, n_jobs
        As for `CertifiedClassifier`.
    """

    def __init__(
        self, ridge: Union[str, float] = "relative:1", *, fit_intercept: bool = True, classes: Optional[Sequence[Any]] = None,
        prior: Optional[Sequence[float]] = None, noise: Optional[float] = None, n_jobs: Optional[int] = None,
    ) -> None:
        self.ridge = ridge
        self.fit_intercept = fit_intercept
        self.classes = classes
        self.prior = prior
        self.noise = noise
        self.n_jobs = n_jobs

    def _head(self) -> Tuple[str, str]:
        return "ridge", f"ridge={_rule(self.ridge)} intercept={'yes' if self.fit_intercept else 'no'}"


class CertifiedSaturatedRidgeClassifier(CertifiedClassifier):
    """Ridge regression whose label weights are all pushed to the same size: larger radii.

    Parameters
    ----------
    ridge : str or float, default "relative:1"
        As for `CertifiedRidgeClassifier`.
    gain : float, default 5.0
        How steeply weights rise from −1/n to 1/n.
    offset : float or "auto", default "auto"
        What is added to every similarity.
    lift : float, default 0.0
        How much of the votes of unlike rows against every common class is taken back, from 0 to 1.
    classes, prior, class_shares, noise, n_jobs
        As for `CertifiedClassifier`.
    """

    def __init__(
        self, ridge: Union[str, float] = "relative:1", *, gain: float = 5.0, offset: Union[str, float] = "auto", lift: float = 0.0,
        classes: Optional[Sequence[Any]] = None, prior: Optional[Sequence[float]] = None,
        class_shares: Optional[ClassShares] = None, noise: Optional[float] = None, n_jobs: Optional[int] = None,
    ) -> None:
        self.ridge = ridge
        self.gain = gain
        self.offset = offset
        self.lift = lift
        self.classes = classes
        self.prior = prior
        self.class_shares = class_shares
        self.noise = noise
        self.n_jobs = n_jobs

    def _head(self) -> Tuple[str, str]:
        offset = self.offset if isinstance(self.offset, str) else repr(float(self.offset))
        return "saturated-ridge", f"ridge={_rule(self.ridge)} gain={float(self.gain)!r} offset={offset} lift={float(self.lift)!r}"


class CertifiedKNeighborsClassifier(CertifiedClassifier):
    """The vote of the nearest training rows.

    Parameters
    ----------
    n_neighbors : int, default 10
    classes, prior, noise, n_jobs
        As for `CertifiedClassifier`.
    """

    def __init__(
        self, n_neighbors: int = 10, *, classes: Optional[Sequence[Any]] = None, prior: Optional[Sequence[float]] = None,
        noise: Optional[float] = None, n_jobs: Optional[int] = None,
    ) -> None:
        self.n_neighbors = n_neighbors
        self.classes = classes
        self.prior = prior
        self.noise = noise
        self.n_jobs = n_jobs

    def _head(self) -> Tuple[str, str]:
        return f"knn:{self.n_neighbors}", ""


class CertifiedKernelClassifier(CertifiedClassifier):
    """A Gaussian kernel smoother.

    Parameters
    ----------
    bandwidth : float, optional
        In the units of the features; from the features, without labels, if not given.
    classes, prior, noise, n_jobs
        As for `CertifiedClassifier`.
    """

    def __init__(
        self, bandwidth: Optional[float] = None, *, classes: Optional[Sequence[Any]] = None, prior: Optional[Sequence[float]] = None,
        noise: Optional[float] = None, n_jobs: Optional[int] = None,
    ) -> None:
        self.bandwidth = bandwidth
        self.classes = classes
        self.prior = prior
        self.noise = noise
        self.n_jobs = n_jobs

    def _head(self) -> Tuple[str, str]:
        return "kernel" if self.bandwidth is None else f"kernel:{float(self.bandwidth)!r}", ""


def load(path: Union[str, "os.PathLike[str]"], noise: Optional[float] = None, n_jobs: Optional[int] = None) -> CertifiedClassifier:
    """Reads a model that ``save`` or ``certiflip train`` wrote.

    Parameters
    ----------
    path : str or path
    noise, n_jobs
        As for `CertifiedClassifier`; a model of the paper's λ brings its noise.

    Returns
    -------
    CertifiedClassifier
        Fitted, of the class of its head. Labels are whole numbers where all are spelled as such, without leading zeros;
        otherwise they are texts. A file does not keep whether "7" was a text: pickle does.
    """
    model = _loaded(path, CertifiedClassifier(n_jobs=n_jobs)._threads())
    head = lib.text("head_name", model)
    given = dict(option.split("=", 1) for option in lib.text("head_options", model).split())
    name, _, parameter = head.partition(":")
    params: Dict[str, Any] = {"noise": noise, "n_jobs": n_jobs}
    kind: Type[CertifiedClassifier] = CertifiedClassifier
    if name == "ridge":
        kind, params["ridge"], params["fit_intercept"] = CertifiedRidgeClassifier, given["ridge"], given["intercept"] == "yes"
    elif name == "saturated-ridge" and not parameter:
        kind, params["ridge"], params["gain"] = CertifiedSaturatedRidgeClassifier, given["ridge"], float(given["gain"])
        params["offset"], params["lift"] = float(given["offset"]) if "offset" in given else "auto", float(given.get("lift", 0))
    elif name == "knn":
        kind, params["n_neighbors"] = CertifiedKNeighborsClassifier, int(parameter or 10)
    elif name == "kernel":
        kind, params["bandwidth"] = CertifiedKernelClassifier, float(parameter) if parameter else None
    else:
        params["head"], params["head_options"] = head, " ".join(f"{option}={value}" for option, value in given.items())
    classifier = kind(**params)
    classifier._model = model
    info = classifier._info()
    if noise is None and not np.isnan(info.noise):
        classifier.noise = info.noise
    names = _complete(model)
    is_whole = all(_is_plain_number(one) for one in names)
    model.classes = np.array([int(one) for one in names] if is_whole else names)
    classifier.classes_, classifier.n_features_in_ = model.classes, model.columns
    if info.classes_are_stated:
        classifier.classes = list(model.classes)
        classifier.prior = _numbers(model, "prior", info.classes)
        shares = _numbers(model, "shares", info.classes)
        if shares is not None:
            classifier.class_shares = dict(zip(model.classes.tolist(), shares))
    return classifier


def _numbers(model: Model, name: str, count: int) -> Optional[List[float]]:
    """What is stated of each class of a model; None where nothing is."""
    found = np.zeros(count)
    lib.call(name, model, lib.pointer(found), count)
    return None if np.isnan(found).any() else [float(one) for one in found]


def _is_plain_number(name: str) -> bool:
    try:
        return str(int(name)) == name
    except ValueError:
        return False


def _loaded(path: Union[str, "os.PathLike[str]"], threads: Optional[int]) -> Model:
    with Running(threads) as run:
        return Model("load", os.fsencode(path), run)


def _lent(features: Optional[NDArray[Any]]) -> Any:
    return None if features is None else ctypes.byref(lib.matrix(features))


def _limits(model: Model, adversary: Adversary) -> lib.Adversary:
    limits = lib.Adversary()
    trusted = lib.row_numbers(adversary.trusted_rows, _rows_of(model), "trusted_rows")
    limits.trusted_rows, limits.trusted_count = trusted, len(trusted)
    limits.directions, ends = _codes(model, [end for pair in adversary.directions for end in _pair(pair)])
    limits.direction_count = ends // 2
    if adversary.costs is not None:
        costs = lib.integers(adversary.costs, c_int32, "costs")
        limits.costs, limits.cost_count = costs, len(costs)
    return limits


def _pair(pair: Sequence[Any]) -> Sequence[Any]:
    if isinstance(pair, str) or len(pair) != 2:
        raise ValueError(f"A direction is {pair!r}; expected two labels, from and to.")
    return pair


def _codes(model: Model, values: Any) -> Tuple[Any, int]:
    known = {key(value): c for c, value in enumerate(model.classes)}
    codes = [known.get(key(value), -1) for value in values]
    if -1 in codes:
        raise CertiFlipError(f"{values[codes.index(-1)]!r} is not one of the classes.")
    return lib.integers(codes, c_int32, "classes"), len(codes)


def _rows_of(model: Model) -> int:
    info = lib.ModelInfo()
    lib.call("model_get", model, ctypes.byref(info))
    return int(info.rows)


def _check_apart(values: NDArray[Any]) -> None:
    known: Dict[Any, Any] = {}
    for value in values:
        other = known.setdefault(key(value), value)
        if other is not value:
            raise ValueError(
                f"The labels {spelled(other)!r} and {spelled(value)!r} are one class, as both are the same number: spell them alike, or "
                "state the classes.")


def _complete(model: Model) -> List[str]:
    """The names of a model's classes; its number of features is kept."""
    info = lib.ModelInfo()
    lib.call("model_get", model, ctypes.byref(info))
    model.columns = info.columns
    return [lib.text("class_name", model, c) for c in range(info.classes)]


def _rule(ridge: Union[str, float]) -> str:
    return ridge if isinstance(ridge, str) else f"fixed:{float(ridge)!r}"


def _same(value: Any, default: Any) -> bool:
    try:
        return bool(value == default)
    except ValueError:
        return False


def _names_of(X: Any) -> Optional[NDArray[Any]]:
    columns = getattr(X, "columns", None)
    if columns is None:
        return None
    names = np.asarray(columns, dtype=object)
    return names if len(names) and all(isinstance(name, str) for name in names) else None


def _difference(names: NDArray[Any], fitted: NDArray[Any]) -> str:
    unseen, missing = sorted(set(names) - set(fitted)), sorted(set(fitted) - set(names))
    message = ""
    if unseen:
        message += "Feature names unseen at fit time:\n" + "".join(f"- {name}\n" for name in unseen[:5])
    if missing:
        message += "Feature names seen at fit time, yet now missing:\n" + "".join(f"- {name}\n" for name in missing[:5])
    return message or "Feature names must be in the same order as they were in fit.\n"


def _features(X: Any) -> NDArray[Any]:
    if hasattr(X, "toarray") and not isinstance(X, np.ndarray):
        raise TypeError("A sparse matrix was passed, but dense data is required. Use X.toarray().")
    given = np.asarray(X)
    if np.iscomplexobj(given):
        raise ValueError(f"Complex data not supported\n{given}\n")
    if given.ndim != 2:
        raise ValueError(
            f"Expected 2D array, got {given.ndim}D array instead. Reshape your data either using array.reshape(-1, 1) if your data has a "
            "single feature or array.reshape(1, -1) if it contains a single sample.")
    if given.shape[0] == 0:
        raise ValueError(f"Found array with 0 sample(s) (shape={given.shape}) while a minimum of 1 is required.")
    if given.shape[1] == 0:
        raise ValueError(f"Found array with 0 feature(s) (shape={given.shape}) while a minimum of 1 is required.")
    return lib.features(given)
