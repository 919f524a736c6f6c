namespace CertiFlip.Tests.Instances;

/// <summary>
/// Votes of many labels of K classes, weighted as a ridge head weights them: most of the weight with one class, some
/// against, a few rows far heavier.
/// </summary>
internal static class ManyClassLargeVotes
{
    public static IEnumerable<ManyClassVote> Of(int rows, int classes, double q, int count, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            int[] labels = [.. Enumerable.Range(0, rows).Select(_ => random.Next(classes))];
            double agreement = 0.5 + 2 * random.NextDouble();
            int winner = random.Next(classes);

            // Rows of third classes that weigh more than the winner's are the ones whose flips count first.
            double[] weights = [.. labels.Select(label => label == winner
                ? random.NextDouble() - 0.5 + agreement * random.NextDouble()
                : (random.NextDouble() - 0.5 - 0.3 * agreement * random.NextDouble()) * (random.Next(8) == 0 ? 5 : 1))];
            yield return new ManyClassVote(weights, labels, classes, q);
        }
    }
}
