namespace CertiFlip.Tests.Smoothing;

/// <summary>Pearson's test of counts against probabilities, for draws that are the same in every run.</summary>
internal static class ChiSquare
{
    /// <summary>
    /// Fails where counts are as far off as one run in some ten thousands would be, or a point was drawn that is
    /// impossible.
    /// </summary>
    public static void AssertFits(int[] counts, double[] probabilities)
    {
        int samples = counts.Sum(), freedom = probabilities.Count(p => p > 0) - 1;
        double statistic = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            if (probabilities[i] == 0)
                Assert.Equal(0, counts[i]);
            else
                statistic += Math.Pow(counts[i] - samples * probabilities[i], 2) / (samples * probabilities[i]);
        }

        Assert.True(statistic <= freedom + 4 * Math.Sqrt(2 * freedom) + 8,
            $"χ² = {statistic:F1} with {freedom} degrees of freedom: [{string.Join(' ', counts)}]");
    }
}
