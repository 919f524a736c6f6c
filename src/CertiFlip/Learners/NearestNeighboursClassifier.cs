namespace CertiFlip.Learners;

/// <summary>The vote of each test row's neighbours with one set of labels.</summary>
internal sealed class NearestNeighboursClassifier(NearestNeighboursLearner learner, int[] labels) : IClassifier
{
    /// <inheritdoc/>
    public void Predict(FeatureMatrix tests, Span<int> classes)
    {
        Argument.CheckTests(tests, classes, learner.Features);
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
