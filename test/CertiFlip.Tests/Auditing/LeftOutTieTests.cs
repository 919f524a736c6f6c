using System.Globalization;
using CertiFlip.Auditing;
using CertiFlip.Exact;
using CertiFlip.Heads;
using CertiFlip.Tests.Heads;
using CertiFlip.Tests.Oracles;
using CertiFlip.Votes;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Auditing;

/// <summary>
/// Radii of left-out rows against the heads that are really fitted without them, in rational arithmetic and in doubles.
/// Features are small whole numbers and there are few rows, so that exact ties abound.
/// </summary>
public class LeftOutTieTests
{
    private static Gen<Case> Cases { get; } =
        from rows in Gen.Choose(3, 7)
        from columns in Gen.Frequency((4, Gen.Constant(1)), (3, Gen.Constant(2)), (1, Gen.Constant(8)))
        from largest in Gen.Elements(1, 1, 2, 3)
        from features in Gen.ArrayOf(Gen.Choose(0, largest), rows * columns)
        from classes in Gen.Elements(2, 2, 3)
        from labels in Gen.ArrayOf(Gen.Choose(0, classes - 1), rows)
        from lambda in Gen.Elements(0.25, 0.5, 1, 1, 2, 2, 3, 10)
        from intercept in Gen.Elements(Intercept.Fitted, Intercept.Fitted, Intercept.None)
        let matrix = new FeatureMatrix(rows, columns, Array.ConvertAll(features, value => (double)value))
        select new Case(matrix, labels, classes, lambda, intercept);

    /// <summary>
    /// Without row 1, ridge at λ = 2 gives each row at 1 the weight 2/11 and each row at 0 the weight 1/22. For row 1,
    /// class 0 is then ahead by 2/11, one flip of a row at 1, and class 1 wins ties.
    /// </summary>
    private static Case Tie { get; } = new(
        new FeatureMatrix(11, 1, [0, 1, 0, 1, 0, 0, 1, 1, 1, 0, 0]), [0, 1, 0, 0, 1, 1, 0, 1, 0, 1, 0], 2, 2, Intercept.Fitted);

    [Fact]
    public void Tie_of_the_head_fitted_again_is_no_flip_survived()
    {
        RationalRidge refit = Tie.Refit(1);
        Rational[] weights = refit.Weights(Tie.Features.Row(1));
        int[] labels = [.. Tie.Others(1).Select(row => Tie.Labels[row])];
        Rational score = weights.Zip(labels, (weight, label) => weight * label).Aggregate((Rational)0, (sum, term) => sum + term);
        Rational largest = weights.Max();
        Assert.Equal((Rational)1 / 2 - largest, score);

        LeftOutRow left = Tie.LeftOut(1);
        Assert.Equal((0, true, Radius.Of(0)), (left.Class, left.IsContradicted, left.Radius));
        LabelAudit audit = new Auditor(Tie.Head, new ClassLabels(Tie.Labels, 2), new AuditOptions { Budget = 11 })
            .Audit(Tie.Features, null, TestContext.Current.CancellationToken);
        Assert.Equal(Radius.Of(0), audit.Suggestions.Single(suggestion => suggestion.Row == 1).ContradictionRadius);
    }

    [Fact]
    public void Contradiction_radius_is_never_larger_than_that_of_the_head_fitted_again() =>
        Claim.HoldsFor(Cases, 2000, it => it.ForEachRow(row =>
    {
        LeftOutRow left = it.LeftOut(row);
        if (!left.IsContradicted)
            return;
        AssertAtMost(it.Oracle(it.Refit(row).Weights(it.Features.Row(row)), row).RadiusAgainst(left.Class, left.Label), left.Radius);
        Vote refit = it.RefitVote(row);
        var pair = new Pair(left.Class, left.Label);
        AssertAtMost(refit.IsKept(pair, refit.SignOfMargin(pair)) ? ExactFlips.Of(refit, pair).Survived : Radius.Of(0), left.Radius);
    }));

