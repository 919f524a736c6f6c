using CertiFlip.Kernels;

namespace CertiFlip.Matrices;

/// <summary>
/// Brings every feature into the range of safe arithmetic: column i is multiplied by a power of two, which rounds
/// nothing, and with an intercept its mean is subtracted.
/// </summary>
internal sealed class ColumnScaling
{
    private ColumnScaling(double[] scales, double[] means, double[] centredSquares) =>
        (Scales, Means, CentredSquares) = (scales, means, centredSquares);

    /// <summary>
    /// sᵢ: what column i is multiplied by, so that its largest magnitude is in [1, 2), or 1 for a column of zeros.
    /// </summary>
    public double[] Scales { get; }

    /// <summary>What is subtracted from column i once it is scaled: its mean, or 0 without an intercept.</summary>
    public double[] Means { get; }

    /// <summary>
    /// Σⱼ (sᵢxⱼᵢ − mean)²: the diagonal of the centred XᵀX in scaled units, with or without intercept.
    /// </summary>
    public double[] CentredSquares { get; }

    /// <summary>Leaves numbers as they are.</summary>
    public static ColumnScaling Identity(int columns)
    {
        double[] ones = new double[columns];
        Array.Fill(ones, 1);
        return new ColumnScaling(ones, new double[columns], new double[columns]);
    }

    /// <summary>
    /// A scaling that was computed before. <see cref="CentredSquares"/>, which only fitting needs, are zeros.
    /// </summary>
    public static ColumnScaling Restore(IEnumerable<double> scales, IEnumerable<double> means)
    {
        double[] all = [.. scales];
        return new ColumnScaling(all, [.. means], new double[all.Length]);
    }

    /// <summary>That of the first columns alone.</summary>
    public ColumnScaling First(int columns) =>
        columns == Scales.Length ? this : new ColumnScaling(Scales[..columns], Means[..columns], CentredSquares[..columns]);

    /// <summary>A scaling that fitting computed.</summary>
    public static ColumnScaling OfFit(double[] scales, double[] means, double[] centredSquares, Intercept intercept) =>
        new(scales, intercept == Intercept.Fitted ? means : new double[means.Length], centredSquares);

    public static ColumnScaling Of(FeatureMatrix features, Intercept intercept) =>
        new BlockFit(features.Rows, features.Columns, ColumnUnit.Own).Run(features).Scaling(intercept);

    /// <summary>
    /// Centred, and every column multiplied by the same power of two, so that distances keep their proportions.
    /// </summary>
    public static ColumnScaling OfCommonUnit(FeatureMatrix features) =>
        new BlockFit(features.Rows, features.Columns, ColumnUnit.Common).Run(features).Scaling(Intercept.Fitted);

    /// <summary>
    /// Writes a row of features (length k), scaled and centred, to every <paramref name="stride"/>-th number.
    /// </summary>
    public void Apply(ReadOnlySpan<double> x, Span<double> destination, int stride = 1)
    {
        if (stride == 1)
        {
            Elementwise.Centre(x, Scales, Means, destination);
            return;
        }

        for (int i = 0; i < x.Length; i++)
            destination[i * stride] = x[i] * Scales[i] - Means[i];
    }
}
