using CertiFlip.Kernels;

namespace CertiFlip.Matrices;

/// <summary>The scaled training rows X, to multiply with.</summary>
internal interface IScaledRows
{
    /// <summary>Computes XB plus a constant for all rows and groups of 4 columns of B.</summary>
    /// <param name="kernels">The kernels to use.</param>
    /// <param name="right">B, k rows of <paramref name="columns"/> numbers.</param>
    /// <param name="columns">A multiple of 4.</param>
    /// <param name="constant">What is added to every product.</param>
    /// <param name="products">A row of results for each column of B, each <paramref name="stride"/> after the one before.</param>
    /// <param name="stride">At least the number of rows, rounded up to a multiple of 16.</param>
    void Multiply(KernelSet kernels, ReadOnlySpan<double> right, int columns, double constant, Span<double> products, int stride);
}
