using CertiFlip.Auditing;
using CertiFlip.Data;
using CertiFlip.Heads;
using CertiFlip.ML;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(CertifiedHeadTransformer), null, typeof(SignatureLoadModel), "Certified head", "CertiFlipHead")]

namespace CertiFlip.ML;

/// <summary>
/// A fitted head. It adds four columns: <c>PredictedLabel</c>, <c>Score</c>, <c>Radius</c>, the number of training
/// labels that could be wrong, whichever they are, without changing the prediction, and <c>Certified</c>, whether that
/// is at least <see cref="CertifiedHeadOptions.Flips"/>. Where the list of classes was read off the labels, no radius
/// reaches the number of labels of the rarest class: the annotation <c>LargestRadius</c> of <c>Radius</c> says how far.
/// </summary>
public sealed class CertifiedHeadTransformer : ITransformer
{
    private const string Kind = "mlnet-head", Stream = "CertiFlip";

    private readonly IHost _host;
    private readonly LabelColumn _label;
    private readonly FeatureRows _rows;
    private readonly int[] _rowNumbers;
    private readonly int[] _places;
    private readonly string[] _names;
    private readonly LabelFlipAdversary _adversary;
    private readonly Radius _classesKept;

    internal CertifiedHeadTransformer(
        IHost host, CertifiedHeadOptions options, LabelColumn label, TrainingRows rows, FeatureMatrix features, ClassLabels labels,
        ILeaveOneOutHead head, string labelFree)
        : this(host, options, label, rows.Features, [.. rows.Numbers], features, labels, head, [.. rows.Trusted], labelFree)
    {
    }

    private CertifiedHeadTransformer(
        IHost host, CertifiedHeadOptions options, LabelColumn label, FeatureRows rows, int[] rowNumbers, FeatureMatrix features,
        ClassLabels labels, ILeaveOneOutHead head, int[] trusted, string labelFree)
    {
        (_host, Options, _label, _rows, _rowNumbers, TrainingFeatures, TrainingLabels, Head, LabelFree) =
            (host, options, label, rows, rowNumbers, features, labels, head, labelFree);
        _adversary = new LabelFlipAdversary { TrustedRows = trusted };
        Certifier = new Certifier(head, labels, new CertifierOptions { Adversary = _adversary, Threads = options.Threads });
        _classesKept = options.Classes is not null || label.StatesClasses ? Radius.Any : _adversary.RadiusOfClasses(labels);

        // Scores are in the order of the key's values, predictions in that of the list of classes.
        _names = label.Keys.Count > 0 ? [.. label.Keys] : [.. labels.Classes];
        _places = new int[_names.Length];
        for (int place = 0; place < _names.Length; place++)
        {
            labels.Classes.TryFind(_names[place], out int c);
            _places[c] = place;
        }
    }

    // ML.NET's loader looks for this constructor.
    private CertifiedHeadTransformer(IHostEnvironment environment, ModelLoadContext context)
        : this(environment.Register(nameof(CertifiedHeadTransformer)), Read(context))
    {
    }

    private CertifiedHeadTransformer(IHost host, Stored stored)
        : this(host, stored.Options, stored.Label, stored.Rows, stored.RowNumbers, stored.Features, stored.Labels, stored.Head,
            stored.Trusted, stored.LabelFree)
    {
    }

    /// <summary>What was chosen.</summary>
    public CertifiedHeadOptions Options { get; }

    /// <summary>
    /// How it is known that the features look at no label: <c>withheld</c> where the featurizer was fitted without the
    /// label column, <c>inspected</c> where every transform is of a kind that fits without labels, though to which rows
    /// it was fitted is not seen, and <c>stated</c> where the program says so.
    /// </summary>
    public string LabelFree { get; }

    /// <summary>The head as fitted.</summary>
    public ILeaveOneOutHead Head { get; }

