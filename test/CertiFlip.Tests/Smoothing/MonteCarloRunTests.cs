using CertiFlip.Smoothing;
using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Smoothing;

/// <summary>
/// How Algorithm 2 runs: on threads that leave no trace, with progress, until it is stopped or φ fails.
/// </summary>
public class MonteCarloRunTests
{
    private static readonly GaussianMeasure Gaussian = new([1, 2], 3);

    public static TheoryData<int> Threads => [1, 2, 7];

    [Fact]
    public void Result_is_the_same_for_any_number_of_threads()
    {
        MonteCarloEstimate[] estimates = [.. Threads.Select(threads => Positive(new() { Threads = threads.Data, Seed = 9 }))];
        Assert.Single(estimates.Distinct());
        Assert.InRange(estimates[0].Agreeing, 550, 950);
    }

    [Fact]
    public void Other_seeds_give_other_samples() =>
        Assert.True(Enumerable.Range(0, 20).Select(seed => Positive(new() { Seed = (ulong)seed }).Agreeing).Distinct().Count() > 8);

    [Fact]
    public void Result_of_a_seed_never_changes() => Assert.Equal(757, Positive(new() { Seed = 9 }).Agreeing);

    [Fact]
    public void Progress_adds_up_to_all_samples()
    {
        var progress = new CountingProgress();
        MonteCarlo.Smooth(Gaussian, _ => true, new() { Samples = 321, SelectionSamples = 45 }, progress,
            TestContext.Current.CancellationToken);
        Assert.Equal(366, progress.Total);
    }

    [Fact]
    public void Nothing_is_drawn_after_cancellation()
    {
        int calls = 0;
        Assert.ThrowsAny<OperationCanceledException>(() =>
            MonteCarlo.Smooth(Gaussian, _ => Interlocked.Increment(ref calls) > 0,
                cancellationToken: new CancellationToken(canceled: true)));
        Assert.Equal(0, calls);
    }

    [Theory]
    [MemberData(nameof(Threads))]
    public void Cancellation_stops_between_samples(int threads)
    {
        using var source = new CancellationTokenSource();
        int calls = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => MonteCarlo.Smooth(
            Gaussian,
            _ =>
            {
                if (Interlocked.Increment(ref calls) == 150)
                    source.Cancel();
                return true;
            },
            new() { Samples = 1_000_000, Threads = threads },
            cancellationToken: source.Token));
        Assert.InRange(calls, 150, 100_000);
    }

    [Theory]
    [MemberData(nameof(Threads))]
    public void Exception_of_the_smallest_draw_comes_out_as_it_was_thrown(int threads)
    {
        foreach (int first in new[] { 0, 57, 99, 100, 888, 1099 })
        {
            Exception exception = Assert.Throws<FormatException>(() => MonteCarlo.Smooth(
                new NumberedDraws(0, 1100),
                draw => draw < first || (draw - first) % 5 != 0 ? true : throw new FormatException($"draw {draw}"),
                new() { Threads = threads },
                cancellationToken: TestContext.Current.CancellationToken));
            Assert.Equal($"draw {first}", exception.Message);
            Assert.Contains(nameof(Exception_of_the_smallest_draw_comes_out_as_it_was_thrown), exception.StackTrace);
        }
    }

    [Fact]
    public void Draws_before_one_that_failed_are_still_taken()
    {
        // Draw 10 waits until a later one has failed; draw 11 is the smallest that fails.
        using var failed = new ManualResetEventSlim();
        Exception exception = Assert.Throws<FormatException>(() => MonteCarlo.Smooth(
            new NumberedDraws(0, 1100),
            draw =>
            {
                if (draw == 10)
                    failed.Wait(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
                if (draw <= 10)
                    return true;
                failed.Set();
                throw new FormatException($"draw {draw}");
            },
            new() { Threads = 2 },
            cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal("draw 11", exception.Message);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void Answer_that_is_not_a_class_is_named(int answer)
    {
        var exception = Assert.Throws<InvalidOperationException>(
            () => SmoothClasses((_, classes) => (classes[0], classes[1]) = (2, answer), 2));
        Assert.Equal($"Function 1 gave {answer}, but classes are numbered 0 to 2.", exception.Message);
    }

    [Theory]
    [MemberData(nameof(Threads))]
    public void Answer_that_is_not_written_is_not_the_one_of_another_draw(int threads)
    {
        int calls = 0;
        var exception = Assert.Throws<InvalidOperationException>(() => SmoothClasses(
            (_, classes) =>
            {
                if (Interlocked.Increment(ref calls) < 1000)
                    classes[0] = 1;
            },
            1,
            threads));
        Assert.Contains("Function 0", exception.Message);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MonteCarloOptions { Samples = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MonteCarloOptions { SelectionSamples = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MonteCarloOptions { Threads = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MonteCarloOptions { Confidence = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MonteCarloOptions { Confidence = double.NaN });
    }

    private static MonteCarloEstimate Positive(MonteCarloOptions options) =>
        MonteCarlo.Smooth(Gaussian, x => x[0] + x[1] > 0, options, cancellationToken: TestContext.Current.CancellationToken);

    private static void SmoothClasses(Action<double[], Span<int>> phi, int functions, int threads = 2) =>
        MonteCarlo.Smooth(Gaussian, phi, functions, 3, new() { Threads = threads },
            cancellationToken: TestContext.Current.CancellationToken);

    private sealed class CountingProgress : IProgress<int>
    {
        private int _total;

        public int Total => _total;

        public void Report(int value) => Interlocked.Add(ref _total, value);
    }
}
