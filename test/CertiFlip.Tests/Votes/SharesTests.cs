using CertiFlip.Attacks;
using CertiFlip.Auditing;
using CertiFlip.Exact;
using CertiFlip.Heads;
using CertiFlip.Kernels;
using CertiFlip.Learners;
using CertiFlip.Smoothed;
using CertiFlip.Tests.Auditing;
using CertiFlip.Tests.Certifiers;
using CertiFlip.Tests.Heads;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;
using CertiFlip.Votes;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Votes;

/// <summary>
/// What certificates claim of scores that are lifted by stated shares, against every labelling and every noise pattern.
/// Weights, shares and lifts are often on one grid, so that scores tie; shares of 0 and 1 are among them, and shares
/// whose sum is not 1 to the bit.
/// </summary>
public class SharesTests
{
    private static Gen<ManyClassVote> Lifted { get; } =
        from vote in Gen.OneOf(
            ManyClassVotes.Any,
            from two in SmallVotes.AtOneHalf.Where(two => two.Rows <= 7)
            select new ManyClassVote(two.Weights, two.Labels, 2, two.Q))
        from scale in Gen.Elements(1, 1, 0.25, 0.0625)
        from shares in Shares(vote.Classes)
        from lift in Gen.Frequency(
            (4, Gen.Choose(-8, 32).Select(sixteenth => sixteenth / 16.0)),
            (3, Gen.Choose(-1000, 3000).Select(thousandth => thousandth / 1000.0 / 3)),
            (1, Gen.Elements(0, -1e-17, 1e-300, 1e3, 1e18, double.Epsilon)))
        select vote with { Weights = [.. vote.Weights.Select(weight => weight * scale)], Shares = shares, Lift = lift };

    [Fact]
    public void Head_and_exact_radius_are_what_brute_force_finds() => Claim.HoldsFor(Lifted, it => it.Simpler(), it =>
    {
        Assert.Equal(it.Oracle.HeadPrediction, it.Vote.HeadPrediction);
        Assert.Equal(RadiusOf(it.Oracle.LeastChangesOfHead, it.Rows), ExactCertificate.Radius(it.Vote));
    }, count: 8000);

    [Fact]
    public void Witness_changes_the_head() => Claim.HoldsFor(Lifted, it => it.Simpler(), it =>
    {
        Assert.Equal(it.Oracle.LeastChangesOfHead <= it.Rows, ExactCertificate.TryFindWitness(it.Vote, out Witness? witness));
        if (witness is not null)
            Assert.NotEqual(witness.Prediction, it.Oracle.HeadPredictionAfter(witness.Flips.Select(flip => (flip.Row, flip.To))));
    }, count: 3000);

    [Fact]
    public void Smoothed_radii_never_reach_what_brute_force_finds() => Claim.HoldsFor(Lifted, it => it.Simpler(), it =>
    {
        Vote vote = it.Vote;
        ChernoffBound bound = ChernoffBound.Of(vote, it.Noise);
        Rational failure = it.Oracle.LargestFailureProbability(bound.Prediction);
        Assert.Equal(failure.Sign == 0, bound.IsUnanimous);
        if (failure.Sign > 0)
            Assert.True(bound.LogFailure >= HighPrecision.Log(failure) - HighPrecision.Error, $"{bound.LogFailure:R} for {failure}");
        if (!bound.IsCertified)
            return;
        int least = it.Oracle.LeastChangesOfSmoothed(bound.Prediction);
        Assert.InRange(KlCertificate.Radius(bound.LogFailure, it.Noise, it.Rows), 0, least - 1);
        Assert.InRange(new TightCertificate(it.Noise, it.Rows).Radius(bound.LogFailure), 0, least - 1);
        Assert.InRange(StructuredCertificate.Radius(vote, bound, it.Noise), 0, least - 1);
    }, count: 4000);

    [Fact]
    public void Radii_and_gains_of_audited_rows_are_what_brute_force_finds() => Claim.HoldsFor(
        from vote in Lifted
        from adversary in Gen.Frequency((1, Gen.Constant(LabelFlipAdversary.Unlimited)), (2, Limits.Of(vote.Rows, vote.Classes)))
        select (vote, adversary), 500, sample =>
    {
        (ManyClassVote it, LabelFlipAdversary adversary) = sample;
        var oracle = new LimitedOracle(it.Weights, it.Labels, it.Classes, adversary.Price(), it.Constants) { LargestScoreWins = true };
        Vote vote = it.VoteAgainst(adversary);
        Assert.Equal(oracle.Prediction, vote.HeadPrediction);
        IAuditedRow audited = Read(adversary.HasUnitCosts
            ? AuditedRow.Of(vote, it.Rows)
            : new PricedAuditedRow(vote, TwoClassRule.LargestScore, adversary), it, adversary);
        Assert.Equal(oracle.Radius(new HashSet<int>()), audited.Radius);
        long[] gains = new long[it.Rows];
        audited.AddGains(gains);
        int total = adversary.Total(it.Rows);
        for (int row = 0; row < it.Rows; row++)
            Assert.Equal(oracle.Radius(new HashSet<int> { row }).BudgetOr(total) - audited.Radius.BudgetOr(total), gains[row]);
    });

