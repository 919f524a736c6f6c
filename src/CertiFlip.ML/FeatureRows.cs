using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CertiFlip.ML;

/// <summary>
/// The features of rows of a view, as few numbers as there are: where the vectors are sparse, only what is not zero.
/// </summary>
internal abstract class FeatureRows
{
    private protected FeatureRows(int columns) => Columns = columns;

    /// <summary>Number of features, k.</summary>
    public int Columns { get; }

    /// <summary>Number of rows that were added.</summary>
    public abstract int Count { get; }

    /// <summary>An empty list for the vectors of a column.</summary>
    /// <exception cref="ArgumentException">The column has no vectors of a known size of float or double.</exception>
    public static FeatureRows For(DataViewSchema.Column column)
    {
        if (column.Type is VectorDataViewType { IsKnownSize: true } vector)
        {
            if (vector.ItemType == NumberDataViewType.Single)
                return new FeatureRows<float>(vector.Size);
            if (vector.ItemType == NumberDataViewType.Double)
                return new FeatureRows<double>(vector.Size);
        }

        throw new ArgumentException(
            $"The feature column '{column.Name}' is {column.Type}; vectors of Single or Double of a known size are needed. "
            + $"Transforms.Concatenate(\"{column.Name}\", …) makes one of several columns of numbers.");
    }

    /// <summary>Reads rows of a stored model, written by <see cref="Store"/>.</summary>
    public static FeatureRows Restore(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        bool areSingles = arrays.All.GetValueOrDefault("values") is float[];
        return areSingles ? Restored<float>(arrays) : Restored<double>(arrays);

        static FeatureRows Restored<T>(ModelArrays arrays)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            if (arrays.Integers("rows and features") is not [>= 0 and var n, > 0 and var k] || arrays.All["values"] is not T[] values)
                throw new ArgumentException("The features are missing.");
            int[] starts = arrays.Integers("starts"), indices = arrays.Integers("columns");
            bool isSparse = starts.Length > 0;
            if (!values.All(T.IsFinite) || (!isSparse && (values.LongLength != (long)n * k || indices.Length > 0)))
                throw new ArgumentException("The features do not fit their numbers of rows and columns.");
            if (isSparse && (starts.Length != n + 1 || starts[0] != 0 || starts[^1] != values.Length || indices.Length != values.Length))
                throw new ArgumentException("The sparse features do not fit together.");
            for (int row = 0; isSparse && row < n; row++)
            {
                if (starts[row] > starts[row + 1] || starts[row + 1] > values.Length)
                    throw new ArgumentException($"Row {row} of the sparse features has no end.");
                for (int at = starts[row]; at < starts[row + 1]; at++)
                {
                    if (indices[at] >= k || indices[at] <= (at > starts[row] ? indices[at - 1] : -1))
                        throw new ArgumentException($"The columns of row {row} do not rise.");
                }
            }

            return new FeatureRows<T>(k, n, isSparse ? starts : null, indices, values);
        }
    }

    /// <summary>Gives what adds the features of the row that a row or a cursor is at.</summary>
    /// <returns>False where one is missing or infinite: nothing is added then.</returns>
    public abstract Func<bool> AdderOf(DataViewRow row, DataViewSchema.Column column);

    /// <summary>Takes the last row away again.</summary>
    public abstract void RemoveLast();

    /// <summary>Begins anew.</summary>
    public abstract void Clear();

    /// <summary>The rows as a matrix, which reads them where they are: they must stay.</summary>
    public abstract FeatureMatrix ToMatrix();

    /// <summary>Stores the rows.</summary>
    public abstract void Store(ModelArrays arrays);
}

