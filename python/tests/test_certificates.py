"""Certificates, witnesses, audits, and how calls are carried out."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
import unittest

import numpy as np

import certiflip
from certiflip import ANY, Adversary

from .command import clouds


class InPlace(unittest.TestCase):
    """The library reads arrays where they are: it tells the addresses."""

    def test_contiguous_arrays_are_read_where_they_are(self):
        for dtype in (np.float32, np.float64):
            X, y = clouds(60, 5, 3, dtype, seed=1)
            Xt, _ = clouds(9, 5, 3, dtype, seed=2)
            classifier = certiflip.CertifiedRidgeClassifier().fit(X, y)
            self.assertEqual(classifier._info().features, X.ctypes.data)
            self.assertEqual(classifier.certify(Xt)._address, Xt.ctypes.data)
            self.assertEqual(classifier.certify(Xt[3:7])._address, Xt[3:7].ctypes.data)
            self.assertEqual(classifier.certify()._address, X.ctypes.data)

    def test_other_arrays_are_converted_once_and_say_the_same(self):
        X, y = clouds(60, 5, 3, np.float64, seed=1)
        Xt, _ = clouds(9, 5, 3, np.float64, seed=2)
        classifier = certiflip.CertifiedRidgeClassifier().fit(X, y)
        radii = classifier.certify(Xt).radii.tolist()
        for other in (np.asfortranarray(Xt), np.repeat(Xt, 2, axis=0)[::2], Xt.tolist(), Xt.astype(object), Xt[:, ::-1][:, ::-1]):
            self.assertEqual(classifier.certify(other).radii.tolist(), radii)
        self.assertEqual(
            certiflip.CertifiedRidgeClassifier().fit(np.asfortranarray(X), y).certify(Xt).radii.tolist(), radii)

    def test_a_file_in_memory_and_read_only_arrays(self):
        X, y = clouds(60, 5, 3, np.float32, seed=1)
        X.flags.writeable = False
        self.assertEqual(certiflip.CertifiedRidgeClassifier().fit(X, y)._info().features, X.ctypes.data)

    def test_training_rows_live_as_long_as_the_classifier(self):
        X, y = clouds(4000, 5, 3, np.float64, seed=1)
        expected = certiflip.CertifiedKNeighborsClassifier().fit(X, y).certify().radii.tolist()
        classifier = certiflip.CertifiedKNeighborsClassifier().fit(X.copy(), y)
        np.random.default_rng(3).normal(size=X.shape)  # What would be written where the copy was.
        self.assertEqual(classifier.certify().radii.tolist(), expected)


class Answers(unittest.TestCase):
    def setUp(self) -> None:
        self.X, self.y = clouds(70, 5, 3, np.float64, seed=1)
        self.Xt, self.yt = clouds(20, 5, 3, np.float64, seed=2)

    def test_a_witness_changes_the_prediction_and_one_flip_less_does_not(self):
        for kind in (certiflip.CertifiedRidgeClassifier, certiflip.CertifiedKNeighborsClassifier):
            classifier = kind().fit(self.X, self.y)
            radii = classifier.certify(self.Xt, "exact").radii
            predictions = classifier.predict(self.Xt)
            for row, witness in enumerate(classifier.witness(self.Xt)):
                self.assertEqual((witness.cost, witness.prediction), (radii[row] + 1, predictions[row]))
                self.assertTrue(np.array_equal(self.y[witness.rows], witness.old))
                for flips, same in ((witness.cost, False), (witness.cost - 1, True)):
                    labels = self.y.copy()
                    labels[witness.rows[:flips]] = witness.new[:flips]
                    again = kind(classes=[0, 1, 2]).fit(self.X, labels).predict(self.Xt[row:row + 1])[0]
                    self.assertEqual(again == predictions[row], same)

    def test_limits_of_an_adversary(self):
        classifier = certiflip.CertifiedRidgeClassifier().fit(self.X, self.y)
        plain = classifier.certify(self.Xt).radii
        costly = classifier.certify(self.Xt, adversary=Adversary(costs=[2] * 70)).radii
        self.assertEqual(costly.tolist(), (2 * (plain + 1) - 1).tolist())
        trusted = classifier.certify(self.Xt, adversary=Adversary(trusted_rows=range(70))).radii
        self.assertEqual(set(trusted.tolist()), {ANY})
        directed = classifier.certify(self.Xt, adversary=Adversary(directions=[(0, 1), (1, 0)])).radii
        self.assertTrue((directed >= plain).all() and (directed > plain).any())
        self.assertIsNone(classifier.witness(self.Xt, [0], adversary=Adversary(trusted_rows=range(70)))[0])
        with self.assertRaises(ValueError):
            classifier.certify(self.Xt, adversary=Adversary(directions=[(0, 7)]))

    def test_a_mask_of_rows_is_no_row_0_and_1(self):
        classifier = certiflip.CertifiedRidgeClassifier().fit(self.X, self.y)
        mask = np.arange(70) % 3 == 0
        expected = classifier.certify(self.Xt, adversary=Adversary(trusted_rows=np.flatnonzero(mask))).radii.tolist()
        for same in (mask, mask.tolist(), np.flatnonzero(mask).astype(np.uint8)):
            self.assertEqual(classifier.certify(self.Xt, adversary=Adversary(trusted_rows=same)).radii.tolist(), expected)
        self.assertNotEqual(classifier.certify(self.Xt).radii.tolist(), expected)
        wanted = np.arange(20) > 16
        self.assertEqual([one.row for one in classifier.witness(self.Xt, wanted)], [17, 18, 19])

    def test_whole_numbers_are_neither_cut_off_nor_wrapped(self):
        classifier = certiflip.CertifiedRidgeClassifier().fit(self.X, self.y)
        for trusted in ([0.9], [2**64 + 3], [True], [True, False], [3, True], np.ones(69, bool), ["3"], np.ones((70, 1), bool), [-1], [70]):
            with self.subTest(trusted_rows=trusted), self.assertRaises((TypeError, ValueError)):
                classifier.certify(self.Xt, adversary=Adversary(trusted_rows=trusted))
        for cost in (1.9, 2**32 + 1, 100 - 2**32, True, "2", 0):
            with self.subTest(cost=cost), self.assertRaises((TypeError, ValueError)):
                classifier.certify(self.Xt, adversary=Adversary(costs=[cost] + [1] * 69))
        for rows in ([5.9], np.ones(19, bool), [2**64], [True], [-1]):
            with self.subTest(rows=rows), self.assertRaises((TypeError, ValueError)):
                classifier.witness(self.Xt, rows)
        for number in (2**32 + 3, 3.0, True, "3"):
            with self.subTest(number=number):
                for call in (
                        lambda: classifier.certify(self.Xt, parts=number), lambda: classifier.audit(budget=number),
                        lambda: classifier.certify_together(self.Xt, [number]),
                        lambda: certiflip.CertifiedRidgeClassifier(n_jobs=number).fit(self.X, self.y)):
                    with self.assertRaises((TypeError, ValueError)):
                        call()
        for direction in ("01", (0, 1, 2)):
            with self.assertRaises(ValueError):
                classifier.certify(self.Xt, adversary=Adversary(directions=[direction]))

    def test_accuracy_and_score_compare_a_label_for_each_row(self):
        classifier = certiflip.CertifiedRidgeClassifier().fit(self.X, self.y)
        exact = classifier.certify(self.Xt)["exact"]
        right = classifier.score(self.Xt, self.yt)
        self.assertEqual(right, np.mean(classifier.predict(self.Xt) == self.yt))
        for same in (self.yt.tolist(), self.yt.astype(str), self.yt.astype(float), self.yt.astype(str).astype(object)):
            self.assertEqual((classifier.score(self.Xt, same), exact.accuracy(same)), (right, right))
        with self.assertWarns(UserWarning):
            self.assertEqual(exact.accuracy(self.yt[:, None]), right)
        for wrong in (self.yt[:1], self.yt[:19], self.yt[None, :], 1):
            with self.subTest(wrong=np.shape(wrong)):
                with self.assertRaises(ValueError):
                    exact.accuracy(wrong)
                with self.assertRaises(ValueError):
                    classifier.score(self.Xt, wrong)

    def test_certificates_by_name_and_accuracy(self):
        classifier = certiflip.CertifiedRidgeClassifier(noise=0.1).fit(self.X, self.y)
        certificates = classifier.certify(self.Xt)
        self.assertEqual(list(certificates), ["kl", "tight", "structured", "exact"])
        with self.assertRaises(ValueError):
            certificates.radii
        exact = certificates["exact"]
        self.assertEqual(exact.accuracy(self.yt), classifier.score(self.Xt, self.yt))
        self.assertLess(exact.accuracy(self.yt, 5), exact.accuracy(self.yt))
        self.assertEqual(classifier.certify(self.Xt, ["exact"]).radii.tolist(), exact.radii.tolist())
        self.assertTrue((certificates.log_failure < 0).all())
        self.assertEqual(classifier.witness(self.Xt, []), [])

    def test_an_audit_finds_wrong_labels(self):
        labels, X = self.y.copy(), self.X.copy()
        X[np.arange(70), self.y] += 4
        wrong = [3, 33]
        labels[wrong] = (labels[wrong] + 1) % 3
        audit = certiflip.CertifiedRidgeClassifier().fit(X, labels).audit(budget=20)
        self.assertEqual(set(wrong), set(audit.rows[:2].tolist()))
        self.assertEqual([one.suggested for one in audit.suggestions[:2]], self.y[audit.rows[:2]].tolist())
        self.assertEqual(audit.audited_rows, 70)
        with_truth = certiflip.CertifiedRidgeClassifier().fit(X, labels).audit(self.Xt, self.yt, 4, second_opinion=None)
        self.assertLessEqual(with_truth.counted_rows, 20)

    def test_all_rows_together(self):
        classifier = certiflip.CertifiedRidgeClassifier().fit(self.X, self.y)
        groups = np.where(np.arange(20) % 2, "north", "south")
        together = classifier.certify_together(self.Xt, [3, 1], self.yt, groups)
        self.assertEqual([one.budget for one in together.budgets], [1, 3])
        for one in together.budgets:
            self.assertLessEqual(one.found, one.at_most)
            self.assertLessEqual(one.at_most, one.alone)
            labels = self.y.copy()
            labels[one.attack] = one.new
            changed = certiflip.CertifiedRidgeClassifier(classes=[0, 1, 2]).fit(self.X, labels).predict(self.Xt)
            right = classifier.predict(self.Xt) == self.yt
            self.assertEqual(int(np.sum(right & (changed != self.yt))), one.found)
        self.assertEqual({one.group for one in together.groups}, {"north", "south"})
        self.assertEqual(len(together.gaps), 2)


class Calls(unittest.TestCase):
    def setUp(self) -> None:
        self.X, self.y = clouds(20000, 20, 2, np.float64, seed=1)
        self.classifier = certiflip.CertifiedRidgeClassifier(noise=0.1).fit(self.X, self.y)

    def test_progress_rises_to_one_in_the_callers_thread(self):
        told = []
        self.classifier.certify(self.X[:300], progress=lambda done: told.append((done, threading.get_ident())))
        self.assertEqual(told[-1], (1.0, threading.get_ident()))
        self.assertEqual(told, sorted(told))

    def test_progress_stops_the_work(self):
        with self.assertRaises(certiflip.CancelledError):
            self.classifier.certify(self.X, progress=lambda done: False)
        with self.assertRaises(ZeroDivisionError):
            self.classifier.certify(self.X, progress=lambda done: bool(1 / 0))

    def test_ctrl_c_stops_the_work(self):
        timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        start = time.perf_counter()
        with self.assertRaises(KeyboardInterrupt):
            self.classifier.certify(self.X)
        self.assertLess(time.perf_counter() - start, 3)
        self.assertEqual(len(self.classifier.predict(self.X[:3])), 3)

    def test_two_threads_at_once(self):
        expected = self.classifier.certify(self.X[:100])["tight"].radii.tolist()
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(self.classifier.certify(self.X[:100])["tight"].radii.tolist()))
                   for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(answers, [expected] * 4)

    def test_a_fit_while_others_certify_leaves_them_their_rows(self):
        # Label weights of neighbours are read off the training rows during the call.
        X, y = clouds(3000, 20, 2, np.float64, seed=5)
        classifier = certiflip.CertifiedKNeighborsClassifier().fit(X.copy(), y)
        expected = classifier.certify().radii.tolist()
        answers = []
        threads = [threading.Thread(target=lambda: answers.extend(classifier.certify().radii.tolist() == expected for _ in range(5)))
                   for _ in range(2)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            classifier.fit(X.copy(), y)
        self.assertEqual(answers, [True] * 10)

    def test_an_answer_has_the_labels_of_the_model_that_gave_it(self):
        X, y = clouds(70, 5, 2, np.float64, seed=5)
        classifier = certiflip.CertifiedRidgeClassifier().fit(X, np.array(["a", "b"])[y])
        expected = classifier.predict(X).tolist()

        def fit_again(done: float) -> None:
            if classifier.classes_[0] == "a":
                classifier.fit(X[:, :3], np.array(["z", "x", "y"])[y + np.arange(70) % 2])

        self.assertEqual(classifier.certify(X, progress=fit_again).predictions.tolist(), expected)
        self.assertEqual(classifier.classes_.tolist(), ["x", "y", "z"])

    def test_progress_may_be_numpys_and_is_named(self):
        with self.assertRaises(certiflip.CancelledError):
            self.classifier.certify(self.X, progress=lambda done: np.bool_(False))
        self.classifier.predict(self.X[:3], progress=lambda done: 0)
        with self.assertRaises(TypeError):
            self.classifier.predict(self.X[:3], lambda done: None)

    def test_threads_change_nothing(self):
        one = self.classifier.set_params(n_jobs=1).certify(self.X[:100])
        two = self.classifier.set_params(n_jobs=2).certify(self.X[:100])
        self.assertEqual(one.log_failure.tolist(), two.log_failure.tolist())
        self.assertEqual(len(self.classifier.set_params(n_jobs=-100).predict(self.X[:3])), 3)

    def test_a_forked_copy_says_so(self):
        queue = multiprocessing.get_context("fork").SimpleQueue()

        def child() -> None:
            try:
                self.classifier.predict(self.X[:3])
                queue.put("predicted")
            except RuntimeError as error:
                queue.put(str(error))

        process = multiprocessing.get_context("fork").Process(target=child)
        process.start()
        process.join(20)
        self.assertIn("spawn", queue.get())


if __name__ == "__main__":
    unittest.main()