    [Fact]
    public void What_a_head_lifts_reaches_every_certificate() => Claim.HoldsFor(Lifted.Where(it => it.Rows > 1), 500, it =>
    {
        // Of two test rows the second is lifted by nothing.
        var head = new LiftedWeightsHead([.. Enumerable.Repeat(it.Weights, it.Rows)], [it.Lift, .. new double[it.Rows - 1]]);
        var rows = new FeatureMatrix(it.Rows, 1, [.. Enumerable.Range(0, it.Rows).Select(row => (double)row)]);
        var certifier = new Certifier(head, it.ClassLabels);
        CancellationToken stop = TestContext.Current.CancellationToken;
        IReadOnlyList<RowCertificates> certificates = certifier.CertifyBatch(rows, cancellationToken: stop);
        ManyClassVote[] own = [it, it with { Lift = 0 }];
        for (int row = 0; row < own.Length; row++)
        {
            Assert.Equal(own[row].Oracle.HeadPrediction, certificates[row].Exact.Prediction);
            Assert.Equal(RadiusOf(own[row].Oracle.LeastChangesOfHead, it.Rows), certificates[row].Exact.Radius);
        }

        IReadOnlyList<RowCertificates> leftOut = certifier.CertifyLeftOut(rows, cancellationToken: stop);
        ManyClassVote without = it with { Weights = [0, .. it.Weights[1..]] };
        Assert.Equal(without.Oracle.HeadPrediction, leftOut[0].Exact.Prediction);
    });

    /// <summary>
    /// Every labelling in exact arithmetic, of the weights and lifts that the head has for test rows, and of those that
    /// it has when it is really fitted to the others for training rows.
    /// </summary>
    [Theory]
    [InlineData("saturated-ridge")]
    [InlineData("saturated-ridge:3 lift=0.5")]
    [InlineData("two-means")]
    [InlineData("two-means gain=2")]
    [InlineData("two-means lift=0.5")]
    [InlineData("bounded-ridge")]
    [InlineData("bounded-ridge:0.5")]
    [InlineData("hierarchy:3")]
    public void Radii_of_the_heads_that_lift_are_what_brute_force_finds(string form)
    {
        (int certified, int tied, int moved) = (0, 0, 0);
        HeadChoice choice = NamedHeads.WithRidge(NamedHeads.Choice(form), "fixed:0.8");
        for (int seed = 0; seed < 60; seed++)
        {
            (FeatureMatrix features, int[] labels) = SomeFeatures.Clouds(7 - seed % 3, 1 + seed % 3, 2 + seed % 2, seed);
            int classes = 2 + seed % 2, rows = features.Rows;
            double[] shares = seed % 5 == 0 ? [1, .. new double[classes - 1]] : classes == 2 ? [0.8, 0.2] : [0.2, 0.7, 0.1];
            var given = new ClassLabels(labels, ClassList.Numbered(classes).WithShares(shares));
            var head = (ILiftingHead)choice.Fit(features);
            CancellationToken stop = TestContext.Current.CancellationToken;
            var certifier = new Certifier(head, given);
            FeatureMatrix tests = SomeFeatures.Generic(5, features.Columns, seed);
            IReadOnlyList<RowCertificates> certificates = certifier.CertifyBatch(tests, cancellationToken: stop);
            for (int row = 0; row < tests.Rows; row++)
            {
                ManyClassVote it = VoteOf(head, tests, row, labels, classes, shares);
                Assert.Equal(it.Oracle.HeadPrediction, certificates[row].Exact.Prediction);
                Assert.Equal(RadiusOf(it.Oracle.LeastChangesOfHead, rows), certificates[row].Exact.Radius);
                moved += (it with { Lift = 0 }).Oracle.HeadPrediction != it.Oracle.HeadPrediction ? 1 : 0;
            }

            IReadOnlyList<RowCertificates> leftOut = certifier.CertifyLeftOut(features, cancellationToken: stop);
            for (int row = 0; row < rows; row++)
            {
                if (!leftOut[row].Exact.IsCertified)
                    continue;
                int[] others = [.. Enumerable.Range(0, rows).Where(other => other != row)];
                var fitted = (ILiftingHead)choice.Fit(features.SelectRows(others));
                ManyClassVote it = VoteOf(fitted, features, row, [.. others.Select(other => labels[other])], classes, shares);
                Assert.Equal(it.Oracle.HeadPrediction, leftOut[row].Exact.Prediction);
                var exact = RadiusOf(it.Oracle.LeastChangesOfHead, others.Length);
                Assert.InRange(leftOut[row].Exact.Radius, Radius.Of(0), exact, Comparer<Radius>.Default);
                certified++;
                tied += leftOut[row].Exact.Radius < exact ? 1 : 0; // Ties, which rounding leaves open.
            }
        }

        Assert.InRange(certified, 150, 400);
        Assert.InRange(tied, 0, certified / 20);
        Assert.InRange(moved, 5, 290);
    }

