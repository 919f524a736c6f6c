using System.Globalization;
using CertiFlip.Kernels;
using CertiFlip.Matrices;

namespace CertiFlip.Features;

/// <summary>
/// Where a row stands among the clusters of unlabelled rows: eigenvectors ψ of the random walk on their graph of
/// nearest neighbours, Pψ = λψ with P = D⁻¹W, for the largest λ but the constant one (Meilă and Shi 2001). On a cluster
/// that the walk seldom leaves, each is nearly constant. A row, fitted or new, is placed at the mean of its nearest
/// fitted rows' entries (Bengio et al. 2004, after Nyström).
/// </summary>
/// <remarks>
/// No label is asked for, and no new row looks at another. Rows of sets that hardly anything hangs together with are
/// left out of the graph, and placed as new rows are.
/// </remarks>
public sealed class SpectralFeatures : IFeatureMap, IStorable<SpectralFeatures>
{
    // Of lengths and eigenvalues that are at most 1, with room for rounding.
    private const double Longest = 1 + 1e-6;

    private const string StoredWhitening = "whitening";

    private readonly NeighbourSpace _space;
    private readonly FeatureMatrix _places;
    private readonly double[] _entries;
    private readonly RowCells? _cells;
    private readonly Lazy<Func<FeatureMatrix, int, ParallelOptions, int[]>> _find;

    /// <summary>A map that was fitted before.</summary>
    /// <param name="directions">The principal components in which neighbours are sought (d of them).</param>
    /// <param name="places">The fitted rows there (n × d).</param>
    /// <param name="eigenvalues">k eigenvalues of the random walk.</param>
    /// <param name="entries">The eigenvectors: k numbers for each of the n rows.</param>
    /// <param name="neighbours">Fitted rows that a row is placed among.</param>
    /// <exception cref="ArgumentException">
    /// The sizes do not fit together, or a number cannot be what it stands for.
    /// </exception>
    public SpectralFeatures(
        PrincipalComponents directions,
        FeatureMatrix places,
        IReadOnlyList<double> eigenvalues,
        IReadOnlyList<double> entries,
        int neighbours)
        : this(new NeighbourSpace(directions, NeighbourSpace.Usual), places, eigenvalues, entries, neighbours, cells: null, recall: null)
    {
    }

    internal SpectralFeatures(
        NeighbourSpace space,
        FeatureMatrix places,
        IReadOnlyList<double> eigenvalues,
        IReadOnlyList<double> entries,
        int neighbours,
        RowCells? cells,
        NeighbourRecall? recall)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(places);
        ArgumentNullException.ThrowIfNull(eigenvalues);
        ArgumentNullException.ThrowIfNull(entries);
        PrincipalComponents directions = space.Components;
        if (places.Columns != directions.Features || eigenvalues.Count < 1 || entries.Count != (long)places.Rows * eigenvalues.Count)
        {
            throw new ArgumentException(
                $"{places.Rows} rows of {places.Columns} numbers, {directions.Features} directions, {eigenvalues.Count} eigenvalues "
                + $"and {entries.Count} entries do not fit together.",
                nameof(entries));
        }

        if (neighbours < 1 || neighbours > places.Rows)
            throw new ArgumentException($"A row cannot be placed among {neighbours} of {places.Rows} rows.", nameof(neighbours));
        double largest = 5.0 * places.Rows; // Of k or more edges of 1/20 in a row, and nk in all: √(20n) at most.
        if (!entries.All(entry => Math.Abs(entry) <= largest))
            throw new ArgumentException($"An entry of an eigenvector is not from {-largest:R} to {largest:R}.", nameof(entries));
        if (!eigenvalues.All(value => Math.Abs(value) <= Longest))
            throw new ArgumentException("An eigenvalue is not from -1 to 1.", nameof(eigenvalues));
        if (!directions.Variances.All(variance => variance > 0))
            throw new ArgumentException("Rows cannot be placed along a direction of no variance.", nameof(space));
        for (int row = 0; row < places.Rows; row++)
        {
            if (!(Elementwise.Dot(places.Row(row), places.Row(row)) <= Longest))
                throw new ArgumentException($"Fitted row {row} is longer than 1.", nameof(places));
        }

