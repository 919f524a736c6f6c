namespace CertiFlip.Features;

/// <summary>
/// Brings large numbers nearer to small ones: x becomes sign(x)·|x|ᵖ, the square root of its size with its sign where p
/// is ½ (power normalisation of Perronnin, Sánchez and Mensink 2010). Counts and activations that are mostly small and
/// seldom large then tell rows apart by more than the few large ones.
/// </summary>
/// <remarks>Nothing is fitted, and no label is asked for, so certificates of what comes out hold.</remarks>
public sealed class PowerNormalisation : IFeatureMap, IStorable<PowerNormalisation>
{
    /// <summary>p where nothing else is said: square roots.</summary>
    public const double UsualPower = 0.5;

    /// <summary>A map of rows of so many numbers.</summary>
    /// <param name="inputs">k, at least 1.</param>
    /// <param name="power">p, above 0 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is out of its range.</exception>
    public PowerNormalisation(int inputs, double power = UsualPower)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        if (power is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(power), power, "A power is above 0 and below 1.");
        (Inputs, Power) = (inputs, power);
    }

    /// <inheritdoc/>
    public int Inputs { get; }

    /// <inheritdoc/>
    public int Features => Inputs;

    /// <summary>p.</summary>
    public double Power { get; }

    /// <summary>False.</summary>
    public bool DependsOnLabels => false;

    /// <inheritdoc/>
    public static string Kind => "power-normalisation";

    /// <inheritdoc/>
    public static PowerNormalisation Restore(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        return new PowerNormalisation(arrays.Integers("inputs").Single(), arrays.Doubles("power").Single());
    }

    /// <inheritdoc/>
    public void Store(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        arrays.Add("inputs", [Inputs]);
        arrays.Add("power", [Power]);
    }

    /// <inheritdoc/>
    public FeatureMatrix Transform(FeatureMatrix inputs, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return inputs.MapRows(Inputs, Shrink, parallel);
    }

    private void Shrink(Span<double> numbers)
    {
        foreach (ref double number in numbers)
            number = Math.CopySign(SizeOf(Math.Abs(number)), number);
    }

    private double SizeOf(double size) => Power == UsualPower ? Math.Sqrt(size)
        : size == 0 ? 0
        : Arithmetic.Exp(Power * Arithmetic.Log(size)); // Not Math.Pow, whose last bits differ between systems.
}
