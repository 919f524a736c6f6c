using System.Numerics;
using System.Runtime.CompilerServices;

namespace CertiFlip.Data.Formats;

/// <summary>The numbers of a matrix that are not 0, of which it is made.</summary>
/// <param name="name">The file, and the matrix in it where there are several, as messages name it.</param>
/// <param name="budget">How much room there is.</param>
internal sealed class SparseRows(string name, ReadBudget budget)
{
    private readonly NumberBuffer<int> _rows = new(budget), _columns = new(budget);
    private readonly NumberBuffer<double> _values = new(budget);
    private bool _areSingles = true;

    /// <summary>Whether there is a column 0.</summary>
    public bool HasZero { get; private set; }

    /// <summary>One more than the largest column.</summary>
    public int Width { get; private set; }

    /// <summary>Adds a number; numbers of the same place are summed.</summary>
    public void Add(int row, int column, double value)
    {
        _rows.Add(row);
        _columns.Add(column);
        _values.Add(value);
        Width = Math.Max(Width, column + 1);
        HasZero |= column == 0;
        _areSingles &= value == (float)value;
    }

    /// <summary>The dense matrix: float32 where that holds every number.</summary>
    /// <param name="rows">How many rows, more than the largest.</param>
    /// <param name="columns">How many columns; others are left out.</param>
    /// <param name="first">The column that comes first.</param>
    /// <exception cref="DataException">There are no columns, or the matrix is too large.</exception>
    public FeatureMatrix ToMatrix(int rows, int columns, int first)
    {
        if (columns < 1)
            throw new DataException($"{name}: there is no column with a number in it.");
        long count = (long)rows * columns;
        if (count > Array.MaxLength)
        {
            throw new DataException(
                $"{name}: {rows} × {columns} numbers are more than the {Array.MaxLength} that fit in one matrix; features are dense here, "
                + "so use fewer rows or columns, or reduce them first (in scikit-learn, TruncatedSVD).");
        }

        int[] rowOf = _rows.TakeAll(name), columnOf = _columns.TakeAll(name);
        double[] values = _values.TakeAll(name);
        return _areSingles
            ? new FeatureMatrix(rows, columns, Dense<float>(rowOf, columnOf, values, count, columns, first))
            : new FeatureMatrix(rows, columns, Dense<double>(rowOf, columnOf, values, count, columns, first));
    }

    private T[] Dense<T>(int[] rowOf, int[] columnOf, double[] values, long count, int columns, int first)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        budget.Take(count, Unsafe.SizeOf<T>());
        var dense = new T[count];
        for (int i = 0; i < values.Length; i++)
        {
            if (columnOf[i] - first < columns)
                dense[(rowOf[i] * columns) + columnOf[i] - first] += T.CreateTruncating(values[i]);
        }

        return dense;
    }
}
