using CertiFlip.Kernels;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Kernels;

/// <summary>The kernel that picks values out of a list against a plain filter, at every width.</summary>
public class CollectKernelTests
{
    private static Gen<(double[] Values, double Least, double Below)> Cases =>
        from length in Gen.Choose(0, 70)
        from values in Gen.ArrayOf(Gen.Choose(-6, 6).Select(i => i / 2.0), length)
        from least in Gen.Elements(double.NegativeInfinity, -3, 0, 1.5)
        from below in Gen.Elements(double.PositiveInfinity, 2, 1.5, -5)
        select (values, least, below);

    [Theory]
    [MemberData(nameof(KernelTestData.Names), MemberType = typeof(KernelTestData))]
    public void Collects_what_a_plain_filter_does(string name) => Claim.HoldsFor(Cases, t =>
    {
        double[] expected = [.. t.Values.Where(value => value >= t.Least && value < t.Below)];
        double[] collected = new double[t.Values.Length];
        int found = KernelSet.Choose(name).Collect(t.Values, t.Least, t.Below, collected);
        Assert.Equal(expected, collected[..found]);
    }, count: 300);
}
