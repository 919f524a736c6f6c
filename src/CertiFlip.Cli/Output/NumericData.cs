using CertiFlip.Data;

namespace CertiFlip.Cli.Output;

/// <summary>The data of a run whose labels are numbers.</summary>
/// <param name="Training">The training data.</param>
/// <param name="Test">
/// The test data, columns in the order of the training data; the training data where there are none.
/// </param>
/// <param name="Labels">The training labels, and what they may be.</param>
internal sealed record NumericData(Dataset Training, Dataset Test, NumericLabels Labels)
{
    /// <summary>The labels of the test rows, empty where there are none.</summary>
    public IReadOnlyList<double> Truth => field ??= Test.LabelsAsNumbers();

    /// <summary>What may have been done to the training labels.</summary>
    public LabelFlipAdversary Adversary { get; init; } = LabelFlipAdversary.Unlimited;

    /// <inheritdoc cref="RunData.Holdout"/>
    public Holdout? Holdout { get; init; }

    /// <summary>What the user calls the data; null where they did not say.</summary>
    public string? Name { get; init; }

    /// <summary>The same, or the names of the files.</summary>
    public string NameInWords => Wording.Data(Name, Training.Source, Test.Source);

    /// <summary>What is to be said of the data.</summary>
    public IReadOnlyList<DataRemark> Remarks { get; init; } = [];

    /// <summary>The head, and how it was fitted.</summary>
    public string Head { get; init; } = "";

    /// <summary>The training data in numbers.</summary>
    public string TrainingInWords =>
        $"{Wording.Count(Training.Features.Rows, "training row")}, {Wording.Count(Training.Features.Columns, "feature")}"
        + (Training.Pipeline is { } pipeline ? $" ({pipeline.Description})" : "");

    /// <summary>The labels and their ranges in words.</summary>
    public string LabelsInWords
    {
        get
        {
            int[] rows = [.. Enumerable.Range(0, Labels.Count)];
            (double low, double high) = (rows.Min(row => Labels[row]), rows.Max(row => Labels[row]));
            (double least, double most) = (rows.Min(Labels.LowOf), rows.Max(Labels.HighOf));
            bool isCommon = rows.All(row => Labels.LowOf(row) == least && Labels.HighOf(row) == most);
            double down = rows.Max(row => Labels[row] - Labels.LowOf(row)), up = rows.Max(row => Labels.HighOf(row) - Labels[row]);
            string range = isCommon
                ? $"Any label may really be anything from {Shown(least)} to {Shown(most)}"
                : $"A label may really be up to {Shown(down)} less or {Shown(up)} more, from {Shown(least)} to {Shown(most)}";
            return $"Labels from {Shown(low)} to {Shown(high)}. {range}.";
        }
    }

    /// <summary>A number as tables show it.</summary>
    public static string Shown(double number) => number.ToString(Math.Abs(number) is 0 or (>= 1e-3 and < 1e7) ? "#,0.####" : "G4");
}
