namespace CertiFlip.Heads;

/// <summary>
/// How a <see cref="SaturatedRidgeHead"/> turns similarities into weights. Neither number may be chosen by looking at
/// the labels that are defended.
/// </summary>
public sealed record SaturationOptions
{
    /// <summary>
    /// How steep the step from −1/n to 1/n is, above 0: a row whose similarity stands where those of the test row's own
    /// cluster or those of the others are expected weighs ±tanh(gain)/n. The default, 5, makes that 0.9999 of the
    /// largest weight. A large gain makes a vote of similar rows against all others, a small one ridge regression with
    /// another intercept.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive and finite.</exception>
    public double Gain
    {
        get;
        init
        {
            if (!(value > 0 && double.IsFinite(value)))
                throw new ArgumentOutOfRangeException(nameof(value), value, "The gain must be positive and finite.");
            field = value;
        }
    } = 5;

    /// <summary>
    /// b, what is added to every similarity before the step at 0; null for half-way between like and unlike rows, for
    /// each test row by itself.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public double? Offset
    {
        get;
        init
        {
            if (value is { } offset && !double.IsFinite(offset))
                throw new ArgumentOutOfRangeException(nameof(value), value, "The offset must be finite.");
            field = value;
        }
    }

    /// <summary>
    /// K, the number of classes: like rows are then expected no farther from unlike ones than in a cluster of n/K rows,
    /// so that a test row whose cluster is one of several of a class has the others vote for it. Null for clusters of
    /// any size. It must be known without looking at the labels.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 2.</exception>
    public int? Classes
    {
        get;
        init
        {
            if (value < 2)
                throw new ArgumentOutOfRangeException(nameof(value), value, "There are at least two classes.");
            field = value;
        }
    }

    /// <summary>
    /// How much of the vote of unlike rows against every common class is taken back, from 0 (nothing, the default) to 1
    /// (classes of different size are as ridge regression has them). It costs radius: all weights get the same more.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not between 0 and 1.</exception>
    public double Lift
    {
        get;
        init
        {
            if (!(value is >= 0 and <= 1))
                throw new ArgumentOutOfRangeException(nameof(value), value, "The lift must be between 0 and 1.");
            field = value;
        }
    }
}
