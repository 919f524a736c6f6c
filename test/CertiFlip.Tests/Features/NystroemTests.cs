using CertiFlip.Features;

namespace CertiFlip.Tests.Features;

public class NystroemTests
{
    /// <summary>Inner products of features are k(x)ᵀ(K + 10⁻⁶I)⁻¹k(y), solved by plain elimination.</summary>
    [Theory]
    [InlineData(1, 3)]
    [InlineData(5, 2)]
    [InlineData(16, 4)]
    [InlineData(19, 7)]
    [InlineData(64, 3)]
    [InlineData(70, 3)]
    public void Inner_products_are_those_of_the_kernel_at_the_landmarks(int landmarks, int columns)
    {
        FeatureMatrix rows = Rows(90, columns, 1);
        var map = Nystroem.Fit(rows, new NystroemOptions { Components = landmarks, Gamma = 0.7, Seed = 4 });
        Assert.Equal((landmarks, columns, 0.7, false), (map.Features, map.Inputs, map.Gamma, map.DependsOnLabels));
        FeatureMatrix tests = Rows(37, columns, 2), features = map.Transform(tests);
        double[,] kernel = new double[landmarks, landmarks];
        for (int i = 0; i < landmarks; i++)
        {
            for (int j = 0; j < landmarks; j++)
                kernel[i, j] = Kernel(map.Landmarks.Row(i), map.Landmarks.Row(j)) + (i == j ? 1e-6 : 0);
        }

        for (int x = 0; x < tests.Rows; x += 5)
        {
            double[] known = [.. Enumerable.Range(0, landmarks).Select(i => Kernel(tests.Row(x), map.Landmarks.Row(i)))];
            double[] solved = Solve(kernel, known);
            for (int y = 0; y < tests.Rows; y++)
            {
                double expected = Enumerable.Range(0, landmarks).Sum(i => solved[i] * Kernel(tests.Row(y), map.Landmarks.Row(i)));
                double product = Enumerable.Range(0, landmarks).Sum(i => features.Row(x)[i] * features.Row(y)[i]);
                Assert.Equal(expected, product, 1e-7);
            }
        }

        static double Kernel(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
        {
            double sum = 0;
            for (int i = 0; i < a.Length; i++)
                sum += (a[i] - b[i]) * (a[i] - b[i]);
            return Math.Exp(-0.7 * sum);
        }
    }

    /// <summary>Where every row is a landmark, inner products are the kernel itself.</summary>
    [Fact]
    public void All_rows_as_landmarks_give_the_kernel()
    {
        FeatureMatrix rows = Rows(40, 5, 3);
        var map = Nystroem.Fit(rows, new NystroemOptions { Components = 1000 });
        Assert.Equal(40, map.Features);
        double mean = 0;
        for (int i = 0; i < 40; i++)
        {
            for (int j = 0; j < 40; j++)
                mean += SquaredDistance(i, j) / 1600;
        }

        Assert.Equal(1 / mean, map.Gamma, 1e-12);
        FeatureMatrix features = map.Transform(rows);
        for (int i = 0; i < 40; i++)
        {
            for (int j = 0; j < 40; j++)
            {
                double product = Enumerable.Range(0, 40).Sum(at => features.Row(i)[at] * features.Row(j)[at]);
                Assert.Equal(Math.Exp(-map.Gamma * SquaredDistance(i, j)), product, 1e-5);
            }
        }

        double SquaredDistance(int i, int j) =>
            Enumerable.Range(0, 5).Sum(at => (rows.Row(i)[at] - rows.Row(j)[at]) * (rows.Row(i)[at] - rows.Row(j)[at]));
    }

    /// <summary>Rows that are the same stand in the way of no factor, and rows far away are near to nothing.</summary>
    [Fact]
    public void Equal_landmarks_and_far_rows_have_features()
    {
        var rows = new FeatureMatrix(6, 2, [1, 2, 1, 2, 1, 2, 4, 4, 4, 4, -1, 3]);
        var map = Nystroem.Fit(rows, new NystroemOptions { Components = 6, Gamma = 0.5 });
        FeatureMatrix features = map.Transform(new FeatureMatrix(3, 2, [1, 2, 1e200, -1e200, 1e9, 0]));
        Assert.Equal(1, Length(0), 1e-5);
        Assert.Equal(0, Length(1));
        Assert.Equal(0, Length(2));

        double Length(int row) => Enumerable.Range(0, 6).Sum(i => features.Row(row)[i] * features.Row(row)[i]);
    }

    /// <summary>Distances that a product loses in rounding are computed term by term.</summary>
    [Theory]
    [InlineData(500)]
    [InlineData(1e9)]
    [InlineData(1e300)]
    public void A_kernel_that_is_narrower_than_rounding_has_features(double gamma)
    {
        var random = new Random(3);
        double[] numbers = [.. Enumerable.Range(0, 80 * 50).Select(_ => 1000 * random.NextDouble() - 500)];
        for (int row = 1; row < 80; row += 2)
        {
            for (int i = 0; i < 50; i++)
                numbers[row * 50 + i] = numbers[(row - 1) * 50 + i] * (1 + 1e-16 * random.Next(0, 9));
        }

        var rows = new FeatureMatrix(80, 50, numbers);
        FeatureMatrix features = Nystroem.Fit(rows, new NystroemOptions { Components = 80, Gamma = gamma }).Transform(rows);
        Assert.All(Enumerable.Range(0, 80), row => Assert.InRange(features.Row(row).ToArray().Sum(x => x * x), 0, 1.001));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Features_depend_on_neither_threads_nor_other_rows(int threads)
    {
        FeatureMatrix rows = Rows(75, 6, 5);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads };
        var map = Nystroem.Fit(rows, new NystroemOptions { Components = 33 }, parallel);
        FeatureMatrix all = map.Transform(rows, parallel);
        var again = Nystroem.Fit(rows, new NystroemOptions { Components = 33 });
        Assert.Equal(again.Transform(rows).Values.ToArray(), all.Values.ToArray());
        FeatureMatrix alone = again.Transform(new FeatureMatrix(1, 6, rows.Row(70).ToArray()));
        Assert.Equal(alone.Row(0).ToArray(), all.Row(70).ToArray());
        Assert.NotEqual(
            all.Values.ToArray(), Nystroem.Fit(rows, new NystroemOptions { Components = 33, Seed = 2 }).Transform(rows).Values.ToArray());
    }

    [Fact]
    public void Whoever_stops_the_first_row_does_not_stop_the_second()
    {
        FeatureMatrix rows = Rows(75, 6, 5);
        var map = Nystroem.Fit(rows, new NystroemOptions { Components = 33 });
        var stopped = new ParallelOptions { CancellationToken = new CancellationToken(canceled: true) };
        Assert.ThrowsAny<OperationCanceledException>(() => map.Transform(rows, stopped));
        Assert.Equal(75, map.Transform(rows).Rows);
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new NystroemOptions { Components = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new NystroemOptions { Components = Nystroem.MostLandmarks + 1 });
        foreach (double gamma in (double[])[0, -1, double.NaN, double.PositiveInfinity])
            Assert.Throws<ArgumentOutOfRangeException>(() => new NystroemOptions { Gamma = gamma });
        Assert.Throws<ArgumentException>(() => Nystroem.Fit(Rows(1, 3, 1)));
        Assert.Throws<ArgumentException>(() => Nystroem.Fit(new FeatureMatrix(3, 1, [2, 2, 2])));
        Assert.Throws<ArgumentException>(() => Nystroem.Fit(Rows(9, 3, 1)).Transform(Rows(9, 2, 1)));
        Assert.Throws<ArgumentException>(
            () => new Nystroem(new FeatureMatrix(Nystroem.MostLandmarks + 1, 1, new double[Nystroem.MostLandmarks + 1]), 1));
    }

    private static FeatureMatrix Rows(int count, int columns, int seed)
    {
        var random = new Random(seed);
        return new FeatureMatrix(
            count, columns, [.. Enumerable.Range(0, count * columns).Select(_ => 3 * random.NextDouble() + 10)]);
    }

    private static double[] Solve(double[,] matrix, double[] right)
    {
        int n = right.Length;
        (matrix, right) = ((double[,])matrix.Clone(), [.. right]);
        for (int pivot = 0; pivot < n; pivot++)
        {
            for (int row = pivot + 1; row < n; row++)
            {
                double factor = matrix[row, pivot] / matrix[pivot, pivot];
                for (int column = pivot; column < n; column++)
                    matrix[row, column] -= factor * matrix[pivot, column];
                right[row] -= factor * right[pivot];
            }
        }

        for (int row = n - 1; row >= 0; row--)
        {
            for (int column = row + 1; column < n; column++)
                right[row] -= matrix[row, column] * right[column];
            right[row] /= matrix[row, row];
        }

        return right;
    }
}
