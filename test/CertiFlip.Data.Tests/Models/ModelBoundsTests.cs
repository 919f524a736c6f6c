using System.Security.Cryptography;
using CertiFlip.Features;
using CertiFlip.Features.Images;
using CertiFlip.Features.Text;

namespace CertiFlip.Data.Tests.Models;

/// <summary>Every number of a model file is one that fitting can write, or the file is refused in one line.</summary>
public sealed class ModelBoundsTests : IDisposable
{
    private static readonly string[] Texts = ["one two three", "two three", "three one four", "five"];

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string, Array, string> ForgedMaps => new()
    {
        { "lsa", "longest term", Integers(int.MaxValue), "A term has from 1 to 16 words." },
        { "lsa", "longest term", Integers(17), "A term has from 1 to 16 words." },
        { "lsa", "longest term", Integers(0), "A term has from 1 to 16 words." },
        { "lsa", "longest term", Integers(1, 2), "another length" },
        { "lsa", "weights", Doubles(0.5), "from 1 to 46341" },
        { "lsa", "weights", Doubles(1e300), "from 1 to 46341" },
        { "texts", "longest term", Integers(17), "A term has from 1 to 16 words." },
        { "texts", "weights", Doubles(0.5), "from 1 to 46341" },
        { "texts", "vectors", Singles(1.1f), "not from -1 to 1" },
        { "texts by presence", "weights", Doubles(2.0), "weighs other than 1" },
        { "texts by presence", "counts once", Integers(0), "'counts once' is not 1" },
        { "lsa", "directions", Singles(1.1f), "not from -1 to 1" },
        { "lsa", "singular values", Doubles(-1.0), "below 0" },
        { "normalizer", "inputs", Integers(0), "must be greater than or equal to '1'" },
        { "normalizer", "inputs", Integers(1, 2), "another length" },
        { "power", "inputs", Integers(-1), "must be greater than or equal to '1'" },
        { "power", "power", Doubles(1.0), "A power is above 0 and below 1." },
        { "power", "power", Doubles(double.NaN), "A power is above 0 and below 1." },
        { "landmarks", "gamma", Doubles(0.0), "γ must be positive and finite." },
        { "landmarks", "inputs", Integers(7), "40 numbers are no landmarks of 7 inputs." },
        { "landmarks", "inputs", Integers(0), "40 numbers are no landmarks of 0 inputs." },
        { "landmarks", "landmarks", Doubles(double.NaN), "NaN" },
        { "white components", "power of deviations", Doubles(1.1), "Whitening is not from 0 to 1." },
        { "white components", "variances", Doubles(0.0), "cannot be whitened" },
        { "components", "directions", Doubles(-1.1), "not from -1 to 1" },
        { "components", "variances", Doubles(-1.0), "below 0" },
        { "components", "total variance", Doubles(double.PositiveInfinity), "below 0" },
        { "spectral", "eigenvalues", Doubles(1.1), "An eigenvalue is not from -1 to 1." },
        { "spectral", "entries", Doubles(201.0), "An entry of an eigenvector is not from -200 to 200." },
        { "whitened", "whitening", Doubles(1.1), "Whitening is not from 0 to 1." },
        { "spectral", "places", Doubles(2.0), "Fitted row 0 is longer than 1." },
        { "spectral", "variances", Doubles(0.0), "a direction of no variance" },
        { "spectral", "neighbours", Integers(41), "cannot be placed among 41 of 40 rows" },
        { "cells", "cell of place", Integers([.. Enumerable.Repeat(12, 40)]), "not 40 numbers of cells, each from 0 to 11" },
        { "cells", "cell of place", Integers(0), "not 40 numbers of cells" },
        { "cells", "cells", Integers(13, 6, 40), "13 of 12 cells cannot be looked into" },
        { "cells", "cells", Integers(1, 41, 40), "cells cannot be looked into" },
        { "cells", "cells", Integers(1, 6), "The cells of rows do not fit together" },
        { "cells", "cell centres", Doubles(2.5), "A centre of a cell, or a recall, is out of range" },
        { "cells", "recall", Doubles(1.0), "A centre of a cell, or a recall, is out of range" },
        { "patches", "filters", Doubles(1.5), "A number of a filter is not from -1 to 1." },
        { "patches", "mean", Doubles(5.0), "A number of the mean patch is not from -4" },
        { "patches", "flat variance", Doubles(0.0), "not a number from 0.000001 on" },
        { "patches", "image", Integers(12, 12, int.MaxValue), "larger than any model's" },
        { "patches", "image", Integers(int.MinValue, 12, 1), "does not fit together" },
        { "network", "image", Integers(65_540, 65_540, 1), "larger than any model's" },
        { "network", "image", Integers(20, 20, 1 << 28), "larger than any model's" },
        { "network", "features and classes", Integers(1 << 25, 2), "larger than any model's" },
        { "network", "features and classes", Integers(3, 1 << 30), "larger than any model's" },
        { "network", "weights", Singles(float.NaN), "A weight is not finite." },
    };