        (_space, _places, Eigenvalues, _entries, Neighbours) =
            (space, places, [.. eigenvalues], [.. entries], neighbours);
        (_cells, Recall) = (cells, recall);
        _find = new(() => Search(places, cells, new ParallelOptions()));
    }

    /// <summary>The principal components in which neighbours are sought.</summary>
    public PrincipalComponents Directions => _space.Components;

    /// <summary>The fitted rows there (n × d).</summary>
    public FeatureMatrix Places => _places;

    /// <summary>
    /// Eigenvalues of the random walk, the largest first, without the constant eigenvector's: 1 less the part of a
    /// cluster that leaves it in a step.
    /// </summary>
    public IReadOnlyList<double> Eigenvalues { get; }

    /// <summary>
    /// The eigenvectors: as many numbers as there are eigenvalues for each fitted row. The mean square of each,
    /// weighted by degree, is 1, or λ²ᵗ after a time t of diffusion (<see cref="SpectralFeaturesOptions.Diffusion"/>).
    /// </summary>
    public IReadOnlyList<double> Entries => _entries;

    /// <summary>Fitted rows that a row is placed among.</summary>
    public int Neighbours { get; }

    /// <summary>How far directions are whitened (<see cref="SpectralFeaturesOptions.Whitening"/>).</summary>
    public double Whitening => _space.Whitening;

    /// <summary>How well nearest rows are found; null where they are found exactly.</summary>
    public NeighbourRecall? Recall { get; }

    /// <inheritdoc/>
    public string? Approximation => Recall?.ToString();

    /// <inheritdoc/>
    public int Inputs => Directions.Inputs;

    /// <inheritdoc/>
    public int Features => Eigenvalues.Count;

    /// <summary>False.</summary>
    public bool DependsOnLabels => false;

    /// <summary>Fits the map to unlabelled rows, and maps them, for the time that it takes to fit.</summary>
    /// <param name="inputs">n rows, more than there are neighbours.</param>
    /// <param name="options">Neighbours and features.</param>
    /// <param name="parallel">How many threads may work, and when to stop; the map does not depend on it.</param>
    /// <returns>The map, and what <see cref="Transform"/> makes of <paramref name="inputs"/>, to the bit.</returns>
    /// <exception cref="ArgumentException">There are too few rows, or all are the same.</exception>
    /// <exception cref="ArithmeticException">The eigenvectors cannot be told apart from others.</exception>
    public static (SpectralFeatures Map, FeatureMatrix Features) FitTransform(
        FeatureMatrix inputs, SpectralFeaturesOptions? options = null, ParallelOptions? parallel = null)
    {
        var fit = SpectralFit.Prepare(inputs, options, parallel);
        int[] nearest = fit.Search(0, inputs.Rows);
        SpectralFeatures map = fit.Finish(nearest);
        return map.Places.Rows == inputs.Rows
            ? (map, map.MeanOf([.. nearest.Where((_, i) => i % fit.Neighbours < map.Neighbours)]))
            : (map, map.Transform(inputs, parallel));
    }

    /// <inheritdoc/>
    public static string Kind => "spectral";

    /// <inheritdoc/>
    public static SpectralFeatures Restore(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        var directions = PrincipalComponents.Restore(arrays);
        double[] places = arrays.Doubles("places");
        if (places.Length % directions.Features != 0)
            throw new ArgumentException($"{places.Length} numbers are no rows of {directions.Features}.", nameof(arrays));
        var rows = new FeatureMatrix(places.Length / directions.Features, directions.Features, places);
        (RowCells? cells, NeighbourRecall? recall) = arrays.All.ContainsKey(NeighbourRecall.Stored)
            ? NeighbourRecall.Restore(arrays, rows)
            : default;
        double whitening = arrays.All.ContainsKey(StoredWhitening) ? arrays.Doubles(StoredWhitening).Single() : NeighbourSpace.Usual;
        if (whitening is not (>= 0 and <= 1))
            throw new ArgumentException("Whitening is not from 0 to 1.", nameof(arrays));
        return new SpectralFeatures(
            new NeighbourSpace(directions, whitening),
            rows,
            arrays.Doubles("eigenvalues"),
            arrays.Doubles("entries"),
            arrays.Integers("neighbours").Single(),
            cells,
            recall);
    }

    /// <inheritdoc/>
    public void Store(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        Directions.Store(arrays);
        arrays.Add("places", Places.First(Places.Rows));
        arrays.Add("eigenvalues", [.. Eigenvalues]);
        arrays.Add("entries", [.. Entries]);
        arrays.Add("neighbours", [Neighbours]);
        if (Whitening != NeighbourSpace.Usual)
            arrays.Add(StoredWhitening, [Whitening]);
        if (_cells is { } cells)
            Recall!.Store(arrays, cells);
    }

    /// <inheritdoc/>
    public FeatureMatrix Transform(FeatureMatrix inputs, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Columns != Inputs)
            throw new ArgumentException($"The map takes {Inputs} inputs a row, but there are {inputs.Columns}.", nameof(inputs));
        parallel ??= new ParallelOptions();
        return MeanOf(_find.Value(_space.Place(inputs, parallel), Neighbours, parallel));
    }

    private static Func<FeatureMatrix, int, ParallelOptions, int[]> Search(FeatureMatrix rows, RowCells? cells, ParallelOptions parallel) =>
        cells is null ? new NeighbourSearch(rows).Find : new CellSearch(rows, cells, parallel).Find;

    private FeatureMatrix MeanOf(int[] nearest)
    {
        int rows = nearest.Length / Neighbours, k = Features;
        double[] features = new double[(long)rows * k];
        for (int row = 0; row < rows; row++)
        {
            Span<double> mean = features.AsSpan(row * k, k);
            foreach (int neighbour in nearest.AsSpan(row * Neighbours, Neighbours))
            {
                for (int i = 0; i < k; i++)
                    mean[i] += _entries[neighbour * k + i];
            }

            foreach (ref double value in mean)
                value /= Neighbours;
        }

        return new FeatureMatrix(rows, k, features);
    }
}

