using CertiFlip.Smoothed;

namespace CertiFlip.Tests.Smoothed;

/// <summary>The search for t on exponents whose minimum is known.</summary>
public class ChernoffMinimumTests
{
    public static TheoryData<double> Starts => [1e-6, 0.01, 0.5, 0.9, 0.97, 0.999, 1, 1.01, 1.4, 3];

    [Theory]
    [MemberData(nameof(Starts))]
    public void Minimum_of_a_normal_vote_is_found(double start) =>
        HasMinimum(1, start, t => -t + 0.5 * t * t, t => -1 + t, _ => 1);

    [Theory]
    [MemberData(nameof(Starts))]
    public void Minimum_of_a_vote_of_rare_events_is_found(double start)
    {
        // log E[e^(−t·margin)] = −12t + ε(e^(6t) − 1), whose curvature grows by e⁶ where t grows by 1.
        double rare = 2 * Math.Exp(-6);
        HasMinimum(
            1, start, t => -12 * t + rare * (Math.Exp(6 * t) - 1), t => -12 + 6 * rare * Math.Exp(6 * t), t => 36 * rare * Math.Exp(6 * t));
    }

    [Theory]
    [MemberData(nameof(Starts))]
    public void Minimum_of_a_vote_of_few_labels_is_found(double start)
    {
        // log(p·e^(−t) + (1 − p)·e^t), least where e^(2t) = p/(1 − p).
        double p = Math.Exp(2) / (1 + Math.Exp(2));
        HasMinimum(
            1, start, t => Math.Log(p * Math.Exp(-t) + (1 - p) * Math.Exp(t)), t => Math.Tanh(t - 1),
            t => 1 - Math.Pow(Math.Tanh(t - 1), 2));
    }

    /// <summary>A t off by a thousandth of itself is near enough: the value is off by about its square.</summary>
    private static void HasMinimum(
        double minimiser, double start, Func<double, double> value, Func<double, double> slope, Func<double, double> curvature)
    {
        double t = ChernoffMinimum.Locate(At, At(start * minimiser));
        Assert.Equal(minimiser, t, 1.1e-3 * minimiser);
        Assert.True(value(t) <= value(minimiser) * (1 - 1e-4));

        ChernoffPoint At(double t) => new(t, double.NaN, t * slope(t), t * t * curvature(t), Rounding: 0);
    }
}
