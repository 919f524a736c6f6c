using System.Numerics;

namespace CertiFlip.Data;

/// <summary>What one pass over n×k features tells of each column.</summary>
internal sealed class ColumnStatistics
{
    // What rounding leaves of a value that was computed in two ways.
    private const double Rounding = 1e-12;
    private readonly double[] _first, _sum, _squares;
    private readonly int _rows;

    private ColumnStatistics(int rows, double[] first)
    {
        (_rows, _first) = (rows, first);
        (Least, Largest) = ([.. first], [.. first]);
        (_sum, _squares) = (new double[first.Length], new double[first.Length]);
    }

    /// <summary>The smallest value of each column.</summary>
    public double[] Least { get; }

    /// <summary>The largest value of each column.</summary>
    public double[] Largest { get; }

    /// <summary>The columns whose values rise from each row to the next, or fall from each to the next.</summary>
    public IReadOnlyList<int> Monotone { get; private set; } = [];

    /// <summary>Looks at every value once, in the order of the rows.</summary>
    public static ColumnStatistics Of(FeatureMatrix features)
    {
        double[] row = new double[features.Columns], before = new double[features.Columns];
        features.CopyRow(0, before);
        var statistics = new ColumnStatistics(features.Rows, [.. before]);
        List<int> rising = [.. Enumerable.Range(0, features.Columns)], falling = [.. rising];
        for (int i = 1; i < features.Rows; i++)
        {
            features.CopyRow(i, row);
            statistics.Add(row);
            rising.RemoveAll(column => !(row[column] > before[column]));
            falling.RemoveAll(column => !(row[column] < before[column]));
            (row, before) = (before, row);
        }

        statistics.Monotone = [.. rising.Concat(falling).Order()];
        return statistics;
    }

    /// <summary>Whether the values of a column are the same, but for rounding.</summary>
    public bool IsConstant(int column) =>
        Largest[column] - Least[column] <= Rounding * Math.Max(Math.Abs(Largest[column]), Math.Abs(Least[column]));

    /// <summary>The variance of a column around its mean, over n.</summary>
    public double Variance(int column)
    {
        double mean = _sum[column] / _rows;
        return Math.Max(0, (_squares[column] / _rows) - (mean * mean));
    }

    /// <summary>
    /// The variance of every column, 0 for constant ones; or where numbers are too large for that, the squares of what
    /// their ranges are of the largest.
    /// </summary>
    public double[] Spread()
    {
        double[] variances = [.. Enumerable.Range(0, Least.Length).Select(column => IsConstant(column) ? 0 : Variance(column))];
        if (double.IsFinite(variances.Sum()))
            return variances;
        double[] ranges = [.. Least.Zip(Largest, (least, largest) => (largest / 2) - (least / 2))];
        double most = ranges.Max();
        return [.. ranges.Select(range => range / most * (range / most))];
    }

    // Sums are around the first row, so that values far from zero lose nothing.
    private void Add(ReadOnlySpan<double> row)
    {
        int column = 0;
        for (; column <= row.Length - Vector<double>.Count; column += Vector<double>.Count)
        {
            var value = new Vector<double>(row[column..]);
            Vector.Min(value, new Vector<double>(Least, column)).CopyTo(Least, column);
            Vector.Max(value, new Vector<double>(Largest, column)).CopyTo(Largest, column);
            Vector<double> moved = value - new Vector<double>(_first, column);
            (new Vector<double>(_sum, column) + moved).CopyTo(_sum, column);
            (new Vector<double>(_squares, column) + (moved * moved)).CopyTo(_squares, column);
        }

        for (; column < row.Length; column++)
        {
            Least[column] = Math.Min(Least[column], row[column]);
            Largest[column] = Math.Max(Largest[column], row[column]);
            double moved = row[column] - _first[column];
            _sum[column] += moved;
            _squares[column] += moved * moved;
        }
    }
}
