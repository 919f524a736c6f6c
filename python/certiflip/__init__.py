"""How many training labels could be wrong before a prediction changes, and which ones.

>>> from certiflip import CertifiedRidgeClassifier
>>> classifier = CertifiedRidgeClassifier().fit(X, y)          # doctest: +SKIP
>>> classifier.certify(X_test).radii                           # doctest: +SKIP
>>> classifier.audit().rows                                    # doctest: +SKIP

The C library ``libcertiflip`` does the work. Arrays of float32 or float64 that are C-contiguous are read in place.
"""

from ._classifiers import (
    CertifiedClassifier,
    CertifiedKernelClassifier,
    CertifiedKNeighborsClassifier,
    CertifiedRidgeClassifier,
    CertifiedSaturatedRidgeClassifier,
    DataConversionWarning,
    NotFittedError,
    load,
)
from ._library import ANY, CancelledError, CertiFlipError, Progress, library_path, library_version
from ._results import Adversary, Audit, Budget, Certificate, Certificates, Collective, Gap, Group, Suggestion, Witness

__all__ = [
    "ANY", "Adversary", "Audit", "Budget", "CancelledError", "Certificate", "Certificates", "CertiFlipError", "CertifiedClassifier",
    "CertifiedKNeighborsClassifier", "CertifiedKernelClassifier", "CertifiedRidgeClassifier", "CertifiedSaturatedRidgeClassifier",
    "Collective", "DataConversionWarning", "Gap", "Group", "NotFittedError", "Progress", "Suggestion", "Witness", "library_path",
    "library_version", "load",
]

__version__ = "0.1.0"