    /// <summary>The features of the training rows that have a label (n × k).</summary>
    public FeatureMatrix TrainingFeatures { get; }

    /// <summary>Their labels, with the list of classes.</summary>
    public ClassLabels TrainingLabels { get; }

    /// <summary>The certifier that the columns come from: witnesses, all rows together and more are in it.</summary>
    public Certifier Certifier { get; }

    /// <summary>True.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>The row of the training view that a training row of the certifier stands in, from 0.</summary>
    /// <param name="row">A training row, for example of a witness.</param>
    public int RowInView(int row) => _rowNumbers[row];

    /// <summary>The features of a view's rows, as <see cref="Certifier"/> takes them.</summary>
    /// <param name="data">A view with the feature column.</param>
    /// <exception cref="ArgumentException">
    /// A feature is missing or infinite, or the column has not k features.
    /// </exception>
    public FeatureMatrix ReadFeatures(IDataView data)
    {
        ArgumentNullException.ThrowIfNull(data);
        DataViewSchema.Column column = FeaturesIn(data.Schema);
        var rows = FeatureRows.For(column);
        using DataViewRowCursor cursor = data.GetRowCursor([column]);
        Func<bool> add = rows.AdderOf(cursor, column);
        while (cursor.MoveNext())
        {
            if (!add())
                throw new ArgumentException(
                    $"Row {rows.Count} (counting from 0) of '{column.Name}' has a number that is missing or infinite.", nameof(data));
        }

        return rows.ToMatrix();
    }