    [Fact]
    public void Exact_radius_is_never_larger_than_that_of_the_head_fitted_again() => Claim.HoldsFor(Cases, 2000, it => it.ForEachRow(row =>
    {
        Radius radius = AuditedRow.Of(it.LeftOutVote(row, it.Head), 1).Radius;
        AssertAtMost(it.Oracle(it.Refit(row).Weights(it.Features.Row(row)), row).Radius(new HashSet<int>()), radius);
        AssertAtMost(ExactCertificate.Radius(it.RefitVote(row)), radius);
    }));

    [Fact]
    public void Radius_with_costs_is_never_larger_than_that_of_the_head_fitted_again() => Claim.HoldsFor(
        from it in Cases
        from costs in Gen.ArrayOf(Gen.Choose(1, 3), it.Labels.Length)
        select it with { Adversary = new LabelFlipAdversary { Costs = costs } }, 700, it => it.ForEachRow(row =>
    {
        Vote vote = it.LeftOutVote(row, it.Head);
        Rational[] weights = it.Refit(row).Weights(it.Features.Row(row));
        AssertAtMost(it.Oracle(weights, row).Radius(new HashSet<int>()),
            new PricedAuditedRow(vote, TwoClassRule.Half, it.Adversary).Radius);
        var left = LeftOutRow.Of(vote, row);
        if (left.IsContradicted)
            AssertAtMost(it.Oracle(weights, row).RadiusAgainst(left.Class, left.Label), left.Radius);
    }));

    [Fact]
    public void Contradiction_radius_with_a_second_opinion_is_never_larger_than_that_of_the_heads_fitted_again() =>
        Claim.HoldsFor(Cases, 1000, it => it.ForEachRow(row =>
        {
            const int Neighbours = 2;
            LeftOutRow left = it.LeftOut(row, NearestNeighboursHead.Fit(it.Features, Neighbours));
            if (!left.IsContradicted)
                return;
            FeatureMatrix others = it.Features.SelectRows(it.Others(row));
            double[] neighbours = NamedHeads.Weights(NearestNeighboursHead.Fit(others, Neighbours), it.Features.Row(row).ToArray());
            Rational[] weights = [.. it.Refit(row).Weights(it.Features.Row(row)).Zip(neighbours, (weight, near) =>
                (Rational)4 / 5 * weight + (near > 0 ? (Rational)1 / (5 * Neighbours) : 0))];
            AssertAtMost(it.Oracle(weights, row).RadiusAgainst(left.Class, left.Label), left.Radius);
        }));

    [Fact]
    public void Error_covers_the_distance_to_the_head_fitted_again() => Claim.HoldsFor(Cases, 1000, it => it.ForEachRow(row =>
    {
        double[] weights = it.LeftOutWeights(row, it.Head, second: null, out double error);
        Rational distance = 0;
        foreach ((int other, Rational weight) in it.Others(row).Zip(it.Refit(row).Weights(it.Features.Row(row))))
            distance += Rational.Abs(weight - weights[other]);
        Assert.True(distance <= error);
        Assert.InRange(error, 0, 1e-5);
    }));

    [Theory]
    [InlineData("saturated-ridge", 0.05)]
    [InlineData("kernel:0.7", 0.5)]
    [InlineData("kernel:3", 0.5)]
    [InlineData("knn:2", 0.5)]
    public void Radii_of_every_head_are_never_larger_than_those_of_the_head_fitted_again(string name, double informed)
    {
        int rows = 0, certain = 0;
        Claim.HoldsFor(Cases, 700, it => it.ForEachRow(row =>
        {
            ILeaveOneOutHead Fit(FeatureMatrix features) =>
                NamedHeads.WithRidge(HeadChoice.TryParse(name)!, string.Create(CultureInfo.InvariantCulture, $"fixed:{it.Lambda:R}"))
                    .Fit(features);
            ILeaveOneOutHead head = Fit(it.Features);
            Vote vote = it.LeftOutVote(row, head), refit = it.RefitVote(row, Fit);
            AssertAtMost(ExactCertificate.Radius(refit), AuditedRow.Of(vote, 1).Radius);
            var left = LeftOutRow.Of(vote, row);
            var pair = new Pair(left.Class, left.Label);
            if (left.IsContradicted)
                AssertAtMost(refit.IsKept(pair, refit.SignOfMargin(pair)) ? ExactFlips.Of(refit, pair).Survived : Radius.Of(0),
                    left.Radius);
            (rows, certain) = (rows + 1, certain + (vote.Doubt < 1e-5 ? 1 : 0));
        }));
        Assert.InRange(certain, informed * rows, rows);
    }