/// <inheritdoc/>
internal sealed class FeatureRows<T> : FeatureRows
    where T : unmanaged, IFloatingPointIeee754<T>
{
    // A number that is not zero takes a column's number beside it, so half of them is where sparse rows take more room.
    private const int DensePart = 2;

    private readonly List<T> _values = [];
    private readonly List<int> _columns = [];

    // Where each row begins, and at last how many numbers there are; null where every number is kept.
    private List<int>? _starts = [0];
    private int _count;

    public FeatureRows(int columns)
        : base(columns)
    {
    }

    public FeatureRows(int columns, int count, int[]? starts, int[] indices, T[] values)
        : base(columns)
    {
        (_count, _starts) = (count, starts is null ? null : [.. starts]);
        _columns.AddRange(indices);
        _values.AddRange(values);
    }

    /// <inheritdoc/>
    public override int Count => _count;

    /// <inheritdoc/>
    public override Func<bool> AdderOf(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<T>> getter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> vector = default;
        return () =>
        {
            getter(ref vector);
            return vector.Length == Columns
                ? TryAdd(vector)
                : throw new InvalidOperationException($"A row of '{column.Name}' has {vector.Length} features instead of {Columns}.");
        };
    }

    /// <inheritdoc/>
    public override void RemoveLast()
    {
        _count--;
        if (_starts is null)
        {
            _values.RemoveRange(_count * Columns, Columns);
            return;
        }

        _starts.RemoveAt(_starts.Count - 1);
        _columns.RemoveRange(_starts[^1], _columns.Count - _starts[^1]);
        _values.RemoveRange(_starts[^1], _values.Count - _starts[^1]);
    }

    /// <inheritdoc/>
    public override void Clear()
    {
        _values.Clear();
        _columns.Clear();
        (_starts, _count) = ([0], 0);
    }

    /// <inheritdoc/>
    public override FeatureMatrix ToMatrix()
    {
        if (_starts is not null && (long)_values.Count * DensePart > (long)_count * Columns)
            MakeDense();
        if (_starts is null)
        {
            T[] values = [.. _values];
            return typeof(T) == typeof(float)
                ? new FeatureMatrix(_count, Columns, (float[])(object)values)
                : new FeatureMatrix(_count, Columns, (double[])(object)values);
        }

        (int[] starts, int[] columns, T[] numbers) = ([.. _starts], [.. _columns], [.. _values]);
        return new FeatureMatrix(_count, Columns, (row, features) =>
        {
            features.Clear();
            for (int at = starts[row]; at < starts[row + 1]; at++)
                features[columns[at]] = double.CreateTruncating(numbers[at]);
        });
    }

    /// <inheritdoc/>
    public override void Store(ModelArrays arrays)
    {
        arrays.Add("rows and features", [_count, Columns]);
        arrays.Add("starts", [.. _starts ?? []]);
        arrays.Add("columns", [.. _columns]);
        if (typeof(T) == typeof(float))
            arrays.Add("values", (float[])(object)_values.ToArray());
        else
            arrays.Add("values", (double[])(object)_values.ToArray());
    }

    private bool TryAdd(VBuffer<T> vector)
    {
        ReadOnlySpan<T> values = vector.GetValues();
        foreach (T value in values)
        {
            if (!T.IsFinite(value))
                return false;
        }

        if (vector.IsDense && _count == 0)
            _starts = null;
        if (_starts is null)
        {
            int first = _values.Count;
            System.Runtime.InteropServices.CollectionsMarshal.SetCount(_values, checked(first + Columns));
            vector.CopyTo(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_values)[first..]);
        }
        else
        {
            ReadOnlySpan<int> indices = vector.GetIndices();
            for (int i = 0; i < values.Length; i++)
            {
                if (values[i] == T.Zero)
                    continue;
                _columns.Add(vector.IsDense ? i : indices[i]);
                _values.Add(values[i]);
            }

            _starts.Add(_values.Count);
        }

        _count++;
        return true;
    }

    private void MakeDense()
    {
        T[] dense = new T[checked(_count * Columns)];
        for (int row = 0; row < _count; row++)
        {
            for (int at = _starts![row]; at < _starts[row + 1]; at++)
                dense[row * Columns + _columns[at]] = _values[at];
        }

        _values.Clear();
        _values.AddRange(dense);
        _columns.Clear();
        _starts = null;
    }
}
