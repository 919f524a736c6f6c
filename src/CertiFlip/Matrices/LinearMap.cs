using CertiFlip.Kernels;

namespace CertiFlip.Matrices;

/// <summary>Inner products of rows with directions, four rows at a time.</summary>
internal sealed class LinearMap
{
    private readonly int _inputs;
    private readonly int _features;
    private readonly int _stride;
    private readonly double[] _directions;

    /// <summary>Packs directions.</summary>
    /// <param name="inputs">Numbers of a row.</param>
    /// <param name="features">How many directions there are.</param>
    /// <param name="direction">Entry <c>input</c> of direction <c>feature</c>, asked for as (input, feature).</param>
    public LinearMap(int inputs, int features, Func<int, int, double> direction)
    {
        (_inputs, _features, _stride) = (inputs, features, Tile.PadWidth(features));
        _directions = new double[(long)inputs * _stride];
        for (int input = 0; input < inputs; input++)
        {
            for (int feature = 0; feature < features; feature++)
                _directions[input * _stride + feature] = direction(input, feature);
        }
    }

    /// <summary>
    /// How far apart the products of two rows stand: the number of directions, rounded up to a multiple of 16.
    /// </summary>
    public int Stride => _stride;

    public double this[int input, int feature] => _directions[input * _stride + feature];

    /// <summary>Multiplies four rows.</summary>
    /// <param name="columns">For each input, that of the four rows.</param>
    /// <param name="products">
    /// Receives a run of products for each row, each <see cref="Stride"/> after the one before.
    /// </param>
    public void Multiply(ReadOnlySpan<double> columns, Span<double> products)
    {
        products.Clear();
        for (int column = 0; column < _stride; column += Tile.Width)
            KernelSet.Best.MultiplyAddTile(
                _inputs, in _directions[column], _stride, in columns[0], Tile.Height, ref products[column], _stride);
    }

    /// <summary>
    /// Adds up what the products of many rows have beyond a threshold (<see cref="KernelSet.AddBeyond"/>).
    /// </summary>
    /// <param name="columns">For each input, that of all rows.</param>
    /// <param name="stride">Numbers from one input to the next.</param>
    /// <param name="groups">The first of every eight rows that count.</param>
    /// <param name="places">For each row where its sums begin.</param>
    /// <param name="threshold">What a product must exceed.</param>
    /// <param name="sums">Receives <see cref="Stride"/> sums at each place.</param>
    public void AddBeyond(
        ReadOnlySpan<double> columns, int stride, ReadOnlySpan<int> groups, ReadOnlySpan<int> places, double threshold, Span<double> sums)
    {
        int width = (_features + Tile.PoolHeight - 1) / Tile.PoolHeight * Tile.PoolHeight;
        KernelSet.Best.AddBeyond(_inputs, width, in _directions[0], _stride, columns, stride, groups, places, threshold, sums);
    }

    /// <summary>Maps rows less a shift.</summary>
    public double[] Transform(FeatureMatrix rows, double[] shift, ParallelOptions parallel)
    {
        double[] features = new double[(long)rows.Rows * _features];
        Parallel.For(0, (rows.Rows + Tile.Height - 1) / Tile.Height, parallel, group =>
        {
            int first = group * Tile.Height, count = Math.Min(Tile.Height, rows.Rows - first);
            double[] shifted = new double[_inputs * Tile.Height], products = new double[Tile.Height * _stride];
            for (int row = 0; row < count; row++)
            {
                ReadOnlySpan<double> x = rows.Row(first + row);
                for (int i = 0; i < x.Length; i++)
                    shifted[i * Tile.Height + row] = x[i] - shift[i];
            }

            Multiply(shifted, products);
            for (int row = 0; row < count; row++)
                products.AsSpan(row * _stride, _features).CopyTo(features.AsSpan((first + row) * _features));
        });
        return features;
    }
}
