using CertiFlip.Exact;
using CertiFlip.Smoothed;
using CertiFlip.Smoothing;
using CertiFlip.Tests.Instances;
using CertiFlip.Votes;

namespace CertiFlip.Tests.Votes;

/// <summary>
/// Bound and structured certificate of K classes against their definitions, where there are too many labels to try
/// everything.
/// </summary>
public class ManyClassDefinitionTests
{
    public static TheoryData<double, int> NoiseLevels =>
        new() { { 1e-6, 3 }, { 0.01, 4 }, { 0.1, 3 }, { 0.1, 10 }, { 0.3, 4 }, { 0.6, 10 } };

    [Theory]
    [MemberData(nameof(NoiseLevels))]
    public void Log_failure_is_the_least_that_24_gives_for_the_worst_rival(double q, int classes) =>
        HoldsFor(q, classes, seed: 60, (vote, bound) =>
    {
        double least = PairDefinition.WorstLogFailure(vote, bound.Prediction);
        Assert.InRange(bound.LogFailure, least - 1e-9, 0.999 * least);
    });

    [Theory]
    [MemberData(nameof(NoiseLevels))]
    public void Rival_is_the_worst(double q, int classes) => HoldsFor(q, classes, seed: 61, (vote, bound) =>
        Assert.InRange(new PairDefinition(vote, bound.Prediction, bound.Rival).LogFailure, double.NegativeInfinity,
            0.999 * bound.LogFailure));

    [Theory]
    [MemberData(nameof(NoiseLevels))]
    public void Certified_prediction_is_the_class_whose_worst_rival_is_least(double q, int classes) =>
        HoldsFor(q, classes, seed: 62, (vote, bound) =>
        Assert.Equal(Enumerable.Range(0, classes).MinBy(c => PairDefinition.WorstLogFailure(vote, c)), bound.Prediction));

    [Theory]
    [MemberData(nameof(NoiseLevels))]
    public void Structured_radius_is_at_least_the_best_on_a_grid_of_t(double q, int classes) =>
        HoldsFor(q, classes, seed: 63, (vote, bound) =>
    {
        int radius = StructuredCertificate.Radius(vote.Vote, bound, vote.Noise);
        int best = Pairs(vote, bound).Min(pair => pair.BestRadius);
        Assert.True(radius >= best, $"{radius} < {best} for {vote}");
    });

    [Theory]
    [MemberData(nameof(NoiseLevels))]
    public void Some_t_proves_the_structured_radius_against_every_rival(double q, int classes) =>
        HoldsFor(q, classes, seed: 64, (vote, bound) =>
    {
        int radius = StructuredCertificate.Radius(vote.Vote, bound, vote.Noise);
        Assert.All(Pairs(vote, bound), pair =>
            Assert.InRange(pair.LeastExponent(radius), double.NegativeInfinity, SmoothedValue.LogHalf + 1e-9));
    });

    // From about a thousand moves on, most are made many at a time.
    [Theory]
    [InlineData(1e-6, 3)]
    [InlineData(0.01, 4)]
    [InlineData(0.1, 10)]
    public void Some_t_proves_the_structured_radius_of_many_rows_and_none_on_a_grid_a_larger_one(double q, int classes) =>
        HoldsFor(q, classes, seed: 67, rows: 1200, count: 2, claim: (vote, bound) =>
    {
        int radius = StructuredCertificate.Radius(vote.Vote, bound, vote.Noise);
        PairDefinition[] pairs = [.. Pairs(vote, bound)];
        Assert.InRange(radius, pairs.Min(pair => pair.BestRadius), double.MaxValue);
        Assert.All(pairs, pair =>
            Assert.InRange(pair.LeastExponent(radius), double.NegativeInfinity, SmoothedValue.LogHalf + 1e-9));
    });

    [Theory]
    [InlineData(0.01, 3)]
    [InlineData(0.1, 10)]
    public void Structured_radius_beats_the_tight_one_on_most_generic_votes(double q, int classes)
    {
        ManyClassVote[] votes = [.. ManyClassLargeVotes.Of(rows: 400, classes, q, count: 20, seed: 65)];
        int beaten = votes.Count(vote =>
        {
            ChernoffBound bound = ChernoffBound.Of(vote.Vote, vote.Noise);
            return StructuredCertificate.Radius(vote.Vote, bound, vote.Noise) > new TightCertificate(vote.Noise, vote.Rows)
                .Radius(bound.LogFailure);
        });
        Assert.InRange(beaten, 12, 20);
    }

    [Fact]
    public void Structured_radius_is_that_of_the_rival_that_needs_the_fewest_flips_not_of_the_closest()
    {
        // Class 1 comes closest to class 0; class 2 needs fewer flips, because five of its rows are heavy and against
        // it.
        var vote = new ManyClassVote(
            [.. Enumerable.Repeat(1.0, 35), .. Enumerable.Repeat(0.2, 21), .. Enumerable.Repeat(-3.0, 5), .. Enumerable.Repeat(0.2, 37)],
            [.. Enumerable.Repeat(0, 35), .. Enumerable.Repeat(1, 21), .. Enumerable.Repeat(2, 42)],
            Classes: 3,
            Q: 0.1);
        ChernoffBound bound = ChernoffBound.Of(vote.Vote, vote.Noise);
        Assert.Equal((0, 1), (bound.Prediction, bound.Rival));
        Assert.Equal(10, new PairDefinition(vote, 0, 1).BestRadius);
        Assert.Equal(8, new PairDefinition(vote, 0, 2).BestRadius);
        Assert.Equal(8, StructuredCertificate.Radius(vote.Vote, bound, vote.Noise));
    }

    [Theory]
    [MemberData(nameof(NoiseLevels))]
    public void Radii_where_every_direction_is_named_are_those_without_limits(double q, int classes) =>
        HoldsFor(q, classes, seed: 66, (vote, bound) =>
    {
        FlipDirection[] all =
            [.. from a in Enumerable.Range(0, classes) from b in Enumerable.Range(0, classes) where a != b select new FlipDirection(a, b)];
        var named = new Vote(vote.Weights, new ClassLabels(vote.Labels, classes), adversary: new LabelFlipAdversary { Directions = all });
        Assert.Equal(StructuredCertificate.Radius(vote.Vote, bound, vote.Noise), StructuredCertificate.Radius(named, bound, vote.Noise));
        Assert.Equal(ExactCertificate.Radius(vote.Vote), ExactCertificate.Radius(named));
    });

    private static void HoldsFor(double q, int classes, int seed, Action<ManyClassVote, ChernoffBound> claim) =>
        HoldsFor(q, classes, seed, rows: 120, count: 12, claim);

    private static void HoldsFor(double q, int classes, int seed, int rows, int count, Action<ManyClassVote, ChernoffBound> claim)
    {
        (ManyClassVote Vote, ChernoffBound Bound)[] certified =
            [.. from vote in ManyClassLargeVotes.Of(rows, classes, q, count, seed)
                let bound = ChernoffBound.Of(vote.Vote, vote.Noise)
                where bound.IsCertified
                select (vote, bound)];
        Assert.NotEmpty(certified);
        Assert.All(certified, pair => claim(pair.Vote, pair.Bound));
    }

    private static IEnumerable<PairDefinition> Pairs(ManyClassVote vote, ChernoffBound bound) =>
        from rival in Enumerable.Range(0, vote.Classes)
        where rival != bound.Prediction
        select new PairDefinition(vote, bound.Prediction, rival);
}
