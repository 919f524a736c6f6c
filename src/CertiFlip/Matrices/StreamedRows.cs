using CertiFlip.Kernels;

namespace CertiFlip.Matrices;

/// <summary>
/// Scaled training rows that are packed again, a panel at a time, whenever they are multiplied with: slower than <see cref="PackedRows"/>, which they equal to
/// the bit, but nothing of their size is kept.
/// </summary>
internal sealed class StreamedRows(FeatureMatrix features, ColumnScaling scaling) : IScaledRows
{
    public void Multiply(KernelSet kernels, ReadOnlySpan<double> right, int columns, double constant, Span<double> products, int stride)
    {
        int length = Tile.Width * features.Columns;
        double[] scaled = new double[length], panel = new double[length];
        for (int row = 0; row < features.Rows; row += Tile.Width)
        {
            Panel.Pack(features, scaling, row, scaled, panel);
            Panel.Multiply(kernels, panel, features.Columns, right, columns, constant, products[row..], stride);
        }
    }
}
