using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace CertiFlip.ML;

/// <summary>
/// Walks from a view back to its source, through what its features were made by, and refuses what looked at labels. A
/// featurizer that was fitted with labels changes with every wrong label, and no radius covers that.
/// </summary>
/// <remarks>
/// Two things are followed: which transforms made the features, and which columns of the source they are made from. A
/// transform passes if it is known to fit without labels; no column of the source may lead to features and label both.
/// </remarks>
internal sealed class LabelFreeCheck
{
    // Transforms of ML.NET whose fitting asks for no label. Those that only apply a formula are here too: what they
    // read is followed by columns.
    private static readonly HashSet<string> LabelFree = new(StringComparer.Ordinal)
    {
        "ApproximatedKernelTransformer", "ColumnConcatenatingTransformer", "ColumnCopyingTransformer", "ColumnSelectingTransformer",
        "CustomStopWordsRemovingTransformer", "ExpressionTransformer", "HashingTransformer", "ImageGrayscalingTransformer",
        "ImageLoadingTransformer", "ImagePixelExtractingTransformer", "ImageResizingTransformer", "KeyToBinaryVectorMappingTransformer",
        "KeyToValueMappingTransformer", "KeyToVectorMappingTransformer", "LatentDirichletAllocationTransformer",
        "LpNormNormalizingTransformer", "MissingValueDroppingTransformer", "MissingValueIndicatorTransformer",
        "MissingValueReplacingTransformer", "NgramExtractingTransformer", "NgramHashingTransformer", "NormalizingTransformer",
        "OneHotEncodingTransformer", "OneHotHashEncodingTransformer", "OnnxScoringTransformer", "PrincipalComponentAnalysisTransformer",
        "StopWordsRemovingTransformer", "TextNormalizingTransformer", "TokenizingByCharactersTransformer", "TypeConvertingTransformer",
        "ValueMappingTransformer", "ValueToKeyMappingTransformer", "VectorToImageConvertingTransformer", "VectorWhiteningTransformer",
        "WordEmbeddingTransformer", "WordTokenizingTransformer",
    };

    // Two estimators make each of these, one with labels and one without, and what they made does not say which.
    private static readonly Dictionary<string, string> Ambiguous = new(StringComparer.Ordinal)
    {
        ["SlotsDroppingTransformer"] =
            "SelectFeaturesBasedOnMutualInformation makes it from the labels, SelectFeaturesBasedOnCount without them",
        ["NormalizingTransformer"] = "NormalizeSupervisedBinning makes its bins from the labels, NormalizeBinning without them",
    };

    private static readonly Dictionary<string, string> LabelUsing = new(StringComparer.Ordinal)
    {
        ["CountTableTransformer"] = "it counts labels",
        ["CountTargetEncodingTransformer"] = "it counts labels",
        ["FeatureContributionCalculatingTransformer"] = "its model is trained on labels",
        ["PlattCalibratorTransformer"] = "it is fitted to labels",
        ["NaiveCalibratorTransformer"] = "it is fitted to labels",
        ["IsotonicCalibratorTransformer"] = "it is fitted to labels",
    };

    private readonly HashSet<string> _stated;
    private readonly SortedSet<string> _used = new(StringComparer.Ordinal);

    private LabelFreeCheck(IReadOnlyList<string> stated) => _stated = new HashSet<string>(stated, StringComparer.Ordinal);

    /// <summary>Looks at a view.</summary>
    /// <param name="view">The view.</param>
    /// <param name="features">The columns of features.</param>
    /// <param name="labels">The columns that say the label.</param>
    /// <param name="stated">Transforms that the user says are label-free.</param>
    /// <returns>Those of the stated transforms that the features rest on.</returns>
    /// <exception cref="InvalidOperationException">
    /// The features were, or may have been, made by looking at labels.
    /// </exception>
    public static IReadOnlyList<string> Inspect(
        IDataView view, IEnumerable<string> features, IEnumerable<string> labels, IReadOnlyList<string> stated)
    {
        var check = new LabelFreeCheck(stated);
        check.Walk(view, IndicesOf(features), IndicesOf(labels));
        return [.. check._used];

        HashSet<int> IndicesOf(IEnumerable<string> names) => [.. names.Select(name => view.Schema[name].Index)];
    }

