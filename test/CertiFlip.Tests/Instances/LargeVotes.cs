namespace CertiFlip.Tests.Instances;

/// <summary>
/// Votes of many labels, weighted as a ridge head weights them: most of the weight with the labels, some against.
/// </summary>
internal static class LargeVotes
{
    public static IEnumerable<SmallVote> Of(int rows, double q, int count, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            int[] labels = [.. Enumerable.Range(0, rows).Select(_ => random.Next(2))];
            double agreement = 0.2 + random.NextDouble();
            int winner = random.Next(2);
            double[] weights =
                [.. labels.Select(label => random.NextDouble() - 0.5 + (label == winner ? 1 : -1) * agreement * random.NextDouble())];
            double shift = (1 - weights.Sum()) / rows;
            yield return new SmallVote([.. weights.Select(weight => weight + shift)], labels, 0.5, q);
        }
    }
}
