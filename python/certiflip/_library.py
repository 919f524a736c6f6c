"""The C library, as certiflip.h describes it: structures, errors, and arrays that it reads in place."""

from __future__ import annotations

import ctypes
import operator
import os
import signal
import threading
from ctypes import POINTER, byref, c_char_p, c_double, c_int32, c_int64, c_size_t, c_void_p, sizeof
from pathlib import Path
from typing import Any, Callable, Dict, Iterable, List, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["ANY", "CertiFlipError", "CancelledError", "Progress", "library_path", "library_version"]

ANY: int = 2**31 - 1
"""A radius where nothing that the adversary can do changes the prediction."""

Progress = Callable[[float], Optional[bool]]
"""Is told what part of the work is done, from 0 to 1; ``False`` stops the work."""

_ABI = 1
_WIDE = "glibc-hwcaps/x86-64-v4"  # Where the loader of glibc would look, too.
_AVX512 = ("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl")
_FLOAT64, _FLOAT32 = 0, 1
_BAD_ARGUMENT, _BAD_HANDLE, _BAD_DATA, _BAD_FILE, _CANCELLED, _OUT_OF_MEMORY, _FAULT = range(1, 8)


class CertiFlipError(ValueError):
    """Something is wrong with what was asked for: the message is the library's, one line."""


class CancelledError(RuntimeError):
    """The progress function stopped the work."""


_WHOLE = (c_int32, c_int64, c_size_t)


def whole(value: Any, kind: Any, what: str) -> int:
    """A whole number that a C type can have: ctypes itself would cut off what does not fit."""
    if isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{what} is {value}; expected a whole number.")
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{what} is {value!r}; expected a whole number.") from None
    bits, is_signed = 8 * sizeof(kind), kind(-1).value < 0
    least, most = (-2**(bits - 1), 2**(bits - 1) - 1) if is_signed else (0, 2**bits - 1)
    if not least <= number <= most:
        raise ValueError(f"{what} is {number}; expected {least} to {most}.")
    return number


class _Sized(ctypes.Structure):
    def __init__(self, **values: Any) -> None:
        super().__init__(size=sizeof(type(self)))
        for name, value in values.items():
            setattr(self, name, value)

    def __setattr__(self, name: str, value: Any) -> None:
        kind = dict(self._fields_)[name]
        super().__setattr__(name, whole(value, kind, name) if kind in _WHOLE else value)


class Error(_Sized):
    _fields_ = [("size", c_size_t), ("status", c_int32), ("reserved", c_int32), ("message", ctypes.c_char * 1024)]


class Matrix(_Sized):
    _fields_ = [
        ("size", c_size_t), ("data", c_void_p), ("rows", c_int64), ("columns", c_int64), ("type", c_int32), ("reserved", c_int32),
    ]


class Labels(_Sized):
    _fields_ = [
        ("size", c_size_t), ("count", c_int64), ("values", POINTER(c_int64)), ("names", POINTER(c_char_p)), ("name_count", c_int64),
    ]


class FitOptions(_Sized):
    _fields_ = [
        ("size", c_size_t), ("head", c_char_p), ("head_options", c_char_p), ("classes", POINTER(c_char_p)), ("class_count", c_int64),
        ("prior", POINTER(c_double)), ("noise", c_double), ("shares", POINTER(c_double)),
    ]


class Adversary(_Sized):
    _fields_ = [
        ("size", c_size_t), ("trusted_rows", POINTER(c_int64)), ("trusted_count", c_int64), ("directions", POINTER(c_int32)),
        ("direction_count", c_int64), ("costs", POINTER(c_int32)), ("cost_count", c_int64),
    ]


_ProgressFunction = ctypes.CFUNCTYPE(c_int32, c_void_p, c_double)


class Run(_Sized):
    _fields_ = [
        ("size", c_size_t), ("adversary", POINTER(Adversary)), ("progress", _ProgressFunction), ("context", c_void_p),
        ("threads", c_int32), ("reserved", c_int32),
    ]


class ModelInfo(_Sized):
    _fields_ = [
        ("size", c_size_t), ("rows", c_int64), ("columns", c_int64), ("classes", c_int32), ("classes_are_stated", c_int32),
        ("is_conditional", c_int32), ("type", c_int32), ("features", c_void_p), ("lambda_", c_double), ("gain", c_double),
        ("offset", c_double), ("bandwidth", c_double), ("neighbours", c_int64), ("noise", c_double),
    ]


class CertifyOptions(_Sized):
    _fields_ = [("size", c_size_t), ("certificates", c_char_p), ("noise", c_double), ("parts", c_int32), ("reserved", c_int32)]


