using Microsoft.ML;
using Microsoft.ML.Data;

namespace CertiFlip.ML;

/// <summary>The training rows of a view: features, labels by name, and where each row stands in the view.</summary>
internal sealed class TrainingRows
{
    private TrainingRows(FeatureRows features) => Features = features;

    /// <summary>The features of the rows that have a label.</summary>
    public FeatureRows Features { get; }

    /// <summary>Their labels.</summary>
    public List<string> Labels { get; } = [];

    /// <summary>Their numbers in the view, from 0.</summary>
    public List<int> Numbers { get; } = [];

    /// <summary>Those whose labels nobody can have changed, as places among the rows that have a label.</summary>
    public List<int> Trusted { get; } = [];

    /// <summary>How many rows of the view have no label.</summary>
    public int WithoutLabel { get; private set; }

    /// <summary>Reads a view once.</summary>
    /// <exception cref="ArgumentException">
    /// There are no rows with labels, or a feature is missing or infinite; the message names the row.
    /// </exception>
    public static TrainingRows Read(
        IDataView view, DataViewSchema.Column features, DataViewSchema.Column label, LabelColumn type, string? trusted)
    {
        var rows = new TrainingRows(FeatureRows.For(features));
        DataViewSchema.Column? trust = trusted is null ? null : LabelColumn.Named(view.Schema, trusted, "trusted");
        if (trust is { Type: not BooleanDataViewType } other)
            throw new ArgumentException($"The trusted column '{other.Name}' is {other.Type}; a Boolean is needed.");
        DataViewSchema.Column[] active = trust is { } column ? [features, label, column] : [features, label];
        using DataViewRowCursor cursor = view.GetRowCursor(active);
        Func<bool> add = rows.Features.AdderOf(cursor, features);
        Func<string?> read = type.ReaderOf(cursor, label);
        ValueGetter<bool>? isTrusted = trust is { } own ? cursor.GetGetter<bool>(own) : null;
        for (int number = 0; cursor.MoveNext(); number++)
        {
            if (read() is not { } name)
            {
                rows.WithoutLabel++;
                continue;
            }

            if (!add())
                throw new ArgumentException(
                    $"Row {number} (counting from 0) of '{features.Name}' has a number that is missing or infinite. "
                    + "Transforms.ReplaceMissingValues fills gaps, Data.FilterRowsByMissingValues leaves such rows out.");
            bool trustedRow = false;
            isTrusted?.Invoke(ref trustedRow);
            if (trustedRow)
                rows.Trusted.Add(rows.Labels.Count);
            rows.Labels.Add(name);
            rows.Numbers.Add(number);
        }

        return rows.Labels.Count > 0 ? rows : throw new ArgumentException(
            rows.WithoutLabel == 0
                ? "There are no training rows."
                : $"None of the {rows.WithoutLabel} training rows has a label in '{label.Name}'.");
    }
}