/// <summary>
/// A fit of <see cref="SpectralFeatures"/> in pieces: the search for nearest rows, which takes longest, may be shared
/// out. What is found for a row depends on the rows and options alone.
/// </summary>
public sealed class SpectralFit
{
    // A set of rows without an edge to others is a cluster if it has this part of all rows; else it is a few stray
    // rows.
    private const double LeastComponent = 0.01;

    // How often a walk leaves clusters of the last eigenvector that is to stay, chosen on several data sets
    // (docs/record.md).
    private const double StepsLeft = 2.5;

    // Of what is left of an eigenvector: not so little that its squares are lost.
    private const double LeastLogarithm = -300;

    private readonly SpectralFeaturesOptions _options;
    private readonly ParallelOptions _parallel;
    private readonly NeighbourSpace _space;
    private readonly FeatureMatrix _all;
    private readonly RowCells? _cells;
    private readonly NeighbourRecall? _recall;
    private readonly Lazy<Func<int, int, int[]>> _search;

    /// <param name="inputs">The rows.</param>
    /// <param name="options">The options.</param>
    /// <param name="parallel">How many threads may work.</param>
    /// <param name="space">What <see cref="StoreSpace"/> stored of the same fit; null where it is to be found.</param>
    private SpectralFit(FeatureMatrix inputs, SpectralFeaturesOptions options, ParallelOptions parallel, ModelArrays? space)
    {
        (_options, _parallel) = (options, parallel);
        PrincipalComponents directions = space is null
            ? PrincipalComponents.Fit(inputs, new PrincipalComponentsOptions { Components = options.Directions }, parallel)
            : PrincipalComponents.Restore(space);
        _space = new NeighbourSpace(directions, options.Whitening);
        _all = _space.Place(inputs, parallel);
        CellSearch? fitted = null;
        if (options.NeighbourRecall is { } recall)
        {
            if (space is null)
                (fitted, _cells, _recall) = Features.NeighbourRecall.Fit(_all, Neighbours, recall, parallel);
            else
                (_cells, _recall) = Features.NeighbourRecall.Restore(space, _all);
        }

        _search = new Lazy<Func<int, int, int[]>>(() =>
        {
            if (_cells is { } cells)
            {
                CellSearch some = fitted ?? new CellSearch(_all, cells, parallel);
                return (first, count) => some.Find(_all, first, count, Neighbours, parallel);
            }

            var all = new NeighbourSearch(_all, parallel);
            return (first, count) => all.Find(
                count == _all.Rows ? _all : _all.SelectRows([.. Enumerable.Range(first, count)]), Neighbours, parallel);
        });
    }

