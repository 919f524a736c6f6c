using CertiFlip.Kernels;
using CertiFlip.Matrices;

namespace CertiFlip.Attacks;

/// <summary>
/// The classifier without a defence: binary logistic regression on frozen features, (1/n)·Σⱼ log(1 + e^(−±sⱼ)) + ½θᵀΛθ,
/// the intercept not penalised. Fitted by Newton's method from wherever one starts, so that after a few flips a fit
/// takes a step or two.
/// </summary>
internal sealed class AttackedClassifier
{
    private readonly double[] _rows;
    private readonly double[] _penalties;
    private readonly ColumnScaling _scaling;

    public AttackedClassifier(FeatureMatrix features, double c)
    {
        _scaling = ColumnScaling.Of(features, Intercept.Fitted);
        (Count, Size) = (features.Rows, features.Columns + 1);
        Stride = Tile.PadWidth(Size);
        _rows = Augment(features);
        _penalties = [.. _scaling.Scales.Select(s => s * s / c / Count), 0];
    }

    /// <summary>n.</summary>
    public int Count { get; }

    /// <summary>Number of coefficients, k + 1: the last is the intercept.</summary>
    public int Size { get; }

    /// <summary>The length of a row with its padding.</summary>
    public int Stride { get; }

    /// <summary>Λ.</summary>
    public IReadOnlyList<double> Penalties => _penalties;

    /// <summary>A training row: scaled and centred features, a one, and zeros.</summary>
    public ReadOnlySpan<double> Row(int row) => _rows.AsSpan(row * Stride, Stride);

    /// <summary>Rows that are to be predicted, in the same form.</summary>
    public double[] Augment(FeatureMatrix features)
    {
        double[] rows = new double[(long)features.Rows * Stride];
        for (int row = 0; row < features.Rows; row++)
        {
            _scaling.Apply(features.Row(row), rows.AsSpan(row * Stride, Size - 1));
            rows[row * Stride + Size - 1] = 1;
        }

        return rows;
    }
}