class CertificatesInfo(_Sized):
    _fields_ = [("size", c_size_t), ("rows", c_int64), ("kinds", c_int32), ("is_conditional", c_int32), ("features", c_void_p)]


class WitnessInfo(_Sized):
    _fields_ = [
        ("size", c_size_t), ("row", c_int64), ("is_found", c_int32), ("prediction", c_int32), ("rival", c_int32), ("cost", c_int32),
        ("flips", c_int64),
    ]


class AuditOptions(_Sized):
    _fields_ = [
        ("size", c_size_t), ("second_opinion", c_char_p), ("budget", c_int32), ("reserved", c_int32), ("truth", POINTER(c_int32)),
        ("truth_count", c_int64),
    ]


class AuditInfo(_Sized):
    _fields_ = [
        ("size", c_size_t), ("suggestions", c_int64), ("audited_rows", c_int64), ("counted_rows", c_int64), ("total_radius", c_int64),
        ("contradicted", c_int64), ("clearly_contradicted", c_int64),
    ]


class CollectiveOptions(_Sized):
    _fields_ = [
        ("size", c_size_t), ("budgets", POINTER(c_int32)), ("budget_count", c_int64), ("truth", POINTER(c_int32)),
        ("truth_count", c_int64), ("groups", POINTER(c_int32)), ("group_count", c_int64),
    ]


class CollectiveInfo(_Sized):
    _fields_ = [
        ("size", c_size_t), ("rows", c_int64), ("counted", c_int64), ("budgets", c_int64), ("groups", c_int64), ("gaps", c_int64),
    ]


FLIP = np.dtype([("row", "i8"), ("from", "i4"), ("to", "i4")])
SUGGESTION = np.dtype([
    ("row", "i8"), ("label", "i4"), ("reason", "i4"), ("suggested_class", "i4"), ("contradiction_radius", "i4"), ("lead", "f8"),
    ("witness_count", "f8"), ("radius_gain", "i8"), ("total_radius", "i8"),
])
BUDGET = np.dtype([
    ("budget", "i4"), ("assumes_classes", "i4"), ("alone", "i8"), ("at_most", "i8"), ("found", "i8"), ("flips", "i8"),
])
GROUP = np.dtype([
    ("group", "i4"), ("budget", "i4"), ("rows", "i8"), ("correct", "i8"), ("lost_at_most", "i8"), ("lost_found", "i8"),
    ("gained_at_most", "i8"), ("gained_found", "i8"),
])
GAP = np.dtype([
    ("group", "i4"), ("other", "i4"), ("budget", "i4"), ("reserved", "i4"), ("difference", "f8"), ("at_least", "f8"),
    ("at_most", "f8"), ("found_least", "f8"), ("found_most", "f8"),
])

_MODEL, _HANDLE = c_void_p, POINTER(c_void_p)
_TEXT = [c_char_p, c_size_t, POINTER(c_size_t)]
_FUNCTIONS: Dict[str, List[Any]] = {
    "fit": [POINTER(Matrix), POINTER(Labels), POINTER(FitOptions), POINTER(Run), _HANDLE],
    "load": [c_char_p, POINTER(Run), _HANDLE],
    "save": [_MODEL, c_char_p],
    "model_get": [_MODEL, POINTER(ModelInfo)],
    "class_name": [_MODEL, c_int32, *_TEXT],
    "head_name": [_MODEL, *_TEXT],
    "head_options": [_MODEL, *_TEXT],
    "describe": [_MODEL, *_TEXT],
    "prior": [_MODEL, c_void_p, c_int64],
    "shares": [_MODEL, c_void_p, c_int64],
    "predict": [_MODEL, POINTER(Matrix), POINTER(Run), c_void_p, c_int64],
    "decide": [_MODEL, POINTER(Matrix), POINTER(Run), c_void_p, c_int64],
    "certify": [_MODEL, POINTER(Matrix), POINTER(CertifyOptions), POINTER(Run), _HANDLE],
    "certificates_get": [c_void_p, POINTER(CertificatesInfo)],
    "certificates_kind": [c_void_p, c_int32, *_TEXT],
    "certificates_read": [c_void_p, c_char_p, c_void_p, c_void_p, c_void_p, c_int64],
    "certificates_log_failure": [c_void_p, c_void_p, c_void_p, c_int64],
    "find_witnesses": [_MODEL, POINTER(Matrix), c_void_p, c_int64, POINTER(Run), _HANDLE],
    "witnesses_read": [c_void_p, c_int64, POINTER(WitnessInfo), c_void_p, c_int64],
    "audit_labels": [_MODEL, POINTER(Matrix), POINTER(AuditOptions), POINTER(Run), _HANDLE],
    "audit_read": [c_void_p, POINTER(AuditInfo), c_void_p, c_int64],
    "certify_together": [_MODEL, POINTER(Matrix), POINTER(CollectiveOptions), POINTER(Run), _HANDLE],
    "collective_get": [c_void_p, POINTER(CollectiveInfo)],
    "collective_budgets": [c_void_p, c_void_p, c_int64],
    "collective_groups": [c_void_p, c_void_p, c_int64],
    "collective_gaps": [c_void_p, c_void_p, c_int64],
    "collective_attack": [c_void_p, c_int64, c_void_p, c_int64],
}

