namespace CertiFlip.Cli.Tests.EndToEnd;

/// <summary>
/// Ridge regression with intercept and the certificates' definitions as a textbook would write them, in plain loops:
/// slow, and it shares nothing with the library.
/// </summary>
internal sealed class PlainHead
{
    private readonly double[][] _centred;
    private readonly double[] _means;
    private readonly double[][] _system;

    public PlainHead(double[][] features)
    {
        int n = features.Length, k = features[0].Length;
        _means = [.. Enumerable.Range(0, k).Select(i => features.Average(x => x[i]))];
        _centred = [.. features.Select(Centre)];
        _system =
            [.. Enumerable.Range(0, k).Select(i => (double[])[.. Enumerable.Range(0, k).Select(j => _centred.Sum(x => x[i] * x[j]))])];
        double lambda = Enumerable.Range(0, k).Sum(i => _system[i][i]) / k;
        for (int i = 0; i < k; i++)
            _system[i][i] += lambda;
        Rows = n;
    }

    private int Rows { get; }

    public double[] Weights(double[] test)
    {
        double[] z = Solve(Centre(test));
        return [.. _centred.Select(x => 1.0 / Rows + x.Zip(z, (a, b) => a * b).Sum())];
    }

    /// <summary>The fewest flips that carry Σ αⱼyⱼ across ½, less one.</summary>
    public static (int Prediction, int Radius) Exact(double[] weights, int[] labels)
    {
        double margin = weights.Zip(labels, (a, y) => a * y).Sum() - 0.5;
        int prediction = margin >= 0 ? 1 : 0;
        double orientation = prediction == 1 ? 1 : -1;
        int flips = 0;
        double left = orientation * margin;
        foreach (double move in weights.Zip(labels, (a, y) => orientation * (y == 1 ? a : -a)).OrderDescending())
        {
            left -= move;
            if (left < 0)
                break;
            flips++;
        }

        return (prediction, flips);
    }

    /// <summary>The least of (7) over t, by golden-section search on the side where it falls.</summary>
    public static double LogFailure(double[] weights, int[] labels, double q)
    {
        double Bound(double t) => t / 2 + weights.Zip(labels, (a, y) => y == 1
            ? Math.Log(q + (1 - q) * Math.Exp(-t * a))
            : Math.Log(1 - q + q * Math.Exp(-t * a))).Sum();
        double side = Bound(1e-6) < 0 ? 1 : -1;
        double low = 0, high = 1;
        while (Bound(side * 2 * high) < Bound(side * high))
            high *= 2;
        high *= 2;
        for (int step = 0; step < 100; step++)
        {
            double a = low + 0.381966 * (high - low), b = low + 0.618034 * (high - low);
            (low, high) = Bound(side * a) < Bound(side * b) ? (low, b) : (a, high);
        }

        return Bound(side * low);
    }

    private double[] Centre(double[] x) => [.. x.Zip(_means, (value, mean) => value - mean)];

    /// <summary>Gaussian elimination with partial pivoting.</summary>
    private double[] Solve(double[] right)
    {
        int k = right.Length;
        double[][] rows = [.. _system.Select((row, i) => (double[])[.. row, right[i]])];
        for (int column = 0; column < k; column++)
        {
            int pivot = Enumerable.Range(column, k - column).MaxBy(row => Math.Abs(rows[row][column]));
            (rows[column], rows[pivot]) = (rows[pivot], rows[column]);
            for (int below = column + 1; below < k; below++)
            {
                double factor = rows[below][column] / rows[column][column];
                for (int i = column; i <= k; i++)
                    rows[below][i] -= factor * rows[column][i];
            }
        }

        double[] solution = new double[k];
        for (int row = k - 1; row >= 0; row--)
            solution[row] = (rows[row][k] - Enumerable.Range(row + 1, k - row - 1).Sum(i => rows[row][i] * solution[i])) / rows[row][row];
        return solution;
    }
}
