using CertiFlip.Kernels;
using CertiFlip.Matrices;

namespace CertiFlip.Tests.Matrices;

public class CholeskyTests
{
    public static TheoryData<int> Sizes => [1, 2, 3, 4, 5, 15, 16, 17, 33, 64];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Solution_leaves_no_residual(int size)
    {
        (double[,] matrix, double[] right) = (PositiveDefinite(size), [.. Enumerable.Range(0, size).Select(i => Math.Sin(i + 1))]);
        Assert.Equal(-1, Cholesky.TryFactorise(size, (i, j) => matrix[i, j], KernelSet.Best, new ParallelOptions(), out Cholesky factor));
        double[] solution = [.. right];
        factor.Solve(solution, 1);
        for (int i = 0; i < size; i++)
            Assert.Equal(right[i], Enumerable.Range(0, size).Sum(j => matrix[i, j] * solution[j]), 1e-11);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Right_hand_sides_are_solved_as_each_would_be_alone(int size)
    {
        double[,] matrix = PositiveDefinite(size);
        _ = Cholesky.TryFactorise(size, (i, j) => matrix[i, j], KernelSet.Best, new ParallelOptions(), out Cholesky factor);
        double[] both = [.. Enumerable.Range(0, 2 * size).Select(i => Math.Cos(i))];
        double[] alone = [.. Enumerable.Range(0, size).Select(i => both[2 * i + 1])];
        factor.Solve(both, 2);
        factor.Solve(alone, 1);
        Assert.Equal(alone, Enumerable.Range(0, size).Select(i => both[2 * i + 1]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(18)]
    public void First_dependent_column_is_named(int dependent)
    {
        // The column repeats the one before it; column 0 has none before it and is zero instead.
        const int Size = 20;
        double[,] independent = PositiveDefinite(Size);
        int Source(int i) => i == dependent ? dependent - 1 : i;
        double Element(int i, int j) => Math.Min(Source(i), Source(j)) < 0 ? 0 : independent[Source(i), Source(j)];
        Assert.Equal(dependent, Cholesky.TryFactorise(Size, Element, KernelSet.Best, new ParallelOptions(), out _));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Every_width_gives_the_same_bits(int size)
    {
        double[,] matrix = PositiveDefinite(size);
        double[][] solutions = [.. KernelSet.All.Select(kernels =>
        {
            double[] solution = [.. Enumerable.Repeat(1.0, size)];
            _ = Cholesky.TryFactorise(size, (i, j) => matrix[i, j], kernels, new ParallelOptions(), out Cholesky factor);
            factor.Solve(solution, 1);
            return solution;
        })];
        Assert.All(solutions, solution => Assert.Equal(solutions[^1], solution));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_number_of_threads_gives_the_same_bits(int threads)
    {
        // Large enough that columns are shared between threads.
        const int Size = 1100;
        static double Element(int i, int j) => i == j ? 40 : Math.Sin(i + j) / (1 + Math.Abs(i - j));
        _ = Cholesky.TryFactorise(Size, Element, KernelSet.Best, parallel: null, out Cholesky alone);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads };
        Assert.Equal(-1, Cholesky.TryFactorise(Size, Element, KernelSet.Best, parallel, out Cholesky factor));
        Assert.Equal(alone.UpperTriangle(), factor.UpperTriangle());
    }

    [Fact]
    public void Factorisation_stops_between_rows()
    {
        using var cancel = new CancellationTokenSource();
        var parallel = new ParallelOptions { CancellationToken = cancel.Token };
        double Element(int i, int j)
        {
            if (i == 50)
                cancel.Cancel();
            Assert.True(i < 60, "Rows after the request to stop are not asked for.");
            return i == j ? 1 : 0;
        }

        Assert.Throws<OperationCanceledException>(() => Cholesky.TryFactorise(100, Element, KernelSet.Best, parallel, out _));
    }

    private static double[,] PositiveDefinite(int size)
    {
        var random = new Random(size);
        var root = new double[size, size];
        var matrix = new double[size, size];
        for (int i = 0; i < size * size; i++)
            root[i / size, i % size] = random.NextDouble() - 0.5;
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
                matrix[i, j] = Enumerable.Range(0, size).Sum(row => root[row, i] * root[row, j]) + (i == j ? 1 : 0);
        }

        return matrix;
    }
}
