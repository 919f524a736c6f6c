using CertiFlip.Kernels;
using CertiFlip.Tests.Oracles;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Kernels;

/// <summary>Signs of sums that rounding would get wrong, against big integers.</summary>
public class ExactSumTests
{
    private static Gen<double> AnyFinite => Gen.Frequency(
        (3, Gen.Choose(int.MinValue, int.MaxValue).SelectMany(high => Gen.Choose(int.MinValue, int.MaxValue).Select(low =>
            BitConverter.Int64BitsToDouble(((long)high << 32) | (uint)low)))),
        (2, Gen.Elements(double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue, 0.0, -0.0, 1.0, -1.0,
            2.2250738585072014e-308, 2.225073858507201e-308)),
        (1, Gen.Choose(-9, 9).Select(i => i / 8.0))).Where(double.IsFinite);

    /// <summary>Numbers, their negatives in another order, and perhaps one crumb: sums that all but vanish.</summary>
    private static Gen<double[]> Cancelling =>
        from numbers in Gen.Choose(1, 40).SelectMany(length => Gen.ArrayOf(AnyFinite, length))
        from order in Gen.Shuffle(numbers.Concat(numbers.Select(number => -number)))
        from crumb in Gen.OneOf(Gen.Constant(0.0), AnyFinite)
        select (double[])[.. order, crumb];

    /// <summary>Multiples of 2⁻¹⁰⁷⁴ on both sides of where the hidden bit comes in.</summary>
    private static Gen<double[]> AboutTheSmallestNormal =>
        Gen.Choose(1, 8).SelectMany(length => Gen.ArrayOf(
            Gen.Choose(-3, 3).SelectMany(units => Gen.Elements(-2, -1, 0, 1, 2).Select(halves =>
                double.CopySign(2.2250738585072014e-308, halves) * Math.Abs(halves) / 2 + units * double.Epsilon)),
            length));

    [Fact]
    public void Sign_of_any_sum_is_exact() =>
        Claim.HoldsFor(Gen.Choose(0, 40).SelectMany(length => Gen.ArrayOf(AnyFinite, length)), AssertSign);

    [Fact]
    public void Sign_of_a_cancelling_sum_is_exact() => Claim.HoldsFor(Cancelling, AssertSign);

    [Fact]
    public void Sign_of_a_sum_about_the_smallest_normal_number_is_exact() => Claim.HoldsFor(AboutTheSmallestNormal, AssertSign);

    [Fact]
    public void Sign_can_be_asked_for_after_every_term() => Claim.HoldsFor(Cancelling, numbers =>
    {
        int[] multiples = [-1, -1, -2, 1, 2];
        int terms = 0;
        var sum = new ExactSum();
        Rational exact = 0;
        foreach (double number in numbers)
        {
            int multiple = multiples[terms++ % multiples.Length];
            sum.Add(number, multiple);
            exact += multiple * (Rational)number;
            Assert.Equal(exact.Sign, sum.Sign());
        }
    }, count: 200);

    [Fact]
    public void Many_numbers_at_once_make_the_same_sum() => Claim.HoldsFor(
        from about in Gen.Elements(1e-300, 1e-150, 1.0, 1e200, 1e300)
        from spread in Gen.Elements(1.0, 1e-8, 1e-20, 1e-60)
        from seed in Gen.Choose(0, int.MaxValue)
        from length in Gen.Elements(1, 7, 8, 9, 31, 800, 8191, 8192, 20_000)
        from multiple in Gen.Elements(1, -1, 2, -2)
        select (about, spread, seed, length, multiple), sample =>
    {
        // From large to small by as much as the spread says, and a few zeros: the two cuts leave some of them over.
        var random = new Random(sample.seed);
        double[] numbers = new double[sample.length];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = i % 97 == 96 ? 0 : sample.about * Math.Pow(sample.spread, random.NextDouble()) * (random.NextDouble() - 0.5);
        ExactSum one = new(), all = new();
        foreach (double number in numbers)
            one.Add(number, sample.multiple);
        all.AddAll(numbers, sample.multiple);
        Assert.Equal(one.ToInteger(), all.ToInteger());
    }, count: 150);

    [Fact]
    public void Many_of_the_largest_numbers_do_not_overflow()
    {
        var sum = new ExactSum();
        for (int i = 0; i < 100_000; i++)
            sum.Add(double.MinValue);
        for (int i = 0; i < 100_000; i++)
            sum.Add(double.MaxValue);
        Assert.Equal(0, sum.Sign());
        sum.Add(-double.Epsilon);
        Assert.Equal(-1, sum.Sign());
    }

    private static void AssertSign(double[] numbers)
    {
        var sum = new ExactSum();
        foreach (double number in numbers)
            sum.Add(number);
        Assert.Equal(numbers.Aggregate((Rational)0, (exact, number) => exact + number).Sign, sum.Sign());
    }
}
