namespace CertiFlip.Heads;

/// <summary>
/// The vote of the nearest training rows by Euclidean distance: αⱼ = 1/N for the N nearest, 0 for the others. Of training rows at the same distance those that come first are nearer. The
/// same classifier as <see cref="Learners.NearestNeighboursLearner"/>: the commonest label wins, ties go to the smaller class, of two classes too.
/// </summary>
public sealed class NearestNeighboursHead : IHead
{
    private readonly NeighbourSearch _search;

    private NearestNeighboursHead(FeatureMatrix features, int neighbours, ParallelOptions parallel) =>
        (_search, TrainingRows, Neighbours) = (new NeighbourSearch(new SquaredDistances(features, parallel)), features.Rows, neighbours);

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
    /// <param name="parallel">How many threads may be used; as many as there are processors if not given. The result does not depend on it.</param>
    /// <exception cref="ArgumentException"><paramref name="neighbours"/> is not from 1 to n.</exception>
    /// <exception cref="HeadException">There are no rows.</exception>
    public static NearestNeighboursHead Fit(FeatureMatrix features, int neighbours = 10, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.Rows == 0)
            throw new HeadException("There are no training rows to fit a head to.");
        if (neighbours < 1 || neighbours > features.Rows)
            throw new ArgumentException($"{neighbours} neighbours cannot vote: ask for 1 to {features.Rows}, the number of training rows.", nameof(neighbours));
        return new NearestNeighboursHead(features, neighbours, parallel ?? new ParallelOptions());
    }

    /// <inheritdoc/>
    public void ComputeWeights(FeatureMatrix tests, int firstRow, int rowCount, Span<double> weights, int stride)
    {
        ArgumentNullException.ThrowIfNull(tests);
        if (tests.Columns != Features)
            throw new HeadException($"The head was fitted to {Features} features, but the test rows have {tests.Columns}.");
        ReadOnlySpan<int> nearest = _search.Find(tests, firstRow, rowCount, Neighbours);
        for (int row = 0; row < rowCount; row++)
        {
            Span<double> own = weights.Slice(row * stride, TrainingRows);
            own.Clear();
            foreach (int neighbour in nearest.Slice(row * Neighbours, Neighbours))
                own[neighbour] = 1.0 / Neighbours;
        }
    }
}
