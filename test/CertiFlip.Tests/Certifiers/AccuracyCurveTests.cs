namespace CertiFlip.Tests.Certifiers;

public class AccuracyCurveTests
{
    [Fact]
    public void What_an_attack_changes_counts_up_to_one_flip_less_and_what_none_changes_as_far_as_was_tried()
    {
        AccuracyCurve curve = AccuracyCurve.UnderAttack(rows: 4, flips: [1, 3, null], tried: Radius.Of(5));
        Assert.Equal(0.75, curve.Accuracy);
        Assert.Equal([0.75, 0.5, 0.5, 0.25, 0.25, 0.25, 0], Enumerable.Range(0, 7).Select(curve.At));
    }

    [Fact]
    public void No_rows_are_no_accuracy() => Assert.Equal(0, AccuracyCurve.UnderAttack(0, [], Radius.Of(5)).Accuracy);

    [Fact]
    public void No_attack_needs_no_flips() => Assert.Throws<ArgumentException>(() => AccuracyCurve.UnderAttack(1, [0], Radius.Of(5)));
}
