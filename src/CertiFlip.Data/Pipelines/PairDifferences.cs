namespace CertiFlip.Data.Pipelines;

/// <summary>
/// Rows of pairs as differences: two columns for each number, one of the first item and one of the second, such as
/// <c>a_length</c> and <c>b_length</c>; or two vectors. Nothing is fitted, so that both items are treated alike.
/// </summary>
public sealed class PairDifferences : RowMap
{
    /// <summary>What model files call this kind of map.</summary>
    public const string StoredKind = "pairs";

    private const string Numbers = "a number in every row";
    private readonly (string First, string Second, int Width)[] _pairs;
    private readonly string _prefix;

    private PairDifferences((string First, string Second, int Width)[] pairs, string prefix) => (_pairs, _prefix) = (pairs, prefix);

    /// <inheritdoc/>
    public override string Kind => StoredKind;

    /// <inheritdoc/>
    public override string Description => "differences of pairs";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns => [.. _pairs.Select(pair => pair.First), .. _pairs.Select(pair => pair.Second)];

    /// <inheritdoc/>
    public override int Features => _pairs.Sum(pair => pair.Width);

    /// <inheritdoc/>
    public override IReadOnlyList<string> FeatureNames =>
        _pairs.All(pair => pair.Width == 1 && pair.First.Length > _prefix.Length)
            ? [.. _pairs.Select(pair => pair.First[_prefix.Length..])]
            : [];

    /// <summary>The pairs of columns whose names begin with one of two words and go on alike.</summary>
    /// <param name="training">The training rows.</param>
    /// <param name="first">What the names of the first item's columns begin with, such as <c>a_</c>.</param>
    /// <param name="second">The same of the second item's, such as <c>b_</c>.</param>
    /// <exception cref="DataException">
    /// There are no such columns, one has no partner, or they do not hold numbers, or vectors of one length.
    /// </exception>
    public static PairDifferences Of(Table training, string first, string second)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentException.ThrowIfNullOrEmpty(first);
        ArgumentException.ThrowIfNullOrEmpty(second);
        string[] names = [.. training.Columns.Select(column => column.Name)];
        if (new[] { first, second }.FirstOrDefault(begin => !names.Any(name => Begins(name, begin))) is { } absent)
            throw new DataException($"{training.Source}: no column's name begins with {DataException.Quote(absent)}.");
        foreach ((string own, string other) in ((string, string)[])[(first, second), (second, first)])
        {
            if (names.FirstOrDefault(name => Begins(name, own) && !names.Contains(other + name[own.Length..])) is { } alone)
            {
                throw new DataException(
                    $"{training.Source}: column {DataException.Quote(alone)} has no partner; expected "
                    + $"{DataException.Quote(other + alone[own.Length..])} beside it.");
            }
        }

        return new PairDifferences(
            [
                .. from name in names
                   where Begins(name, first)
                   let partner = second + name[first.Length..]
                   select (name, partner, Math.Min(WidthOf(training, name), WidthOf(training, partner))),
            ],
            first);
    }

    /// <summary>Restores what <see cref="Store"/> made.</summary>
    /// <param name="arrays">The arrays.</param>
    /// <exception cref="ArgumentException">Something is missing, or does not fit together.</exception>
    public static PairDifferences Restore(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        string[] first = [.. arrays.Texts("first")], second = [.. arrays.Texts("second")];
        int[] widths = [.. arrays.Integers("widths")];
        if (first.Length == 0 || first.Length != second.Length || first.Length != widths.Length || widths.Any(width => width < 1))
            throw new ArgumentException("The columns of the pairs do not fit together.", nameof(arrays));
        string prefix = arrays.Texts("prefix").Single();
        return first.All(name => Begins(name, prefix))
            ? new PairDifferences([.. first.Zip(second, widths)], prefix)
            : throw new ArgumentException("A column of the first items begins in another way.", nameof(arrays));
    }

    /// <inheritdoc/>
    public override FeatureMatrix Transform(Table table, IProgress<int>? progress = null, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        double[] differences = new double[checked(table.Rows * Features)];
        int start = 0;
        foreach ((string first, string second, int width) in _pairs)
        {
            FeatureMatrix a = ValuesOf(table, first, width), b = ValuesOf(table, second, width);
            for (int row = 0; row < table.Rows; row++)
            {
                for (int column = 0; column < width; column++)
                {
                    double difference = a.Row(row)[column] - b.Row(row)[column];
                    differences[row * Features + start + column] = double.IsFinite(difference)
                        ? difference
                        : throw new DataException(
                            $"{table.Source}: row {row} (counting from 0) of columns {DataException.Quote(first)} and "
                            + $"{DataException.Quote(second)} has no difference; expected {Numbers}.");
                }
            }

            start += width;
        }

        return new FeatureMatrix(table.Rows, Features, differences);
    }

    /// <inheritdoc/>
    public override void Store(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        arrays.Add("first", [.. _pairs.Select(pair => pair.First)]);
        arrays.Add("second", [.. _pairs.Select(pair => pair.Second)]);
        arrays.Add("widths", [.. _pairs.Select(pair => pair.Width)]);
        arrays.Add("prefix", [_prefix]);
    }

    private static bool Begins(string name, string with) => name.StartsWith(with, StringComparison.Ordinal);

    private static int WidthOf(Table table, string name) => table.Find(name) is VectorColumn vectors ? vectors.Values.Columns : 1;

    private static FeatureMatrix ValuesOf(Table table, string name, int width)
    {
        if (table.Find(name) is VectorColumn vectors)
        {
            return vectors.Values.Columns == width
                ? vectors.Values
                : throw new DataException(
                    $"{table.Source}: column {DataException.Quote(name)} has vectors of {vectors.Values.Columns} "
                    + $"numbers; expected {width}.");
        }

        NumberColumn numbers = Column<NumberColumn>(table, name, Numbers);
        double[] values = numbers.Values.ToArray();
        int gap = Array.FindIndex(values, double.IsNaN);
        return gap < 0 && width == 1
            ? new FeatureMatrix(table.Rows, 1, values)
            : throw new DataException(
                $"{table.Source}: column {DataException.Quote(name)} has no number in row {Math.Max(gap, 0)} (counting from 0); expected "
                + (width == 1 ? $"{Numbers}." : $"vectors of {width} numbers."));
    }
}
