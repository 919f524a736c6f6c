using System.Runtime.Intrinsics;
using CertiFlip.Kernels;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Kernels;

/// <summary>e^(−a) against fifty digits, for every register width.</summary>
public class NegativeExponentialTests
{
    private const double UnitRoundoff = 1.1102230246251565e-16;
    private const double SingleUnitRoundoff = 5.9604644775390625e-8;

    public static TheoryData<string> Names => KernelTestData.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Relative_error_is_below_four_roundings(string name)
    {
        var random = new Random(708);
        for (int i = 0; i < 5000; i++)
        {
            double a = i % 2 == 0 ? 708 * i / 5000.0 : Math.Exp(-40 * random.NextDouble()) * 708;
            Rational exact = HighPrecision.Exp(-(Rational)a);
            double error = ((Evaluate(name, a) - exact) / exact).ToDouble();
            Assert.True(Math.Abs(error) < 4 * UnitRoundoff, $"e^(−{a:R}) is off by {error / UnitRoundoff} roundings");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nought_gives_one(string name) => Assert.Equal(1, Evaluate(name, 0));

    [Theory]
    [MemberData(nameof(Names))]
    public void Beyond_its_range_it_is_positive_and_negligible(string name)
    {
        foreach (double a in new[] { 708.0001, 745, 1e4, 1e300, double.PositiveInfinity })
            Assert.InRange(Evaluate(name, a), double.Epsilon, 1e-307);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_width_gives_the_same_bits(string name)
    {
        for (double a = 1e-9; a < 800; a *= 1.013)
            Assert.Equal(Evaluate("scalar", a), Evaluate(name, a));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void In_floats_the_relative_error_is_below_four_of_their_roundings(string name)
    {
        for (double a = 1e-6; a < 87; a *= 1.003)
        {
            double given = (float)a, exact = Math.Exp(-given);
            Assert.InRange((EvaluateSingle(name, given) - exact) / exact, -4 * SingleUnitRoundoff, 4 * SingleUnitRoundoff);
        }

        Assert.Equal(1, EvaluateSingle(name, 0));
        Assert.InRange(EvaluateSingle(name, 1e30), float.Epsilon, 2e-38);
    }

    private static double EvaluateSingle(string name, double a) => name switch
    {
        "scalar" => NegativeExponential<ScalarSingleLanes, float>.Of((float)a),
        "vector128" => NegativeExponential<SingleLanes128, Vector128<float>>.Of(Vector128.Create((float)a))[3],
        "vector256" => NegativeExponential<SingleLanes256, Vector256<float>>.Of(Vector256.Create((float)a))[5],
        "vector512" => NegativeExponential<SingleLanes512, Vector512<float>>.Of(Vector512.Create((float)a))[9],
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "A new kernel set needs a line here."),
    };

    private static double Evaluate(string name, double a) => name switch
    {
        "scalar" => NegativeExponential<ScalarLanes, double>.Of(a),
        "vector128" => NegativeExponential<Lanes128, Vector128<double>>.Of(Vector128.Create(a))[0],
        "vector256" => NegativeExponential<Lanes256, Vector256<double>>.Of(Vector256.Create(a))[3],
        "vector512" => NegativeExponential<Lanes512, Vector512<double>>.Of(Vector512.Create(a))[5],
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "A new kernel set needs a line here."),
    };
}