    [Fact]
    public void Votes_of_parts_are_those_of_lifted_scores() => Claim.HoldsFor(Lifted, 1000, it =>
    {
        var rows = new FeatureMatrix(it.Rows, 1, new double[it.Rows]);
        var parts = FeaturePartition.ByHash(rows, 1);
        var certifier = PartitionCertifier.Fit(
            new TrainingSet(rows, it.ClassLabels), parts, (_, _) => new LiftedWeightsHead([it.Weights], [it.Lift]),
            new PartitionCertifierOptions { Certificates = [CertificateKind.Partition] });
        Assert.Equal(it.Oracle.HeadPrediction, certifier.Certify([0]).Certificates[0].Prediction);
        certifier = PartitionCertifier.Fit(
            new TrainingSet(rows, it.ClassLabels), parts, (_, _) => new LiftedWeightsHead([it.Weights], [it.Lift]),
            new PartitionCertifierOptions { Certificates = [CertificateKind.WhiteBox] });
        Certificate whiteBox = certifier.Certify([0]).Certificates[0];
        Assert.Equal(it.Oracle.HeadPrediction, whiteBox.Prediction);
        Assert.InRange(whiteBox.Radius, Radius.Of(0), RadiusOf(it.Oracle.LeastChangesOfHead, it.Rows), Comparer<Radius>.Default);
    });

    [Fact]
    public void A_second_opinion_leaves_the_lift_its_own_share()
    {
        var rows = new FeatureMatrix(3, 1, [0, 1, 2]);
        NearestNeighboursHead second = NearestNeighboursHead.Fit(rows, 1);
        double[] weights = [1, 2, 3, .. new double[61]], errors = [0], lifts = [2];
        Opinions.Add(second, rows, 0, 1, weights, 16, errors, lifts);
        Assert.Equal(1.6, lifts[0], 1e-15);
        Assert.InRange(errors[0], 1.6 * Math.Pow(2, -53), 1e-13);
    }

    [Fact]
    public void Equal_shares_change_nothing() => Claim.HoldsFor(Lifted, 1000, it =>
    {
        ManyClassVote even = it with { Shares = [.. Enumerable.Repeat(1.0 / it.Classes, it.Classes)] }, plain = it with { Shares = [] };
        var vote = new Vote(plain.Weights, plain.ClassLabels, TwoClassRule.LargestScore);
        Assert.Equal(vote.HeadPrediction, even.Vote.HeadPrediction);
        Assert.Equal(ExactCertificate.Radius(vote), ExactCertificate.Radius(even.Vote));
    });

    [Fact]
    public void Instances_are_not_all_trivial()
    {
        (int several, int never, int moved, int tied) = (0, 0, 0, 0);
        Claim.HoldsFor(Lifted, 1000, it =>
        {
            Radius radius = ExactCertificate.Radius(it.Vote);
            several += radius >= Radius.Of(1) && !radius.IsAny ? 1 : 0;
            never += radius.IsAny ? 1 : 0;
            moved += (it with { Lift = 0 }).Vote.HeadPrediction != it.Vote.HeadPrediction ? 1 : 0;
            tied += Enumerable.Range(1, it.Classes - 1).Any(c => it.Vote.SignOfMargin(new Pair(0, c)) == 0) ? 1 : 0;
        });
        Assert.InRange(several, 100, 950);
        Assert.InRange(never, 20, 500);
        Assert.InRange(moved, 100, 900);
        Assert.InRange(tied, 20, 900);
    }

    [Fact]
    public void Shares_are_for_every_class_and_add_up_to_one()
    {
        ClassList classes = ClassList.Of("a", "b");
        foreach (double[] wrong in (double[][])[[0.5], [0.5, 0.6], [-0.5, 1.5], [double.NaN, 0.5], [0.2, 0.3, 0.5]])
            Assert.Throws<ArgumentException>(() => classes.WithShares(wrong));
        Assert.Throws<ArgumentException>(() => ClassList.FromLabels(["a", "b"]).WithShares(0.5, 0.5));
        Assert.Equal([0, 1], classes.WithShares(0, 1).Shares);
        Assert.Equal([0.333333, 0.333333, 0.333333], ClassList.Of("b", "a", "c").WithShares(0.333333, 0.333333, 0.333333).Shares);
        Assert.Empty(classes.WithShares(0.25, 0.75).WithPrior(0.5, 0.5).Shares);
        Assert.Empty(classes.WithPrior(0.5, 0.5).WithShares(0.25, 0.75).Prior);
        Assert.True(classes.AreAlike);
        Assert.False(classes.WithShares(0.5, 0.5).AreAlike);
    }