    /// <summary>How many rows are found for each: a row is its own nearest.</summary>
    public int Neighbours => _options.Neighbours + 1;

    /// <summary>Finds out in which space, and in which cells, nearest rows are sought.</summary>
    /// <inheritdoc cref="SpectralFeatures.FitTransform"/>
    /// <returns>The fit.</returns>
    public static SpectralFit Prepare(FeatureMatrix inputs, SpectralFeaturesOptions? options = null, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        options ??= new SpectralFeaturesOptions();
        return inputs.Rows - 1 > options.Neighbours
            ? new SpectralFit(inputs, options, parallel ?? new ParallelOptions(), space: null)
            : throw new ArgumentException($"{inputs.Rows} rows are too few for {options.Neighbours} neighbours of each.", nameof(inputs));
    }

    /// <summary>The same fit again, of what <see cref="StoreSpace"/> stored.</summary>
    /// <exception cref="ArgumentException">It is not that.</exception>
    internal static SpectralFit Restore(
        FeatureMatrix inputs, SpectralFeaturesOptions options, ModelArrays space, ParallelOptions parallel) =>
        new(inputs, options, parallel, space);

    /// <summary>Stores the space and the cells in which nearest rows are sought.</summary>
    internal void StoreSpace(ModelArrays arrays)
    {
        _space.Components.Store(arrays);
        if (_cells is { } cells)
            _recall!.Store(arrays, cells);
    }

    /// <summary>The nearest rows of some rows, each row's nearest first (rows × <see cref="Neighbours"/>).</summary>
    /// <param name="firstRow">The first row.</param>
    /// <param name="rowCount">How many.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no such rows.</exception>
    public int[] Search(int firstRow, int rowCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rowCount, _all.Rows - firstRow);
        return _search.Value(firstRow, rowCount);
    }

    /// <summary>Makes the map.</summary>
    /// <param name="nearest">What <see cref="Search"/> found for all rows.</param>
    /// <exception cref="ArgumentException">It is not that.</exception>
    /// <exception cref="ArithmeticException">The eigenvectors cannot be told apart from others.</exception>
    public SpectralFeatures Finish(int[] nearest)
    {
        ArgumentNullException.ThrowIfNull(nearest);
        int n = _all.Rows;
        if (nearest.Length != (long)n * Neighbours || !Array.TrueForAll(nearest, row => row >= 0 && row < n))
            throw new ArgumentException($"These are not {Neighbours} of {n} rows for each.", nameof(nearest));
        int[] rows = NeighbourGraph.LargeComponents(nearest, Neighbours, Math.Max(Neighbours, (int)Math.Ceiling(LeastComponent * n)));

        // Rows of a cell have neighbours there: beside each other, they are found in the cache.
        int[] order = [.. Enumerable.Range(0, rows.Length)];
        if (_cells is not null)
            order = [.. order.OrderBy(i => _cells.CellOf[rows[i]])];
        var graph = NeighbourGraph.Of([.. order.Select(i => rows[i])], nearest, Neighbours, _options.Edges, _all);
        (double[] vectors, double[] values) = RandomWalk.EigenvectorsOf(graph, _options.Components, _parallel);
        double[] entries = new double[vectors.Length];
        double time = _options.Diffusion ?? TimeFor(values);
        double[] left = [.. values.Select(value => LeftAfter(time, value))];
        for (int i = 0; i < order.Length; i++)
        {
            for (int c = 0; c < left.Length; c++)
                entries[order[i] * left.Length + c] = vectors[i * left.Length + c] * left[c];
        }

        FeatureMatrix places = rows.Length == n ? _all : _all.SelectRows(rows);
        return new SpectralFeatures(_space, places, values, entries, _options.Neighbours, _cells?.Select(rows), _recall);
    }

    /// <summary>A time by which the first third of eigenvectors is left, and the others fade.</summary>
    private static double TimeFor(double[] eigenvalues)
    {
        double leaving = 1 - eigenvalues[(eigenvalues.Length + 2) / 3 - 1];
        return Math.Min(StepsLeft / Math.Max(leaving, double.Epsilon), SpectralFeaturesOptions.MostSteps);
    }

    /// <summary>λᵗ: what is left of an eigenvector after t steps of the walk, or of what is below 0 nothing.</summary>
    private static double LeftAfter(double time, double eigenvalue) =>
        time == 0 ? 1
            : eigenvalue <= 0 ? 0
            : Arithmetic.Exp(Math.Max(time * Arithmetic.Log(Math.Min(eigenvalue, 1)), LeastLogarithm));
}

