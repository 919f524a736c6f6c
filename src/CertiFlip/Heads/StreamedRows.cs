using System.Buffers;
using CertiFlip.Numerics;

namespace CertiFlip.Heads;

/// <summary>
/// Scaled training rows that are packed again, a panel at a time, whenever they are multiplied with: slower than <see cref="PackedRows"/>, which they equal to
/// the bit, but nothing of their size is kept.
/// </summary>
internal sealed class StreamedRows(FeatureMatrix features, ColumnScaling scaling) : IScaledRows
{
    public void Multiply(Kernels kernels, ReadOnlySpan<double> right, int columns, double constant, Span<double> products, int stride)
    {
        int length = Tile.Width * features.Columns;
        double[] buffer = ArrayPool<double>.Shared.Rent(2 * length);
        Span<double> scaled = buffer.AsSpan(0, length), panel = buffer.AsSpan(length, length);
        for (int row = 0; row < features.Rows; row += Tile.Width)
        {
            Panel.Pack(features, scaling, row, scaled, panel);
            Panel.Multiply(kernels, panel, features.Columns, right, columns, constant, products[row..], stride);
        }

        ArrayPool<double>.Shared.Return(buffer);
    }
}