_lock = threading.Lock()
_loaded: Optional[Tuple[ctypes.CDLL, int]] = None


def library_path() -> str:
    """Where the C library is.

    Returns
    -------
    str
        The file that the environment variable ``CERTIFLIP_LIBRARY`` names, or else the one in this package for this
        processor: with 512-bit kernels where it has AVX-512.
    """
    given = os.environ.get("CERTIFLIP_LIBRARY")
    if given:
        return given
    folder = Path(__file__).parent
    wide = folder / _WIDE / "libcertiflip.so"
    return str(wide if wide.exists() and not _missing(*_AVX512) else folder / "libcertiflip.so")


def library_version() -> str:
    """The version of the C library, such as ``0.1.0``."""
    return str(_library().certiflip_version().decode())


def _library() -> ctypes.CDLL:
    global _loaded
    with _lock:
        if _loaded is None:
            _loaded = (_load(library_path()), os.getpid())
        library, process = _loaded
    if process != os.getpid():
        raise RuntimeError(
            "certiflip was used before this process was forked, and its threads are not in the copy: start processes by 'spawn' or "
            "'forkserver'.")
    return library


def _load(path: str) -> ctypes.CDLL:
    _check_processor()
    try:
        library = ctypes.CDLL(path)
    except OSError as error:
        raise ImportError(
            f"The C library of certiflip cannot be loaded from {path}: {error}. CERTIFLIP_LIBRARY names another file.") from error
    missing = [name for name in ("version", "abi", "free", *_FUNCTIONS) if not hasattr(library, "certiflip_" + name)]
    if missing:
        raise ImportError(f"{path} is no libcertiflip of this package: it has no certiflip_{missing[0]}.")
    library.certiflip_version.restype = c_char_p
    library.certiflip_abi.restype = c_int32
    library.certiflip_free.argtypes = [c_void_p]
    library.certiflip_free.restype = None
    if library.certiflip_abi() != _ABI:
        raise ImportError(f"{path} has the interface {library.certiflip_abi()}; this package needs {_ABI}.")
    for name, arguments in _FUNCTIONS.items():
        function = getattr(library, "certiflip_" + name)
        function.argtypes = list(arguments) + [POINTER(Error)]
        function.restype = c_int32
    return library


def _missing(*instructions: str) -> List[str]:
    """Which of some instructions this processor does not have."""
    try:
        flags = set(Path("/proc/cpuinfo").read_text().split())
    except OSError:
        return list(instructions)
    return [one for one in instructions if one not in flags]


def _check_processor() -> None:
    # The library would end the process.
    missing = _missing("avx2", "fma", "bmi2")
    if missing:
        raise ImportError(f"The C library of certiflip needs Linux and a processor with AVX2; there is no {', '.join(missing)}.")


def call(name: str, *arguments: Any) -> None:
    """Calls a function, and raises what is wrong."""
    error = Error()
    status = getattr(_library(), "certiflip_" + name)(*arguments, byref(error))
    if status == 0:
        return
    message = error.message.decode(errors="replace").replace("must be finite", "must be finite, without NaN or inf")
    if status == _CANCELLED:
        raise CancelledError(message)
    if status == _OUT_OF_MEMORY:
        raise MemoryError(message)
    if status == _BAD_FILE:
        raise OSError(message)
    if status in (_BAD_HANDLE, _FAULT):
        raise RuntimeError(message)
    raise CertiFlipError(message)


class Handle:
    """A handle of the library's, freed with this object: pass the object, so that it lives as long as a call."""

    def __init__(self, name: str, *arguments: Any) -> None:
        self._as_parameter_ = c_void_p()
        self.kept: Any = None
        call(name, *arguments, byref(self._as_parameter_))

    def __del__(self) -> None:
        try:
            if self._as_parameter_ and _loaded is not None and _loaded[1] == os.getpid():
                _loaded[0].certiflip_free(self)
        except Exception:  # The interpreter is ending.
            pass