/// <summary>How <see cref="SpectralFeatures"/> are fitted.</summary>
public sealed record SpectralFeaturesOptions
{
    internal const double MostSteps = 1e9;

    /// <summary>How many features, at least 1: about as many as there are clusters.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Components { get; init => field = AtLeastOne(value); } = 10;

    /// <summary>Neighbours that a row is linked to, and that a new row is placed among, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Neighbours { get; init => field = AtLeastOne(value); } = 10;

    /// <summary>Principal components in which neighbours are sought, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Directions { get; init => field = AtLeastOne(value); } = 100;

    /// <summary>
    /// How far directions are whitened, from 0 to 1: each is divided by its standard deviation to this power. 1 listens
    /// to directions of noise as much as to what rows have in common, 0 to the first few alone.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 0 to 1.</exception>
    public double Whitening
    {
        get;
        init => field = value is >= 0 and <= 1 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Whitening is from 0 to 1.");
    } = NeighbourSpace.Usual;

    /// <summary>What edges between neighbours weigh.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the members.</exception>
    public NeighbourEdges Edges
    {
        get;
        init => field = Enum.IsDefined(value) ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "There are no such edges.");
    }

    /// <summary>
    /// Steps t of the walk, at least 0: each eigenvector is multiplied by λᵗ (Coifman and Lafon 2006). Features are
    /// then weighed by how seldom a walk leaves their clusters, so that it matters less how many there are. 0 weighs
    /// all alike; null takes 2.5/(1 − λ) for the eigenvalue λ that a third of all reach, so that the others fade.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 0 to 10⁹.</exception>
    public double? Diffusion
    {
        get;
        init => field = value is null or (>= 0 and <= MostSteps) ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Steps of the walk are from 0 to 1,000,000,000.");
    } = 0;

    /// <summary>
    /// The part of the true neighbours that is to be found, above 0 and below 1, by a search that looks into some of
    /// the cells of k-means: for so many rows that the exact search, which compares each with each, takes too long.
    /// Null searches exactly.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not between 0 and 1.</exception>
    public double? NeighbourRecall
    {
        get;
        init => field = value is null or (> 0 and < 1) ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The part to be found is above 0 and below 1.");
    }

    private static int AtLeastOne(int value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
        return value;
    }
}

/// <summary>
/// How well nearest rows are found by a search that looks into the nearest cells of k-means only, measured against the
/// exact search on fitted rows that had no part in the choice of cells.
/// </summary>
/// <param name="Cells">The cells.</param>
/// <param name="Probes">How many of them are looked into for a row.</param>
/// <param name="Asked">The part of the true neighbours that was to be found.</param>
/// <param name="Measured">The part that was found.</param>
/// <param name="Rows">Rows that it was measured on.</param>
public sealed record NeighbourRecall(int Cells, int Probes, double Asked, double Measured, int Rows)
{
    internal const string Stored = "cell centres";