    [Fact]
    public void What_lifts_no_scores_refuses_shares()
    {
        var labels = new ClassLabels([0, 1, 1], ClassList.Numbered(2).WithShares(0.75, 0.25));
        var features = new FeatureMatrix(3, 1, [0, 1, 3]);
        Assert.All(NamedHeads.Kinds, choice =>
        {
            HeadChoice head = choice.Name == "knn" ? HeadChoice.TryParse("knn:1")! : choice;
            ILeaveOneOutHead fitted = head.Fit(features);
            Assert.Equal(head.Lifts, fitted is ILiftingHead);
            if (head.Lifts)
                return;
            Assert.Throws<ArgumentException>(() => new Certifier(fitted, labels));
            Assert.Throws<ArgumentException>(() => new Auditor(fitted, labels));
            Assert.Throws<HeadException>(() => PartitionCertifier.Fit(
                new TrainingSet(features, labels), FeaturePartition.ByHash(features, 1), (_, _) => fitted,
                cancellationToken: TestContext.Current.CancellationToken));
        });
        Assert.Throws<ArgumentException>(() => new Certifier(
            new LiftedWeightsHead([[1, 2, 3]], [1]) { TwoClassRule = TwoClassRule.Half }, labels));
        Assert.Throws<ArgumentException>(() => new Vote(new double[] { 1, 0, 0 }, labels, TwoClassRule.LargestScore));
        Assert.Throws<ArgumentException>(() => new Vote(new double[] { 1, 0, 0 }, labels));
        Assert.Throws<ArgumentException>(() => new MonteCarloCertifier(
            NearestNeighboursLearner.Fit(features, 2, 1), labels, new Noise(0.1)));
        Assert.Throws<ArgumentException>(() => new LabelFlipAttack(features, labels));
        Assert.Throws<ArgumentException>(() => new BlockWork(3, 1, 1, labels.Classes, new CertifierOptions()));
        Assert.Throws<HeadException>(() => new Certifier(new LiftedWeightsHead([[1, 2, 3]], [double.NaN]), labels).Certify([0]));
        Assert.Equal(Radius.Any, labels.CeilingOf(0));
    }

    /// <summary>The vote of a head for one row, with its lift.</summary>
    private static ManyClassVote VoteOf(
        ILiftingHead head, FeatureMatrix tests, int row, int[] labels, int classes, double[] shares)
    {
        int stride = Tile.PadWidth(head.TrainingRows);
        double[] weights = new double[stride * Tile.Height], lift = new double[1];
        head.ComputeWeights(tests, row, 1, weights, stride, lift);
        return new ManyClassVote(weights[..head.TrainingRows], labels, classes, 0.1) { Shares = shares, Lift = lift[0] };
    }

    /// <summary>The oracle says n + 1 changes where none change anything.</summary>
    private static Radius RadiusOf(int leastChanges, int rows) => leastChanges > rows ? Radius.Any : Radius.Of(leastChanges - 1);

    /// <summary>What is read of a row that is written.</summary>
    private static IAuditedRow Read(IAuditedRow row, ManyClassVote it, LabelFlipAdversary adversary)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        row.Write(writer);
        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        return row is AuditedRow
            ? AuditedRow.Read(reader, it.ClassLabels, new AllowedFlips(it.ClassLabels, adversary))
            : PricedAuditedRow.Read(reader, it.ClassLabels, TwoClassRule.LargestScore, adversary);
    }

    /// <summary>On a grid of sixteenths, even, all on one class, or anything.</summary>
    private static Gen<double[]> Shares(int classes) => Gen.Frequency(
        (4, LabelWeights.ArrayOf(Gen.Choose(0, 16), classes - 1).Select(OnGrid)),
        (1, Gen.Constant(Enumerable.Repeat(1.0 / classes, classes).ToArray())),
        (1, Gen.Choose(0, classes - 1).Select(c => Enumerable.Range(0, classes).Select(other => other == c ? 1.0 : 0).ToArray())),
        (3, LabelWeights.ArrayOf(Gen.Choose(1, 1 << 20), classes).Select(
            parts => parts.Select(part => part / (double)parts.Sum()).ToArray())));

    /// <summary>Shares between these sixteenths, in order.</summary>
    private static double[] OnGrid(int[] sixteenths)
    {
        int[] cuts = [0, .. sixteenths.Order(), 16];
        return [.. cuts[1..].Zip(cuts[..^1]).Select(pair => (pair.First - pair.Second) / 16.0)];
    }
}
