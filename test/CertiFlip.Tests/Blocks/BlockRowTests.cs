using System.Numerics;
using CertiFlip.Blocks;
using CertiFlip.Exact;
using CertiFlip.Smoothed;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;
using CertiFlip.Votes;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Blocks;

/// <summary>
/// One test row whose label weights come in blocks, written and read between the stages, against every labelling and
/// every noise pattern in exact arithmetic.
/// </summary>
public class BlockRowTests
{
    [Fact]
    public void Exact_radius_of_many_classes_is_what_brute_force_finds() =>
        Claim.HoldsFor(ManyClassVotes.Any, vote => vote.Simpler(), vote =>
        {
            RowState state = StateOf(vote.Weights, vote.ClassLabels, null, blockRows: 2);
            Assert.Equal(vote.Oracle.HeadPrediction, state.Prediction);
            Assert.Equal(Radius.Of(vote.Oracle.LeastChangesOfHead - 1, vote.Rows), RadiusOf(state));
        }, count: 1500);

    [Fact]
    public void Exact_radius_of_two_classes_is_what_brute_force_finds() =>
        Claim.HoldsFor(SmallVotes.AtOneHalf, small => small.Simpler(), small =>
        {
            RowState state = StateOf(small.Weights, new ClassLabels(small.Labels, 2), null, blockRows: 3);
            Assert.Equal(small.Oracle.HeadPrediction, state.Prediction);
            Assert.Equal(Radius.Of(small.Oracle.LeastFlipsOfHead - 1, small.Rows), RadiusOf(state));
        }, count: 1500);

    [Fact]
    public void Log_failure_of_many_classes_is_never_below_the_true_one() =>
        Claim.HoldsFor(ManyClassVotes.Any, vote => vote.Simpler(), vote =>
        {
            RowState state = StateOf(vote.Weights, vote.ClassLabels, vote.Noise, blockRows: 2);
            AssertNotBelow(vote.Oracle.LargestFailureProbability(state.SmoothedPrediction), state.LogFailure, vote);
            if (state.IsCertified)
                Assert.True(vote.Oracle.WinsEveryPair(state.SmoothedPrediction));
            int tight = new TightCertificate(vote.Noise, vote.Rows).Radius(state.LogFailure);
            Assert.True(!state.IsCertified || tight < vote.Oracle.LeastChangesOfSmoothed(state.SmoothedPrediction));
        }, count: 600);

    [Fact]
    public void Log_failure_of_two_classes_is_never_below_the_true_one() =>
        Claim.HoldsFor(SmallVotes.AtOneHalf, small => small.Simpler(), small =>
        {
            RowState state = StateOf(small.Weights, new ClassLabels(small.Labels, 2), small.Noise, blockRows: 3);
            AssertNotBelow(small.Oracle.FailureProbability(state.SmoothedPrediction), state.LogFailure, small);
            Assert.Equal(small.Oracle.FailureProbability(state.SmoothedPrediction).Sign == 0, double.IsNegativeInfinity(state.LogFailure));
            if (state.IsCertified)
                Assert.Equal(small.Oracle.SmoothedPrediction, state.SmoothedPrediction);
        }, count: 800);

    [Fact]
    public void Log_failure_is_as_good_as_that_of_all_rows_at_once() =>
        Claim.HoldsFor(ManyClassVotes.WithoutTies, vote => vote.Simpler(), vote =>
        {
            RowState state = StateOf(vote.Weights, vote.ClassLabels, vote.Noise, blockRows: 2);
            double whole = ChernoffBound.Of(vote.Vote, vote.Noise).LogFailure;
            Assert.InRange(state.LogFailure, whole * (1 + 1e-5) - 1e-9, whole * (1 - 0.01) + 1e-6);
        });

    [Fact]
    public void A_prior_decides_ties_as_it_does_for_all_rows_at_once() => Claim.HoldsFor(
        ManyClassVotes.Any.Select(
            vote => vote with { Prior = [.. Enumerable.Range(0, vote.Classes).Select(c => PriorOf(c, vote.Classes))] }),
        vote => vote.Simpler(),
        vote =>
        {
            RowState state = StateOf(vote.Weights, vote.ClassLabels, vote.Noise, blockRows: 2);
            Assert.Equal(vote.Oracle.HeadPrediction, state.Prediction);
            Assert.Equal(Radius.Of(vote.Oracle.LeastChangesOfHead - 1, vote.Rows), RadiusOf(state));
            AssertNotBelow(vote.Oracle.LargestFailureProbability(state.SmoothedPrediction), state.LogFailure, vote);
        }, count: 400);

