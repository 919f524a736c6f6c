using System.Collections;
using System.Reflection;
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
/// transform passes if its kind is known to fit without labels; no column of the source may lead to features and label
/// both. What was fitted can be seen, but not what was asked for, nor which rows it was fitted to.
/// </remarks>
internal sealed class LabelFreeCheck
{
    private const string CarriesContent = "it holds what the program gave it, and that may have been made from labels";

    /// <summary>Where a transform was fitted.</summary>
    private enum WhereFitted
    {
        /// <summary>In front of a head, fitted by whatever program.</summary>
        Chain,

        /// <summary>Fitted here, to a view without labels.</summary>
        Featurizer,

        /// <summary>In the view that a featurizer is fitted to.</summary>
        Input,
    }

    // Transforms of ML.NET that only apply a formula: what they read is followed by columns.
    private static readonly HashSet<string> Formulas = new(StringComparer.Ordinal)
    {
        "ColumnConcatenatingTransformer", "ColumnCopyingTransformer", "ColumnSelectingTransformer", "ExpressionTransformer",
        "HashingTransformer", "ImageGrayscalingTransformer", "ImageLoadingTransformer", "ImagePixelExtractingTransformer",
        "ImageResizingTransformer", "KeyToBinaryVectorMappingTransformer", "KeyToValueMappingTransformer", "KeyToVectorMappingTransformer",
        "LpNormNormalizingTransformer", "MissingValueDroppingTransformer", "MissingValueIndicatorTransformer",
        "NgramHashingTransformer", "OneHotHashEncodingTransformer", "StopWordsRemovingTransformer", "TextNormalizingTransformer",
        "TokenizingByCharactersTransformer", "TypeConvertingTransformer", "VectorToImageConvertingTransformer",
        "WordEmbeddingTransformer", "WordTokenizingTransformer",
    };

    // Those that are fitted to rows, and whose fitting asks for no label.
    private static readonly HashSet<string> Fitted = new(StringComparer.Ordinal)
    {
        "ApproximatedKernelTransformer", "LatentDirichletAllocationTransformer", "MissingValueReplacingTransformer",
        "NgramExtractingTransformer", "NormalizingTransformer", "OneHotEncodingTransformer", "ValueToKeyMappingTransformer",
        "VectorWhiteningTransformer",
    };

    // Each of these is fitted with labels or without, and what was made does not say which.
    private static readonly Dictionary<string, string> Ambiguous = new(StringComparer.Ordinal)
    {
        ["SlotsDroppingTransformer"] =
            "SelectFeaturesBasedOnMutualInformation makes it from the labels, SelectFeaturesBasedOnCount without them",
        ["NormalizingTransformer"] = "NormalizeSupervisedBinning makes its bins from the labels, NormalizeBinning without them",
        ["ColumnCopyingTransformer"] =
            "SelectFeaturesBasedOnMutualInformation leaves it where it keeps all features; for a copy of your own take Concatenate",
        ["PrincipalComponentAnalysisTransformer"] = "its rows may have been weighted by a column made from the label",
        [nameof(ClusteringScorer)] = "its rows may have been weighted by a column made from the label",
    };

