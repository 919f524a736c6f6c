using CertiFlip.Cli.Commands.Frontier;

namespace CertiFlip.Cli.Tests.Commands.Frontier;

public sealed class TradeOffTests
{
    [Fact]
    public void Only_what_nothing_beats_is_on_the_frontier() =>
        Assert.Equal(
            [true, false, true, false, true], TradeOff.OnFrontier([new(0.7, 40), new(0.7, 30), new(0.8, 20), new(0.75, 15), new(0.9, 10)]));

    [Fact]
    public void Of_equal_accuracies_the_larger_radius_is_on_it_and_of_equal_radii_the_larger_accuracy() =>
        Assert.Equal([true, false, false], TradeOff.OnFrontier([new(0.9, 10), new(0.9, 9), new(0.8, 10)]));

    [Fact]
    public void Equal_settings_are_on_it_together_or_not_at_all()
    {
        Assert.Equal([true, true], TradeOff.OnFrontier([new(0.9, 10), new(0.9, 10)]));
        Assert.Equal([false, true, false], TradeOff.OnFrontier([new(0.9, 10), new(0.9, 11), new(0.9, 10)]));
    }

    [Fact]
    public void A_single_setting_is_on_it() => Assert.Equal([true], TradeOff.OnFrontier([new(0, 0)]));

    [Fact]
    public void Whatever_is_not_on_it_is_beaten_by_something_that_is()
    {
        var random = new Random(7);
        for (int round = 0; round < 200; round++)
        {
            TradeOff[] all = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => new TradeOff(random.Next(5) / 5.0, random.Next(5)))];
            IReadOnlyList<bool> marks = TradeOff.OnFrontier(all);
            TradeOff[] frontier = [.. all.Where((_, i) => marks[i])];
            Assert.NotEmpty(frontier);
            Assert.All(all.Zip(marks), pair => Assert.NotEqual(pair.Second, frontier.Any(other => other.Beats(pair.First))));
        }
    }
}
