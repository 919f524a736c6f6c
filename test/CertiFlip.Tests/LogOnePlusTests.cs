using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests;

public class LogOnePlusTests
{
    [Fact]
    public void Relative_error_is_a_few_roundings_at_any_size()
    {
        for (double size = 1e-300; size < 1e6; size *= 7.3)
        {
            foreach (double x in new[] { size, -size }.Where(x => x > -1))
            {
                Rational exact = HighPrecision.Log(1 + (Rational)x);

                // Below the oracle's own resolution log(1+x) is x to far more digits than a double has.
                double expected = size < 1e-30 ? x : exact.ToDouble();
                Assert.Equal(expected, LogOnePlus.Of(x), 1e-15 * Math.Abs(expected));
            }
        }
    }

    [Fact]
    public void Nought_gives_nought() => Assert.Equal(0, LogOnePlus.Of(0));
}