    /// <summary>Tells which training labels to check first.</summary>
    /// <param name="budget">How many labels somebody can check.</param>
    /// <param name="tests">
    /// The rows whose predictions are to become safer, with the column of features. If not given, those of the training
    /// rows themselves, each by the head fitted without it.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The budget is below 1.</exception>
    /// <exception cref="HeadException">
    /// A row cannot be left out: it alone determines what the head says of it.
    /// </exception>
    public CertifiedAudit Audit(int budget = 20, IDataView? tests = null)
    {
        HeadChoice second = HeadChoice.TryParse("knn")!;
        var auditor = new Auditor(Head, TrainingLabels, new AuditOptions
        {
            Budget = budget,
            Adversary = _adversary,
            Threads = Options.Threads,
            SecondOpinion = second.Fit(TrainingFeatures, new ParallelOptions { MaxDegreeOfParallelism = Options.Threads }),
        });
        LabelAudit audit = tests is null
            ? auditor.Audit(TrainingFeatures)
            : auditor.Audit(TrainingFeatures, ReadFeatures(tests), []);
        return new CertifiedAudit(audit, TrainingLabels, _rowNumbers);
    }

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        FeaturesIn(inputSchema);
        var schema = new DataViewSchema.Builder();
        schema.AddColumns(inputSchema);
        int classes = _names.Length;
        string kind = _label.StatesClasses ? "BinaryClassification" : "MulticlassClassification";
        schema.AddColumn("PredictedLabel", _label.Type, Annotated(kind, "PredictedLabel", _label.Annotate));
        schema.AddColumn(
            "Score", _label.StatesClasses ? NumberDataViewType.Single : new VectorDataViewType(NumberDataViewType.Single, classes),
            Annotated(kind, "Score", builder =>
            {
                if (!_label.StatesClasses)
                    builder.Add<VBuffer<ReadOnlyMemory<char>>>(
                        "SlotNames", new VectorDataViewType(TextDataViewType.Instance, classes),
                        (ref VBuffer<ReadOnlyMemory<char>> value) =>
                            value = new(classes, Array.ConvertAll(_names, name => name.AsMemory())));
            }));
        schema.AddColumn("Radius", NumberDataViewType.Int32, Annotated(kind, "Radius", builder =>
        {
            SayLabelFree(builder);
            if (!_classesKept.IsAny)
                builder.AddPrimitiveValue("LargestRadius", NumberDataViewType.Int32, _classesKept.Budget);
        }));
        schema.AddColumn("Certified", BooleanDataViewType.Instance, Annotated(kind, "Certified", builder =>
        {
            SayLabelFree(builder);
            builder.AddPrimitiveValue("Flips", NumberDataViewType.Int32, Options.Flips);
        }));
        return schema.ToSchema();
    }

    /// <summary>Adds the columns. Rows are certified when they are read, in batches and in parallel.</summary>
    /// <param name="input">A view with the feature column.</param>
    /// <exception cref="ArgumentException">There is no such column, or it has not k features.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new CertifiedView(this, input);
    }

    /// <inheritdoc/>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new CertifiedRowMapper(this, inputSchema);
    }

    /// <summary>
    /// Which head, how many rows and classes, and how it is known that the features look at no label.
    /// </summary>
    public override string ToString() =>
        $"{Options.Head.Describe(Head)}, {TrainingLabels.Count} training rows of {TrainingFeatures.Columns} features, "
        + $"{TrainingLabels.ClassCount} classes; features {LabelFree}";

    /// <inheritdoc/>
    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version());
        StoredModel stored = Store();
        ctx.SaveBinaryStream(Stream, writer => stored.Write(writer.BaseStream));
    }

    /// <summary>The column of features.</summary>
    internal DataViewSchema.Column FeaturesIn(DataViewSchema schema)
    {
        DataViewSchema.Column column = LabelColumn.Named(schema, Options.FeatureColumnName, "feature");
        int columns = FeatureRows.For(column).Columns;
        return columns == TrainingFeatures.Columns
            ? column
            : throw new ArgumentException(
                $"The feature column '{column.Name}' has {columns} features, but the head was fitted to {TrainingFeatures.Columns}.");
    }

    /// <summary>Gives what writes one of the columns of a row.</summary>
    /// <param name="column">Which, from 0.</param>
    /// <param name="row">What was computed for the row.</param>
    internal Delegate GetterOf(int column, Func<CertifiedRow> row) => column switch
    {
        0 => _label.GetterOf(_names, () => row().Place),
        1 when _label.StatesClasses => (ValueGetter<float>)((ref float value) => value = row().Scores[0]),
        1 => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
        {
            VBufferEditor<float> editor = VBufferEditor.Create(ref value, _names.Length);
            row().Scores.CopyTo(editor.Values);
            value = editor.Commit();
        }),
        2 => (ValueGetter<int>)((ref int value) => value = row().Radius),
        3 => (ValueGetter<bool>)((ref bool value) => value = row().IsCertified),
        _ => throw new ArgumentOutOfRangeException(nameof(column)),
    };

    /// <summary>Computes what the columns say of some rows.</summary>
    /// <param name="features">The rows, all finite.</param>
    /// <param name="wanted">Which columns are read.</param>
    internal CertifiedRow[] Certify(FeatureMatrix features, Func<int, bool> wanted)
    {
        try
        {
            return CertifyAll(features, wanted);
        }
        catch (HeadException) when (features.Rows > 1)
        {
            // One of the rows is too far away for any weights. The others are not.
            return [.. Enumerable.Range(0, features.Rows).SelectMany(row => Certify(features.SelectRows(row), wanted))];
        }
        catch (HeadException)
        {
            return [Missing];
        }
    }

    /// <summary>A row that nothing can be said of: a feature is missing.</summary>
    internal CertifiedRow Missing => new(-1, [.. Enumerable.Repeat(float.NaN, _label.StatesClasses ? 1 : _names.Length)], 0, false);

    private CertifiedRow[] CertifyAll(FeatureMatrix features, Func<int, bool> wanted)
    {
        bool areRadiiWanted = wanted(2) || wanted(3);
        IReadOnlyList<RowCertificates>? certificates = areRadiiWanted ? Certifier.CertifyBatch(features) : null;
        int[] classes = certificates is null ? Certifier.Predict(features) : [.. certificates.Select(row => row.Exact.Prediction)];
        double[]? decisions = wanted(1) ? Certifier.Decide(features) : null;
        var rows = new CertifiedRow[features.Rows];
        for (int row = 0; row < rows.Length; row++)
        {
            float[] scores = decisions is null ? [] : Scores(decisions, row, classes[row]);
            Certificate exact = certificates?[row].Exact ?? default;
            Radius radius = Radius.Min(exact.Radius, _classesKept);
            rows[row] = new CertifiedRow(
                _places[classes[row]], scores, radius.IsAny ? TrainingLabels.Count : radius.Budget,
                exact.IsCertified && radius.Survives(Options.Flips));
        }

        return rows;
    }

    /// <summary>
    /// The scores as ML.NET has them. The class predicted has the largest, also where rounding to 32 bits would hide
    /// it.
    /// </summary>
    private float[] Scores(double[] decisions, int row, int predicted)
    {
        if (_label.StatesClasses)
        {
            float margin = (float)decisions[row];
            return [predicted == 1 ? Math.Max(margin, float.Epsilon) : Math.Min(margin, -float.Epsilon)];
        }

        int count = _names.Length;
        float[] scores = new float[count];
        for (int c = 0; c < count; c++)
            scores[_places[c]] = (float)(count == 2 ? (c == 1 ? 1 + decisions[row] : 1 - decisions[row]) / 2 : decisions[row * count + c]);
        int place = _places[predicted];
        float others = scores.Where((_, other) => other != place).Max();
        scores[place] = Math.Max(scores[place], float.BitIncrement(others));
        return scores;
    }

    private void SayLabelFree(DataViewSchema.Annotations.Builder builder) =>
        builder.AddPrimitiveValue("LabelFree", TextDataViewType.Instance, LabelFree.AsMemory());

    private static DataViewSchema.Annotations Annotated(string kind, string value, Action<DataViewSchema.Annotations.Builder> more)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddPrimitiveValue("ScoreColumnKind", TextDataViewType.Instance, kind.AsMemory());
        builder.AddPrimitiveValue("ScoreValueKind", TextDataViewType.Instance, value.AsMemory());
        more(builder);
        return builder.ToAnnotations();
    }

    private static VersionInfo Version() => new(
        modelSignature: "CFLPHEAD", verWrittenCur: 0x00010001, verReadableCur: 0x00010001, verWeCanReadBack: 0x00010001,
        loaderAssemblyName: typeof(CertifiedHeadTransformer).Assembly.FullName!, loaderSignature: "CertiFlipHead");

    private StoredModel Store()
    {
        var stored = new StoredModel(Kind);
        ModelArrays rows = new(), label = new(), head = new();
        _rows.Store(rows);
        stored.Arrays.AddPart("rows", rows);
        stored.Add("row numbers", _rowNumbers);
        _label.Store(label);
        stored.Arrays.AddPart("label", label);
        stored.Add("classes", [.. TrainingLabels.Classes]);
        stored.Add("classes are stated", [Options.Classes is null ? 0 : 1]);
        stored.Add("prior", [.. TrainingLabels.Classes.Prior]);
        if (TrainingLabels.Classes.Shares is { Count: > 0 } shares)
            stored.Add("class shares", [.. shares]);
        stored.Add("labels", [.. Enumerable.Range(0, TrainingLabels.Count).Select(row => TrainingLabels[row])]);
        stored.Add("trusted rows", [.. _adversary.TrustedRows]);
        stored.Add("head", [Options.Head.Text]);
        Options.Head.Store(head, Head);
        stored.Arrays.AddPart("fitted head", head);
        stored.Add("names", [Options.LabelColumnName, Options.FeatureColumnName, Options.TrustedColumnName ?? "", LabelFree]);
        stored.Add("label-free transforms", [.. Options.LabelFreeTransforms]);
        stored.Add("flips", [Options.Flips]);
        return stored;
    }

    private static Stored Read(ModelLoadContext context)
    {
        context.CheckAtModel(Version());
        Stored? read = null;
        bool isThere = context.TryLoadBinaryStream(Stream, reader =>
        {
            StoredModel stored = StoredModel.Read(reader.BaseStream, "the certified head of this ML.NET model");
            stored.Expect(Kind);
            read = stored.Restore(Restore);
        });
        return isThere && read is not null ? read : throw new DataException("The ML.NET model has no certified head in it.");
    }

    private static Stored Restore(ModelArrays arrays)
    {
        var rows = FeatureRows.Restore(arrays.Part("rows"));
        var label = LabelColumn.Restore(arrays.Part("label"));
        string[] names = arrays.Texts("classes");
        bool isStated = arrays.Integers("classes are stated").Single() == 1;
        int[] numbers = arrays.Integers("row numbers"), trusted = arrays.Integers("trusted rows"), encoded = arrays.Integers("labels");
        if (encoded.Any(c => c < 0 || c >= names.Length) || encoded.Length != rows.Count || numbers.Length != rows.Count)
            throw new ArgumentException($"There are {encoded.Length} labels and {numbers.Length} row numbers for {rows.Count} rows.");
        if (trusted.Any(row => row < 0 || row >= rows.Count))
            throw new ArgumentException("A trusted row is none of the training rows.");
        ClassList? stated = isStated ? ClassList.Of(names) : null;
        if (stated is not null && arrays.Doubles("prior") is { Length: > 0 } prior)
            stated = stated.WithPrior(prior);
        if (arrays.All.ContainsKey("class shares"))
        {
            stated = stated is { Prior.Count: 0 }
                ? stated.WithShares(arrays.Doubles("class shares"))
                : throw new ArgumentException("There are shares of classes, but no list of them, or a prior as well.");
        }

        ClassList classes = label.Classes(stated, [.. encoded.Select(c => names[c])]);
        if (!classes.SequenceEqual(names))
            throw new ArgumentException("The classes are not those of the labels.");
        string text = arrays.Texts("head").Single();
        ModelArrays fitted = arrays.Part("fitted head");
        HeadChoice choice = (HeadChoice.TryParse(text) ?? throw new ArgumentException("There is no such head.")).WithStoredOptions(fitted);
        if (arrays.Texts("names") is not [var labelColumn, var featureColumn, var trustedColumn, var labelFree])
            throw new ArgumentException("The names of the columns are missing.");
        var options = new CertifiedHeadOptions
        {
            LabelColumnName = labelColumn,
            FeatureColumnName = featureColumn,
            TrustedColumnName = trustedColumn.Length > 0 ? trustedColumn : null,
            Head = choice,
            Classes = stated,
            Flips = arrays.Integers("flips").Single(),
            LabelFreeTransforms = arrays.Texts("label-free transforms"),
        };
        FeatureMatrix features = rows.ToMatrix();
        return new Stored(
            options, label, rows, numbers, features, new ClassLabels(encoded, classes),
            choice.Restore(fitted, features), trusted, labelFree);
    }

    private sealed record Stored(
        CertifiedHeadOptions Options, LabelColumn Label, FeatureRows Rows, int[] RowNumbers, FeatureMatrix Features, ClassLabels Labels,
        ILeaveOneOutHead Head, int[] Trusted, string LabelFree);
}

/// <summary>What the columns say of a row.</summary>
/// <param name="Place">The place of the predicted class among the scores; -1 where nothing is predicted.</param>
/// <param name="Scores">The scores; empty where they are not asked for.</param>
/// <param name="Radius">The radius; n where no flips whatever change the prediction.</param>
/// <param name="IsCertified">Whether the flips that are asked for are survived.</param>
internal readonly record struct CertifiedRow(int Place, float[] Scores, int Radius, bool IsCertified);