    [Theory]
    [MemberData(nameof(ForgedMaps))]
    public void A_map_with_a_number_that_fitting_cannot_write_is_refused(string map, string array, Array values, string expected)
    {
        (StoredModel whole, Action<StoredModel> restore) = Map(map);
        StoredModel forged = Kept(Forged(whole, array, values));
        DataException refusal = Assert.Throws<DataException>(() => restore(forged));
        Assert.StartsWith(_folder["model"], refusal.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\\u", refusal.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, int, string, Array, string> ForgedHeads => new()
    {
        { "ridge", 9, "lambda", Doubles(2.0), "λ is 2, but its rule gives" },
        { "ridge", 3, "lambda", Doubles(2.0), "λ is 2, but its rule gives" },
        { "ridge, without intercept", 9, "lambda", Doubles(0.31), "λ is 0.31, but its rule gives 0.3" },
        { "saturated ridge", 9, "lambda", Doubles(1e-9), "λ is 1E-09, but its rule gives" },
        { "ridge", 9, "scales", Doubles(0.25), "The scales are not those of the features." },
        { "ridge", 9, "means", Doubles(0.5), "The means are not those of the features." },
        { "ridge", 9, "factor", Doubles(3.0), "The factor is not that of the features and λ." },
        { "ridge, λ from the labels", 9, "factor", Doubles(3.0), "The factor is not that of the features and λ." },
        { "ridge", 3, "multiplied rows", Doubles(0.5), "The factor is not that of the features and λ." },
        { "kernel", 9, "bandwidth", Doubles(0.5), "The bandwidth is 0.5, but that of these features is" },
        { "kernel", 9, "bandwidth", Doubles(-1.0), "The bandwidth must be positive and finite." },
        { "ridge", 9, "intercept", Integers(7), "There is no intercept number 7." },
        { "ridge", 9, "classes are stated", Integers(0), "Whether classes are stated is said by one number, 1." },
        { "ridge", 9, "rows and features", Integers(-9, -4), "does not fit together" },
    };

    [Theory]
    [MemberData(nameof(ForgedHeads))]
    public void A_head_with_a_number_that_is_not_that_of_its_features_is_refused(
        string head, int n, string array, Array values, string expected)
    {
        StoredModel forged = Kept(Forged(TrainedModelFile.Store(TrainedModels.Fit(head, n, 4)), array, values));
        string message = Assert.Throws<DataException>(() => TrainedModelFile.Restore(forged)).Message;
        Assert.StartsWith(_folder["model"], message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    /// <summary>Texts of two different sequences of bytes must not become the same.</summary>
    [Fact]
    public void Text_that_is_not_UTF_8_is_damage()
    {
        var model = new StoredModel("example");
        model.Add("texts", ["ab"]);
        model.Write(_folder["model"]);
        byte[] body = File.ReadAllBytes(_folder["model"])[..^32];
        body[^1] = 0xFF;
        _folder.Write("forged", [.. body, .. SHA256.HashData(body)]);
        string message = Assert.Throws<DataException>(() => StoredModel.Read(_folder["forged"])).Message;
        Assert.Contains("damaged", message, StringComparison.Ordinal);
    }

    private static double[] Doubles(params double[] numbers) => numbers;

    private static float[] Singles(params float[] numbers) => numbers;

    private static int[] Integers(params int[] numbers) => numbers;

    private static (StoredModel Whole, Action<StoredModel> Restore) Map(string name) => name switch
    {
        "lsa" => Of(LatentSemantics.Fit(Texts, new LatentSemanticsOptions { Components = 2 })),
        "texts" => Of(DocumentVectors.Fit(Texts, new DocumentVectorsOptions { Components = 2 })),
        "texts by presence" => Of(DocumentVectors.Fit(
            Texts, new DocumentVectorsOptions { Components = 2, Terms = new() { Weighting = TermWeighting.Presence } })),
        "normalizer" => Of(new Normalizer(4)),
        "power" => Of(new PowerNormalisation(4)),
        "landmarks" => Of(Nystroem.Fit(Noise(10, 4))),
        "white components" => Of(PrincipalComponents.Fit(Noise(10, 4), new() { Whitening = 1 })),
        "components" => Of(PrincipalComponents.Fit(Noise(10, 4))),
        "spectral" => Of(SpectralFeatures.FitTransform(Noise(40, 5), new SpectralFeaturesOptions { Components = 3, Neighbours = 5 }).Map),
        "whitened" => Of(SpectralFeatures.FitTransform(
            Noise(40, 5), new SpectralFeaturesOptions { Components = 3, Neighbours = 5, Whitening = 1 }).Map),
        "cells" => Of(SpectralFeatures.FitTransform(
            Noise(40, 5), new SpectralFeaturesOptions { Components = 3, Neighbours = 5, NeighbourRecall = 0.8 }).Map),
        "patches" => Of(PatchFeatures.Fit(
            Noise(6, 144), new ImageShape(12, 12), new PatchFeaturesOptions { PatchSize = 4, Centres = 5, Samples = 200 })),
        "network" => Of(ConvolutionalNetwork.Fit(
            Noise(6, 400), new ImageShape(20, 20), new ClassLabels([0, 1, 0, 1, 0, 1], 2),
            new ConvolutionalNetworkOptions { Features = 3, Epochs = 1 })),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static (StoredModel Whole, Action<StoredModel> Restore) Of<T>(T map)
        where T : IStorable<T> => (StoredModel.Of(map), stored => stored.Restore<T>());

    /// <summary>
    /// A model whose array begins with other numbers; integers and single numbers are the whole array.
    /// </summary>
    private static StoredModel Forged(StoredModel whole, string name, Array values)
    {
        var forged = new StoredModel(whole.Kind);
        foreach ((string own, Array array) in whole.Arrays.All)
        {
            switch (own == name ? values : array)
            {
                case double[] numbers:
                    forged.Add(own, own == name ? [.. numbers, .. ((double[])array).Skip(numbers.Length)] : numbers);
                    break;
                case float[] numbers:
                    forged.Add(own, own == name ? [.. numbers, .. ((float[])array).Skip(numbers.Length)] : numbers);
                    break;
                case int[] numbers:
                    forged.Add(own, numbers);
                    break;
                case string[] texts:
                    forged.Add(own, texts);
                    break;
            }
        }

        if (!whole.Arrays.All.ContainsKey(name))
            forged.Add(name, (int[])values);
        return forged;
    }

    private static FeatureMatrix Noise(int rows, int columns)
    {
        var random = new Random(3);
        return new FeatureMatrix(rows, columns, [.. Enumerable.Range(0, rows * columns).Select(_ => random.NextDouble())]);
    }

    private StoredModel Kept(StoredModel model)
    {
        model.Write(_folder["model"]);
        return StoredModel.Read(_folder["model"]);
    }
}
