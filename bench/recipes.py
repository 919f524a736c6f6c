#!/usr/bin/env python3
"""Which recipe of features and head holds on data that it was not chosen on (docs/record.md).

    bench/recipes.py DATA WORK [--sets A,B] [--recipes A,B] [--jobs 2] [--held-out] [--table-only]
    python3 -m doctest bench/recipes.py     # of the ranking

Runs `certiflip certify --certificates exact --json` for every recipe on every data set, and prints a table of ranks and of what
leave-one-data-set-out chooses; bench/results/recipes.tsv has every number. DATA holds the public data of docs/reproduction.md. WORK keeps
what is made of it and a line for every run (runs.jsonl), so that a second start goes on where the first stopped. No data is part of the
project. Needs python3 with numpy and scikit-learn (wine, breast cancer, iris: scikit-learn's own), Rscript with Debian's r-cran-mlbench and
r-cran-kernlab (tables of the UCI repository), and the .NET SDK. A set that is missing is passed over, and said to be.
"""
import argparse, concurrent.futures, csv, gzip, json, math, os, pathlib, statistics, subprocess, sys, tarfile, threading
from collections import Counter, defaultdict

ROOT = pathlib.Path(__file__).resolve().parent.parent
COMMAND = [os.environ["CERTIFLIP"]] if "CERTIFLIP" in os.environ else \
    ["dotnet", str(ROOT / "src/CertiFlip.Cli/bin/Release/net10.0/CertiFlip.Cli.dll")]

# A recipe is a map and a head, as they are on the command line; K is the number of classes of the task. The first three maps have all
# heads, the others those that are for clusters.
HEADS = {
    "ridge": ["ridge"],
    "bounded:1": ["bounded-ridge:1"],
    "bounded:2": ["bounded-ridge:2"],
    "two-means": ["two-means"],
    "saturated": ["saturated-ridge"],
    "saturated:K": ["saturated-ridge:{K}"],
    "saturated:K gain 0.5": ["saturated-ridge:{K}", "--gain", "0.5"],
}
ON_CLUSTERS = ["ridge", "two-means", "saturated", "saturated:K"]
MAPS = {
    "raw": ([], HEADS),
    "pca20": (["principal-components:20"], HEADS),
    "spectral10": (["spectral:10"], HEADS),
    "spectral10-mutual": (["spectral:10:edges=mutual"], ON_CLUSTERS),
    "spectral10-scaled": (["spectral:10:edges=scaled"], ON_CLUSTERS),
    "spectral10-raw": (["spectral:10:whitening=0"], ON_CLUSTERS),
    "spectral10-white": (["spectral:10:whitening=1"], ON_CLUSTERS),
    "spectral30": (["spectral:30"], ON_CLUSTERS),
    "diffusion30": (["spectral:30:diffusion=auto"], ON_CLUSTERS),
}
DEFAULT = "raw ridge"
RECIPES = {f"{map_name} {head}": (maps, HEADS[head]) for map_name, (maps, heads) in MAPS.items() for head in heads}

# Run only where --recipes names them: M is 1.5 K, rounded up. The shares are counted in the training labels: a figure made with them says
# what a head can do with the right shares, and no certificate holds for it.
WHERE_ASKED = {
    "pca20 hierarchy:K": (["principal-components:20"], ["hierarchy:{K}"]),
    "pca20 hierarchy:K shares": (["principal-components:20"], ["hierarchy:{K}", "--class-shares", "{shares}"]),
    "spectral30 hierarchy:K": (["spectral:30"], ["hierarchy:{K}"]),
    "pca20 saturated:K lift 0.5": (["principal-components:20"], ["saturated-ridge:{K}", "--lift", "0.5"]),
    "pca20 saturated:K shares": (["principal-components:20"], ["saturated-ridge:{K}", "--class-shares", "{shares}"]),
    "pca20 two-means lift 0.5": (["principal-components:20"], ["two-means", "--lift", "0.5"]),
    "pca20 two-means shares": (["principal-components:20"], ["two-means", "--class-shares", "{shares}"]),
    "pca20 bounded:1 shares": (["principal-components:20"], ["bounded-ridge:1", "--class-shares", "{shares}"]),
    "pca20 bounded:2 shares": (["principal-components:20"], ["bounded-ridge:2", "--class-shares", "{shares}"]),
    "pca20 saturated:1.5K gain 2.5": (
        ["principal-components:20"], ["saturated-ridge:{M}", "--gain", "2.5", "--ridge", "relative:0.5"]),
    "pca20 saturated:1.5K gain 2.5 shares": (
        ["principal-components:20"],
        ["saturated-ridge:{M}", "--gain", "2.5", "--ridge", "relative:0.5", "--class-shares", "{shares}"]),
    "pca20 tempered:1.5K shares": (
        ["principal-components:20"], ["tempered-ridge:{M}", "--ridge", "relative:0.5", "--class-shares", "{shares}"]),
}


