using CertiFlip.ML.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Transforms;

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
        "text", "min-max", "mean-variance", "log", "one-hot", "one-hot-hash", "hash", "kernel-map", "lp-norm",
        "replace", "indicate", "word-bag", "ngram-hash", "lda", "expression", "select", "cache", "filter", "split", "key", "text-copy",
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
            "text-copy" => Transforms.CopyColumns("Words", "Text").Append(Transforms.Text.ProduceWordBags("Features", "Words")),
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
        { "filter-by-function", "CustomMappingFilter" },
        { "filter-by-stateful-function", "StatefulCustomMappingFilter" },
        { "filter-by-missing-of-label", "made from the column 'Flag'" },
        { "map", "ValueMappingTransformer: it holds what the program gave it" },
        { "stop-words", "CustomStopWordsRemovingTransformer: it holds what the program gave it" },
        { "weighted-pca", "PrincipalComponentAnalysisTransformer: its rows may have been weighted" },
        { "weighted-k-means", "ClusteringScorer: its rows may have been weighted" },
        { "selection-of-all", "ColumnCopyingTransformer: SelectFeaturesBasedOnMutualInformation leaves it" },
    };

    [Theory]
    [MemberData(nameof(Dishonest))]
    public void What_looks_at_labels_or_might_is_refused(string name, string why)
    {
        IDataView data = _data;
        if (name == "filter-by-label")
            data = _context.Data.FilterRowsByColumn(data, "Number", 0, 5);
        if (name == "filter-by-function")
            data = _context.Data.FilterByCustomPredicate(data, (Row row) => row.Flag && row.Features[0] > 0.9);
        if (name == "filter-by-stateful-function")
            data = _context.Data.FilterByStatefulCustomPredicate(data, (Row row, Row _) => row.Flag && row.Features[0] > 0.9, _ => { });
        if (name == "filter-by-missing-of-label")
            data = _context.Data.FilterRowsByMissingValues(
                FlagAsNumber().Append(Transforms.Expression("Gap", "(f, n) => f > n ? f : (f - f) / (f - f)", "F", "Number"))
                    .Fit(data).Transform(data), "Gap");
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
        "map" => MapOf("Other", "Text").Append(Transforms.Concatenate("Features", "Features", "Other")),
        "stop-words" => Transforms.Text.TokenizeIntoWords("Words", "Text")
            .Append(Transforms.Text.RemoveStopWords("Words", "Words", "word1", "word2"))
            .Append(Transforms.Text.ProduceWordBags("Features", "Words")),
        "weighted-pca" => FlagAsNumber()
            .Append(Transforms.ProjectToPrincipalComponents("Features", exampleWeightColumnName: "F", rank: 2)),
        "weighted-k-means" => FlagAsNumber()
            .Append(_context.Clustering.Trainers.KMeans("Features", exampleWeightColumnName: "F", numberOfClusters: 2))
            .Append(Transforms.Concatenate("Features", "Score")),
        "selection-of-all" =>
            Transforms.FeatureSelection.SelectFeaturesBasedOnMutualInformation("Features", labelColumnName: "Flag", slotsInOutput: 4),
        _ when name.StartsWith("filter", StringComparison.Ordinal) => Transforms.NormalizeMinMax("Features"),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private TypeConvertingEstimator FlagAsNumber() => Transforms.Conversion.ConvertType("F", "Flag");

    /// <summary>What a target encoding leaves: a number for each text, made from labels.</summary>
    private ValueMappingEstimator<string, float> MapOf(string to, string from)
    {
        ILookup<string, float> labels = Rows.Make(60, classes: 2).ToLookup(row => row.Text, row => row.Number);
        return Transforms.Conversion.MapValue(to, labels.ToDictionary(text => text.Key, text => text.Average()), from);
    }

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
    public void What_is_fitted_without_the_label_column_passes_whether_it_could_look_at_labels_or_not()
    {
        foreach (IEstimator<ITransformer> featurizer in new IEstimator<ITransformer>[]
        {
            Transforms.FeatureSelection.SelectFeaturesBasedOnCount("Features", count: 1), Transforms.NormalizeBinning("Features"),
            Transforms.FeatureSelection.SelectFeaturesBasedOnCount("Features", count: 1000), Transforms.CopyColumns("Features", "Features"),
            Transforms.ProjectToPrincipalComponents("Features", rank: 2),
            Transforms.NormalizeMinMax("Features").WithOnFitDelegate(_ => { }),
            _context.Clustering.Trainers.KMeans("Features", numberOfClusters: 2).Append(Transforms.Concatenate("Features", "Score")),
        })
        {
            CertifiedHeadTransformer head = _context.CertifiedPipeline(featurizer, _context.CertifiedRidge("Flag"))
                .Fit(FlagAndFeatures()).LastTransformer;
            Assert.StartsWith("withheld: the featurizer was fitted without the column Flag", head.LabelFree, StringComparison.Ordinal);
        }
    }

    private IDataView FlagAndFeatures() => Transforms.SelectColumns("Flag", "Features", "Text").Fit(_data).Transform(_data);

    /// <summary>To fit them without labels shows nothing: they bring along what was made before.</summary>
    [Fact]
    public void A_featurizer_that_holds_what_was_made_elsewhere_is_refused_unless_the_program_states_it()
    {
        IDataView data = FlagAndFeatures();
        ITransformer trained =
            _context.BinaryClassification.Trainers.SdcaLogisticRegression("Flag", maximumNumberOfIterations: 1).Fit(data);
        ITransformer binned = Sighted("supervised-binning").Fit(data);
        foreach ((IEstimator<ITransformer> featurizer, string type) in new (IEstimator<ITransformer>, string)[]
        {
            (MapOf("Other", "Text").Append(Transforms.Concatenate("Features", "Features", "Other")), "ValueMappingTransformer"),
            (Transforms.CustomMapping<Vector, Vector>((source, made) => made.Features = source.Features, null), "CustomMappingTransformer"),
            (new Prefitted(binned), "Prefitted"),
            (new Prefitted(binned).WithOnFitDelegate(_ => { }), "Prefitted"),
            (new EstimatorChain<ITransformer>().Append(new Prefitted(trained)), "Prefitted"),

            // Not among the features, but a weight when they are made.
            (MapOf("Other", "Text").Append(Transforms.ProjectToPrincipalComponents("Features", exampleWeightColumnName: "Other", rank: 2)),
                "ValueMappingTransformer"),
        })
        {
            var options = new CertifiedHeadOptions { LabelColumnName = "Flag" };
            var refusal = Assert.Throws<InvalidOperationException>(
                () => _context.CertifiedPipeline(featurizer, _context.CertifiedHead(options)).Fit(data));
            Assert.Contains($"made by a {type}:", refusal.Message, StringComparison.Ordinal);
            options = options with { LabelFreeTransforms = [type, "BinaryClassifierScorer"] };
            CertifiedHeadTransformer head =
                _context.CertifiedPipeline(featurizer, _context.CertifiedHead(options)).Fit(data).LastTransformer;
            Assert.Contains(type, head.LabelFree, StringComparison.Ordinal);
            Assert.StartsWith("stated", head.LabelFree, StringComparison.Ordinal);
        }

        // Its type is stated, but not that of what it holds.
        var half = new CertifiedHeadOptions { LabelColumnName = "Flag", LabelFreeTransforms = ["Prefitted"] };
        Assert.Contains("learnt from labels", Assert.Throws<InvalidOperationException>(() => _context.CertifiedPipeline(
            new Prefitted(trained), _context.CertifiedHead(half)).Fit(data)).Message, StringComparison.Ordinal);
    }

    /// <summary>The rows that a normalizer was fitted to may be those of one label.</summary>
    [Fact]
    public void A_pipeline_refuses_a_view_with_what_was_fitted_before()
    {
        IDataView data = FlagAndFeatures();
        IDataView positives = _context.Data.FilterRowsByColumn(FlagAsNumber().Fit(data).Transform(data), "F", 0.5, 1.5);
        data = Transforms.NormalizeMeanVariance("Features").Fit(positives).Transform(data);
        CertifiedPipelineEstimator pipeline =
            _context.CertifiedPipeline(Transforms.Concatenate("Features", "Features"), _context.CertifiedRidge("Flag"));
        Assert.Contains("NormalizingTransformer: it was fitted before",
            Assert.Throws<InvalidOperationException>(() => pipeline.Fit(data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipeline_refuses_a_weight_that_was_made_from_the_label()
    {
        IDataView data = FlagAndFeatures(), weighted = FlagAsNumber().Fit(data).Transform(data);
        CertifiedPipelineEstimator pipeline = _context.CertifiedPipeline(
            Transforms.ProjectToPrincipalComponents("Features", exampleWeightColumnName: "F", rank: 2), _context.CertifiedRidge("Flag"));
        Assert.Contains("made from the column 'Flag'",
            Assert.Throws<InvalidOperationException>(() => pipeline.Fit(weighted)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_filter_that_the_program_states_is_followed_to_its_source()
    {
        IDataView data = _context.Data.FilterByCustomPredicate(_data, (Row row) => row.Features[0] > 100);
        var options = new CertifiedHeadOptions { LabelColumnName = "Flag", LabelFreeTransforms = ["CustomMappingFilter"] };
        Assert.Equal(
            "stated: CustomMappingFilter looked at no label, as the program says", _context.CertifiedHead(options).Fit(data).LabelFree);
        data = _context.Data.FilterByCustomPredicate(
            Sighted("label-as-feature").Fit(_data).Transform(_data), (Row row) => row.Features[0] > 100);
        Assert.Contains("made from the column 'Flag'", Assert.Throws<InvalidOperationException>(
            () => _context.CertifiedHead(options).Fit(data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_view_of_unknown_kind_is_no_source()
    {
        Assert.Contains("made by a Wrapped:", Assert.Throws<InvalidOperationException>(
            () => _context.CertifiedRidge("Flag").Fit(new Wrapped(_data))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_may_be_mapped_and_rows_without_it_left_out()
    {
        IDataView data = _context.Data.FilterRowsByMissingValues(_data, "Number");
        Assert.StartsWith("inspected", _context.CertifiedRidge("Number").Fit(data).LabelFree, StringComparison.Ordinal);
        data = Transforms.Conversion.MapValueToKey("Label", "Number").Fit(data).Transform(data);
        Assert.StartsWith("inspected", _context.CertifiedRidge().Fit(data).LabelFree, StringComparison.Ordinal);
        data = Transforms.Conversion.MapValue("Label", new Dictionary<string, string> { ["ant"] = "a", ["bee"] = "b" }, "Name")
            .Fit(_data).Transform(_data);
        Assert.StartsWith("inspected", _context.CertifiedRidge().Fit(data).LabelFree, StringComparison.Ordinal);
    }

    [Fact]
    public void One_column_of_a_file_is_not_label_and_feature()
    {
        using var folder = new TestFolder();
        File.WriteAllLines(folder["rows.csv"], Enumerable.Range(0, 20).Select(i => $"{i % 2},{i % 7},{i % 5}"));
        IDataView Read(int first) => _context.Data.LoadFromTextFile(folder["rows.csv"], new TextLoader.Options
        {
            Separators = [','],
            Columns = [new("Label", DataKind.Boolean, 0), new("Features", DataKind.Single, first, 2)],
        });
        Assert.StartsWith("inspected", _context.CertifiedRidge().Fit(Read(1)).LabelFree, StringComparison.Ordinal);
        CertifiedPipelineEstimator pipeline = _context.CertifiedPipeline(Transforms.NormalizeMinMax("Features"), _context.CertifiedRidge());
        Assert.StartsWith("withheld", pipeline.Fit(Read(1)).LastTransformer.LabelFree, StringComparison.Ordinal);
        foreach (Action fit in new Action[] { () => _context.CertifiedRidge().Fit(Read(0)), () => pipeline.Fit(Read(0)) })
        {
            Assert.Contains("'Features', which is read from the same place as the label's 'Label'",
                Assert.Throws<InvalidOperationException>(fit).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void One_member_of_a_class_is_not_label_and_feature()
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Source));
        SchemaDefinition.Column again = SchemaDefinition.Create(typeof(Source))["Number"];
        again.ColumnName = "Label";
        schema.Add(again);
        IDataView data = _context.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(i => new Source { Number = i % 2 }), schema);
        var pipeline = Transforms.Concatenate("Features", "Number").Append(_context.CertifiedRidge());
        Assert.Contains("read from the same place",
            Assert.Throws<InvalidOperationException>(() => pipeline.Fit(data)).Message, StringComparison.Ordinal);
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

    /// <summary>An estimator that only returns what was fitted before.</summary>
    private sealed class Prefitted(ITransformer transformer) : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input) => transformer;

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
    }


    private sealed class Wrapped(IDataView inner) : IDataView
    {
        public bool CanShuffle => false;

        public DataViewSchema Schema => inner.Schema;

        public long? GetRowCount() => null;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
            inner.GetRowCursor(columnsNeeded, rand);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            inner.GetRowCursorSet(columnsNeeded, n, rand);
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
