using CertiFlip.Kernels;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Kernels;

/// <summary>The kernel that picks values out of a list against a plain filter, at every width.</summary>
public class CollectKernelTests
{
    private static Gen<(double[] Values, ValueReading Reading, double Least, double Below)> Cases =>
        from length in Gen.Choose(0, 70)
        from values in Gen.ArrayOf(Gen.Choose(-6, 6).Select(i => i / 2.0), length)
        from least in Gen.Elements(double.NegativeInfinity, -3, 0, 1.5)
        from below in Gen.Elements(double.PositiveInfinity, 2, 1.5, -5)
        from reading in Gen.Elements(Enum.GetValues<ValueReading>())
        select (values, reading, least, below);

    [Theory]
    [MemberData(nameof(KernelTestData.Names), MemberType = typeof(KernelTestData))]
    public void Collects_what_a_plain_filter_does(string name) => Claim.HoldsFor(Cases, t =>
    {
        double[] read = Array.ConvertAll(t.Values, value =>
            t.Reading == ValueReading.Magnitudes ? Math.Abs(value) : t.Reading == ValueReading.Negated ? -value : value);
        double[] expected = [.. read.Where(value => value >= t.Least && value < t.Below)];
        double[] collected = new double[t.Values.Length];
        int found = KernelSet.Choose(name).Collect(t.Values, t.Reading, t.Least, t.Below, collected);
        Assert.Equal(expected, collected[..found]);

        // Where there is room for fewer, all are counted all the same.
        foreach (int room in new[] { 0, found / 2 })
            Assert.Equal(found, KernelSet.Choose(name).Collect(t.Values, t.Reading, t.Least, t.Below, collected.AsSpan(0, room)));
    }, count: 300);
}
