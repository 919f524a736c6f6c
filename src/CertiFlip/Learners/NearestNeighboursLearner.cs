using System.Runtime.CompilerServices;
using CertiFlip.Matrices;

namespace CertiFlip.Learners;

/// <summary>
/// The k nearest neighbours by Euclidean distance vote: the commonest label among them wins, ties go to the smaller
/// class. Of training rows at the same distance those that come first are nearer.
/// </summary>
/// <remarks>
/// Neighbours depend on features alone. Those of a matrix of test rows are found once, when the first classifier
/// predicts for it, and are used for all draws of the labels as long as the matrix lives.
/// </remarks>
public sealed class NearestNeighboursLearner : ILearner
{
    private readonly NeighbourSearch _search;
    private readonly ParallelOptions _parallel;
    private readonly ConditionalWeakTable<FeatureMatrix, Lazy<int[]>> _neighbours = [];

    private NearestNeighboursLearner(FeatureMatrix features, int classCount, int neighbours, ParallelOptions parallel)
    {
        (_search, _parallel) = (new NeighbourSearch(features), parallel);
        (TrainingRows, ClassCount, Neighbours) = (features.Rows, classCount, neighbours);
    }

    /// <summary>The number of neighbours that vote.</summary>
    public int Neighbours { get; }

    /// <inheritdoc/>
    public int TrainingRows { get; }

    /// <inheritdoc/>
    public int ClassCount { get; }

    /// <summary>False: labels are seen only in training.</summary>
    public bool DependsOnLabels => false;

    /// <summary>Prepares the search among the training rows.</summary>
    /// <param name="features">Training features (n × k), n at least 1.</param>
    /// <param name="classCount">The number of classes K, at least 2.</param>
    /// <param name="neighbours">How many neighbours vote, from 1 to n; scikit-learn's n_neighbors.</param>
    /// <param name="parallel">
    /// How many threads a search may use; as many as there are processors if not given. The result does not depend on
    /// it.
    /// </param>
    /// <exception cref="ArgumentException">
    /// K is below 2, or <paramref name="neighbours"/> is not from 1 to n.
    /// </exception>
    /// <exception cref="HeadException">There are no rows.</exception>
    public static NearestNeighboursLearner Fit(
        FeatureMatrix features, int classCount, int neighbours = 10, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        LearnerArguments.CheckClassCount(classCount);
        if (features.Rows == 0)
            throw new HeadException("There are no training rows to learn from.");
        if (neighbours < 1 || neighbours > features.Rows)
            throw new ArgumentException(
                $"{neighbours} neighbours cannot vote: ask for 1 to {features.Rows}, the number of training rows.", nameof(neighbours));
        return new NearestNeighboursLearner(features, classCount, neighbours, parallel ?? new ParallelOptions());
    }

    /// <inheritdoc/>
    public IClassifier Learn(ReadOnlySpan<int> labels, CancellationToken cancellationToken = default)
    {
        LearnerArguments.CheckLabels(labels, this);
        cancellationToken.ThrowIfCancellationRequested();
        return new NearestNeighboursClassifier(this, labels.ToArray());
    }

    /// <summary>Number of features of a row.</summary>
    internal int Features => _search.Features;

    /// <summary>
    /// The neighbours of each test row, nearest first (m × <see cref="Neighbours"/>). Threads that ask at the same time
    /// wait for one search.
    /// </summary>
    internal int[] NeighboursOf(FeatureMatrix tests) =>
        _neighbours.GetValue(tests, rows => new Lazy<int[]>(() => _search.Find(rows, Neighbours, _parallel))).Value;
}

/// <summary>The vote of each test row's neighbours with one set of labels.</summary>
internal sealed class NearestNeighboursClassifier(NearestNeighboursLearner learner, int[] labels) : IClassifier
{
    /// <inheritdoc/>
    public void Predict(FeatureMatrix tests, Span<int> classes)
    {
        LearnerArguments.CheckTests(tests, classes, learner.Features);
        ReadOnlySpan<int> neighbours = learner.NeighboursOf(tests);
        int[] votes = new int[learner.ClassCount];
        for (int row = 0; row < classes.Length; row++)
        {
            Array.Clear(votes);
            foreach (int neighbour in neighbours.Slice(row * learner.Neighbours, learner.Neighbours))
                votes[labels[neighbour]]++;
            classes[row] = Array.IndexOf(votes, votes.Max());
        }
    }
}
