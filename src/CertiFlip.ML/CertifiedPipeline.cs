using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

namespace CertiFlip.ML;

/// <summary>
/// A featurizer and a certified head. The featurizer is fitted to a view that has no label column, so that its fitting
/// cannot look at labels. What holds something fitted or computed before is refused:
/// <c>mlContext.CertifiedPipeline(featurizer, head)</c>.
/// </summary>
public sealed class CertifiedPipelineEstimator : IEstimator<TransformerChain<CertifiedHeadTransformer>>
{
    private readonly IHostEnvironment _environment;
    private readonly IEstimator<ITransformer> _featurizer;
    private readonly CertifiedHeadEstimator _head;
    private readonly string[] _withheld;

    internal CertifiedPipelineEstimator(
        IHostEnvironment environment, IEstimator<ITransformer> featurizer, CertifiedHeadEstimator head, IEnumerable<string> otherLabels) =>
        (_environment, _featurizer, _head, _withheld) =
            (environment, featurizer, head, [.. otherLabels.Append(head.Options.LabelColumnName).Distinct(StringComparer.Ordinal)]);

    /// <summary>
    /// Fits the featurizer without the label column, and the head to what it makes of the whole view.
    /// </summary>
    /// <param name="input">The training rows, with a label column.</param>
    /// <exception cref="ArgumentException">
    /// A column is missing, of another type, or holds what cannot be used.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The featurizer asks for the label column, or holds what was trained or computed before; or a column that it may
    /// read was made by what was fitted before, from labels, or from what the label is made from.
    /// </exception>
    public TransformerChain<CertifiedHeadTransformer> Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        foreach (string column in _withheld)
            LabelColumn.Named(input.Schema, column, "label");
        IReadOnlyList<string> said = _head.Options.LabelFreeTransforms, before =
            LabelFreeCheck.InspectInput(input, _withheld, _featurizer, said);
        IDataView withoutLabels = ColumnSelectingTransformer.CreateDrop(_environment, input, _withheld);
        ITransformer featurizer;
        try
        {
            _featurizer.GetOutputSchema(SchemaShape.Create(withoutLabels.Schema));
            featurizer = _featurizer.Fit(withoutLabels);
        }
        catch (Exception exception) when (Asked(exception) is { } column)
        {
            throw new InvalidOperationException(
                $"The featurizer asks for the label column '{column}'. It would change with every wrong label, and no radius covers that. "
                + "Leave out what selects, bins or encodes features by labels; labels need no MapValueToKey here.", exception);
        }

        IDataView featurized = featurizer.Transform(input);
        string[] stated =
        [
            .. before.Union(
                LabelFreeCheck.InspectFeaturized(featurized, input, _head.Options.FeatureColumnName, _withheld, said),
                StringComparer.Ordinal),
        ];
        string source = stated.Length == 0
            ? $"withheld: the featurizer was fitted without the column {string.Join(", ", _withheld)}"
            : $"stated: {string.Join(", ", stated)} looked at no label, as the program says";
        return new TransformerChain<CertifiedHeadTransformer>(featurizer, _head.Fit(featurized, source));
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var withoutLabels = new SchemaShape(inputSchema.Where(column => !_withheld.Contains(column.Name)));
        SchemaShape featurized = _featurizer.GetOutputSchema(withoutLabels);
        return _head.GetOutputSchema(new SchemaShape(featurized.Concat(inputSchema.Where(column => _withheld.Contains(column.Name)))));
    }

    private string? Asked(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (_withheld.FirstOrDefault(name => exception.Message.Contains($"'{name}'", StringComparison.Ordinal)) is { } column)
                return column;
        }

        return null;
    }
}
