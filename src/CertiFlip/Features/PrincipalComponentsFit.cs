using CertiFlip.Kernels;
using CertiFlip.Matrices;

namespace CertiFlip.Features;

/// <summary>Finds principal components through whichever matrix is smaller: XᵀX, or XXᵀ, whose eigenvectors u give directions Xᵀu.</summary>
internal sealed class PrincipalComponentsFit(FeatureMatrix inputs, ColumnScaling scaling, ParallelOptions parallel)
{
    // What is left of a variance after rounding, as a part of the largest: directions below it are noise.
    private const double Negligible = 1e-13;

    public PrincipalComponents Fit(int components)
    {
        int n = inputs.Rows, k = inputs.Columns;
        double unit = scaling.Scales[0];
        double total = scaling.CentredSquares.Sum() / (n - 1) / (unit * unit);
        bool isTall = n >= k;
        GramMatrix gram = isTall ? GramMatrix.Of(inputs, scaling, parallel, KernelSet.Best) : InnerProducts();
        SymmetricEigen eigen = SymmetricEigen.Of(gram.Size, gram.Values, gram.Stride, parallel);
        int kept = eigen.Values.Take(Math.Min(components, Math.Min(n - 1, k))).TakeWhile(value => value > Negligible * eigen.Values[0]).Count();
        double[] directions = new double[(long)kept * k];
        Parallel.For(0, kept, parallel, i =>
        {
            Span<double> direction = directions.AsSpan(i * k, k);
            if (isTall)
                eigen.Vector(i).CopyTo(direction);
            else
                Combine(eigen.Vector(i), direction);
        });
        return new PrincipalComponents(Means(), directions, [.. eigen.Values.Take(kept).Select(value => value / (n - 1) / (unit * unit))], total);
    }

    private GramMatrix InnerProducts()
    {
        int n = inputs.Rows, k = inputs.Columns;
        double[] transposed = new double[(long)n * k];
        double[] centred = new double[k];
        for (int row = 0; row < n; row++)
        {
            scaling.Apply(inputs.Row(row), centred);
            for (int i = 0; i < k; i++)
                transposed[(long)i * n + row] = centred[i];
        }

        var matrix = new FeatureMatrix(k, n, transposed);
        return GramMatrix.Of(matrix, ColumnScaling.Identity(n), parallel, KernelSet.Best);
    }

    /// <summary>Xᵀu, made as long as 1 and given the sign that puts its largest entry above zero.</summary>
    private void Combine(ReadOnlySpan<double> u, Span<double> direction)
    {
        double[] centred = new double[inputs.Columns];
        for (int row = 0; row < inputs.Rows; row++)
        {
            scaling.Apply(inputs.Row(row), centred);
            Elementwise.AddMultiple(u[row], centred, direction);
        }

        int largest = 0;
        for (int i = 1; i < direction.Length; i++)
        {
            if (Math.Abs(direction[i]) > Math.Abs(direction[largest]))
                largest = i;
        }

        Elementwise.Divide(direction, Math.CopySign(Math.Sqrt(Elementwise.Dot(direction, direction)), direction[largest]));
    }

    /// <summary>What a row of zeros is centred to tells the means.</summary>
    private double[] Means()
    {
        double[] means = new double[inputs.Columns];
        scaling.Apply(new double[inputs.Columns], means);
        return [.. means.Select(mean => -mean / scaling.Scales[0])];
    }
}