class Model(Handle):
    """A model, and what answers need of it: a classifier that is fitted again meanwhile has another."""

    classes: NDArray[Any]
    columns: int
    names: Optional[NDArray[Any]] = None


def text(name: str, *arguments: Any) -> str:
    """A text that a function gives."""
    length = c_size_t()
    call(name, *arguments, None, 0, byref(length))
    buffer = ctypes.create_string_buffer(length.value + 1)
    call(name, *arguments, buffer, len(buffer), None)
    return buffer.value.decode()


def features(array: ArrayLike) -> NDArray[Any]:
    """Features as the library reads them: float64 or float32, row after row. Copied only where they are not so."""
    given = np.asarray(array)
    is_other = given.dtype.kind == "O" and any(
        isinstance(value, (str, bytes, np.datetime64, np.timedelta64)) for value in given.ravel())
    if is_other or given.dtype.kind not in "fiubO":
        raise ValueError(f"Features are numbers, but X has {'texts or times' if is_other else f'the type {given.dtype}'}.")
    if given.dtype not in (np.float64, np.float32):
        given = given.astype(np.float64)
    return np.ascontiguousarray(given)


def matrix(array: NDArray[Any]) -> Matrix:
    """Lends an array: it has to live as long as the library reads it."""
    rows, columns = array.shape
    return Matrix(data=array.ctypes.data, rows=rows, columns=columns, type=_FLOAT32 if array.dtype == np.float32 else _FLOAT64)


def integers(values: Iterable[int], kind: Any, what: str) -> Any:
    """Whole numbers as C has them."""
    numbers = [whole(value, kind, f"A number of {what}") for value in values]
    return (kind * len(numbers))(*numbers)


def row_numbers(values: Iterable[Any], count: int, what: str) -> Any:
    """Numbers of rows as C has them. A truth value for each of all rows is a mask."""
    given = list(values)
    if given and all(isinstance(value, (bool, np.bool_)) for value in given):
        if len(given) != count:
            raise ValueError(f"{what} is a mask of {len(given)} rows; expected {count}, a truth value for each.")
        given = np.flatnonzero(given).tolist()
    return integers(given, c_int64, what)


def texts(values: Sequence[str]) -> Any:
    """Texts as C has them."""
    return (c_char_p * len(values))(*[value.encode() for value in values])


def pointer(array: NDArray[Any]) -> c_void_p:
    """Where an array is."""
    return c_void_p(array.ctypes.data)


def table(name: str, dtype: np.dtype[Any], handle: Handle, count: int, *before: Any) -> NDArray[Any]:
    """A table that a function fills in."""
    rows = np.zeros(count, dtype)
    call(name, handle, *before, pointer(rows), count)
    return rows


def zeros(count: int, dtype: Any) -> NDArray[Any]:
    return np.zeros(count, dtype)


class Running:
    """How a call is carried out: threads, adversary, progress. Ctrl-C stops the work, and so does what progress raises."""

    def __init__(self, threads: Optional[int], adversary: Optional[Adversary] = None, progress: Optional[Progress] = None) -> None:
        self._raised: Optional[BaseException] = None
        self._previous: Any = None
        self._interrupted = False

        def report(_: Any, done: float) -> int:
            try:
                if self._interrupted or progress is None:
                    return int(self._interrupted)
                answer = progress(done)
                return int(isinstance(answer, (bool, np.bool_)) and not answer)
            except BaseException as raised:
                self._raised = raised
                return 1

        self._function = _ProgressFunction(report)
        self._adversary = adversary
        self.run = Run(threads=0 if threads is None else threads, progress=self._function)
        if adversary is not None:
            self.run.adversary = ctypes.pointer(adversary)

    def __enter__(self) -> Any:
        # An exception that a signal raises between two instructions of a callback would be lost, so it is raised when
        # the work has ended. Python delivers signals to its main thread, where it runs Python code: the callback.
        if threading.current_thread() is threading.main_thread() and callable(signal.getsignal(signal.SIGINT)):
            self._previous = signal.signal(signal.SIGINT, self._note)
        return byref(self.run)

    def __exit__(self, kind: Any, value: Any, trace: Any) -> None:
        if self._previous is not None:
            signal.signal(signal.SIGINT, self._previous)
            if self._interrupted:
                self._previous(signal.SIGINT, None)
        if self._raised is not None:
            raise self._raised from None

    def _note(self, number: int, frame: Any) -> None:
        self._interrupted = True