def spread(count, wanted):
    """So many row numbers of `count`, evenly."""
    return [i * count // wanted for i in range(wanted)] if wanted < count else list(range(count))


def thirds(features, labels):
    """Every third row is a test row, whatever its label."""
    import numpy as np
    test = np.arange(len(labels)) % 3 == 2
    return features[~test], labels[~test], features[test], labels[test]


def idx(path, header):
    import numpy as np
    return np.frombuffer(gzip.open(path).read(), np.uint8, offset=header)


def certiflip(*arguments):
    subprocess.run([*COMMAND, *map(str, arguments), "--quiet"], check=True, stdout=subprocess.DEVNULL)


def mnist(data, work, folder="mnist"):
    """The patch map's features of every sixth training and fifth test image."""
    import numpy as np
    images = [idx(data / folder / f"{part}-images-idx3-ubyte.gz", 16).reshape(-1, 784) for part in ("train", "t10k")]
    labels = [idx(data / folder / f"{part}-labels-idx1-ubyte.gz", 8).astype(int) for part in ("train", "t10k")]
    rows = [spread(len(labels[0]), 10_000), spread(len(labels[1]), 2_000)]
    return patches([x[r] for x, r in zip(images, rows)], [y[r] for y, r in zip(labels, rows)], work, folder)


def patches(images, labels, work, name):
    import numpy as np
    paths = [work / f"{name}-{part}.npy" for part in ("train", "test")]
    made = [work / f"{name}-{part}-patches.npy" for part in ("train", "test")]
    for path, pixels in zip(paths, images):
        np.save(path, np.ascontiguousarray(pixels))
    certiflip("features", "fit", "--map", "patches", "--train", paths[0], "--out", work / f"{name}.map")
    for path, out in zip(paths, made):
        certiflip("features", "apply", "--model", work / f"{name}.map", "--in", path, "--out", out)
    return np.load(made[0]), labels[0], np.load(made[1]), labels[1]


def ones_and_sevens(data, work):
    import numpy as np
    images = [idx(data / f"mnist/{part}-images-idx3-ubyte.gz", 16).reshape(-1, 784) for part in ("train", "t10k")]
    labels = [idx(data / f"mnist/{part}-labels-idx1-ubyte.gz", 8).astype(int) for part in ("train", "t10k")]
    rows = [np.flatnonzero((y == 1) | (y == 7)) for y in labels]
    rows = [r[spread(len(r), count)] for r, count in zip(rows, (10_000, 2_000))]
    return patches([x[r] for x, r in zip(images, rows)], [y[r] for y, r in zip(labels, rows)], work, "mnist17")


def dogfish(data, network):
    import numpy as np
    rows = list(csv.DictReader(open(data / "dogfish/manifest.csv")))
    features = np.load(data / f"dogfish/features_mnv2_{network}_1280.f32.npy")
    train = np.array([row["split"] == "train" for row in rows])
    labels = np.array([int(row["label"]) for row in rows])
    return features[train], labels[train], features[~train], labels[~train]


def cifar(features, paths):
    """Every fifth image of a file that `certiflip features apply` made, with the paths of its rows beside it."""
    import numpy as np
    names = [row[-1] for row in csv.reader(open(paths))][1:]
    classes = sorted({name.split("/")[-2] for name in names})
    labels = np.array([classes.index(name.split("/")[-2]) for name in names])
    train, values = np.array([name.split("/")[-3] == "train" for name in names]), np.load(features, mmap_mode="r")
    rows = [np.flatnonzero(part) for part in (train, ~train)]
    rows = [r[spread(len(r), count)] for r, count in zip(rows, (10_000, 2_000))]
    return np.array(values[rows[0]]), labels[rows[0]], np.array(values[rows[1]]), labels[rows[1]]


def cifar_mobilenet(data, work):
    """Makes the features of those 12,000 images, where nobody has."""
    out = work / "cifar-mobilenet.npy"
    if not out.exists():
        folder = work / "cifar-images"
        with tarfile.open(data / "cifar10/cifar10_jpeg.tar.xz") as archive:
            members = defaultdict(list)
            for member in archive:
                parts = member.name.split("/")
                if member.isfile() and len(parts) >= 3 and parts[-3] in ("train", "test"):
                    members[parts[-3]].append((member.name, archive.extractfile(member).read()))
        for part, files in members.items():
            for row in spread(len(files), 10_000 if part == "train" else 2_000):
                path = folder / "/".join(sorted(files)[row][0].split("/")[-3:])
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(sorted(files)[row][1])
        certiflip("features", "apply", "--model", data / "models/mobilenetv2_imagenet_features.onnx", "--in", folder, "--out", out)
    return cifar(out, work / "cifar-mobilenet.paths.csv")


def cifar_resnet(data, work):
    """ResNet18's features of all images at 224 pixels, in the file of RESNET18_FEATURES."""
    features = os.environ.get("RESNET18_FEATURES", work / "cifar-resnet18.npy")
    return cifar(features, str(features).replace(".npy", ".paths.csv"))


def reviews(data, work, name, counts):
    """So many training and test reviews as tables, and their labels."""
    import numpy as np
    texts, tables, labels = {}, [], []
    with tarfile.open(data / "imdb/aclImdb_labelled.tar.xz") as archive:
        for member in archive:
            parts = member.name.split("/")
            if member.isfile() and parts[-2] in ("neg", "pos"):
                texts["/".join(parts[-3:])] = archive.extractfile(member).read().decode("utf-8")
    for part, count in zip(("train", "test"), counts):
        names = sorted(name for name in texts if name.startswith(part))
        names = [names[row] for row in spread(len(names), count)]
        labels.append(np.array([int("/pos/" in name) for name in names]))
        tables.append(work / f"{name}-{part}.csv")
        with open(tables[-1], "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([["text"], *([texts[name]] for name in names)])
    return tables, labels


def latent_semantics(data, work):
    """latent-semantics of 10,000 + 2,000 reviews."""
    tables, labels = reviews(data, work, "imdb", (10_000, 2_000))
    certiflip("features", "fit", "--map", "latent-semantics", "--train", tables[0], "--out", work / "imdb.map")
    return texts_by(work / "imdb.map", tables, labels)


def sentence_model(data, work):
    """5,000 + 1,000 reviews by the all-MiniLM-L6-v2 model, the .onnx file of MINILM with its vocabulary beside it."""
    if "MINILM" not in os.environ:
        raise OSError("name the model by MINILM")
    tables, labels = reviews(data, work, "imdb-minilm", (5_000, 1_000))
    return texts_by(os.environ["MINILM"], tables, labels, "--map-options", "tokens=128")


def texts_by(model, tables, labels, *options):
    import numpy as np
    made = [table.with_suffix(".npy") for table in tables]
    for table, out in zip(tables, made):
        certiflip("features", "apply", "--model", model, "--in", table, "--out", out, *options)
    return np.load(made[0]), labels[0], np.load(made[1]), labels[1]


def digits(data, work):
    import numpy as np
    rows = np.loadtxt(ROOT / "data/digits/digits.csv", delimiter=",", skiprows=1)
    return thirds(rows[:, :-1], rows[:, -1].astype(int))


def of_scikit_learn(name):
    from sklearn import datasets
    return scaled(*thirds(*getattr(datasets, f"load_{name}")(return_X_y=True)))


def of_r(name, work):
    import numpy as np
    folder = work / "r"
    if not (folder / f"{name}.csv").exists():
        folder.mkdir(exist_ok=True)
        subprocess.run(["Rscript", ROOT / "bench/recipes.R", folder], check=True, stdout=subprocess.DEVNULL)
    rows = np.loadtxt(folder / f"{name}.csv", delimiter=",")
    rows = rows[spread(len(rows), 12_000)]
    return scaled(*thirds(rows[:, :-1], rows[:, -1].astype(int)))


def scaled(train, train_labels, test, test_labels):
    """Columns in one unit, by the training rows: what the command does with tables."""
    mean, deviation = train.mean(0), train.std(0)
    keep = deviation > 0
    return ((train - mean) / deviation.clip(1e-300))[:, keep], train_labels, ((test - mean) / deviation.clip(1e-300))[:, keep], test_labels


R_TABLES = ["letters", "satellite", "shuttle", "vehicle", "sonar", "vowel", "dna", "ionosphere", "pima", "glass", "spam", "musk"]
SETS = {
    "digits": digits,
    "mnist": mnist,
    "mnist17": ones_and_sevens,
    "dogfish-birds": lambda data, work: dogfish(data, "inatbird"),
    "dogfish-imagenet": lambda data, work: dogfish(data, "imagenet"),
    "cifar-mobilenet": cifar_mobilenet,
    "cifar-resnet18": cifar_resnet,
    "imdb": latent_semantics,
    "imdb-minilm": sentence_model,
    **{name: lambda data, work, name=name: of_scikit_learn(name) for name in ("wine", "breast_cancer", "iris")},
    **{name: lambda data, work, name=name: of_r(name, work) for name in R_TABLES},
}
# Reported, never chosen on: Debian's dataset-fashion-mnist, in DATA/fashion-mnist or where that package puts it.
HELD_OUT = {
    "fashion-mnist": lambda data, work: mnist(
        data if (data / "fashion-mnist").exists() else pathlib.Path("/usr/share/datasets"), work, "fashion-mnist"),
}


def prepared(name, data, work):
    """The files of a set, made where they are missing: of large sets 5,000 training and 1,000 test rows, evenly spread."""
    import numpy as np
    folder = work / "sets" / name
    files = folder / "train.npz", folder / "test.npz"
    if not files[1].exists():
        folder.mkdir(parents=True, exist_ok=True)
        train, train_labels, test, test_labels = {**SETS, **HELD_OUT}[name](data, work)
        for file, x, y, most in zip(files, (train, test), (train_labels, test_labels), (5_000, 1_000)):
            rows = spread(len(y), most)
            np.savez(file, X=np.ascontiguousarray(x[rows], np.float64), y=np.asarray(y, np.int64)[rows])
    return files


def measured(result, training_labels):
    """Clean accuracy, median radius (0 where wrong) and mean certified share: the mean over test rows of radius + 1 where right, 0 where
    wrong, over the ceiling ⌈(n_c + n_d)/2⌉ of the row's class c and the rarest other class d."""
    exact, = result["rows"]["certificates"]
    counts = Counter(result["classes"].index(str(label)) for label in training_labels)
    ceiling = {c: math.ceil((counts[c] + min(counts[d] for d in counts if d != c)) / 2) for c in counts}
    radii = [radius if label == prediction else None
             for label, prediction, radius in zip(result["rows"]["labels"], exact["predictions"], exact["radii"])]
    shares = [0 if radius is None else 1 if radius == "any" else min(1, (radius + 1) / ceiling[label])
              for label, radius in zip(result["rows"]["labels"], radii)]
    survived = [0 if radius is None else len(training_labels) if radius == "any" else radius for radius in radii]
    return {"accuracy": sum(radius is not None for radius in radii) / len(radii), "median": statistics.median(survived),
            "share": sum(shares) / len(shares)}


def run(name, recipe, data, work):
    import numpy as np
    train, test = prepared(name, data, work)
    maps, head = {**RECIPES, **WHERE_ASKED}[recipe]
    counts = Counter(str(label) for label in np.load(train)["y"])
    shares = ",".join(f"{label}={count / sum(counts.values()):.17g}" for label, count in counts.items())
    numbers = {"K": len(counts), "M": math.ceil(1.5 * len(counts)), "shares": shares}
    arguments = ["certify", "--train", train, "--test", test, "--certificates", "exact", "--json", "--quiet", "--threads", "1"]
    arguments += ["--head", *(part.format(**numbers) for part in head)]
    for map_name in maps:
        arguments += ["--map", map_name]
    done = subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        return {"set": name, "recipe": recipe, "refused": done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "no reason"}
    result = json.loads(done.stdout)
    return {"set": name, "recipe": recipe, **measured(result, np.load(train)["y"]), "seconds": result["seconds"]}


def ranks(values):
    """Places by value, the largest first; equal values share the mean of their places.

    >>> ranks({"a": 0.5, "b": 0.9, "c": 0.5})
    {'b': 1.0, 'a': 2.5, 'c': 2.5}
    """
    ordered = sorted(values, key=lambda key: -values[key])
    places, start = {}, 0
    while start < len(ordered):
        end = start
        while end < len(ordered) and values[ordered[end]] == values[ordered[start]]:
            end += 1
        places.update({key: (start + 1 + end) / 2 for key in ordered[start:end]})
        start = end
    return places


def ranked(runs):
    """For each set and recipe the mean of its places by accuracy and by share. Recipes that a set refuses share the last place."""
    recipes = sorted({run["recipe"] for run in runs})
    of_set = defaultdict(dict)
    for each in runs:
        of_set[each["set"]][each["recipe"]] = each
    places = {}
    for name, found in of_set.items():
        by = [ranks({recipe: found.get(recipe, {}).get(value, -1) for recipe in recipes}) for value in ("accuracy", "share")]
        places[name] = {recipe: (by[0][recipe] + by[1][recipe]) / 2 for recipe in recipes}
    return places


def source(name):
    """Sets of one source leave together: no choice for a set sees other features of the same rows."""
    return name.split("-")[0].removesuffix("17")


def chosen(places):
    """For each set, the recipe with the best mean rank over the sets of other sources, if there are any; of equal ones the first by name.

    >>> chosen({"x": {"a": 1, "b": 2}, "y": {"a": 2, "b": 1}, "z": {"a": 2, "b": 1}})
    {'x': 'b', 'y': 'a', 'z': 'a'}
    >>> chosen({"mnist": {"a": 1, "b": 2}, "mnist17": {"a": 1, "b": 2}, "z": {"a": 2, "b": 1}})
    {'mnist': 'b', 'mnist17': 'b', 'z': 'a'}
    """
    choices = {}
    for name in places:
        others = [other for other in places if source(other) != source(name)]
        if not others:
            continue
        means = {recipe: statistics.mean(places[other][recipe] for other in others) for recipe in places[name]}
        choices[name] = min(sorted(means), key=means.get)
    return choices


def described(run):
    return "refused" if "refused" in run else f"{run['accuracy']:.1%}, {run['median']:g}, {run['share']:.3f}"


def report(runs, held_out):
    """The recipes by mean rank; for each set what the others choose; and all numbers in bench/results/recipes.tsv."""
    of_set = defaultdict(dict)
    for each in runs:
        of_set[each["set"]][each["recipe"]] = each
    places = ranked(runs)
    means = {recipe: statistics.mean(place[recipe] for place in places.values()) for recipe in next(iter(places.values()))}
    print(f"{len(places)} sets, {len(means)} recipes\n\n| recipe | mean rank | worst rank |\n|---|---|---|")
    for recipe in sorted(means, key=means.get):
        print(f"| {recipe} | {means[recipe]:.1f} | {max(place[recipe] for place in places.values()):g} |")
    print("\n| set | chosen on the others: accuracy, median, share | rank | best here | default |\n|---|---|---|---|---|")
    for name, choice in chosen(places).items():
        best, found = min(sorted(places[name]), key=places[name].get), of_set[name]
        print(f"| {name} | {choice}: {described(found[choice])} | {places[name][choice]:g} | {best}: {described(found[best])} "
              f"| {described(found[DEFAULT])} |")
    for name, found in ((name, held_out[name]) for name in sorted(held_out)):
        choice = min(sorted(means), key=means.get)
        print(f"| {name} (held back) | {choice}: {described(found[choice])} | | | {described(found[DEFAULT])} |")
    with open(ROOT / "bench/results/recipes.tsv", "w", encoding="utf-8") as file:
        print("set", "recipe", "accuracy", "median", "share", "rank", sep="\t", file=file)
        for name in places:
            for recipe in sorted(of_set[name], key=places[name].get):
                each = of_set[name][recipe]
                numbers = [each["refused"]] if "refused" in each else \
                    [f"{each['accuracy']:.4f}", f"{each['median']:g}", f"{each['share']:.4f}"]
                print(name, recipe, *numbers, f"{places[name][recipe]:g}", sep="\t", file=file)


def read(path):
    """The newest run of each set and recipe."""
    lines = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    return {(line["set"], line["recipe"]): line for line in lines}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--recipes", default=",".join(RECIPES))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--held-out", action="store_true", help="also the sets that nothing is chosen on")
    parser.add_argument("--table-only", action="store_true", help="run nothing")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    path, lock = options.work / "runs.jsonl", threading.Lock()
    sets, recipes = options.sets.split(",") + (list(HELD_OUT) if options.held_out else []), options.recipes.split(",")
    if not options.table_only:
        done, ready = read(path), []
        for name in sets:
            try:
                prepared(name, options.data, options.work)
                ready.append(name)
            except (OSError, ImportError, subprocess.CalledProcessError) as error:
                print(f"{name} is passed over: {error}", file=sys.stderr)

        def keep(job):
            line = run(*job, options.data, options.work)
            with lock, path.open("a") as file:
                print(json.dumps(line), file=file, flush=True)

        jobs = [(name, recipe) for recipe in recipes for name in ready if (name, recipe) not in done]
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            list(pool.map(keep, jobs))
    runs = [line for (name, recipe), line in read(path).items() if recipe in recipes and name in sets]
    report([line for line in runs if line["set"] in SETS],
           {name: {line["recipe"]: line for line in runs if line["set"] == name} for name in HELD_OUT if options.held_out})


if __name__ == "__main__":
    main()
