#!/usr/bin/env python3
"""A table with categories and gaps: certiflip beside scikit-learn's one-hot encoder and RidgeClassifier, in one run.

bench/tables.py [--rows 30000] [--test-rows 10000]

The table has the columns of the census data "Adult" and is drawn at random, always the same. Needs numpy and
scikit-learn, and builds the command. docs/inputs.md quotes the figures.
"""
import argparse
import csv
import json
import pathlib
import subprocess
import tempfile

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import RidgeClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

ROOT = pathlib.Path(__file__).resolve().parent.parent
EDUCATION = ["Preschool", "1st-4th", "5th-6th", "7th-8th", "9th", "10th", "11th", "12th", "HS-grad", "Some-college",
             "Assoc-voc", "Assoc-acdm", "Bachelors", "Masters", "Prof-school", "Doctorate"]
NUMBERS = ["age", "fnlwgt", "education-num", "capital-gain", "hours-per-week"]
CATEGORIES = ["workclass", "education", "marital-status", "occupation", "race", "sex", "native-country"]
OCCUPATIONS = {"Exec-managerial": 0.9, "Prof-specialty": 0.7, "Tech-support": 0.5, "Sales": 0.3, "Protective-serv": 0.3,
               "Craft-repair": -0.3, "Adm-clerical": -0.3, "Other-service": -0.3, "Machine-op-inspct": -0.3,
               "Transport-moving": -0.3, "Handlers-cleaners": -0.3, "Farming-fishing": -0.3, "?": -0.3}


def table(n, rng):
    """n rows: income depends on some of the columns, and by chance."""
    rows = {
        "age": rng.integers(17, 90, n),
        "workclass": rng.choice(["Private", "Self-emp", "Local-gov", "State-gov", "Federal-gov", "Without-pay", "?"], n,
                                p=[.7, .11, .07, .04, .03, .005, .045]),
        "fnlwgt": rng.lognormal(12, 0.5, n).astype(int),
        "education-num": np.clip(np.round(rng.normal(10, 2.6, n)), 1, 16).astype(int),
        "marital-status": rng.choice(["Married-civ-spouse", "Never-married", "Divorced", "Separated", "Widowed"], n,
                                     p=[.46, .33, .15, .03, .03]),
        "occupation": rng.choice(list(OCCUPATIONS), n),
        "race": rng.choice(["White", "Black", "Asian-Pac-Islander", "Other"], n, p=[.855, .095, .03, .02]),
        "sex": rng.choice(["Male", "Female"], n, p=[.67, .33]),
        "capital-gain": np.where(rng.random(n) < .08, rng.lognormal(8.5, 1, n).astype(int), 0),
        "hours-per-week": np.clip(np.round(rng.normal(40, 12, n)), 1, 99).astype(int),
        "native-country": rng.choice(["United-States", "Mexico", "Philippines", "Germany", "Canada", "India", "?"], n,
                                     p=[.90, .03, .01, .01, .01, .01, .03]),
    }
    rows["education"] = np.array(EDUCATION)[rows["education-num"] - 1]
    score = (-3.3 + .03 * (np.minimum(rows["age"], 55) - 17) + .3 * (rows["education-num"] - 9)
             + 1.8 * (rows["marital-status"] == "Married-civ-spouse") + np.vectorize(OCCUPATIONS.get)(rows["occupation"])
             + .25 * (rows["sex"] == "Male") + .0002 * np.minimum(rows["capital-gain"], 20000)
             + .025 * (rows["hours-per-week"] - 40))
    income = np.where(rng.random(n) < 1 / (1 + np.exp(-score)), ">50K", "<=50K")
    hours = [str(hour) if rng.random() > .02 else "" for hour in rows["hours-per-week"]]
    return [dict({name: str(rows[name][row]) for name in rows}, **{"hours-per-week": hours[row], "income": income[row]})
            for row in range(n)]


def scikit_learn(training, test, scaled):
    def features(rows):
        return np.array([[float(row[name]) if row[name] else np.nan for name in NUMBERS] + [row[name] for name in CATEGORIES]
                         for row in rows], dtype=object)

    steps = [SimpleImputer(strategy="median")] + ([StandardScaler()] if scaled else [])
    model = make_pipeline(
        ColumnTransformer([
            ("numbers", make_pipeline(*steps), list(range(len(NUMBERS)))),
            ("categories", OneHotEncoder(handle_unknown="ignore"), list(range(len(NUMBERS), len(NUMBERS) + len(CATEGORIES)))),
        ]),
        RidgeClassifier())
    model.fit(features(training), [row["income"] for row in training])
    return model.score(features(test), [row["income"] for row in test])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=30_000)
    parser.add_argument("--test-rows", type=int, default=10_000)
    options = parser.parse_args()
    rng = np.random.default_rng(7)
    training, test = table(options.rows, rng), table(options.test_rows, rng)
    for scaled in (False, True):
        print(f"scikit-learn, numbers {'scaled' if scaled else 'as they are'}: {scikit_learn(training, test, scaled):.1%}")

    project = ROOT / "src" / "CertiFlip.Cli"
    subprocess.run(["dotnet", "build", "-c", "Release", "--nologo", "-v", "q", str(project)], check=True, stdout=subprocess.DEVNULL)
    command = ["dotnet", str(project / "bin" / "Release" / "net10.0" / "CertiFlip.Cli.dll")]
    with tempfile.TemporaryDirectory() as folder:
        for name, rows in (("train.csv", training), ("test.csv", test)):
            with open(f"{folder}/{name}", "w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, rows[0])
                writer.writeheader()
                writer.writerows(rows)
        for ridge in ("relative:1", "relative:0.1", "fixed:1"):
            printed = subprocess.run(
                command + ["certify", "--train", f"{folder}/train.csv", "--test", f"{folder}/test.csv", "--label", "income",
                           "--ridge", ridge, "--certificates", "exact", "--json", "--quiet"],
                check=True, capture_output=True, text=True).stdout
            result = json.loads(printed)
            exact = result["certificates"][0]
            print(f"certify --ridge {ridge}: {exact['accuracy']:.1%}, median radius {exact['median_radius']}, "
                  f"{result['seconds']:.1f} s")


if __name__ == "__main__":
    main()