    /// <summary>A sentence.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"nearest rows are sought in {Probes:N0} of {Cells:N0} cells: on {Rows:N0} rows, {Measured:0.0000} of the true ones were found "
        + $"({Asked:R} asked for).");

    internal static (CellSearch Search, RowCells Cells, NeighbourRecall Recall) Fit(
        FeatureMatrix rows, int count, double asked, ParallelOptions parallel)
    {
        (CellSearch search, RowCells cells, double recall, int measured) = RowCells.Fit(rows, count, asked, parallel);
        return (search, cells, new NeighbourRecall(cells.Count, cells.Probes, asked, recall, measured));
    }

    internal static (RowCells Cells, NeighbourRecall Recall) Restore(ModelArrays arrays, FeatureMatrix rows)
    {
        double[] centres = arrays.Doubles(Stored), recalls = arrays.Doubles("recall");
        int[] cellOf = arrays.Integers("cell of place"), numbers = arrays.Integers("cells");
        if (centres.Length == 0 || centres.Length % rows.Columns != 0 || numbers.Length != 3 || recalls.Length != 2)
            throw new ArgumentException("The cells of rows do not fit together.", nameof(arrays));
        var matrix = new FeatureMatrix(centres.Length / rows.Columns, rows.Columns, centres);
        if (cellOf.Length != rows.Rows || !cellOf.All(cell => cell >= 0 && cell < matrix.Rows))
            throw new ArgumentException($"There are not {rows.Rows} numbers of cells, each from 0 to {matrix.Rows - 1}.", nameof(arrays));
        if (numbers is not [var probes, > 0, > 0] || probes < 1 || probes > matrix.Rows || numbers[1] > rows.Rows)
            throw new ArgumentException($"{numbers[0]} of {matrix.Rows} cells cannot be looked into.", nameof(arrays));
        if (!centres.All(number => Math.Abs(number) <= 2) || recalls is not [> 0 and < 1, >= 0 and <= 1])
            throw new ArgumentException("A centre of a cell, or a recall, is out of range.", nameof(arrays));
        var cells = new RowCells(matrix, cellOf, probes, numbers[1]);
        return (cells, new NeighbourRecall(matrix.Rows, probes, recalls[0], recalls[1], numbers[2]));
    }

    internal void Store(ModelArrays arrays, RowCells cells)
    {
        arrays.Add(Stored, cells.Centres.First(cells.Count));
        arrays.Add("cell of place", cells.CellOf);
        arrays.Add("cells", [cells.Probes, cells.Least, Rows]);
        arrays.Add("recall", [Asked, Measured]);
    }
}

/// <summary>
/// Where neighbours are sought: principal components, each divided by a power of its standard deviation, and rows
/// brought to length 1, so that the nearest row is the one with the largest cosine.
/// </summary>
internal sealed class NeighbourSpace
{
    /// <summary>Half whitened: divided by the square root of the standard deviation.</summary>
    public const double Usual = 0.5;

    private readonly double[] _scales;

    public NeighbourSpace(PrincipalComponents components, double whitening)
    {
        ArgumentNullException.ThrowIfNull(components);
        (Components, Whitening) = (components, whitening);
        _scales = components.ScalesOf(whitening);
    }

    public double Whitening { get; }

    public PrincipalComponents Components { get; }

    public FeatureMatrix Place(FeatureMatrix inputs, ParallelOptions parallel)
    {
        FeatureMatrix projected = Components.Transform(inputs, parallel);
        int k = projected.Columns;
        double[] values = projected.First(projected.Rows);
        Parallel.For(0, projected.Rows, parallel, row =>
        {
            Span<double> place = values.AsSpan(row * k, k);
            double squares = 0;
            for (int i = 0; i < k; i++)
            {
                place[i] *= _scales[i];
                squares += place[i] * place[i];
            }

            if (squares > 0)
            {
                foreach (ref double value in place)
                    value /= Math.Sqrt(squares);
            }
        });
        return new FeatureMatrix(projected.Rows, k, values);
    }
}

/// <summary>The random walk on a graph: from a row along an edge, each as likely as it weighs.</summary>
internal static class RandomWalk
{
    /// <summary>
    /// Eigenvectors ψ = D^(−½)u of D⁻¹W from eigenvectors u of D^(−½)WD^(−½), for the largest eigenvalues. The constant
    /// ψ, u ∝ D^½1, is left out; on a graph that does not hang together there are more of eigenvalue 1, which tell its
    /// components apart.
    /// </summary>
    /// <returns>A number of each eigenvector for each row, and the eigenvalues.</returns>
    public static (double[] Entries, double[] Values) EigenvectorsOf(NeighbourGraph graph, int count, ParallelOptions parallel)
    {
        double total = graph.Degrees.Sum();
        double[] constant = [.. graph.Degrees.Select(degree => Math.Sqrt(degree / total))];
        (double[] vectors, double[] values) = new LeadingEigenvectors(graph.Normalised, parallel).Find(count, constant);
        for (int i = 0; i < vectors.Length; i++)
            vectors[i] /= constant[i / values.Length];
        return (vectors, values);
    }
}
