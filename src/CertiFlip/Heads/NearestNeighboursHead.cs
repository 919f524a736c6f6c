using System.Globalization;
using CertiFlip.Kernels;
using CertiFlip.Matrices;

namespace CertiFlip.Heads;

/// <summary>
/// The vote of the nearest training rows by Euclidean distance: αⱼ = 1/N for the N nearest, 0 for the others. Of
/// training rows at the same distance those that come first are nearer. The same classifier as
/// <see cref="Learners.NearestNeighboursLearner"/>: the commonest label wins, ties go to the smaller class, of two
/// classes too.
/// </summary>
public sealed class NearestNeighboursHead : ILeaveOneOutHead
{
    private readonly NeighbourSearch _search;

    private NearestNeighboursHead(FeatureMatrix features, int neighbours, ParallelOptions parallel) =>
        (_search, TrainingRows, Neighbours) = (new NeighbourSearch(features, parallel), features.Rows, neighbours);

    /// <summary>N, the number of neighbours that vote.</summary>
    public int Neighbours { get; }

    /// <inheritdoc/>
    public int TrainingRows { get; }

    /// <inheritdoc/>
    public int Features => _search.Features;

    /// <summary>False.</summary>
    public bool DependsOnLabels => false;

    /// <inheritdoc/>
    public TwoClassRule TwoClassRule => TwoClassRule.LargestScore;

    /// <summary>Prepares the search among the training rows.</summary>
    /// <param name="features">Training features (n × k), n at least 1.</param>
    /// <param name="neighbours">How many neighbours vote, N, from 1 to n; scikit-learn's n_neighbors.</param>
    /// <param name="parallel">
    /// How many threads may be used; as many as there are processors if not given. The result does not depend on it.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="neighbours"/> is not from 1 to n.</exception>
    /// <exception cref="HeadException">There are no rows.</exception>
    public static NearestNeighboursHead Fit(FeatureMatrix features, int neighbours = 10, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.Rows == 0)
            throw new HeadException("There are no training rows to fit a head to.");
        if (neighbours < 1 || neighbours > features.Rows)
        {
            throw new ArgumentException(
                $"{neighbours} neighbours cannot vote: ask for 1 to {features.Rows}, the number of training rows.", nameof(neighbours));
        }

        return new NearestNeighboursHead(features, neighbours, parallel ?? new ParallelOptions());
    }

    /// <inheritdoc/>
    public void ComputeWeights(FeatureMatrix tests, int firstRow, int rowCount, Span<double> weights, int stride)
    {
        Tile.HoldRoom(weights, TrainingRows, Tile.PadHeight(rowCount), stride);
        ReadOnlySpan<int> nearest = Nearest(tests, firstRow, rowCount, Neighbours);
        for (int row = 0; row < rowCount; row++)
            Vote(nearest.Slice(row * Neighbours, Neighbours), weights.Slice(row * stride, TrainingRows));
    }

    /// <inheritdoc/>
    /// <remarks>The N nearest of the other rows, or all of them where there are fewer.</remarks>
    public void ComputeLeaveOneOutWeights(
        FeatureMatrix training, int firstRow, int rowCount, Span<double> weights, int stride, Span<double> errors)
    {
        Tile.HoldRoom(weights, TrainingRows, Tile.PadHeight(rowCount), stride);
        errors.Clear(); // Distances are settled without regard to the mean, and the weights are the same doubles.
        if (TrainingRows == 1)
            throw new HeadException("Training row 0 (counting from 0) cannot be left out: there are no others.");
        int found = Math.Min(Neighbours + 1, TrainingRows);
        int[] nearest = Nearest(training, firstRow, rowCount, found);
        for (int row = 0; row < rowCount; row++)
        {
            // Where rows are the same as this one, it need not be among the first.
            Span<int> others = nearest.AsSpan(row * found, found);
            int own = others.IndexOf(firstRow + row);
            if (own >= 0)
                others[(own + 1)..].CopyTo(others[own..]);
            Vote(others[..^1], weights.Slice(row * stride, TrainingRows));
        }
    }

    private int[] Nearest(FeatureMatrix tests, int firstRow, int rowCount, int count)
    {
        ArgumentNullException.ThrowIfNull(tests);
        return tests.Columns == Features
            ? _search.Find(tests, firstRow, rowCount, count)
            : throw new HeadException($"The head was fitted to {Features} features, but the test rows have {tests.Columns}.");
    }

    private static void Vote(ReadOnlySpan<int> neighbours, Span<double> weights)
    {
        weights.Clear();
        foreach (int neighbour in neighbours)
            weights[neighbour] = 1.0 / neighbours.Length;
    }
}

/// <summary>The choice of a <see cref="NearestNeighboursHead"/>, <c>knn</c> or <c>knn:N</c>.</summary>
public sealed record NearestNeighboursHeadChoice() : HeadChoice("knn")
{
    /// <inheritdoc/>
    public override StagedFit<IHead> FitInStages(FeatureMatrix features, ParallelOptions? parallel = null) =>
        throw new NotSupportedException("a knn head keeps its training rows and fits nothing.");

    /// <inheritdoc/>
    public override string Name => "knn";

    /// <inheritdoc/>
    public override string Description => "N nearest neighbours, 10 if not given";

    /// <inheritdoc/>
    public override HeadParameter Parameter => new("N", "N ≥ 1");

    /// <summary>N, how many neighbours vote. The default value is 10.</summary>
    public int Neighbours { get; private init; } = 10;

    /// <inheritdoc/>
    public override int LeastRows => Neighbours;

    /// <inheritdoc/>
    /// <remarks>
    /// With fewer rows than neighbours, as in a small part of the training rows, all of them are neighbours.
    /// </remarks>
    public override ILeaveOneOutHead Fit(FeatureMatrix features, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        return NearestNeighboursHead.Fit(features, Math.Min(Neighbours, Math.Max(features.Rows, 1)), parallel);
    }

    /// <inheritdoc/>
    public override string Describe(IHead? fitted = null)
    {
        int neighbours = fitted is null ? Neighbours : Own<NearestNeighboursHead>(fitted).Neighbours;
        return neighbours == 1
            ? "the nearest neighbour"
            : string.Create(CultureInfo.InvariantCulture, $"{neighbours:N0} nearest neighbours");
    }

    /// <inheritdoc/>
    public override HeadValues Values(IHead? fitted = null) => new() { Neighbours = Neighbours };

    /// <inheritdoc/>
    /// <remarks>Nothing but its training features and N, which its text says, makes the head.</remarks>
    public override void Store(ModelArrays arrays, IHead fitted) => Own<NearestNeighboursHead>(fitted);

    /// <inheritdoc/>
    public override ILeaveOneOutHead Restore(ModelArrays arrays, FeatureMatrix features, ParallelOptions? parallel = null) =>
        NearestNeighboursHead.Fit(features, Neighbours, parallel);

    private protected override HeadChoice? WithParameter(string written) =>
        int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out int neighbours) && neighbours > 0
            ? this with { Neighbours = neighbours }
            : null;
}
