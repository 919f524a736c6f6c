using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests;

/// <summary>Logarithms and exponentials against those of two hundred bits.</summary>
public class ArithmeticTests
{
    [Fact]
    public void Relative_error_of_log_one_plus_is_a_few_roundings_at_any_size()
    {
        for (double size = 1e-300; size < 1e6; size *= 7.3)
        {
            foreach (double x in new[] { size, -size }.Where(x => x > -1))
            {
                Rational exact = HighPrecision.Log(1 + (Rational)x);

                // Below the oracle's own resolution log(1+x) is x to far more digits than a double has.
                double expected = size < 1e-30 ? x : exact.ToDouble();
                Assert.Equal(expected, Arithmetic.LogOnePlus(x), 1e-15 * Math.Abs(expected));
            }
        }
    }

    [Fact]
    public void Nought_gives_nought() => Assert.Equal(0, Arithmetic.LogOnePlus(0));

    [Fact]
    public void Log_is_within_one_unit_in_the_last_place()
    {
        var random = new Random(1);
        for (int i = 0; i < 4000; i++)
        {
            double x = (i % 4) switch
            {
                0 => 0.7 + 0.72 * random.NextDouble(),
                1 => 1 + (random.NextDouble() - 0.5) * Math.ScaleB(1, -random.Next(50)),
                _ => Math.ScaleB(1 + random.NextDouble(), random.Next(-1074, 1023)),
            };
            if (x is not 0 and not 1)
                AssertWithinOneUnit(HighPrecision.Log(x), Arithmetic.Log(x), $"log {x:R}");
        }
    }

    [Fact]
    public void Exp_is_within_one_unit_in_the_last_place()
    {
        var random = new Random(2);
        for (int i = 0; i < 4000; i++)
        {
            double x = i % 2 == 0 ? 4 * (random.NextDouble() - 0.5) : 1450 * random.NextDouble() - 742;
            if (x < 709)
                AssertWithinOneUnit(HighPrecision.Exp(x), Arithmetic.Exp(x), $"exp {x:R}");
        }
    }

    [Fact]
    public void Ends_of_the_range_are_those_of_the_standard()
    {
        Assert.Equal([double.NegativeInfinity, double.NaN, double.PositiveInfinity, 0, double.NaN],
            ((double[])[0, -1, double.PositiveInfinity, 1, double.NaN]).Select(Arithmetic.Log));
        Assert.Equal([1, 0, double.PositiveInfinity, 0, double.PositiveInfinity, double.NaN],
            ((double[])[0, double.NegativeInfinity, double.PositiveInfinity, -746, 710, double.NaN]).Select(Arithmetic.Exp));
        Assert.Equal(double.Epsilon, Arithmetic.Exp(-745));
        Assert.Equal(Math.Log(double.Epsilon), Arithmetic.Log(double.Epsilon), 1e-12);
        Assert.Equal(Math.Exp(709.78), Arithmetic.Exp(709.78), 1e294);
    }

    private static void AssertWithinOneUnit(Rational exact, double computed, string what)
    {
        double unit = Math.BitIncrement(Math.Abs(computed)) - Math.Abs(computed);
        double units = ((exact - computed) / unit).ToDouble();
        Assert.True(Math.Abs(units) <= 1, $"{what}: {computed:R} is off by {units} units");
    }
}
