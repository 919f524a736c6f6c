using System.Formats.Tar;
using System.Globalization;
using CertiFlip.Data;
using CertiFlip.Features.Text;
using SharpCompress.Common;
using SharpCompress.Compressors.Xz;

namespace CertiFlip.Paper;

/// <summary>Figure 3: reviews of films, for or against.</summary>
internal sealed class ImdbExperiment : IExperiment
{
    private static readonly int[] ShownFlips = [50, 100, 400];

    // The paper's word vectors, of which the commonest thousand are small enough to pass on.
    private static readonly DataFile GoogleNews = new(
        "wordvec/googlenews.300d.top1000.txt",
        "word2vec's Google News vectors of 1,000 common English words as text; name a file with all of them with --word-vectors",
        "d378a09873420e9590dc2c85ca9496dfba432f1690007828f20d89e09e5aa911");

    public string Name => "imdb";

    public string Title => "Figure 3: certified accuracy on IMDB reviews";

    public ExperimentOptions Defaults { get; } = new() { Noises = [0.01, 0.05, 0.1, 0.25], Components = 300 };

    public IReadOnlyList<string> Choices { get; } =
    [
        nameof(ExperimentOptions.Ridge), nameof(ExperimentOptions.Noises), nameof(ExperimentOptions.Components),
        nameof(ExperimentOptions.TestRows), nameof(ExperimentOptions.TextMap), nameof(ExperimentOptions.WordVectors),
        nameof(ExperimentOptions.Seed),
    ];

    public Reproduction Run(ExperimentRun run)
    {
        string features = FeaturesName(run.Options);

        // Files first: a saved result of other files is of no use.
        UsedFile archive = Imdb.Find(run.Data);
        UsedFile? vectors = run.Options.TextMap == TextMap.WordVectors ? FindVectors(run) : null;
        LabelledSplit split = run.Split("features", [features], () => Features(run, archive, vectors))
            .WithTestRows(run.Options.TestRows);
        IReadOnlyList<Series> certified = new CertifiedCurves(run, split, features).Of(run.Options.Ridge);
        return new Figure(run, null, certified, split).Reproduction with
        {
            Claims =
            [
                .. Clean(0.01, "79.1 %"),
                .. Clean(0.25, "78.7 %"),
                .. from name in (string[])["tight", "exact"]
                   from series in certified.Where(series => series.Name == name && series.Noise is null or 0.01).Take(1)
                   from r in ShownFlips
                   select new Claim($"{series.Title}, certified at {r} flips", "", Figure.Percent(series.Curve.At(r))),
            ],
            Notes =
            [
                run.Options.TextMap == TextMap.LatentSemantics
                    ? $"{split.Training.Columns} features: singular vectors of the training reviews’ weighted counts of 60,000 words "
                        + $"and pairs of words, found without a label (five random powers, seed {run.Options.Seed})."
                    : $"{split.Training.Columns} features: the mean of the known words’ vectors.",
                "The paper averaged the Google News vectors of all words, which are not passed on with the data here.",
                .. Figure.Setting(run),
            ],
        };

        IEnumerable<Claim> Clean(double q, string paper) => certified.Where(series => series.Name == "tight" && series.Noise == q).Take(1)
            .Select(series => new Claim($"clean accuracy, q = {q}", paper, Figure.Percent(series.Curve.Accuracy)));
    }

    private static UsedFile FindVectors(ExperimentRun run) =>
        run.Options.WordVectors is { } path ? run.Data.FindElsewhere(path) : run.Data.Find(GoogleNews);

    private static string FeaturesName(ExperimentOptions options) => options.TextMap == TextMap.LatentSemantics
        ? string.Create(CultureInfo.InvariantCulture, $"latent semantics {options.Components}, seed {options.Seed}")
        : "averaged word vectors";

