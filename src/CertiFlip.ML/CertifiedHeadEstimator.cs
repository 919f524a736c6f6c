using CertiFlip.Heads;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace CertiFlip.ML;

/// <summary>
/// Fits a certified head at the end of a pipeline: <c>mlContext.CertifiedRidge()</c> makes one. It looks at how the
/// features were made, and refuses what was fitted with labels.
/// </summary>
public sealed class CertifiedHeadEstimator : IEstimator<CertifiedHeadTransformer>
{
    internal const string Features = "Features";

    private const string Inspected = "inspected: what made the features is of kinds that fit without labels, to which rows is not seen";

    private readonly IHost _host;
    private readonly bool _isBinary;

    internal CertifiedHeadEstimator(IHostEnvironment environment, CertifiedHeadOptions options, bool isBinary = false) =>
        (_host, Options, _isBinary) = (environment.Register(nameof(CertifiedHeadEstimator)), options, isBinary);

    /// <summary>What was chosen.</summary>
    public CertifiedHeadOptions Options { get; }

    /// <summary>Fits the head to the rows of a view.</summary>
    /// <param name="input">
    /// The training rows. Those without a label are passed over, and the log says how many there are.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A column is missing, of another type, or holds what cannot be used.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The features were, or may have been, made by looking at labels.
    /// </exception>
    /// <exception cref="HeadException">The head cannot be fitted to these features.</exception>
    public CertifiedHeadTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        FeatureRows.For(LabelColumn.Named(input.Schema, Options.FeatureColumnName, "feature"));
        LabelColumn.Of(LabelColumn.Named(input.Schema, Options.LabelColumnName, "label"));
        IReadOnlyList<string> stated =
            LabelFreeCheck.Inspect(input, Options.FeatureColumnName, Options.LabelColumnName, Options.LabelFreeTransforms);
        return Fit(input, stated.Count == 0 ? Inspected : $"stated: {string.Join(", ", stated)} looked at no label, as the program says");
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        if (!inputSchema.TryFindColumn(Options.FeatureColumnName, out _))
            throw new ArgumentException($"There is no feature column '{Options.FeatureColumnName}'.", nameof(inputSchema));
        if (!inputSchema.TryFindColumn(Options.LabelColumnName, out SchemaShape.Column label))
            throw new ArgumentException($"There is no label column '{Options.LabelColumnName}'.", nameof(inputSchema));
        bool isBoolean = label.ItemType is BooleanDataViewType;
        const SchemaShape.Column.VectorKind Scalar = SchemaShape.Column.VectorKind.Scalar, Vector = SchemaShape.Column.VectorKind.Vector;
        SchemaShape.Column[] added =
        [
            new("PredictedLabel", Scalar, label.ItemType, label.IsKey, label.Annotations),
            new("Score", isBoolean ? Scalar : Vector, NumberDataViewType.Single, false, SlotNames(isBoolean)),
            new("Radius", Scalar, NumberDataViewType.Int32, false, null),
            new("Certified", Scalar, BooleanDataViewType.Instance, false, null),
        ];
        return new SchemaShape(inputSchema.Where(column => !added.Any(own => own.Name == column.Name)).Concat(added));

        static SchemaShape? SlotNames(bool isBoolean) => isBoolean
            ? null
            : new SchemaShape([new SchemaShape.Column("SlotNames", Vector, TextDataViewType.Instance, false, null)]);
    }

    /// <summary>Fits the head to features that were checked.</summary>
    /// <param name="input">The training rows.</param>
    /// <param name="labelFree">How it is known that the features look at no label.</param>
    internal CertifiedHeadTransformer Fit(IDataView input, string labelFree)
    {
        DataViewSchema.Column features = LabelColumn.Named(input.Schema, Options.FeatureColumnName, "feature");
        DataViewSchema.Column label = LabelColumn.Named(input.Schema, Options.LabelColumnName, "label");
        var type = LabelColumn.Of(label);
        if (_isBinary && type.Type is not BooleanDataViewType)
            throw new ArgumentException(
                $"The label column '{label.Name}' is {label.Type}; BinaryClassification needs a Boolean. "
                + $"MulticlassClassification takes others.");
        TrainingRows rows = TrainingRows.Read(input, features, label, type, Options.TrustedColumnName);
        using (IChannel channel = _host.Start("Fit"))
        {
            if (rows.WithoutLabel > 0)
                channel.Warning(MessageSensitivity.None, $"{rows.WithoutLabel} rows without a label are passed over.");
        }

        ClassList classes = type.Classes(Options.Classes, rows.Labels);
        var labels = new ClassLabels(Encoded(rows, classes), classes);
        if (Options.Head.LeastRows > labels.Count)
            throw new ArgumentException($"{Options.Head.Text} needs {Options.Head.LeastRows} training rows, but there are {labels.Count}.");
        MemoryNeeded.Check(Options.Head, labels.Count, rows.Features.Columns);
        FeatureMatrix matrix = rows.Features.ToMatrix();
        CertifiedHeadOptions options = Options with { Head = Options.Head.WithClasses(classes) };
        ILeaveOneOutHead head = options.Head.Fit(matrix, new ParallelOptions { MaxDegreeOfParallelism = options.Threads });
        return new CertifiedHeadTransformer(_host, options, type, rows, matrix, labels, head, labelFree);
    }

    private static int[] Encoded(TrainingRows rows, ClassList classes)
    {
        int[] encoded = new int[rows.Labels.Count];
        for (int i = 0; i < encoded.Length; i++)
        {
            if (!classes.TryFind(rows.Labels[i], out encoded[i]))
                throw new ArgumentException(
                    $"Row {rows.Numbers[i]} (counting from 0) has the label '{rows.Labels[i]}', which is not one of the classes: "
                    + $"{string.Join(", ", classes)}.");
        }

        return encoded;
    }
}

/// <summary>What a head needs beside what it is fitted to, before it asks for it.</summary>
internal static class MemoryNeeded
{
    /// <exception cref="InvalidOperationException">
    /// It is more than there is, or more than one array can hold.
    /// </exception>
    public static void Check(HeadChoice head, int rows, int columns)
    {
        // docs/mlnet.md: the rows twice, and the smaller of the two systems; or packed rows.
        long cells = (long)rows * columns;
        bool isRidge = head is RegularisedHeadChoice, isDual = isRidge && rows < columns && head is RidgeHeadChoice;
        long smaller = isDual ? rows : columns;
        long bytes = !isRidge
            ? 12 * cells
            : isDual
            ? 16 * cells + 16 * smaller * smaller
            : 16 * smaller * smaller + 8 * Math.Min(cells, 1 << 23);
        long available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        bool fitsArrays = isRidge ? (isDual ? cells : smaller * smaller) < int.MaxValue / 2 : cells < int.MaxValue / 2;
        if (fitsArrays && bytes < available)
            return;
        throw new InvalidOperationException(
            $"{head.Text} of {rows} rows with {columns} features needs about {bytes / 1e9:F0} GB, and there are {available / 1e9:F0} GB. "
            + "Make fewer features: limit FeaturizeText's n-grams (MaximumNgramsCount), append ApproximatedKernelMap "
            + "or hashed n-grams of fewer bits, or put ProjectToPrincipalComponents into mlContext.CertifiedPipeline.");
    }
}
