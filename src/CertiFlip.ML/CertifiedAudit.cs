using System.Collections;
using CertiFlip.Auditing;
using Microsoft.ML;

namespace CertiFlip.ML;

/// <summary>Which training labels to check first, the first to check first.</summary>
public sealed class CertifiedAudit : IReadOnlyList<LabelToCheck>
{
    private readonly LabelToCheck[] _rows;

    internal CertifiedAudit(LabelAudit audit, ClassLabels labels, int[] rowNumbers)
    {
        Audit = audit;
        _rows = [.. audit.Suggestions.Select(suggestion => new LabelToCheck
        {
            Row = rowNumbers[suggestion.Row],
            Label = labels.Classes[suggestion.Label],
            SuggestedLabel = labels.Classes[suggestion.SuggestedClass],
            Reason = suggestion.Reason == SuggestionReason.Contradicted ? "contradicted" : "relied",
            ContradictionRadius = suggestion.ContradictionRadius.IsAny ? labels.Count : suggestion.ContradictionRadius.Budget,
            Lead = suggestion.Lead,
            RadiusGain = suggestion.RadiusGain,
            TotalRadius = suggestion.TotalRadius,
        })];
    }

    /// <summary>The audit as CertiFlip has it, with its sums.</summary>
    public LabelAudit Audit { get; }

    /// <inheritdoc/>
    public int Count => _rows.Length;

    /// <inheritdoc/>
    public LabelToCheck this[int index] => _rows[index];

    /// <summary>The same as a view.</summary>
    /// <param name="context">The context that makes views.</param>
    public IDataView ToDataView(MLContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Data.LoadFromEnumerable(_rows);
    }

    /// <inheritdoc/>
    public IEnumerator<LabelToCheck> GetEnumerator() => _rows.AsEnumerable().GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => _rows.GetEnumerator();
}

/// <summary>A training label to check.</summary>
public sealed class LabelToCheck
{
    /// <summary>The row of the training view, from 0.</summary>
    public int Row { get; init; }

    /// <summary>What it is labelled.</summary>
    public string Label { get; init; } = "";

    /// <summary>
    /// What the head that is fitted without the row says; the same as <see cref="Label"/> where it agrees.
    /// </summary>
    public string SuggestedLabel { get; init; } = "";

    /// <summary>
    /// <c>contradicted</c> where the head says another class, <c>relied</c> where predictions depend on the label.
    /// </summary>
    public string Reason { get; init; } = "";

    /// <summary>How many other labels could be wrong, and the label would still be contradicted.</summary>
    public int ContradictionRadius { get; init; }

    /// <summary>By how much the suggested class is ahead.</summary>
    public double Lead { get; init; }

    /// <summary>
    /// By how much the sum of all radii grows if this label alone is known to be right. The list of classes is taken as
    /// it is.
    /// </summary>
    public long RadiusGain { get; init; }

    /// <summary>The sum of all radii once this label and those before it are known to be right.</summary>
    public long TotalRadius { get; init; }
}
