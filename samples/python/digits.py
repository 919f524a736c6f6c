#!/usr/bin/env python3
"""Handwritten digits, some of whose labels somebody has changed: how much do predictions survive, and which labels are wrong?

    python3 samples/python/digits.py

Needs the package certiflip: docs/python.md.
"""
import csv
from pathlib import Path

import numpy as np

from certiflip import Adversary, CertifiedRidgeClassifier

FILE = Path(__file__).resolve().parents[2] / "data/digits/digits.csv"


def main() -> None:
    with open(FILE, newline="") as file:
        header, *rows = csv.reader(file)
    label = header.index("label")
    y = np.array([row[label] for row in rows])
    X = np.array([row[:label] + row[label + 1:] for row in rows], np.float32)
    X, y, X_test, y_test = X[:1200], y[:1200], X[1200:1500], y[1200:1500]

    # Thirty labels are wrong.
    rng = np.random.default_rng(0)
    wrong = rng.choice(len(y), 30, replace=False)
    labels = y.copy()
    labels[wrong] = rng.permutation(y[wrong])
    wrong = wrong[labels[wrong] != y[wrong]]

    # The list of classes is stated, so that no radius depends on the labels for it.
    classifier = CertifiedRidgeClassifier(classes=list("0123456789"), noise=0.1).fit(X, labels)
    certificates = classifier.certify(X_test)
    print(f"{len(y)} digits, {len(wrong)} with wrong labels; {len(y_test)} to recognise")
    for kind, certificate in certificates.items():
        shares = ", ".join(f"{100 * certificate.accuracy(y_test, r):.1f} % at {r}" for r in (0, 1, 5, 20))
        print(f"{kind:>10}: right whatever r labels are: {shares}")

    witness = classifier.witness(X_test, [0])[0]
    if witness is not None:
        print(f"the first is a {witness.prediction}; {witness.cost} labels make it a {witness.rival}, such as row {witness.rows[0]}'s")

    audit = classifier.audit(budget=len(wrong))
    found = np.isin(audit.rows, wrong).sum()
    print(f"of the {len(wrong)} labels to check first, {found} are wrong")

    checked = classifier.certify(X_test, "exact", adversary=Adversary(trusted_rows=audit.rows))
    print(f"mean radius {certificates['exact'].radii.mean():.2f}, and {checked.radii.mean():.2f} once these are known to be right")


if __name__ == "__main__":
    main()
