using CertiFlip.ML.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;

namespace CertiFlip.ML.Tests;

/// <summary>Featurizers that look at labels are refused; those that do not are not.</summary>
public sealed class LabelFreeTests
{
    private readonly MLContext _context = new(seed: 1);
    private readonly IDataView _data;

    public LabelFreeTests() => _data = _context.Data.LoadFromEnumerable(Rows.Make(60, classes: 2));

    private TransformsCatalog Transforms => _context.Transforms;

    public static TheoryData<string> Honest =>
    [
        "text", "min-max", "mean-variance", "log", "one-hot", "one-hot-hash", "hash", "pca", "kernel-map", "lp-norm",
        "replace", "indicate", "word-bag", "ngram-hash", "lda", "expression", "select", "cache", "filter", "split", "k-means", "key",
    ];

    [Theory]
    [MemberData(nameof(Honest))]
    public void What_is_fitted_without_labels_passes(string name)
    {
        IDataView data = _data;
        if (name == "filter")
            data = _context.Data.FilterRowsByColumn(_context.Data.TakeRows(_context.Data.ShuffleRows(data, 1), 50), "Number", -1, 10);
        if (name == "split")
            data = _context.Data.TrainTestSplit(data, 0.2, seed: 1).TrainSet;
        string label = name is "filter" ? "Trusted" : "Flag"; // The filter reads another column than the label.
        CertifiedHeadTransformer head = Named(name).Append(_context.CertifiedRidge(label)).Fit(data).LastTransformer;
        Assert.StartsWith("inspected", head.LabelFree, StringComparison.Ordinal);
    }

