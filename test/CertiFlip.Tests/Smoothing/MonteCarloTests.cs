using CertiFlip.Smoothing;
using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Smoothing;

/// <summary>What Algorithm 2 says, against smoothed values that are known exactly.</summary>
public class MonteCarloTests
{
    [Theory]
    [InlineData(0.9)]
    [InlineData(0.6)]
    [InlineData(0.5)]
    [InlineData(0.05)]
    public void Bound_is_below_the_true_failure_probability_about_as_rarely_as_it_may(double g)
    {
        const int Seeds = 1500;
        var mu = new FiniteMeasure([1 - g, g]);
        int wrong = 0;
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            MonteCarloEstimate estimate =
                Smooth(mu, point => point == 1, new() { Samples = 60, SelectionSamples = 9, Confidence = 0.9, Seed = seed, Threads = 1 });
            wrong += Math.Log(estimate.Class == 1 ? 1 - g : g) > estimate.LogFailure ? 1 : 0;
        }

        Assert.InRange(wrong, 0.02 * Seeds, 0.1 * Seeds + 4 * Math.Sqrt(0.1 * Seeds));
    }

    [Fact]
    public void Open_vote_is_abstained_from()
    {
        var mu = new FiniteMeasure([1, 1]);
        int abstained = Enumerable.Range(0, 300)
            .Count(seed => Smooth(mu, point => point == 1, new() { Confidence = 0.99, Seed = (ulong)seed }).Abstains);
        Assert.InRange(abstained, 290, 300);
    }

    [Fact]
    public void Clear_vote_is_bounded_by_the_root_of_delta()
    {
        MonteCarloEstimate estimate = Smooth(new FiniteMeasure([1]), _ => false, new() { Samples = 500, Confidence = 0.99 });
        Assert.Equal((0, 500, 500, false), (estimate.Class, estimate.Agreeing, estimate.Samples, estimate.Abstains));
        Assert.Equal(Math.Log(1 - Math.Pow(0.01, 1.0 / 500)), estimate.LogFailure, 1e-9);
        Assert.Equal((true, estimate.LogFailure), (estimate.Value.Vote, estimate.Value.LogFailure));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Class_that_was_chosen_is_judged_by_other_samples(int chosen)
    {
        // The first 10 draws say one class, the 40 after them the other.
        MonteCarloEstimate estimate =
            Smooth(new NumberedDraws(0, 50), draw => draw < 10 == (chosen == 1), new() { SelectionSamples = 10, Samples = 40 });
        Assert.Equal(new MonteCarloEstimate(chosen, 0, 40, 0), estimate);
        Assert.True(estimate.Abstains);
    }

    [Fact]
    public void Every_draw_is_taken_once()
    {
        int[] calls = new int[50];
        Smooth(new NumberedDraws(4, 50), draw => Interlocked.Increment(ref calls[draw]) > 0,
            new() { SelectionSamples = 10, Samples = 40, Seed = 4, Threads = 3 });
        Assert.All(calls, count => Assert.Equal(1, count));
    }

    [Fact]
    public void Samples_for_choosing_do_not_count_for_the_bound()
    {
        // Draw 3 disagrees while choosing, draws 12 and 13 disagree afterwards.
        MonteCarloEstimate estimate = Smooth(
            new NumberedDraws(0, 50), draw => draw is not (3 or 12 or 13), new() { SelectionSamples = 10, Samples = 40, Confidence = 0.9 });
        Assert.Equal((1, 38, 40), (estimate.Class, estimate.Agreeing, estimate.Samples));
        Assert.Equal(ClopperPearson.LogUpperBound(2, 40, 0.9), estimate.LogFailure);
    }

    [Fact]
    public void Tie_of_a_binary_function_goes_to_1() =>
        Assert.Equal(1, Smooth(new NumberedDraws(0, 50), draw => draw % 2 == 1, new() { SelectionSamples = 10, Samples = 40 }).Class);

    [Fact]
    public void Tie_of_classes_goes_to_the_smallest() => Assert.Equal(
        [1, 0],
        Smooth(new NumberedDraws(0, 50), (draw, classes) => (classes[0], classes[1]) = (2 - draw % 2, draw % 3), 2, 3,
            new() { SelectionSamples = 6, Samples = 44 }).Select(e => e.Class));

    [Fact]
    public void Functions_on_the_same_samples_do_not_disturb_each_other()
    {
        IReadOnlyList<MonteCarloEstimate> together = Smooth(
            new NumberedDraws(0, 100),
            (draw, classes) => (classes[0], classes[1]) = (draw % 10 == 7 ? 2 : 1, draw % 4 == 3 ? 1 : 0),
            2, 3, Options);
        Assert.Equal([(1, 72), (0, 60)], together.Select(e => (e.Class, e.Agreeing)));
        Assert.Equal(Smooth(new NumberedDraws(0, 100), (draw, classes) => classes[0] = draw % 10 == 7 ? 2 : 1, 1, 3, Options)[0],
            together[0]);
        Assert.Empty(Smooth(new NumberedDraws(0, 100), (_, _) => { }, 0, 2, Options));
    }

    [Fact]
    public void Label_noise_is_certified_for_a_learner_that_counts_votes()
    {
        // Each of 25 labels stays with 0.8: most labellings keep the majority, and the bound is on the safe side of the
        // binomial tail.
        var mu = DiscreteMeasure.AroundLabels(new ClassLabels([.. Enumerable.Repeat(1, 25)], 2), new Noise(0.2));
        MonteCarloEstimate estimate = Smooth(mu, labels => 2 * labels.Sum() > 25, new() { Samples = 4000, Seed = 1 });
        const double Truth = 3.6909e-4; // P(Binomial(25, 0.8) ≤ 12)
        Assert.Equal(1, estimate.Class);
        Assert.InRange(estimate.LogFailure, Math.Log(Truth), Math.Log(12 * Truth));
        Assert.InRange(new DiscreteGuarantee(mu).Radius(estimate.Value), 2, 5);
    }

    private static MonteCarloOptions Options => new() { SelectionSamples = 20, Samples = 80 };

    private static MonteCarloEstimate Smooth<TPoint>(ISmoothingMeasure<TPoint> mu, Func<TPoint, bool> phi, MonteCarloOptions options) =>
        MonteCarlo.Smooth(mu, phi, options, cancellationToken: TestContext.Current.CancellationToken);

    private static IReadOnlyList<MonteCarloEstimate> Smooth<TPoint>(
        ISmoothingMeasure<TPoint> mu, Action<TPoint, Span<int>> phi, int functions, int classes, MonteCarloOptions options) =>
        MonteCarlo.Smooth(mu, phi, functions, classes, options, cancellationToken: TestContext.Current.CancellationToken);
}
