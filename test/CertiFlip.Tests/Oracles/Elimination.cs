namespace CertiFlip.Tests.Oracles;

/// <summary>Ridge regression's equations in double arithmetic, for heads that exact numbers are too slow for.</summary>
internal static class Elimination
{
    /// <summary>(XᵀX + λI)⁻¹b by Gauss's elimination.</summary>
    public static double[] Solve(double[][] rows, double lambda, double[] b)
    {
        int k = b.Length;
        double[][] a = [.. Enumerable.Range(0, k).Select(i => Enumerable.Range(0, k + 1).Select(j =>
            j == k ? b[i] : rows.Sum(row => row[i] * row[j]) + (i == j ? lambda : 0)).ToArray())];
        for (int i = 0; i < k; i++)
        {
            for (int other = 0; other < k; other++)
            {
                double factor = other == i ? 0 : a[other][i] / a[i][i];
                for (int j = i; j <= k && factor != 0; j++)
                    a[other][j] -= factor * a[i][j];
            }
        }

        return [.. a.Select((row, i) => row[k] / row[i])];
    }
}