    private void Walk(IDataView view, HashSet<int> features, HashSet<int> labels)
    {
        while (true)
        {
            switch (view)
            {
                case RowToRowMapperTransform mapped:
                    Through(mapped, ref features, isFeatures: true);
                    Through(mapped, ref labels, isFeatures: false);
                    view = mapped.Source;
                    break;
                case CertifiedView certified:
                    if (features.Any(column => column >= certified.Source.Schema.Count))
                        throw Refused(nameof(CertifiedHeadTransformer), "it predicts what it learnt from labels");
                    labels.RemoveWhere(column => column >= certified.Source.Schema.Count);
                    view = certified.Source;
                    break;
                case RowToRowScorerBase scorer:
                    Through(scorer, ref features, isFeatures: true);
                    Through(scorer, ref labels, isFeatures: false);
                    view = scorer.Source;
                    break;
                case RangeFilter filter: // Which rows there are depends on this column.
                    features.Add(filter._index);
                    view = filter.Source;
                    break;
                case NAFilter or SkipTakeFilter or RowShufflingTransformer or BootstrapSamplingTransformer:
                    // A flip makes no label missing, and the others look at no value.
                    view = ((IDataTransform)view).Source;
                    break;
                case CacheDataView cache:
                    view = cache._subsetInput;
                    break;
                case OpaqueDataView opaque:
                    view = opaque._source;
                    break;
                case AppendRowsDataView appended:
                    foreach (IDataView source in appended._sources)
                        Walk(source, ByName(view, source, features), ByName(view, source, labels));
                    return;
                case ColumnSelectingTransformer.SelectColumnsDataTransform or ChooseColumnsByIndexTransform or GenerateNumberTransform:
                    // They keep values as they are, under the same names; a random number comes from nowhere.
                    IDataView before = ((IDataTransform)view).Source;
                    (features, labels) = (ByName(view, before, features), ByName(view, before, labels));
                    view = before;
                    break;
                case IDataTransform unknown:
                    Judge(unknown.GetType().Name.Split('`')[0], hasBins: false);

                    // Stated, but nothing says which columns it reads. It is taken to read them as they are called.
                    (features, labels) = (ByName(view, unknown.Source, features), ByName(view, unknown.Source, labels));
                    view = unknown.Source;
                    break;
                case ZipDataView:
                    throw Refused(nameof(ZipDataView), "it puts two views together whose columns cannot be told apart here");
                default:
                    if (features.Intersect(labels).Select(column => (int?)column).FirstOrDefault() is { } shared)
                        throw new InvalidOperationException(
                            $"The features, or the choice of rows, are made from the column "
                            + $"'{view.Schema[shared].Name}', and so is the label: "
                            + "one wrong label would change them, and no radius covers that. Make them from other columns.");
                    return;
            }
        }
    }

    /// <exception cref="InvalidOperationException">A column hides behind another of its name.</exception>
    private static HashSet<int> ByName(IDataView view, IDataView source, HashSet<int> columns)
    {
        if (columns.FirstOrDefault(column => view.Schema[column].IsHidden, -1) is >= 0 and var hidden)
            throw Refused(view.GetType().Name, $"it reads a hidden column '{view.Schema[hidden].Name}', which cannot be followed");
        return [.. columns.Select(column => source.Schema.GetColumnOrNull(view.Schema[column].Name)?.Index).OfType<int>()];
    }

    private void Through(RowToRowMapperTransform view, ref HashSet<int> columns, bool isFeatures)
    {
        HashSet<int> made = [], before = [];
        foreach (int column in columns)
        {
            int index = view._bindings.MapColumnIndex(out bool isSource, column);
            (isSource ? before : made).Add(index);
        }

        if (made.Count > 0)
        {
            // Mappers are types within their transforms.
            Type type = view._mapper.GetType();
            while (type.DeclaringType is { } outer)
                type = outer;
            if (isFeatures)
                Judge(type.Name.Split('`')[0], view._mapper.GetTransformer() is NormalizingTransformer normalizer
                    && normalizer.Columns.Any(
                        column => column.ColumnFunction.GetType().FullName!.Contains("Bin", StringComparison.Ordinal)));
            Func<int, bool> reads = view._mapper.GetDependencies(made.Contains);
            before.UnionWith(Enumerable.Range(0, view.Source.Schema.Count).Where(reads));
        }

        columns = before;
    }

    private void Through(RowToRowScorerBase view, ref HashSet<int> columns, bool isFeatures)
    {
        HashSet<int> before = [];
        List<DataViewSchema.Column> made = [];
        foreach (int column in columns)
        {
            int index = view.MapColumnIndex(out bool isSource, column);
            if (isSource)
                before.Add(index);
            else
                made.Add(((IDataView)view).Schema[column]);
        }

        if (made.Count > 0)
        {
            if (isFeatures && view is not ClusteringScorer)
                Judge(view.GetType().Name, hasBins: false, "it predicts what it learnt from labels");
            before.UnionWith(((IRowToRowMapper)view).GetDependencies(made).Select(column => column.Index));
        }

        columns = before;
    }

    private void Judge(string transform, bool hasBins, string? usesLabels = null)
    {
        if (_stated.Contains(transform))
            _used.Add(transform);
        else if ((usesLabels ?? LabelUsing.GetValueOrDefault(transform)) is { } why)
            throw Refused(transform, why);
        else if (Ambiguous.TryGetValue(transform, out string? either) && (hasBins || !LabelFree.Contains(transform)))
            throw Refused(transform, either);
        else if (!LabelFree.Contains(transform))
            throw Refused(transform, "nothing is known here of how it was fitted");
    }

    private static InvalidOperationException Refused(string transform, string why) => new(
        $"The features are made by a {transform}: {why}. If it looked at labels, one wrong label would change the features, and no radius "
        + "covers that. Use mlContext.CertifiedPipeline(featurizer, head): it fits the featurizer without the label column. Or say that "
        + $"it looked at no label: {nameof(CertifiedHeadOptions.LabelFreeTransforms)} = [\"{transform}\"].");
}
