using CertiFlip.Kernels;

namespace CertiFlip.Matrices;

/// <summary>
/// What ridge, standard scaling and principal components take from training rows: maxima, means, squares and, if it is
/// asked for, XᵀX. The rows are passed over four times, block by block. Each pass needs the whole sums of the one
/// before, and who adds up which blocks makes no difference (<see cref="BlockSums"/>).
/// </summary>
internal sealed class BlockFit
{
    // Columns that one thread looks at, where there are many numbers.
    private const int PieceColumns = 32;
    private const int FewestNumbers = 1 << 16;

    private readonly int _rows, _columns, _blockRows;
    private readonly ColumnUnit _unit;
    private readonly Intercept? _productsOf;
    private readonly double[] _means;
    private double[] _scales = [];
    private double[] _squares = [];
    private double[] _triangle = [];

    /// <summary>A fit that has seen nothing yet.</summary>
    /// <param name="rows">Number of training rows, n, at least 1.</param>
    /// <param name="columns">Number of features, k.</param>
    /// <param name="unit">Whether each column gets a unit of its own.</param>
    /// <param name="productsOf">
    /// Where XᵀX is wanted, too: whether it is that of centred rows, as it is with an intercept.
    /// </param>
    /// <param name="blockRows">Rows of a block. Only tests ask for another number.</param>
    public BlockFit(int rows, int columns, ColumnUnit unit, Intercept? productsOf = null, int blockRows = BlockSums.BlockRows)
    {
        (_rows, _columns, _unit, _productsOf, _blockRows) = (rows, columns, unit, productsOf, blockRows);
        _means = new double[columns];
    }

    /// <summary>How many blocks the rows are.</summary>
    public int Blocks => Math.Max(1, BlockSums.CountOf(_rows, _blockRows));

    /// <summary>Whether XᵀX is wanted, too.</summary>
    public bool HasProducts => _productsOf is not null;

    /// <summary>The next pass.</summary>
    public BlockPass Pass { get; private set; }

    /// <summary>No sums yet for the next pass, to be added to or read.</summary>
    public BlockSums NewSums() => new(
        Blocks,
        Pass == BlockPass.Products && _productsOf is not null ? _columns + GramMatrix.LengthOfTriangle(_columns) : _columns,
        Pass == BlockPass.Largest ? BlockRule.Largest : BlockRule.Sum);

    /// <summary>Sums up some blocks for the next pass. No other rows are looked at.</summary>
    public BlockSums Sum(FeatureMatrix features, int firstBlock, int blocks, ParallelOptions parallel)
    {
        BlockSums sums = NewSums();
        sums.AddRows(_rows, firstBlock, blocks, _blockRows, (first, count, numbers) =>
        {
            parallel.CancellationToken.ThrowIfCancellationRequested();

            // Columns know nothing of each other, and rows in memory can be looked at in pieces.
            if ((long)count * _columns < FewestNumbers || !features.TryGetValues<double>(out _))
                AddRows(features, first, count, 0, numbers.AsSpan(0, _columns));
            else
            {
                Parallel.For(0, (_columns + PieceColumns - 1) / PieceColumns, parallel, piece =>
                {
                    int from = piece * PieceColumns, width = Math.Min(PieceColumns, _columns - from);
                    AddRows(features, first, count, from, numbers.AsSpan(from, width));
                });
            }

            if (Pass == BlockPass.Products && _productsOf is { } intercept)
                GramMatrix.Add(features, Scaling(intercept), first, count, numbers.AsSpan(_columns), parallel, KernelSet.Best);
        });
        return sums;
    }

    /// <summary>Ends a pass with the sums of all blocks.</summary>
    public void Take(BlockSums sums)
    {
        double[] total = sums.Total();
        switch (Pass)
        {
            case BlockPass.Largest:
                if (_unit == ColumnUnit.Common)
                    Array.Fill(total, total.Max());
                _scales = Array.ConvertAll(total, Scale);
                break;
            case BlockPass.Means or BlockPass.Residuals:
                // The second round removes the rounding of the first: a column that never varies is centred to zeros,
                // not to noise.
                for (int i = 0; i < _columns; i++)
                    _means[i] += total[i] / _rows;
                break;
            case BlockPass.Products:
                (_squares, _triangle) = (total[.._columns], total[_columns..]);
                break;
            default:
                throw new InvalidOperationException("The fit is done.");
        }

        Pass++;
    }

    /// <summary>Does all passes that are left over all rows.</summary>
    public BlockFit Run(FeatureMatrix features, ParallelOptions? parallel = null)
    {
        while (Pass != BlockPass.Done)
            Take(Sum(features, 0, Blocks, parallel ?? new ParallelOptions()));
        return this;
    }

    /// <summary>How columns are scaled and centred.</summary>
    public ColumnScaling Scaling(Intercept intercept) => ColumnScaling.OfFit(_scales, _means, _squares, intercept);

    /// <summary>XᵀX.</summary>
    public GramMatrix Gram() => GramMatrix.OfTriangle(_columns, _triangle);

    private static double Scale(double largest) =>
        largest == 0 ? 1 : Math.ScaleB(1, -Math.Clamp(Math.ILogB(largest), -1022, 1022));

    /// <summary>Adds some columns of some rows, as many as there are sums.</summary>
    private void AddRows(FeatureMatrix features, int first, int count, int firstColumn, Span<double> sums)
    {
        ReadOnlySpan<double> means = _means.AsSpan(firstColumn), scales = Pass == BlockPass.Largest ? [] : _scales.AsSpan(firstColumn);
        double[] centred = new double[sums.Length];
        for (int row = first; row < first + count; row++)
        {
            ReadOnlySpan<double> x = features.Row(row).Slice(firstColumn, sums.Length);
            if (Pass == BlockPass.Largest)
            {
                Elementwise.MaxMagnitude(x, sums);
                continue;
            }

            Elementwise.Centre(x, scales, means, centred);
            if (Pass == BlockPass.Products)
                Elementwise.AddSquares(centred, sums);
            else
                Elementwise.Add(centred, sums);
        }
    }
}

/// <summary>A pass of a <see cref="BlockFit"/> over the rows.</summary>
internal enum BlockPass
{
    /// <summary>The largest magnitude of every column, which its scale follows from.</summary>
    Largest,

    /// <summary>The sums of scaled columns: their means.</summary>
    Means,

    /// <summary>The sums of centred columns: what rounding has left of them goes into the means.</summary>
    Residuals,

    /// <summary>The squares of centred columns, and XᵀX.</summary>
    Products,

    /// <summary>No pass is left.</summary>
    Done,
}

/// <summary>What columns are multiplied by.</summary>
internal enum ColumnUnit
{
    /// <summary>A power of two for each.</summary>
    Own,

    /// <summary>One power of two for all, so that distances keep their proportions.</summary>
    Common,
}
