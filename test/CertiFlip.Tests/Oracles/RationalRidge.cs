namespace CertiFlip.Tests.Oracles;

/// <summary>
/// Ridge regression in exact arithmetic: the b and β that minimise Σ(y − b − xᵀβ)² + λ‖β‖², by Gaussian elimination.
/// </summary>
internal sealed class RationalRidge
{
    private readonly Rational[][] _rows;
    private readonly Rational[][] _normal;

    public RationalRidge(FeatureMatrix features, double lambda, Intercept intercept)
    {
        bool constant = intercept == Intercept.Fitted;
        WithConstant = x => constant ? [1, .. x] : x;
        _rows = [.. Enumerable.Range(0, features.Rows).Select(row => WithConstant(Exact(features.Row(row))))];
        int size = _rows[0].Length;
        _normal = [.. Enumerable.Range(0, size).Select(i => Enumerable.Range(0, size).Select(j =>
            Sum(_rows.Select(row => row[i] * row[j])) + (i == j && !(constant && i == 0) ? lambda : 0)).ToArray())];
    }

    private Func<Rational[], Rational[]> WithConstant { get; }

    /// <summary>Fits to labels, then scores a row.</summary>
    public Rational Score(IReadOnlyList<int> labels, ReadOnlySpan<double> x) => Dot(WithConstant(Exact(x)), Fit(labels));

    /// <summary>The sum of the squared residuals of a fit to labels.</summary>
    public Rational ResidualSquares(IReadOnlyList<int> labels)
    {
        Rational[] parameters = Fit(labels);
        return Sum(_rows.Select((row, j) => labels[j] - Dot(row, parameters)).Select(residual => residual * residual));
    }

    /// <summary>α: how the score of a row depends on each label.</summary>
    public Rational[] Weights(ReadOnlySpan<double> x)
    {
        Rational[] solution = Solve(WithConstant(Exact(x)));
        return [.. _rows.Select(row => Dot(row, solution))];
    }

    /// <summary>What a row would weigh on itself: the weight of a training row at the same place.</summary>
    public Rational OwnWeight(ReadOnlySpan<double> x)
    {
        Rational[] row = WithConstant(Exact(x));
        return Dot(row, Solve(row));
    }

    private static Rational[] Exact(ReadOnlySpan<double> values) => Array.ConvertAll(values.ToArray(), value => (Rational)value);

    private static Rational Sum(IEnumerable<Rational> terms) => terms.Aggregate((Rational)0, (sum, term) => sum + term);

    private static Rational Dot(Rational[] a, Rational[] b) => Sum(a.Zip(b, (left, right) => left * right));

    private Rational[] Fit(IReadOnlyList<int> labels) =>
        Solve([.. Enumerable.Range(0, _normal.Length).Select(i => Sum(_rows.Select((row, j) => row[i] * labels[j])))]);

    private Rational[] Solve(Rational[] right)
    {
        int size = right.Length;
        Rational[][] system = [.. _normal.Select((row, i) => (Rational[])[.. row, right[i]])];
        for (int column = 0; column < size; column++)
        {
            int pivot = Array.FindIndex(system, column, row => row[column].Sign != 0);
            (system[column], system[pivot]) = (system[pivot], system[column]);
            foreach (Rational[] row in system.Where(row => row != system[column]))
            {
                Rational factor = row[column] / system[column][column];
                for (int j = column; j <= size && factor.Sign != 0; j++)
                    row[j] -= factor * system[column][j];
            }
        }

        return [.. system.Select((row, i) => row[size] / row[i])];
    }
}
