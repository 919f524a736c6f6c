#!/usr/bin/env python3
"""inputs.py DATA OUT   The inputs of docs/inputs.md's figures, in the shapes that people have, from the public data of docs/reproduction.md:
OUT/images/{train,test}/{dog,fish}/*.JPEG, and OUT/{small,large,full}/{train,test}.csv of film reviews with columns label and text."""
import csv, os, sys, tarfile


def images(data, out):
    with tarfile.open(os.path.join(data, "dogfish", "dogfish_images.tar")) as archive:
        for member in archive.getmembers():
            parts = member.name.split("/")
            if member.isfile() and len(parts) == 4:
                path = os.path.join(out, "images", *parts[1:])
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "wb") as file:
                    file.write(archive.extractfile(member).read())


def reviews(data, out):
    texts = {}
    with tarfile.open(os.path.join(data, "imdb", "aclImdb_labelled.tar.xz")) as archive:
        for member in archive:
            parts = member.name.split("/")
            if member.isfile() and parts[-2] in ("neg", "pos"):
                texts["/".join(parts[-3:])] = archive.extractfile(member).read().decode("utf-8")
    for size, counts in (("small", (800, 300)), ("large", (5000, 1000)), ("full", (25000, 25000))):
        os.makedirs(os.path.join(out, size), exist_ok=True)
        for split, count in zip(("train", "test"), counts):
            names = sorted(name for name in texts if name.startswith(split))
            with open(os.path.join(out, size, split + ".csv"), "w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(["label", "text"])
                # Evenly over the names in order, so that both classes come equally often.
                writer.writerows([names[i * len(names) // count].split("/")[1], texts[names[i * len(names) // count]]] for i in range(count))


if __name__ == "__main__":
    images(*sys.argv[1:])
    reviews(*sys.argv[1:])