    private static LabelledSplit Features(ExperimentRun run, UsedFile archive, UsedFile? vectors)
    {
        run.Progress.Report("reading reviews");
        Reviews reviews = Imdb.Read(archive, run.CancellationToken);
        ITextFeatureMap map =
            vectors is null ? Semantics(run, reviews) : new AveragedWordVectors(WordVectorReader.Read(vectors.Path));
        run.Progress.Report($"mapping {reviews.Training.Count + reviews.Test.Count:N0} reviews to {map.Features} features");
        return new LabelledSplit(
            map.Transform(reviews.Training, run.Parallel), reviews.TrainingClasses,
            map.Transform(reviews.Test, run.Parallel), reviews.TestClasses);
    }

    private static LatentSemantics Semantics(ExperimentRun run, Reviews reviews)
    {
        run.Progress.Report($"finding {run.Options.Components:N0} singular vectors of {reviews.Training.Count:N0} reviews");
        var options = new LatentSemanticsOptions { Components = run.Options.Components, Seed = run.Options.Seed };
        return LatentSemantics.Fit(reviews.Training, options, run.Parallel);
    }
}

/// <summary>25,000 + 25,000 reviews of films, half of each negative (class 0), half positive (class 1).</summary>
internal static class Imdb
{
    private const string LineBreak = "<br />";

    private static readonly DataFile Archive = new(
        "imdb/aclImdb_labelled.tar.xz",
        "the Large Movie Review Dataset (Maas et al. 2011, https://ai.stanford.edu/~amaas/data/sentiment/) without its unlabelled "
        + "reviews, packed with tar and xz",
        "c6fc6ccdc7dd765c2712b05a35e48324bbd807b7b47d7272bab73c29befeab72");

    private static readonly string[] Classes = ["neg", "pos"];

    public static UsedFile Find(DataFolder folder) => folder.Find(Archive);

    public static Reviews Read(UsedFile archive, CancellationToken cancellationToken)
    {
        List<(string Name, string Text)> training = [], test = [];
        try
        {
            using var stream = new XZStream(File.OpenRead(archive.Path));
            using var tar = new TarReader(stream);
            while (tar.GetNextEntry() is { } entry)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (entry.DataStream is null
                    || entry.Name.Split('/') is not [.., ("train" or "test") and var split, var kind, var file]
                    || !Classes.Contains(kind)
                    || !file.EndsWith(".txt", StringComparison.Ordinal))
                {
                    continue;
                }
                using var reader = new StreamReader(entry.DataStream);
                string text = reader.ReadToEnd().Replace(LineBreak, "\n", StringComparison.Ordinal);
                (split == "train" ? training : test).Add(($"{kind}/{file}", text));
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or SharpCompressException or FormatException)
        {
            throw new DataException($"{archive.Path}: the archive cannot be read: {e.Message} {Archive.Advice}", e);
        }

        if (training.Count == 0 || test.Count == 0)
        {
            throw new DataException(
                $"{archive.Path}: there are no reviews in train/neg, train/pos, test/neg and test/pos. {Archive.Advice}");
        }

        // Sorted, so that the order in which they were packed does not matter.
        (string Name, string Text)[] sortedTraining = Sorted(training), sortedTest = Sorted(test);
        return new Reviews(Texts(sortedTraining), ClassesOf(sortedTraining), Texts(sortedTest), ClassesOf(sortedTest));
    }

    private static (string Name, string Text)[] Sorted(List<(string Name, string Text)> reviews) =>
        [.. reviews.OrderBy(review => review.Name, StringComparer.Ordinal)];

    private static string[] Texts((string Name, string Text)[] reviews) => [.. reviews.Select(review => review.Text)];

    private static int[] ClassesOf((string Name, string Text)[] reviews) =>
        [.. reviews.Select(review => Array.IndexOf(Classes, review.Name[..3]))];
}

/// <summary>Texts with their classes, 0 or 1.</summary>
/// <param name="Training">n training texts.</param>
/// <param name="TrainingClasses">Their classes: the labels that are defended.</param>
/// <param name="Test">m test texts.</param>
/// <param name="TestClasses">Their true classes.</param>
internal sealed record Reviews(
    IReadOnlyList<string> Training, IReadOnlyList<int> TrainingClasses, IReadOnlyList<string> Test, IReadOnlyList<int> TestClasses);
