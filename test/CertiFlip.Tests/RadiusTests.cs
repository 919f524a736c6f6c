namespace CertiFlip.Tests;

public class RadiusTests
{
    [Fact]
    public void Any_is_larger_than_every_budget_and_has_none()
    {
        Assert.True(Radius.Any > Radius.Of(int.MaxValue - 1));
        Assert.True(Radius.Any.Survives(int.MaxValue));
        Assert.Throws<InvalidOperationException>(() => Radius.Any.Budget);
        Assert.Equal(("any", "7"), (Radius.Any.ToString(), Radius.Of(7).ToString()));
    }

    [Fact]
    public void Budgets_are_not_negative()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Radius.Of(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Radius.Of(int.MaxValue));
        Assert.Equal(0, default(Radius).Budget);
    }

    [Fact]
    public void Radius_that_reaches_the_cost_of_all_labels_is_any()
    {
        Assert.Equal(Radius.Any, Radius.Of(9, totalCost: 9));
        Assert.Equal(Radius.Of(8), Radius.Of(8, totalCost: 9));
    }

    [Fact]
    public void Median_between_a_number_and_any_is_the_number()
    {
        Assert.Equal(3, new AccuracyCurve(2, 1, [Radius.Any, Radius.Of(3)]).MedianRadius);
        Assert.Equal(double.PositiveInfinity, new AccuracyCurve(3, 1, [Radius.Any, Radius.Of(3), Radius.Any]).MedianRadius);
        Assert.Equal(1.5, new AccuracyCurve(2, 0.5, [Radius.Of(3)]).MedianRadius);
    }

    [Fact]
    public void Rows_that_nothing_changes_count_however_many_flips_there_are()
    {
        var curve = new AccuracyCurve(4, 0.75, [Radius.Any, Radius.Of(3), Radius.Of(0)]);
        Assert.Equal([0.75, 0.5, 0.5, 0.25, 0.25], ((int[])[0, 1, 3, 4, int.MaxValue]).Select(curve.At));
        Assert.Equal([0, 3, 4], curve.Steps);
        Assert.Equal((3, 1), (curve.LargestBudget, curve.UnchangeableRows));
    }
}
