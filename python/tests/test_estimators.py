"""scikit-learn's habits."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
import unittest
import warnings
from pathlib import Path

import numpy as np

import certiflip

from .command import clouds

KINDS = [
    certiflip.CertifiedRidgeClassifier, certiflip.CertifiedSaturatedRidgeClassifier, certiflip.CertifiedKNeighborsClassifier,
    certiflip.CertifiedKernelClassifier, certiflip.CertifiedClassifier,
]


class Habits(unittest.TestCase):
    def test_scikit_learns_own_checks(self):
        try:
            from sklearn.utils.estimator_checks import check_estimator
        except ImportError:
            self.skipTest("scikit-learn is not installed")
        for kind in KINDS:
            passed = 0
            for estimator, check in check_estimator(kind(), generate_only=True):
                with self.subTest(kind=kind.__name__, check=str(check)), warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    try:
                        check(estimator)
                        passed += 1
                    except unittest.SkipTest:
                        pass
            self.assertGreater(passed, 30)

    def test_a_grid_search_and_a_pipeline(self):
        try:
            from sklearn.model_selection import GridSearchCV
            from sklearn.pipeline import make_pipeline
            from sklearn.preprocessing import StandardScaler
        except ImportError:
            self.skipTest("scikit-learn is not installed")
        X, y = clouds(120, 5, 3, np.float64, seed=1)
        search = GridSearchCV(
            make_pipeline(StandardScaler(), certiflip.CertifiedKNeighborsClassifier()),
            {"certifiedkneighborsclassifier__n_neighbors": [3, 9]}, cv=3).fit(X, y)
        self.assertGreater(search.best_score_, 0.4)

    def test_scikit_learn_is_not_imported(self):
        code = "import certiflip, sys; print('sklearn' in sys.modules, 'scipy' in sys.modules)"
        self.assertEqual("False False\n", subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)

    def test_before_fit_there_is_nothing_to_ask(self):
        with self.assertRaises((ValueError, AttributeError)):
            certiflip.CertifiedRidgeClassifier().predict([[1.0]])

    def test_pickle_and_parameters(self):
        X, y = clouds(60, 5, 3, np.float32, seed=2)
        for kind in KINDS:
            classifier = kind(noise=0.2, n_jobs=1).fit(X, y)
            copy = pickle.loads(pickle.dumps(classifier))
            self.assertEqual(repr(classifier), repr(copy))
            self.assertEqual(classifier.get_params(), copy.get_params())
            one, other = classifier.certify(X), copy.certify(X)
            for certificate in one:
                self.assertEqual(one[certificate].radii.tolist(), other[certificate].radii.tolist())
            self.assertEqual(one.log_failure.tolist(), other.log_failure.tolist())
            self.assertEqual(classifier.set_params(n_jobs=2).n_jobs, 2)
            with self.assertRaises(ValueError):
                classifier.set_params(lasso=1)

    def test_labels_of_every_kind_come_back_as_they_were(self):
        X, y = clouds(60, 5, 3, np.float64, seed=3)
        for labels in (y, y - 7, y.astype(float), np.array(["10", "9", "héron"])[y], np.array(["10", "9", "-1"])[y], y > 0,
                       y.astype(np.uint8), np.array(["b", "a", "c"], object)[y]):
            with self.subTest(dtype=labels.dtype):
                classifier = certiflip.CertifiedRidgeClassifier(ridge="relative:0.001").fit(X, labels)
                self.assertEqual(set(classifier.classes_.tolist()), set(np.unique(labels).tolist()))
                self.assertEqual(classifier.predict(X).dtype, labels.dtype)
                self.assertGreater(classifier.score(X, labels), 0.6)
                self.assertTrue(np.array_equal(classifier.certify(X, "exact").predictions, classifier.predict(X)))

    def test_stated_classes_and_a_prior(self):
        X, y = clouds(60, 5, 2, np.float64, seed=4)
        labels = np.array(["ham", "spam"])[y]
        classifier = certiflip.CertifiedRidgeClassifier(classes=["spam", "ham", "virus"], prior=[0.3, 0.6, 0.1]).fit(X, labels)
        self.assertEqual(classifier.classes_.tolist(), ["ham", "spam", "virus"])
        self.assertFalse(classifier.certify(X)["exact"].assumes_classes.any())
        self.assertEqual(classifier.decision_function(X).shape, (60, 3))
        with self.assertRaisesRegex(ValueError, "not one of the classes"):
            certiflip.CertifiedRidgeClassifier(classes=["spam", "eggs"]).fit(X, labels)
        with self.assertRaisesRegex(ValueError, "prior"):
            certiflip.CertifiedRidgeClassifier(prior=[0.5, 0.5]).fit(X, labels)

    def test_shares_of_classes(self):
        X, y = clouds(60, 5, 2, np.float64, seed=4)
        labels = np.array(["ham", "spam"])[y]
        Saturated = certiflip.CertifiedSaturatedRidgeClassifier
        shares = {"spam": 0.2, "ham": 0.8, "virus": 0}
        classifier = Saturated(class_shares=shares).fit(X, labels)
        self.assertEqual(classifier.classes_.tolist(), ["ham", "spam", "virus"])
        certificates = classifier.certify(X)
        self.assertEqual(certificates.class_shares, shares)
        self.assertFalse(certificates["exact"].assumes_classes.any())
        self.assertIsNone(Saturated().fit(X, labels).certify(X).class_shares)
        self.assertNotEqual(Saturated(classes=list(shares)).fit(X, labels).decision_function(X).tolist(),
                            classifier.decision_function(X).tolist())
        for other in (
                Saturated(classes=["virus", "ham", "spam"], class_shares=shares), pickle.loads(pickle.dumps(classifier)),
                Saturated(classes=["virus", "ham", "spam"], class_shares=[0, 0.8, 0.2]),
                Saturated(classes=["virus", "ham", "spam"], class_shares=np.array([0, 0.8, 0.2], np.float64))):
            other.fit(X, labels)
            self.assertEqual(other.decision_function(X).tolist(), classifier.decision_function(X).tolist())
            self.assertIn("class_shares=", repr(other))
            self.assertIs(other.get_params()["class_shares"], other.class_shares)
        self.assertEqual(pickle.loads(pickle.dumps(classifier)).certify(X).class_shares, shares)
        numbers = Saturated(class_shares={1: 0.25, 0: 0.75}).fit(X, y)
        self.assertEqual(numbers.certify(X).class_shares, {0: 0.75, 1: 0.25})
        for wrong, words in (
                (Saturated(class_shares=[0.8, 0.2]), "need classes"),
                (Saturated(classes=["ham", "spam"], class_shares=[0.8]), "a number for each"),
                (Saturated(classes=["ham", "spam"], class_shares={"ham": 1.0}), "for every class"),
                (Saturated(class_shares={"ham": 0.8, "eggs": 0.2}), "not one of the classes"),
                (Saturated(class_shares={"1": 0.5, 1: 0.5}), "for every class"),
                (Saturated(class_shares={"ham": 0.8, "spam": 0.3}), "add up to 1"),
                (Saturated(class_shares={"ham": 1.5, "spam": -0.5}), "between 0 and 1"),
                (Saturated(class_shares={"ham": float("nan"), "spam": 1}), "between 0 and 1|add up to 1"),
                (Saturated(classes=["ham", "spam"], prior=[0.5, 0.5], class_shares=[0.8, 0.2]), "a prior and shares"),
                (certiflip.CertifiedClassifier("knn:3", class_shares={"ham": 0.8, "spam": 0.2}), "lifts no scores")):
            with self.subTest(wrong=wrong), self.assertRaisesRegex(ValueError, words):
                wrong.fit(X, labels)
        with self.assertRaises(TypeError):
            certiflip.CertifiedRidgeClassifier(class_shares={"ham": 0.8, "spam": 0.2})

    def test_stated_classes_leave_labels_as_they_were(self):
        X, y = clouds(60, 5, 2, np.float64, seed=4)
        for labels, classes in (
                (y, ["0", "1", "2"]), (y.astype(str), [0, 1, 2]), (y.astype(float), ["1", "0"]), (y, ["0", "1", "virus"])):
            with self.subTest(dtype=labels.dtype, classes=classes):
                classifier = certiflip.CertifiedRidgeClassifier(ridge="relative:0.001", classes=classes).fit(X, labels)
                self.assertEqual(len(classifier.classes_), len(classes))
                predicted = classifier.predict(X).tolist()
                self.assertEqual({type(one) for one in predicted}, {type(labels.tolist()[0])})
                self.assertGreater(classifier.score(X, labels), 0.6)
                self.assertEqual(classifier.score(X, labels), np.mean(np.array(predicted) == labels))

    def test_labels_that_are_one_number_are_told_apart_or_refused(self):
        X, y = clouds(60, 5, 2, np.float64, seed=4)
        labels = np.array(["01", "1"])[y]
        with self.assertRaisesRegex(ValueError, "'01' and '1' are one class"):
            certiflip.CertifiedRidgeClassifier().fit(X, labels)
        labels[:9] = "2"
        with self.assertRaisesRegex(ValueError, "'01' and '1' are one class"):
            certiflip.CertifiedRidgeClassifier().fit(X, labels)
        classifier = certiflip.CertifiedRidgeClassifier(classes=["1", "2"]).fit(X, labels)
        self.assertEqual(len(classifier.classes_), 2)

    def test_gaps_and_kinds_of_labels(self):
        X, y = clouds(6, 2, 2, np.float64, seed=4)
        for gap in (None, float("nan")):
            for labels in (["a", "b", "a", "b", "a", gap], np.array(["a", "b", "a", "b", "a", gap], object), [0, 1, 0, 1, 0, gap]):
                with self.subTest(labels=labels), self.assertRaisesRegex(ValueError, "Input y contains NaN"):
                    certiflip.CertifiedRidgeClassifier().fit(X, labels)
        for labels in (["a", 1, "a", 1, "a", 1], np.array(["a", 1, "a", 1, "a", 1], object), [True, 0, True, 0, 1, 1]):
            with self.subTest(labels=labels), self.assertRaisesRegex(ValueError, "different types"):
                certiflip.CertifiedRidgeClassifier().fit(X, labels)

    def test_features_are_numbers(self):
        labels = [0, 1, 1]
        for X in ([["1"], ["2"], ["3"]], np.array([["1"], ["2"], ["3"]], object), np.array([["2020"], ["2021"], ["2022"]], "M8[Y]")):
            with self.assertRaisesRegex(ValueError, "Features are numbers"):
                certiflip.CertifiedRidgeClassifier().fit(X, labels)

    def test_a_file_keeps_labels_and_the_prior(self):
        X, y = clouds(60, 5, 2, np.float64, seed=4)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model"
            for names, found in ((["01067", "10115"], str), (["7", "-8"], int), (["a", "7"], str), (["1e3", "7"], str)):
                certiflip.CertifiedRidgeClassifier().fit(X, np.array(names)[y]).save(path)
                loaded = certiflip.load(path)
                self.assertEqual({str(one) for one in loaded.classes_}, set(names))
                self.assertEqual({type(one) for one in loaded.classes_.tolist()}, {found})
                self.assertGreater(loaded.score(X, np.array(names)[y]), 0.6)
                self.assertIsNone(loaded.prior)
            classifier = certiflip.CertifiedRidgeClassifier(classes=["9", "10"], prior=[0.3, 0.7]).fit(X, np.array(["9", "10"])[y])
            classifier.save(path)
            loaded = certiflip.load(path)
            self.assertEqual((loaded.classes, loaded.prior), ([9, 10], [0.3, 0.7]))
            again = loaded.fit(X, np.array([9, 10])[y])
            self.assertEqual(again.certify(X).radii.tolist(), classifier.certify(X).radii.tolist())
            self.assertEqual(pickle.loads(pickle.dumps(classifier)).classes_.tolist(), ["9", "10"])

    def test_another_library_is_refused(self):
        libc = next(line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines() if line.endswith("/libc.so.6"))
        done = subprocess.run(
            [sys.executable, "-c", "import certiflip; certiflip.library_version()"], capture_output=True, text=True,
            env={**os.environ, "CERTIFLIP_LIBRARY": libc})
        self.assertIn("ImportError", done.stderr)
        self.assertIn("no libcertiflip", done.stderr)

    def test_what_is_wrong_is_said(self):
        X, y = clouds(60, 5, 2, np.float64, seed=5)
        Wrong = certiflip.CertiFlipError
        for kind, words in (
                (certiflip.CertifiedClassifier("lasso"), "no head 'lasso'"), (certiflip.CertifiedRidgeClassifier("strong"), "no option"),
                (certiflip.CertifiedKNeighborsClassifier(100), "needs 100 training rows"), (certiflip.CertifiedRidgeClassifier("paper"), "noise")):
            with self.assertRaisesRegex(Wrong, words):
                kind.fit(X, y)
        classifier = certiflip.CertifiedRidgeClassifier().fit(X, y)
        with self.assertRaisesRegex(Wrong, "no certificate 'best'"):
            classifier.certify(X, "best")
        with self.assertRaisesRegex(Wrong, "needs a noise"):
            classifier.certify(X, "kl")
        with self.assertRaisesRegex(ValueError, "n_jobs"):
            classifier.set_params(n_jobs=0).predict(X)
        with self.assertRaises(OSError):
            certiflip.load("/no/such/file")


if __name__ == "__main__":
    unittest.main()
