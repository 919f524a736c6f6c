using CertiFlip.Kernels;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Kernels;

/// <summary>The lazily sorted list against one that is sorted at once.</summary>
public class LargestFirstTests
{
    // Lengths on both sides of where sorting in part begins; few different values make ties, a rising list defeats the
    // sampled pivot.
    private static Gen<double[]> Lists =>
        from length in Gen.Frequency((2, Gen.Choose(1, 40)), (2, Gen.Choose(1000, 1100)), (2, Gen.Choose(3000, 6000)))
        from values in Gen.OneOf(
            Gen.ArrayOf(Gen.Choose(-1_000_000, 1_000_000).Select(i => i / 1e6), length),
            Gen.ArrayOf(Gen.Choose(-2, 2).Select(i => (double)i), length),
            Gen.ArrayOf(Gen.Elements(0.0, -0.0, double.Epsilon), length),
            Gen.Constant(Enumerable.Range(0, length).Select(i => (double)i).ToArray()))
        select values;

    [Fact]
    public void Values_come_in_the_order_of_a_full_sort() => Claim.HoldsFor(Lists, values =>
    {
        LargestFirst list = Load(new LargestFirst(KernelSet.Best), values);
        double[] sorted = [.. values.OrderDescending()];
        for (int rank = 0; rank < sorted.Length; rank++)
            Assert.Equal(sorted[rank], list[rank], 0.0);
    }, count: 100);

    [Fact]
    public void Equal_values_come_in_the_order_of_their_positions() => Claim.HoldsFor(Lists, values =>
    {
        LargestFirst list = Load(new LargestFirst(KernelSet.Best), values);

        // Adding 0 makes one number of the two noughts, which a sort would otherwise tell apart.
        int[] positions = [.. Enumerable.Range(0, values.Length).OrderByDescending(j => values[j] + 0.0)];
        for (int rank = 0; rank < positions.Length; rank++)
            Assert.Equal(positions[rank], list.PositionOf(rank));
    }, count: 100);

    [Fact]
    public void Ranks_can_be_asked_for_in_any_order() => Claim.HoldsFor(Lists, values =>
    {
        LargestFirst list = Load(new LargestFirst(KernelSet.Best), values);
        double[] sorted = [.. values.OrderDescending()];
        foreach (int rank in new[] { values.Length / 2, 0, values.Length - 1, values.Length / 3 })
            Assert.Equal(sorted[rank], list[rank], 0.0);
    }, count: 100);

    [Fact]
    public void Cuts_stand_where_the_values_of_a_full_sort_fall_below_them() => Claim.HoldsFor(Lists, values =>
    {
        LargestFirst list = Load(new LargestFirst(KernelSet.Best), values);
        double[] sorted = [.. values.OrderDescending()];
        var random = new Random(values.Length);
        for (int i = 0; i < 30; i++)
        {
            int rank = random.Next(values.Length);
            if (random.Next(4) == 0)
                Assert.Equal(sorted[rank], list[rank], 0.0);
            double least = random.Next(3) == 0 ? Math.BitIncrement(sorted[rank]) : sorted[rank];
            int cut = list.CutAt(least);
            Assert.Equal(sorted.Count(value => value >= least), cut);
            Assert.Equal(sorted[..cut], list.Between(0, cut).ToArray().OrderDescending());
            Assert.Equal(sorted[..(rank + 1)], list.Largest(rank + 1).ToArray().OrderDescending());
        }

        Assert.Equal(sorted, list.First(values.Length).ToArray());
    }, count: 100);

    [Fact]
    public void Parts_are_one_list() => Claim.HoldsFor(Lists, values =>
    {
        var list = new LargestFirst(KernelSet.Best);
        int third = values.Length / 3;
        list.Reset();
        list.Add(values.AsMemory(..third), ValueReading.AsTheyAre);
        list.Add(values.AsMemory(third..(2 * third)), ValueReading.Negated);
        list.Add(values.AsMemory((2 * third)..), ValueReading.Magnitudes);
        double[] read = [.. values[..third], .. values[third..(2 * third)].Select(x => -x), .. values[(2 * third)..].Select(Math.Abs)];
        int[] positions = [.. Enumerable.Range(0, read.Length).OrderByDescending(j => read[j] + 0.0)];
        for (int rank = 0; rank < read.Length; rank++)
        {
            Assert.Equal(read[positions[rank]], list[rank], 0.0);
            Assert.Equal(positions[rank], list.PositionOf(rank));
        }
    }, count: 100);

    [Fact]
    public void Reset_forgets_what_was_there()
    {
        LargestFirst list = Load(new LargestFirst(KernelSet.Best), [.. Enumerable.Range(0, 5000).Select(i => 1e9 + i)]);
        _ = list[4000];
        Load(list, [1, 3, 2]);
        Assert.Equal([3.0, 2, 1], Enumerable.Range(0, list.Count).Select(rank => list[rank]));
    }

    [Fact]
    public void Truncated_list_holds_the_first_values_alone()
    {
        var list = new LargestFirst(KernelSet.Best);
        new double[] { 1, 3, 2, 9, 8 }.CopyTo(list.Reset(5));
        list.Truncate(3);
        Assert.Equal([3.0, 2, 1], Enumerable.Range(0, list.Count).Select(rank => list[rank]));
    }

    private static LargestFirst Load(LargestFirst list, double[] values)
    {
        values.CopyTo(list.Reset(values.Length));
        return list;
    }
}