    // What they hold was not learnt by ML.NET from the rows, so to fit them without labels shows nothing.
    private static readonly Dictionary<string, string> Holding = new(StringComparer.Ordinal)
    {
        ["ValueMappingTransformer"] = CarriesContent,
        ["CustomStopWordsRemovingTransformer"] = CarriesContent,
        ["CustomMappingTransformer"] = "nothing is known here of what the function does",
        ["OnnxScoringTransformer"] = "its model may have been trained on labels",
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

    // Views that are made from no other view.
    private static readonly HashSet<string> Sources = new(StringComparer.Ordinal)
    {
        "Microsoft.ML.Data.TextLoader+BoundLoader", "Microsoft.ML.Data.DatabaseLoader+BoundLoader", "Microsoft.ML.Data.IO.BinaryLoader",
        "Microsoft.ML.Data.EmptyDataView", "Microsoft.ML.Data.ArrayDataViewBuilder+DataView", InMemory, "Microsoft.Data.Analysis.DataFrame",
    };

    private const string InMemory = "Microsoft.ML.Data.DataViewConstructionUtils+DataViewBase`1";

    private readonly HashSet<string> _stated;
    private readonly SortedSet<string> _used = new(StringComparer.Ordinal);
    private readonly IDataView? _input;
    private WhereFitted _where;

    private LabelFreeCheck(IReadOnlyList<string> stated, WhereFitted where, IDataView? input = null) =>
        (_stated, _where, _input) = (new HashSet<string>(stated, StringComparer.Ordinal), where, input);

    /// <summary>Looks at a view that a head is fitted to.</summary>
    /// <param name="view">The view.</param>
    /// <param name="features">The column of features.</param>
    /// <param name="label">The column that says the label.</param>
    /// <param name="stated">Transforms that the user says are label-free.</param>
    /// <returns>Those of the stated transforms that the features rest on.</returns>
    /// <exception cref="InvalidOperationException">
    /// The features were, or may have been, made by looking at labels.
    /// </exception>
    public static IReadOnlyList<string> Inspect(IDataView view, string features, string label, IReadOnlyList<string> stated) =>
        new LabelFreeCheck(stated, WhereFitted.Chain).Follow(view, [features], [label]);

    /// <summary>Looks at a view that a featurizer is about to be fitted to, and at the featurizer.</summary>
    /// <param name="input">The view, with its labels.</param>
    /// <param name="labels">The columns that will be withheld.</param>
    /// <param name="featurizer">The featurizer.</param>
    /// <param name="stated">Transforms that the user says are label-free.</param>
    /// <returns>Those of the stated transforms that the view or the featurizer rest on.</returns>
    /// <exception cref="InvalidOperationException">
    /// A column that it may read was, or may have been, made by looking at labels, or the featurizer is not ML.NET's.
    /// </exception>
    public static IReadOnlyList<string> InspectInput(
        IDataView input, IReadOnlyCollection<string> labels, IEstimator<ITransformer> featurizer, IReadOnlyList<string> stated)
    {
        var check = new LabelFreeCheck(stated, WhereFitted.Input);
        check.JudgeEstimator(featurizer);
        return check.Follow(
            input, input.Schema.Where(column => !column.IsHidden && !labels.Contains(column.Name)).Select(column => column.Name), labels);
    }

    /// <summary>Looks at what a featurizer made that was fitted without labels.</summary>
    /// <param name="featurized">What it made of <paramref name="input"/>.</param>
    /// <param name="input">The view that it was fitted to, with its labels.</param>
    /// <param name="features">The column of features.</param>
    /// <param name="labels">The columns that were withheld.</param>
    /// <param name="stated">Transforms that the user says are label-free.</param>
    /// <returns>Those of the stated transforms that the features rest on.</returns>
    /// <exception cref="InvalidOperationException">
    /// The featurizer holds what was, or may have been, made by looking at labels.
    /// </exception>
    public static IReadOnlyList<string> InspectFeaturized(
        IDataView featurized, IDataView input, string features, IEnumerable<string> labels, IReadOnlyList<string> stated) =>
        new LabelFreeCheck(stated, WhereFitted.Featurizer, input).Follow(featurized, [features], labels);

    private string[] Follow(IDataView view, IEnumerable<string> features, IEnumerable<string> labels)
    {
        Walk(view, IndicesOf(features), IndicesOf(labels), IndicesOf(labels));
        return [.. _used];

        HashSet<int> IndicesOf(IEnumerable<string> names) => [.. names.Select(name => LabelColumn.Named(view.Schema, name, "").Index)];
    }

    // A chain's parts, down to those that are no chains. An estimator of the program's own could hold what was fitted
    // before.
    private void JudgeEstimator(object estimator)
    {
        Type type = estimator.GetType();
        bool isChain = type.Name.StartsWith("EstimatorChain", StringComparison.Ordinal);
        if (isChain && FieldOf(estimator, "_estimators") is IEnumerable parts)
        {
            foreach (object part in parts)
                JudgeEstimator(part);
        }
        else if (type.Name.StartsWith("DelegateEstimator", StringComparison.Ordinal) && FieldOf(estimator, "_est") is { } inner)
        {
            JudgeEstimator(inner);
        }
        else if (type.Assembly.GetName().Name?.StartsWith("Microsoft.ML", StringComparison.Ordinal) != true)
        {
            string name = NameOf(type);
            if (!_stated.Contains(name))
                throw Refused(name, "it is no estimator of ML.NET, and may hold what was fitted with labels before");
            _used.Add(name);
        }
    }

    private static object? FieldOf(object of, string name)
    {
        for (Type? type = of.GetType(); type is not null; type = type.BaseType)
        {
            if (type.GetField(name, BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public) is { } field)
                return field.GetValue(of);
        }

        return null;
    }

    // The bare labels are those of the labels that are reached from the view through keys and other types of numbers
    // only.
    private void Walk(IDataView view, HashSet<int> features, HashSet<int> labels, HashSet<int> bare)
    {
        while (true)
        {
            if (ReferenceEquals(view, _input))
                _where = WhereFitted.Input;
            switch (view)
            {
                case RowToRowMapperTransform mapped:
                    bare = Bare(mapped, bare);
                    Through(mapped, ref features, isFeatures: true);
                    Through(mapped, ref labels, isFeatures: false);
                    view = mapped.Source;
                    break;
                case CertifiedView certified:
                    if (_where == WhereFitted.Featurizer || features.Any(column => column >= certified.Source.Schema.Count))
                        throw Refused(nameof(CertifiedHeadTransformer), "it predicts what it learnt from labels");
                    labels.RemoveWhere(column => column >= certified.Source.Schema.Count);
                    bare.IntersectWith(labels);
                    view = certified.Source;
                    break;
                case RowToRowScorerBase scorer:
                    Through(scorer, ref features, isFeatures: true);
                    Through(scorer, ref labels, isFeatures: false);
                    bare = []; // What it made has other numbers before it.
                    view = scorer.Source;
                    break;
                case RangeFilter filter: // Which rows there are depends on this column.
                    features.Add(filter._index);
                    view = filter.Source;
                    break;
                case NAFilter filter: // A flip makes no label missing, but what else is made from it may be.
                    features.UnionWith(filter._infos.Select(info => info.Index).Where(column => !bare.Contains(column)));
                    view = filter.Source;
                    break;
                case SkipTakeFilter or RowShufflingTransformer or BootstrapSamplingTransformer: // They look at no value.
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
                        Walk(source, ByName(view, source, features), ByName(view, source, labels), ByName(view, source, bare));
                    return;
                case ColumnSelectingTransformer.SelectColumnsDataTransform or ChooseColumnsByIndexTransform or GenerateNumberTransform:
                    // They keep values as they are, under the same names; a random number comes from nowhere.
                    IDataView before = ((IDataTransform)view).Source;
                    (features, labels, bare) = (ByName(view, before, features), ByName(view, before, labels), ByName(view, before, bare));
                    view = before;
                    break;
                case IDataTransform unknown:
                    Judge(NameOf(unknown.GetType()), isEither: false);

                    // Stated, but nothing says which columns it reads. It is taken to read them as they are called.
                    (features, labels, bare) = (ByName(view, unknown.Source, features), ByName(view, unknown.Source, labels), []);
                    view = unknown.Source;
                    break;
                case ZipDataView:
                    throw Refused(nameof(ZipDataView), "it puts two views together whose columns cannot be told apart here");
                default:
                    if (!IsSource(view))
                    {
                        // A filter by a function of the program's own, for example, is no IDataTransform.
                        Judge(NameOf(view.GetType()), isEither: false, "what it does to rows or columns is not known here");
                        if ((FieldOf(view, "Input") ?? FieldOf(view, "_source")) is IDataView within)
                        {
                            (features, labels, bare) = (ByName(view, within, features), ByName(view, within, labels), []);
                            view = within;
                            break;
                        }
                    }

                    Compare(view, features, labels);
                    return;
            }
        }
    }

    private static bool IsSource(IDataView view)
    {
        for (Type? type = view.GetType(); type is not null; type = type.BaseType)
        {
            if (Sources.Contains((type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!))
                return true;
        }

        return false;
    }

    /// <exception cref="InvalidOperationException">Features and labels come from the same place.</exception>
    private static void Compare(IDataView source, HashSet<int> features, HashSet<int> labels)
    {
        foreach (int label in labels)
        {
            foreach (int feature in features)
            {
                if (feature == label)
                    throw Shared($"are made from the column '{source.Schema[label].Name}', and so is the label");
                if (Origins(source, feature).Any(range => Origins(source, label).Any(other => Meet(range, other))))
                    throw Shared(
                        $"are made from the column '{source.Schema[feature].Name}', which is read from the same place as "
                        + $"the label's '{source.Schema[label].Name}'");
            }
        }

        static bool Meet((string? Name, int Min, int Lim) one, (string? Name, int Min, int Lim) other) =>
            (one.Name, other.Name) switch
            {
                (null, null) => one.Min < other.Lim && other.Min < one.Lim,
                ({ } a, { } b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase),
                _ => true, // One by its name and one by its number: they may be the same.
            };

        static InvalidOperationException Shared(string how) => new(
            $"The features, or the choice of rows, {how}: "
            + "one wrong label would change them, and no radius covers that. Make them from other columns.");
    }

    /// <summary>The columns of a file or a table, or the members of a class, that a column is read from.</summary>
    private static IEnumerable<(string? Name, int Min, int Lim)> Origins(IDataView source, int column)
    {
        switch (source)
        {
            case TextLoader.BoundLoader text:
                return text._loader._bindings.Infos[column].Segments.Select(segment => ((string?)null, segment.Min, segment.Lim));
            case DatabaseLoader.BoundLoader table:
                DatabaseLoader.ColInfo info = table._loader._bindings.Infos[column];
                return info.Segments is { Length: > 0 } segments
                    ? segments.Select(segment => ((string?)segment.Name, segment.Min, segment.Lim))
                    : [(info.Name, 0, 0)];
            default:
                return FieldOf(source, "_schemaDefn") is InternalSchemaDefinition definition
                    && column < definition.Columns.Length && definition.Columns[column].MemberInfo is { } member
                    ? [(member.Name, 0, 0)] : [];
        }
    }

    private static string NameOf(Type type) => type.Name.Split('`')[0];

    private static HashSet<int> Bare(RowToRowMapperTransform view, HashSet<int> labels)
    {
        HashSet<int> before = [];
        foreach (int label in labels)
        {
            int index = view._bindings.MapColumnIndex(out bool isSource, label);
            if (isSource)
                before.Add(index);
            else if (TransformOf(view) is "ValueToKeyMappingTransformer" or "TypeConvertingTransformer")
                before.UnionWith(ReadFor(view, made => made == index));
        }

        return before;
    }

    private static string TransformOf(RowToRowMapperTransform view)
    {
        // Mappers are types within their transforms.
        Type type = view._mapper.GetType();
        while (type.DeclaringType is { } outer)
            type = outer;
        return NameOf(type);
    }

    private static IEnumerable<int> ReadFor(RowToRowMapperTransform view, Func<int, bool> made)
    {
        Func<int, bool> reads = view._mapper.GetDependencies(made);
        return Enumerable.Range(0, view.Source.Schema.Count).Where(reads);
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
        List<DataViewType> types = [];
        foreach (int column in columns)
        {
            int index = view._bindings.MapColumnIndex(out bool isSource, column);
            (isSource ? before : made).Add(index);
            if (!isSource)
                types.Add(((IDataView)view).Schema[column].Type.GetItemType());
        }

        if (isFeatures && (made.Count > 0 || _where == WhereFitted.Featurizer))
        {
            string transform = TransformOf(view);
            Judge(transform, transform switch
            {
                nameof(NormalizingTransformer) => view._mapper.GetTransformer() is not NormalizingTransformer normalizer
                    || normalizer.Columns.Any(
                        column => column.ColumnFunction.GetType().FullName!.Contains("Bin", StringComparison.Ordinal)),
                nameof(ColumnCopyingTransformer) => types.Any(
                    type => type is NumberDataViewType or BooleanDataViewType or KeyDataViewType),
                _ => true,
            });
        }

        if (made.Count > 0)
            before.UnionWith(ReadFor(view, made.Contains));
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

        if (isFeatures && (made.Count > 0 || _where == WhereFitted.Featurizer))
            Judge(view.GetType().Name, isEither: true, view is ClusteringScorer ? null : "it predicts what it learnt from labels");
        if (made.Count > 0)
        {
            before.UnionWith(((IRowToRowMapper)view).GetDependencies(made).Select(column => column.Index));
        }

        columns = before;
    }

    private void Judge(string transform, bool isEither, string? refused = null)
    {
        bool isFormula = Formulas.Contains(transform), isFitted = Fitted.Contains(transform);
        if (_stated.Contains(transform))
            _used.Add(transform);
        else if ((refused ?? LabelUsing.GetValueOrDefault(transform) ?? Holding.GetValueOrDefault(transform)) is { } why)
            throw Refused(transform, why);
        else if (isEither && Ambiguous.TryGetValue(transform, out string? either))
        {
            if (_where != WhereFitted.Featurizer)
                throw Refused(transform, either, canBeFitted: true);
        }
        else if (isFitted && _where == WhereFitted.Input)
            throw Refused(transform, "it was fitted before, to rows that may have been chosen by their labels", canBeFitted: true);
        else if (!isFormula && !isFitted)
            throw Refused(transform, "nothing is known here of how it was fitted");
    }

    private static InvalidOperationException Refused(string transform, string why, bool canBeFitted = false) => new(
        $"The features are made by a {transform}: {why}. If it looked at labels, one wrong label would change the features, and no "
        + "radius covers that. " + (canBeFitted
            ? "Put it into the featurizer of mlContext.CertifiedPipeline(featurizer, head): it is fitted without the label column. Or say"
            : "Leave it out, or say")
        + $" that it looked at no label: {nameof(CertifiedHeadOptions.LabelFreeTransforms)} = [\"{transform}\"].");
}
