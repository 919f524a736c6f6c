using CertiFlip.Heads;

namespace CertiFlip.Data.Tests.Models;

/// <summary>Small models of every kind of head, and what they say of some rows, to the bit.</summary>
internal static class TrainedModels
{
    /// <summary>Heads by name, for training rows of which there are at least three.</summary>
    public static TheoryData<string> Names => [.. Choices.Keys];

    /// <summary>The same with everything that can be chosen about them.</summary>
    public static IReadOnlyDictionary<string, HeadChoice> Choices { get; } = new Dictionary<string, HeadChoice>
    {
        ["ridge"] = HeadChoice.Default,
        ["ridge, without intercept"] = new RidgeHeadChoice { Ridge = RidgeChoice.TryParse("fixed:0.3")!, Intercept = Intercept.None },
        ["ridge, λ from the labels"] = new RidgeHeadChoice { Ridge = RidgeChoice.Paper },
        ["saturated ridge"] = HeadChoice.TryParse("saturated-ridge")!,
        ["saturated ridge, offset"] = new SaturatedRidgeHeadChoice
        {
            Ridge = RidgeChoice.Paper,
            Saturation = new SaturationOptions { Gain = 0.7, Offset = -0.25 },
        },
        ["saturated ridge, classes"] = new SaturatedRidgeHeadChoice { Saturation = new SaturationOptions { Classes = 2 } },
        ["saturated ridge, lift"] = new SaturatedRidgeHeadChoice { Saturation = new SaturationOptions { Lift = 0.5 } },
        ["two means"] = HeadChoice.TryParse("two-means")!,
        ["two means, gain"] = new TwoMeansHeadChoice { Ridge = RidgeChoice.Paper, Gain = 0.7 },
        ["two means, lift"] = new TwoMeansHeadChoice { Gain = 0.7, Lift = 0.5 },
        ["tempered ridge"] = HeadChoice.TryParse("tempered-ridge:2")!,
        ["tempered ridge, gain"] = new TemperedRidgeHeadChoice { Ridge = RidgeChoice.Paper, Gain = 0.7 },
        ["bounded ridge"] = HeadChoice.TryParse("bounded-ridge:0.5")!,
        ["hierarchy"] = HeadChoice.TryParse("hierarchy:3")!,
        ["hierarchy, levels"] = HeadChoice.TryParse("hierarchy:2")!.WithOption("levels", "1")!,
        ["pairs"] = HeadChoice.TryParse("pairs")!,
        ["nearest neighbours"] = HeadChoice.TryParse("knn:3")!,
        ["kernel"] = HeadChoice.TryParse("kernel")!,
        ["kernel, bandwidth"] = HeadChoice.TryParse("kernel:0.5")!,
    };

    public static TrainedModel Fit(string name, int n, int k, int threads = 1) =>
        TrainedModel.Fit(Data(n, k), Choices[name], 0.2, parallel: new ParallelOptions { MaxDegreeOfParallelism = threads });

    public static Dataset Data(int n, int k)
    {
        var random = new Random(n + k);
        var features = new FeatureMatrix(n, k, [.. Enumerable.Range(0, n * k).Select(_ => random.NextDouble() - 0.5)]);
        return new Dataset(features, "data")
        {
            FeatureNames = [.. Enumerable.Range(0, k).Select(i => $"x{i}")],
            Labels = [.. Enumerable.Range(0, n).Select(row => row % 3 == 0 ? "b" : row % 2 == 0 ? "ä" : "c, d")],
        };
    }

    public static TrainedModel Kept(TrainedModel model, string path, int threads = 1)
    {
        TrainedModelFile.Store(model).Write(path);
        return TrainedModelFile.Restore(StoredModel.Read(path), new ParallelOptions { MaxDegreeOfParallelism = threads });
    }

    public static string Certificates(TrainedModel model, int threads = 1)
    {
        var random = new Random(3);
        int k = model.Head.Features;
        return Certificates(
            model, new FeatureMatrix(6, k, [.. Enumerable.Range(0, 6 * k).Select(_ => random.NextDouble() - 0.5)]), threads);
    }

    public static string Certificates(TrainedModel model, FeatureMatrix tests, int threads = 1)
    {
        ClassList classes = model.Labels.Classes;
        var options = new CertifierOptions { Noise = new Noise(0.2, classes.Count), Threads = threads };
        IReadOnlyList<RowCertificates> rows = new Certifier(model.Head, model.Labels, options).CertifyBatch(tests);
        string InWords(Certificate certificate) => $"{certificate.Kind} {classes[certificate.Prediction]} {certificate.Radius}";
        return string.Join('\n', rows.Select(row => $"{row.LogFailure:R} {string.Join(' ', row.Certificates.Select(InWords))}"));
    }
}
