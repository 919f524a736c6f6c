using CertiFlip.Auditing;

namespace CertiFlip.Tests.Auditing;

public class ContradictionsTests
{
    [Fact]
    public void A_contradiction_is_clear_where_a_tenth_of_the_class_suggested_has_no_larger_lead()
    {
        // One of ten rows of class 0, a tenth, has a smaller lead than 0.2.
        LeftOutRow[] agreeing = [.. Enumerable.Range(1, 10).Select(i => new LeftOutRow(0, 0, Radius.Of(0), i / 10.0))];
        var contradictions = Contradictions.Of([.. agreeing, Against(0, 0.19), Against(0, 0.2), Against(0, 0.7)], 2);
        Assert.Equal([12, 11], contradictions.Clear);
        Assert.Equal([10], contradictions.Doubtful);
    }

    [Fact]
    public void Each_class_has_its_own_measure()
    {
        LeftOutRow[] agreeing = [new(0, 0, Radius.Of(0), 0.9), new(1, 1, Radius.Of(0), 0.1)];
        var contradictions = Contradictions.Of([.. agreeing, Against(0, 0.5), Against(1, 0.5)], 2);
        Assert.Equal([3], contradictions.Clear);
        Assert.Equal([2], contradictions.Doubtful);
    }

    [Fact]
    public void Of_equal_leads_the_larger_radius_comes_first_and_then_the_smaller_row() =>
        Assert.Equal([1, 0, 2], Contradictions.Of([Against(0, 0.5, 3), Against(0, 0.5, 4), Against(0, 0.5, 3)], 2).Clear);

    [Fact]
    public void Leads_that_differ_by_rounding_alone_are_equal_and_small_ones_are_not()
    {
        Assert.Equal([0, 1, 2], Contradictions.Of([Against(0, 1), Against(0, Math.BitIncrement(1)), Against(0, 1)], 2).Clear);
        Assert.Equal([1, 0], Contradictions.Of([Against(0, 1e-200), Against(0, 2e-200)], 2).Clear);
    }

    private static LeftOutRow Against(int c, double lead, int radius = 1) => new(1 - c, c, Radius.Of(radius), lead);
}
