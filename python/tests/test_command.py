"""Same arrays, same bytes as the command writes."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import numpy as np

import certiflip
from certiflip import ANY

from . import command

HEADS = [
    (certiflip.CertifiedRidgeClassifier, {}, []),
    (certiflip.CertifiedRidgeClassifier, {"ridge": 3.5, "fit_intercept": False}, ["--ridge", "fixed:3.5", "--no-intercept"]),
    (certiflip.CertifiedSaturatedRidgeClassifier, {}, ["--head", "saturated-ridge"]),
    (certiflip.CertifiedSaturatedRidgeClassifier, {"gain": 2.0, "offset": 0.25, "ridge": "relative:2"},
     ["--head", "saturated-ridge", "--gain", "2", "--offset", "0.25", "--ridge", "relative:2"]),
    (certiflip.CertifiedSaturatedRidgeClassifier, {"lift": 0.5}, ["--head", "saturated-ridge", "--lift", "0.5"]),
    (certiflip.CertifiedKNeighborsClassifier, {"n_neighbors": 7}, ["--head", "knn:7"]),
    (certiflip.CertifiedKernelClassifier, {}, ["--head", "kernel"]),
    (certiflip.CertifiedKernelClassifier, {"bandwidth": 1.5}, ["--head", "kernel:1.5"]),
]


class SameBytes(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = Path(self.folder.name)

    def data(self, classes, dtype):
        X, y = command.clouds(80, 5, classes, dtype, seed=classes)
        Xt, yt = command.clouds(23, 5, classes, dtype, seed=classes + 100)
        np.savez(self.path / "train.npz", X=X, y=y)
        np.savez(self.path / "test.npz", X=Xt, y=yt)
        return X, y, Xt, yt

    def written(self, *arguments):
        out = self.path / "out.csv"
        command.run(*arguments, "--out", out, "--quiet")
        return out.read_text()

    def as_written(self, certificates, yt, voted, stated=False):
        """What certiflip certify writes, from what Python was told."""
        kinds = list(certificates)
        header = ["row", "label", *(["prediction", "log_failure"] if voted else [])]
        for kind in kinds:
            header += ["exact_prediction", "exact_radius"] if kind == "exact" else [f"radius_{kind.replace('-', '_')}"]
        rows = [[*header, *([] if stated else ["listed_classes_only"])]]
        for row in range(len(yt)):
            fields = [str(row), str(yt[row])]
            if voted:
                fields += [str(certificates[kinds[0]].predictions[row]), command.text(certificates.log_failure[row])]
            for kind in kinds:
                one = certificates[kind]
                radius = "any" if one.radii[row] == ANY else str(one.radii[row])
                if kind == "exact":
                    fields += [str(one.predictions[row]), radius if one.is_certified[row] else ""]
                else:
                    fields.append(radius)
            if not stated:
                fields.append(" ".join(kind for kind in kinds if certificates[kind].assumes_classes[row]))
            rows.append(fields)
        return command.lines(rows)

    def test_certificates_of_every_head_in_float32_and_float64(self):
        for kind, parameters, options in HEADS:
            for classes, dtype in ((2, np.float64), (3, np.float32)):
                with self.subTest(head=options, classes=classes, dtype=dtype.__name__):
                    X, y, Xt, yt = self.data(classes, dtype)
                    theirs = self.written(
                        "certify", "--train", self.path / "train.npz", "--test", self.path / "test.npz", "--noise", "0.1",
                        "--certificates", "kl,tight,structured,exact", *options)
                    classifier = kind(noise=0.1, **parameters).fit(X, y)
                    self.assertEqual(theirs, self.as_written(classifier.certify(Xt), yt, voted=True))

    def test_the_papers_ridge(self):
        X, y, Xt, yt = self.data(2, np.float32)
        theirs = self.written(
            "certify", "--train", self.path / "train.npz", "--test", self.path / "test.npz", "--noise", "0.2", "--ridge", "paper",
            "--certificates", "kl,tight,structured,exact")
        classifier = certiflip.CertifiedRidgeClassifier("paper", noise=0.2).fit(X, y)
        certificates = classifier.certify(Xt)
        self.assertTrue(certificates.is_conditional)
        self.assertEqual(theirs, self.as_written(certificates, yt, voted=True))

    def test_a_vote_of_parts(self):
        X, y, Xt, yt = self.data(3, np.float64)
        theirs = self.written(
            "certify", "--train", self.path / "train.npz", "--test", self.path / "test.npz", "--method", "partition",
            "--partitions", "9")
        certificates = certiflip.CertifiedRidgeClassifier().fit(X, y).certify(Xt, parts=9)
        ours = self.as_written(certificates, yt, voted=True).splitlines()
        self.assertEqual(theirs.splitlines()[1:], ours[1:])

    def test_a_model_file_is_that_of_train_and_certifies_the_same(self):
        for kind, parameters, options in HEADS:
            for dtype in (np.float64, np.float32):
                with self.subTest(head=options, dtype=dtype.__name__):
                    X, y, Xt, yt = self.data(3, dtype)
                    theirs, ours = self.path / "theirs.model", self.path / "ours.model"
                    command.run("train", "--train", self.path / "train.npz", "--out", theirs, "--quiet", *options)
                    classifier = kind(noise=0.1, **parameters).fit(X, y)
                    classifier.save(ours)
                    self.assertEqual(theirs.read_bytes(), ours.read_bytes())
                    loaded = certiflip.load(theirs, noise=0.1)
                    self.assertIs(type(loaded), kind)
                    self.assertEqual(loaded._head(), classifier._head())
                    one, other = classifier.certify(Xt), loaded.certify(Xt)
                    self.assertEqual(one["exact"].radii.tolist(), other["exact"].radii.tolist())
                    self.assertEqual(one.log_failure.tolist(), other.log_failure.tolist())

    def test_shares_of_classes(self):
        shares = {2: 0.15, 0: 0.7, 1: 0.15}
        saturated = certiflip.CertifiedSaturatedRidgeClassifier
        for i, (classifier, options) in enumerate((
                (saturated(class_shares=shares), ["--head", "saturated-ridge"]),
                (saturated(lift=0.25, classes=[2, 0, 1], class_shares=[0.15, 0.7, 0.15]), ["--head", "saturated-ridge", "--lift", "0.25"]),
                (certiflip.CertifiedClassifier("saturated-ridge:classes", class_shares=shares), ["--head", "saturated-ridge:classes"]),
                (certiflip.CertifiedClassifier("two-means", "gain=0.5 lift=0.25", class_shares=shares),
                 ["--head", "two-means", "--gain", "0.5", "--lift", "0.25"]),
                (certiflip.CertifiedClassifier("bounded-ridge:1", class_shares=shares), ["--head", "bounded-ridge:1"]))):
            dtype = (np.float64, np.float32)[i % 2]
            with self.subTest(head=options, dtype=dtype.__name__):
                X, y, Xt, yt = self.data(3, dtype)
                train = ["--train", self.path / "train.npz", "--class-shares", "0=0.7,1=0.15,2=0.15", *options]
                classifier.set_params(noise=0.1).fit(X, y)
                certify = ["certify", "--test", self.path / "test.npz", "--noise", "0.1"]
                certificates = classifier.certify(Xt)
                self.assertEqual(certificates.class_shares, {0: 0.7, 1: 0.15, 2: 0.15})
                self.assertEqual(
                    self.written(*certify, *train, "--certificates", "kl,tight,structured,exact"),
                    self.as_written(certificates, yt, voted=True, stated=True))
                self.assertEqual(classifier.predict(Xt).tolist(), certificates["exact"].predictions.tolist())
                theirs, ours = self.path / "theirs.model", self.path / "ours.model"
                command.run("train", "--out", theirs, "--quiet", *train)
                classifier.save(ours)
                self.assertEqual(theirs.read_bytes(), ours.read_bytes())
                loaded = certiflip.load(theirs, noise=0.1)
                self.assertIs(type(loaded), saturated if options[1] == "saturated-ridge" else certiflip.CertifiedClassifier)
                self.assertEqual((loaded.class_shares, loaded.prior), ({0: 0.7, 1: 0.15, 2: 0.15}, None))
                self.assertEqual(
                    self.written(*certify, "--model", theirs, "--certificates", "kl,tight,structured,exact"),
                    self.as_written(loaded.certify(Xt), yt, voted=True, stated=True))
                again = loaded.fit(X, y).certify(Xt)
                self.assertEqual(again["exact"].radii.tolist(), certificates["exact"].radii.tolist())
                self.assertEqual(
                    [str(one) for one in classifier.audit(budget=9).rows],
                    [line.split(",")[1] for line in self.written("audit", "--budget", "9", *train).splitlines()[1:]])

    def test_an_audit(self):
        X, y, Xt, yt = self.data(3, np.float64)
        for kind, parameters, options in HEADS:
            with self.subTest(head=options):
                theirs = self.written("audit", "--train", self.path / "train.npz", "--budget", "9", *options)
                audit = kind(**parameters).fit(X, y).audit(budget=9)
                rows = [["rank", "row", "label", "reason", "suggested_label", "lead", "contradiction_radius", "witness_count",
                         "radius_gain", "total_radius"]]
                for rank, one in enumerate(audit.suggestions, 1):
                    radius = "any" if one.contradiction_radius == ANY else str(one.contradiction_radius)
                    rows.append([
                        str(rank), str(one.row), str(one.label), "contradicted" if one.is_contradicted else "relied on",
                        str(one.suggested) if one.is_contradicted else "",
                        command.text(round(one.lead, 6)) if one.is_contradicted else "", radius if one.is_contradicted else "",
                        command.text(round(one.witness_count, 3)), str(one.radius_gain), str(one.total_radius)])
                self.assertEqual(theirs, command.lines(rows))


if __name__ == "__main__":
    unittest.main()