    private static void AssertAtMost(Radius largest, Radius radius) =>
        Assert.InRange(radius, Radius.Of(0), largest, Comparer<Radius>.Default);

    private sealed record Case(FeatureMatrix Features, int[] Labels, int Classes, double Lambda, Intercept Intercept)
    {
        private const int Stride = 16;

        public LabelFlipAdversary Adversary { get; init; } = LabelFlipAdversary.Unlimited;

        public RidgeHead Head => RidgeHead.Fit(Features, new FixedRidge(Lambda), Intercept);

        public int[] Others(int row) => [.. Enumerable.Range(0, Labels.Length).Where(other => other != row)];

        public void ForEachRow(Action<int> claim)
        {
            for (int row = 0; row < Labels.Length; row++)
                claim(row);
        }

        public RationalRidge Refit(int row) => new(Features.SelectRows(Others(row)), Lambda, Intercept);

        /// <summary>The head that is fitted to the other rows, in doubles.</summary>
        public Vote RefitVote(int row) => RefitVote(row, features => RidgeHead.Fit(features, new FixedRidge(Lambda), Intercept));

        public Vote RefitVote(int row, Func<FeatureMatrix, IHead> fit)
        {
            int[] others = Others(row);
            IHead head = fit(Features.SelectRows(others));
            double[] weights = NamedHeads.Weights(head, Features.Row(row).ToArray());
            return new Vote(weights, new ClassLabels([.. others.Select(other => Labels[other])], Classes), head.TwoClassRule);
        }

        /// <summary>The oracle of the head that is fitted to the other rows: row itself has no weight.</summary>
        public LimitedOracle Oracle(Rational[] weightsOfOthers, int row)
        {
            var weights = new Rational[Labels.Length];
            foreach ((int other, Rational weight) in Others(row).Zip(weightsOfOthers))
                weights[other] = weight;
            return new LimitedOracle(weights, Labels, Classes, Instances.Limits.Price(Adversary));
        }

        public double[] LeftOutWeights(int row, ILeaveOneOutHead first, ILeaveOneOutHead? second, out double error)
        {
            double[] weights = new double[4 * Stride], errors = new double[1];
            first.ComputeLeaveOneOutWeights(Features, row, 1, weights, Stride, errors);
            Opinions.Add(second, Features, row, 1, weights, Stride, errors, lifts: []);
            error = errors[0];
            return weights[..Labels.Length];
        }

        public Vote LeftOutVote(int row, ILeaveOneOutHead first, ILeaveOneOutHead? second = null)
        {
            double[] weights = LeftOutWeights(row, first, second, out double error);
            return new Vote(weights, new ClassLabels(Labels, Classes), first.TwoClassRule, Adversary) { Doubt = error };
        }

        public LeftOutRow LeftOut(int row, ILeaveOneOutHead? second = null) => LeftOutRow.Of(LeftOutVote(row, Head, second), row);

        public override string ToString() =>
            $"X = [{string.Join(", ", Features.Values.ToArray())}] of {Features.Rows} × {Features.Columns}, " +
            $"y = [{string.Join(", ", Labels)}] of {Classes}, λ = {Lambda}, {Intercept}";
    }
}
