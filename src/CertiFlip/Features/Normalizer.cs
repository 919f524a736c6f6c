using CertiFlip.Kernels;

namespace CertiFlip.Features;

/// <summary>
/// Brings each row to length 1: x becomes x/‖x‖ (scikit-learn's <c>Normalizer</c>). Rows are then alike by the angle
/// between them, however large their numbers are.
/// </summary>
/// <remarks>
/// A row of zeros has no direction: it stays as it is. Nothing is fitted, and no label is asked for, so certificates of
/// what comes out hold.
/// </remarks>
public sealed class Normalizer : IFeatureMap, IStorable<Normalizer>
{
    /// <summary>A map of rows of so many numbers.</summary>
    /// <param name="inputs">k, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public Normalizer(int inputs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        Inputs = inputs;
    }

    /// <inheritdoc/>
    public int Inputs { get; }

    /// <inheritdoc/>
    public int Features => Inputs;

    /// <summary>False.</summary>
    public bool DependsOnLabels => false;

    /// <inheritdoc/>
    public static string Kind => "normalizer";

    /// <inheritdoc/>
    public static Normalizer Restore(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        return new Normalizer(arrays.Integers("inputs").Single());
    }

    /// <inheritdoc/>
    public void Store(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        arrays.Add("inputs", [Inputs]);
    }

    /// <inheritdoc/>
    public FeatureMatrix Transform(FeatureMatrix inputs, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return inputs.MapRows(Inputs, ScaleToLengthOne, parallel);
    }

    /// <summary>By a power of two first: squares of finite numbers neither overflow nor vanish.</summary>
    private static void ScaleToLengthOne(Span<double> numbers)
    {
        double largest = 0;
        foreach (double number in numbers)
            largest = Math.Max(largest, Math.Abs(number));
        if (largest == 0)
            return;
        int exponent = -Math.ILogB(largest);
        foreach (ref double number in numbers)
            number = Math.ScaleB(number, exponent);
        Elementwise.Divide(numbers, Math.Sqrt(Elementwise.Dot(numbers, numbers)));
    }
}
