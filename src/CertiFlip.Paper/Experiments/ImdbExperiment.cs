using System.Globalization;
using CertiFlip.Data;
using CertiFlip.Features.Text;
using CertiFlip.Paper.Results;
using CertiFlip.Paper.Sources;

namespace CertiFlip.Paper.Experiments;

/// <summary>Figure 3: reviews of films, for or against.</summary>
internal sealed class ImdbExperiment : IExperiment
{
    private static readonly int[] ShownFlips = [50, 100, 400];

    public string Name => "imdb";

    public string Title => "Figure 3: certified accuracy on IMDB reviews";

    public ExperimentOptions Defaults { get; } = new() { Noises = [0.01, 0.05, 0.1, 0.25], Components = 300 };

    public IReadOnlyList<string> Choices { get; } = [nameof(ExperimentOptions.Ridge), nameof(ExperimentOptions.Noises), nameof(ExperimentOptions.Components), nameof(ExperimentOptions.TestRows), nameof(ExperimentOptions.TextMap), nameof(ExperimentOptions.WordVectors), nameof(ExperimentOptions.Seed)];

    public Reproduction Run(ExperimentRun run)
    {
        string features = FeaturesName(run.Options);

        // Before anything that was kept: what was kept for other files is of no use.
        UsedFile archive = Imdb.Find(run.Data);
        UsedFile? vectors = run.Options.TextMap == TextMap.WordVectors ? GoogleNews.Find(run.Data, run.Options.WordVectors) : null;
        LabelledSplit split = run.Split("features", [features], () => Features(run, archive, vectors)).WithTestRows(run.Options.TestRows);
        IReadOnlyList<Series> certified = new CertifiedCurves(run, split, features).Of(run.Options.Ridge);
        return new Figure(run, null, certified, split).Reproduction with
        {
            Claims =
            [
                .. Figure.At(certified, "tight", 0.01, 0).Take(1).Select(_ => new Claim("clean accuracy, q = 0.01", "79.1 %", Clean(certified, 0.01))),
                .. Figure.At(certified, "tight", 0.25, 0).Take(1).Select(_ => new Claim("clean accuracy, q = 0.25", "78.7 %", Clean(certified, 0.25))),
                .. from name in (string[])["tight", "exact"]
                   from series in certified.Where(series => series.Name == name && series.Noise is null or 0.01).Take(1)
                   from r in ShownFlips
                   select new Claim($"{series.Title}, certified at {r} flips", "", Figure.Percent(series.Curve.At(r))),
            ],
            Notes =
            [
                run.Options.TextMap == TextMap.LatentSemantics
                    ? $"{split.Training.Columns} features: singular vectors of the training reviews’ weighted counts of 60,000 words and pairs of words, found without a label (five random powers, seed {run.Options.Seed})."
                    : $"{split.Training.Columns} features: the mean of the known words’ vectors.",
                "The paper averaged the Google News vectors of all words, which are not passed on with the data here.",
                .. Figure.Setting(run),
            ],
        };
    }

    private static string Clean(IReadOnlyList<Series> certified, double q) => Figure.Percent(certified.First(series => series.Name == "tight" && series.Noise == q).Curve.Accuracy);

    private static string FeaturesName(ExperimentOptions options) => options.TextMap == TextMap.LatentSemantics
        ? string.Create(CultureInfo.InvariantCulture, $"latent semantics {options.Components}, seed {options.Seed}")
        : "averaged word vectors";

    private static LabelledSplit Features(ExperimentRun run, UsedFile archive, UsedFile? vectors)
    {
        run.Progress.Report("reading reviews");
        Reviews reviews = Imdb.Read(archive, run.Cancellation);
        ITextFeatureMap map = vectors is null ? LatentSemantics(run, reviews) : new AveragedWordVectors(WordVectorReader.Read(vectors.Path));
        run.Progress.Report($"mapping {reviews.Training.Count + reviews.Test.Count:N0} reviews to {map.Features} features");
        return new LabelledSplit(map.Transform(reviews.Training, run.Parallel), reviews.TrainingClasses, map.Transform(reviews.Test, run.Parallel), reviews.TestClasses);
    }

    private static LatentSemantics LatentSemantics(ExperimentRun run, Reviews reviews)
    {
        run.Progress.Report($"finding {run.Options.Components:N0} singular vectors of {reviews.Training.Count:N0} reviews");
        return CertiFlip.Features.Text.LatentSemantics.Fit(reviews.Training, new LatentSemanticsOptions { Components = run.Options.Components, Seed = run.Options.Seed }, run.Parallel);
    }
}
