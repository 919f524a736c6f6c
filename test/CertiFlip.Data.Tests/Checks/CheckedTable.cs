using System.Globalization;

namespace CertiFlip.Data.Tests.Checks;

/// <summary>Small data to check: two columns of noise, the same at every run, and what a test adds.</summary>
internal static class CheckedTable
{
    /// <summary>Columns <c>a</c> and <c>b</c> of noise and one more, with labels x and y in turn.</summary>
    public static Dataset With(string name, IReadOnlyList<double> column, string source = "train.csv", bool named = true)
    {
        double[] values = [.. Enumerable.Range(0, column.Count).SelectMany(row => (double[])[Noise(row, 1), Noise(row, 2), column[row]])];
        return new Dataset(new FeatureMatrix(column.Count, 3, values), source)
        {
            FeatureNames = named ? ["a", "b", name] : [],
            Labels = [.. Enumerable.Range(0, column.Count).Select(row => row % 2 == 0 ? "x" : "y")],
        };
    }

    /// <summary>Two columns of noise with these labels.</summary>
    public static Dataset Labelled(IReadOnlyList<string> labels, string source = "train.csv", int from = 0) =>
        new(new FeatureMatrix(
            labels.Count, 2, [.. Enumerable.Range(from, labels.Count).SelectMany(row => (double[])[Noise(row, 1), Noise(row, 2)])]), source)
        {
            FeatureNames = ["a", "b"],
            Labels = labels,
        };

    /// <summary>A number of rows with labels in turn.</summary>
    public static Dataset OfRows(int rows, string source = "train.csv", int from = 0) =>
        Labelled([.. Enumerable.Range(0, rows).Select(row => row % 2 == 0 ? "x" : "y")], source, from);

    /// <summary>The codes of the remarks, as text.</summary>
    public static string Codes(this DataCheck check) => string.Join(' ', check.Remarks.Select(remark =>
        string.Create(CultureInfo.InvariantCulture, $"{remark.Kind}{(remark.Severity == RemarkSeverity.Refusal ? "!" : "")}")));

    /// <summary>A number from −1 to 1 that looks random.</summary>
    public static double Noise(int row, int column) =>
        Math.Sin((1000.0 * column) + (row * (12.9898 + (78.233 * column))) + (row * row * 0.37));
}