    /// <summary>More rows than every labelling can be tried of: ties, subnormals and large numbers.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Radii_of_many_rows_are_those_of_all_rows_at_once(int seed)
    {
        var random = new Random(seed);
        double[] sizes =
            [1, 1, 0.75, 1 / 3.0, 1e-3, 0, -0.0, double.Epsilon, 3 * double.Epsilon, 1.9e-308, 1.2e-308, 2.3e-308, 4e-308, 1e-300, 1e9];
        for (int trial = 0; trial < 300; trial++)
        {
            int rows = random.Next(1, 400), classes = random.Next(2, 5);
            int kinds = random.Next(1, sizes.Length + 1), offset = random.Next(sizes.Length);
            double[] weights = [.. Enumerable.Range(0, rows).Select(_ =>
                sizes[(offset + random.Next(kinds)) % sizes.Length] * (random.Next(3) == 0 ? -1 : 1)
                    * (trial % 3 == 0 ? random.NextDouble() : 1))];
            var labels = new ClassLabels(
                [.. weights.Select(weight => weight > 0 && random.Next(3) > 0 ? 0 : random.Next(classes))], classes);
            RowState state = StateOf(weights, labels, new Noise(0.1, classes), blockRows: 64, few: random.Next(3));
            var vote = new Vote(weights, labels);
            Assert.Equal(vote.HeadPrediction, state.Prediction);
            Assert.Equal(ExactCertificate.Radius(vote), RadiusOf(state));
        }
    }

    /// <summary>What many rows of one size add up to needs more than 64 bits.</summary>
    [Fact]
    public void Sums_of_many_weights_are_exact()
    {
        double[] weights = [.. Enumerable.Range(0, 100_000).Select(i => Math.BitDecrement(1.25) - i % 3 * Math.ScaleB(1, -52))];
        var histogram = new WeightHistogram(2);
        foreach (double[] part in weights.Chunk(33_333))
        {
            var own = new WeightHistogram(2);
            own.Add(1, part);
            using var stream = new MemoryStream();
            own.Write(new BinaryWriter(stream));
            stream.Position = 0;
            histogram.Read(new BinaryReader(stream));
        }

        Rational sum = weights.Aggregate((Rational)0, (total, weight) => total + weight);
        WeightBucket bucket = Assert.Single(histogram.Of(1, negative: false));
        Assert.Equal(weights.Length, bucket.Count);
        Assert.Equal(sum, new Rational(bucket.Units, BigInteger.One << 1074));
    }

    private static double PriorOf(int c, int classes) => c == 0 ? 1 - (classes - 1) / 8.0 : 1 / 8.0;

    private static void AssertNotBelow(Rational failure, double log, object vote)
    {
        if (failure.Sign > 0)
            Assert.True(log >= HighPrecision.Log(failure) - HighPrecision.Error, $"{vote}: log B = {log:R}, but P = {failure}");
    }

    private static Radius RadiusOf(RowState state) => state.Survived == PairQuestion.Any ? Radius.Any : Radius.Of((int)state.Survived);

    /// <summary>The vote of a row whose weights are counted in blocks.</summary>
    internal static BlockVote VoteOf(double[] weights, ClassLabels labels, int blockRows)
    {
        var histogram = new WeightHistogram(labels.ClassCount);
        foreach ((int c, double[] own) in Blocks(weights, labels, blockRows))
        {
            var part = new WeightHistogram(labels.ClassCount);
            part.Add(c, own);
            Pass(part.Write, histogram.Read);
        }

        return new BlockVote(labels.Classes, histogram);
    }

    /// <summary>What all stages tell of a row.</summary>
    internal static RowState StateOf(double[] weights, ClassLabels labels, Noise? noise, int blockRows, int few = 1)
    {
        RowState state = RowState.Of(VoteOf(weights, labels, blockRows), isExactWanted: true, noise, weights.Length);
        foreach (int most in (int[])[few, int.MaxValue])
        {
            RowState? read = null;
            Pass(state.Write, reader => read = RowState.Read(reader));
            var answers = new RowAnswers(read!, most);
            foreach ((int c, double[] own) in Blocks(weights, labels, blockRows).Reverse())
            {
                var part = new RowAnswers(read!, most);
                part.Add(read!, c, own, noise, new double[blockRows + 16]);
                Pass(part.Write, answers.Read);
            }

            state = read!.With(answers, noise, blockRows);
        }

        Assert.False(state.IsOpen);
        return state;
    }

    private static IEnumerable<(int Class, double[] Weights)> Blocks(double[] weights, ClassLabels labels, int blockRows)
    {
        for (int first = 0; first < weights.Length; first += blockRows)
        {
            int[] rows = [.. Enumerable.Range(first, Math.Min(blockRows, weights.Length - first))];
            for (int c = 0; c < labels.ClassCount; c++)
                yield return (c, [.. rows.Where(row => labels[row] == c).Select(row => weights[row])]);
        }
    }

    private static void Pass(Action<BinaryWriter> write, Action<BinaryReader> read)
    {
        using var stream = new MemoryStream();
        write(new BinaryWriter(stream));
        stream.Position = 0;
        read(new BinaryReader(stream));
        Assert.Equal(stream.Length, stream.Position);
    }
}