    private EstimatorChain<ITransformer> Named(string name)
    {
        IEstimator<ITransformer> estimator = name switch
        {
            "text" => Transforms.Text.FeaturizeText("Features", "Text"),
            "min-max" => Transforms.NormalizeMinMax("Features"),
            "mean-variance" => Transforms.NormalizeMeanVariance("Features"),
            "log" => Transforms.NormalizeLogMeanVariance("Features"),
            "one-hot" => Transforms.Categorical.OneHotEncoding("Features", "Text"),
            "one-hot-hash" => Transforms.Categorical.OneHotHashEncoding("Features", "Text", numberOfBits: 6),
            "hash" => Transforms.Conversion.Hash("H", "Text", numberOfBits: 6)
                .Append(Transforms.Conversion.MapKeyToVector("Features", "H")),
            "pca" => Transforms.ProjectToPrincipalComponents("Features", rank: 2),
            "kernel-map" => Transforms.ApproximatedKernelMap("Features", rank: 5),
            "lp-norm" => Transforms.NormalizeLpNorm("Features"),
            "replace" => Transforms.ReplaceMissingValues("Features"),
            "indicate" => Transforms.IndicateMissingValues("M", "Features").Append(Transforms.Conversion.ConvertType("Features", "M")),
            "word-bag" => Transforms.Text.ProduceWordBags("Features", "Text"),
            "ngram-hash" => Transforms.Text.ProduceHashedWordBags("Features", "Text", numberOfBits: 8),
            "lda" => Transforms.Text.ProduceWordBags("B", "Text")
                .Append(Transforms.Text.LatentDirichletAllocation("Features", "B", numberOfTopics: 3)),
            "expression" => Transforms.Expression("Features", "x => x * 2", "Features"),
            "select" => Transforms.SelectColumns("Features", "Flag"),
            "cache" => Transforms.NormalizeMinMax("Features").AppendCacheCheckpoint(_context),
            "filter" or "split" => Transforms.NormalizeMinMax("Features"),
            "k-means" => _context.Clustering.Trainers.KMeans("Features", numberOfClusters: 3)
                .Append(Transforms.CopyColumns("Features", "Score")),
            "key" => Transforms.Conversion.MapValueToKey("Key", "Flag").Append(Transforms.NormalizeMinMax("Features")),
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
        return new EstimatorChain<ITransformer>().Append(estimator);
    }

    public static TheoryData<string, string> Dishonest => new()
    {
        { "mutual-information", "SlotsDroppingTransformer" },
        { "supervised-binning", "NormalizingTransformer" },
        { "fast-tree-features", "learnt from labels" },
        { "trained-score", "learnt from labels" },
        { "certified-score", "learnt from labels" },
        { "label-as-feature", "made from the column 'Flag'" },
        { "label-by-key", "made from the column 'Flag'" },
        { "custom", "nothing is known" },
        { "filter-by-label", "made from the column 'Number'" },
    };

    [Theory]
    [MemberData(nameof(Dishonest))]
    public void What_looks_at_labels_or_might_is_refused(string name, string why)
    {
        IDataView data = _data;
        if (name == "filter-by-label")
            data = _context.Data.FilterRowsByColumn(data, "Number", 0, 5);
        string label = name == "filter-by-label" ? "Number" : "Flag";
        IEstimator<ITransformer> featurizer = Sighted(name);
        var refusal = Assert.Throws<InvalidOperationException>(() => featurizer.Append(_context.CertifiedRidge(label)).Fit(data));
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("no radius covers that", refusal.Message, StringComparison.Ordinal);
    }

    private IEstimator<ITransformer> Sighted(string name) => name switch
    {
        "mutual-information" =>
            Transforms.FeatureSelection.SelectFeaturesBasedOnMutualInformation("Features", labelColumnName: "Flag", slotsInOutput: 2),
        "supervised-binning" => Transforms.NormalizeSupervisedBinning("Features", labelColumnName: "Flag"),
        "fast-tree-features" => Transforms.FeaturizeByFastTreeBinary(new FastTreeBinaryFeaturizationEstimator.Options
        {
            InputColumnName = "Features",
            LeavesColumnName = "Leaves",
            TrainerOptions = new FastTreeBinaryTrainer.Options
            {
                LabelColumnName = "Flag",
                FeatureColumnName = "Features",
                NumberOfTrees = 2,
            },
        }).Append(Transforms.Concatenate("Features", "Leaves")),
        "trained-score" => _context.BinaryClassification.Trainers.SdcaLogisticRegression("Flag", maximumNumberOfIterations: 1)
            .Append(Transforms.Concatenate("Features", "Score")),
        "certified-score" =>
            new EstimatorChain<ITransformer>().Append(_context.CertifiedRidge("Flag")).Append(Transforms.Concatenate("Features", "Score")),
        "label-as-feature" => Transforms.Conversion.ConvertType("F", "Flag").Append(Transforms.Concatenate("Features", "Features", "F")),
        "label-by-key" => Transforms.Conversion.MapValueToKey("Key", "Flag")
            .Append(Transforms.Conversion.MapKeyToVector("Features", "Key")),
        "custom" => Transforms.CustomMapping<Source, Made>((source, made) => made.Other = source.Number, null)
            .Append(Transforms.Concatenate("Features", "Other")),
        "filter-by-label" => Transforms.NormalizeMinMax("Features"),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    [Theory]
    [InlineData("mutual-information")]
    [InlineData("supervised-binning")]
    [InlineData("fast-tree-features")]
    [InlineData("label-as-feature")]
    public void Without_the_label_column_they_cannot_be_fitted(string name)
    {
        var refusal = Assert.Throws<InvalidOperationException>(
            () => _context.CertifiedPipeline(Sighted(name), _context.CertifiedRidge("Flag")).Fit(_data));
        Assert.Contains("asks for the label column 'Flag'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_is_fitted_without_the_label_column_passes()
    {
        IDataView data = Transforms.SelectColumns("Flag", "Features", "Text").Fit(_data).Transform(_data);
        foreach (IEstimator<ITransformer> featurizer in new IEstimator<ITransformer>[]
        {
            Transforms.FeatureSelection.SelectFeaturesBasedOnCount("Features", count: 1), Transforms.NormalizeBinning("Features"),
            Transforms.CustomMapping<Vector, Vector>((source, made) => made.Features = [.. source.Features.Select(x => x * x)], null),
        })
        {
            CertifiedHeadTransformer head = _context.CertifiedPipeline(featurizer, _context.CertifiedRidge("Flag"))
                .Fit(data).LastTransformer;
            Assert.StartsWith("withheld: the featurizer was fitted without the column Flag", head.LabelFree, StringComparison.Ordinal);
        }
    }

    /// <summary>
    /// The number says the label too. Where a column like it is hidden behind another, its source is found.
    /// </summary>
    [Fact]
    public void What_the_label_was_made_from_is_withheld_or_refused()
    {
        IDataView data = Transforms.SelectColumns("Number", "Features").Append(Transforms.Conversion.MapValueToKey("Label", "Number"))
            .Fit(_data).Transform(_data);
        IEstimator<ITransformer> featurizer = Transforms.NormalizeMinMax("Features");
        var refusal = Assert.Throws<InvalidOperationException>(() => _context.CertifiedPipeline(featurizer, _context.CertifiedRidge())
            .Fit(data));
        Assert.Contains("made from the column 'Number', and so is the label", refusal.Message, StringComparison.Ordinal);
        CertifiedHeadTransformer head = _context.CertifiedPipeline(featurizer, _context.CertifiedRidge(), "Number")
            .Fit(data).LastTransformer;
        Assert.Contains("without the column Number, Label", head.LabelFree, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipeline_does_not_clear_what_was_fitted_with_labels_before_it()
    {
        IDataView data = Sighted("mutual-information").Fit(_data).Transform(_data);
        data = Transforms.SelectColumns("Flag", "Features").Fit(data).Transform(data);
        Assert.Contains("SlotsDroppingTransformer", Assert.Throws<InvalidOperationException>(() => _context.CertifiedPipeline(
            Transforms.NormalizeMinMax("Features"), _context.CertifiedRidge("Flag")).Fit(data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_program_states_is_said_by_all_that_is_made_with_it()
    {
        var options = new CertifiedHeadOptions { LabelColumnName = "Flag", LabelFreeTransforms = ["SlotsDroppingTransformer"] };
        IDataView data = Transforms.Text.ProduceWordBags("Features", "Text")
            .Append(Transforms.FeatureSelection.SelectFeaturesBasedOnCount("Features", count: 5)).Fit(_data).Transform(_data);
        CertifiedHeadTransformer head = _context.CertifiedHead(options).Fit(data);
        Assert.Equal("stated: SlotsDroppingTransformer looked at no label, as the program says", head.LabelFree);
        ReadOnlyMemory<char> said = default;
        head.Transform(data).Schema["Radius"].Annotations.GetValue("LabelFree", ref said);
        Assert.Equal(head.LabelFree, said.ToString());
        Assert.Contains(head.LabelFree, head.ToString(), StringComparison.Ordinal);

        // Stated, but not needed: then nothing rests on it.
        Assert.StartsWith("inspected", _context.CertifiedHead(options).Fit(_data).LabelFree, StringComparison.Ordinal);
    }

    private sealed class Source
    {
        public float Number { get; set; }
    }

    private sealed class Made
    {
        public float Other { get; set; }
    }

    private sealed class Vector
    {
        [VectorType(4)]
        public float[] Features { get; set; } = [];
    }
}
