using CertiFlip.Heads;
using CertiFlip.Poisoning;
using CertiFlip.Tests.Instances;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Poisoning;

/// <summary>
/// Votes of heads that learn from parts of whole rows, against every way in which heads of changed parts could vote.
/// </summary>
public class AggregationTests
{
    private static Gen<Ballot> Ballots(int spread) =>
        from parts in Gen.Choose(1, spread == 1 ? 6 : 6 / spread)
        from classes in Gen.Choose(2, 3)
        from votes in Gen.CollectToArray(
            Enumerable.Range(0, parts * spread),
            _ => Gen.Frequency((4, Gen.Choose(0, classes - 1)), (2, Gen.Constant(0)), (1, Gen.Constant(-1))))
        where votes.Any(vote => vote >= 0)
        select new Ballot(parts, spread, classes, [.. votes.Select(vote => (short)vote)]);

    [Fact]
    public void Deep_partition_aggregation_counts_exactly() => Claim.HoldsFor(Ballots(spread: 1), 500, ballot =>
    {
        (int winner, int? parts) = ballot.Count();
        Assert.Equal(Winner(ballot.Votes, ballot.Classes), winner);
        Assert.Equal(LeastParts(ballot, winner), parts);

        // The published radius: ⌊(n_c − max(n_d + [d < c]))/2⌋.
        int Votes(int c) => ballot.Votes.Count(vote => vote == c);
        int second = Enumerable.Range(0, ballot.Classes).Where(d => d != winner).Max(d => Votes(d) + (d < winner ? 1 : 0));
        Assert.Equal((Votes(winner) - second) / 2, parts - 1);
    });

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Finite_aggregation_is_as_published_and_never_too_large(int spread) => Claim.HoldsFor(Ballots(spread), 300, ballot =>
    {
        (int winner, int? parts) = ballot.Count();
        Assert.Equal(Published(ballot, winner), parts);
        int? truth = LeastParts(ballot, winner);
        Assert.True(truth is null || parts <= truth, $"{parts} is more than {truth}.");
    });

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Every_head_learns_from_as_many_parts_as_teach_it(int spread)
    {
        (FeatureMatrix features, int[] labels) = SomeFeatures.Clouds(60, 3, 3, seed: 1);
        var partition = RowPartition.ByHash(new TrainingSet(features, new ClassLabels(labels, 3)), 4, spread);
        Assert.Equal(4 * spread, partition.Count);
        Assert.All(Enumerable.Range(0, partition.Count), part => Assert.Equal(spread, partition.HeadsOf(part).Distinct().Count()));
        IEnumerable<int> taught = Enumerable.Range(0, partition.Count).SelectMany(partition.RowsOf);
        Assert.All(Enumerable.Range(0, 60), row => Assert.Equal(spread, taught.Count(one => one == row)));
    }

    [Fact]
    public void A_row_s_part_depends_on_that_row_alone_and_on_its_label()
    {
        (FeatureMatrix features, int[] labels) = SomeFeatures.Clouds(200, 3, 3, seed: 1);
        int[] PartOf(FeatureMatrix rows, int[] classes)
        {
            var partition = RowPartition.ByHash(new TrainingSet(rows, new ClassLabels(classes, 3)), 50);
            int[] parts = new int[rows.Rows];
            for (int part = 0; part < 50; part++)
            {
                foreach (int row in partition.RowsOf(part))
                    parts[row] = part;
            }

            return parts;
        }

        int[] before = PartOf(features, labels), order = [.. Enumerable.Range(0, 200).Reverse()];
        Assert.Equal(before.Reverse(), PartOf(features.SelectRows(order), [.. labels.Reverse()]));
        int[] relabelled = PartOf(features, [.. labels.Select(label => (label + 1) % 3)]);
        Assert.InRange(before.Zip(relabelled).Count(pair => pair.First != pair.Second), 180, 200);
        int[] twice = PartOf(features.SelectRows([.. order, .. order]), [.. labels.Reverse(), .. labels.Reverse()]);
        Assert.Equal(twice[..200], twice[200..]);
    }

    [Theory]
    [InlineData(7, 1, "ridge")]
    [InlineData(4, 3, "ridge")]
    [InlineData(7, 1, "kernel")]
    [InlineData(30, 2, "knn:3")] // With parts that are empty.
    public void No_change_of_rows_within_the_radius_changes_the_refitted_vote(int parts, int spread, string head)
    {
        (FeatureMatrix features, int[] labels) = SomeFeatures.Clouds(60, 3, 3, seed: 31);
        FeatureMatrix tests = SomeFeatures.Generic(15, 3, seed: 32);
        var random = new Random(33);
        IReadOnlyList<RowCertificates> before = Certify(features, labels, tests, parts, spread, head);
        for (int trial = 0; trial < 60; trial++)
        {
            int changes = random.Next(1, 7), removed = random.Next(0, changes + 1);
            int[] kept = [.. Enumerable.Range(0, 60).OrderBy(_ => random.Next()).Skip(removed).Order()];
            double[] values = [.. features.SelectRows(kept).Values];
            List<double> more = [.. values];
            List<int> classes = [.. kept.Select(row => labels[row])];
            for (int inserted = removed; inserted < changes; inserted++)
            {
                int near = random.Next(tests.Rows);
                more.InsertRange(0, tests.Row(near).ToArray());
                classes.Insert(0, random.Next(3));
            }

            var changed = new FeatureMatrix(classes.Count, 3, [.. more]);
            IReadOnlyList<RowCertificates> after = Certify(changed, [.. classes], tests, parts, spread, head);
            for (int row = 0; row < tests.Rows; row++)
            {
                if (before[row].Certificates[0].Radius.Survives(changes))
                    Assert.Equal(before[row].Certificates[0].Prediction, after[row].Certificates[0].Prediction);
            }
        }

        Assert.Contains(before.Select(row => row.Certificates[0].Radius), radius => radius.Survives(1));
    }

    [Fact]
    public void Results_do_not_depend_on_threads()
    {
        (FeatureMatrix features, int[] labels) = SomeFeatures.Clouds(60, 3, 3, seed: 31);
        FeatureMatrix tests = SomeFeatures.Generic(70, 3, seed: 32);
        Assert.Equal(
            Certify(features, labels, tests, 5, 2, "ridge", threads: 1).Select(row => row.Certificates[0]),
            Certify(features, labels, tests, 5, 2, "ridge", threads: 4).Select(row => row.Certificates[0]));
    }

    [Theory]
    [InlineData(1, 1, null, 3, 3L)]
    [InlineData(2, 3, null, 3, 6L)]
    [InlineData(null, 3, null, 3, 9L)]
    [InlineData(2, 2, 3, 3, 5L)] // A flip changes two parts.
    [InlineData(2, 2, 3, 4, 6L)]
    [InlineData(2, 2, 5, 4, 8L)]
    [InlineData(4, null, 3, 1, 3L)]
    [InlineData(null, null, 3, 3, 6L)]
    [InlineData(null, null, null, 3, null)]
    public void Parts_have_the_least_price_that_changes_them(int? insert, int? remove, int? flip, int parts, long? price) =>
        Assert.Equal(
            price, new RowAdversary { InsertPrice = insert, RemovePrice = remove, FlipPrice = flip }.PriceOfParts(parts));

    private static IReadOnlyList<RowCertificates> Certify(
        FeatureMatrix features, int[] labels, FeatureMatrix tests, int parts, int spread, string head, int threads = 2)
    {
        var training = new TrainingSet(features, new ClassLabels(labels, 3));
        HeadChoice choice = HeadChoice.TryParse(head)!;
        var certifier = new AggregationCertifier(
            training, RowPartition.ByHash(training, parts, spread), own => choice.Fit(own), new() { Threads = threads });
        return certifier.CertifyBatch(tests, cancellationToken: TestContext.Current.CancellationToken);
    }

    private static int Winner(IReadOnlyList<short> votes, int classes) =>
        Enumerable.Range(0, classes).MaxBy(c => (votes.Count(vote => vote == c), -c));

    /// <summary>The fewest parts whose heads, voting for anything or not at all, can make another class win.</summary>
    private static int? LeastParts(Ballot ballot, int winner)
    {
        RowPartition partition = ballot.Partition;
        int? least = null;
        for (int subset = 0; subset < 1 << partition.Count; subset++)
        {
            int parts = System.Numerics.BitOperations.PopCount((uint)subset);
            if (parts >= least)
                continue;
            int[] heads = [.. Enumerable.Range(0, partition.Count).Where(part => (subset >> part & 1) == 1)
                .SelectMany(partition.HeadsOf).Distinct()];
            short[] votes = [.. ballot.Votes];
            bool Changes(int from)
            {
                if (from == heads.Length)
                    return Winner(votes, ballot.Classes) != winner;
                for (short vote = -1; vote < ballot.Classes; vote++)
                {
                    votes[heads[from]] = vote;
                    if (Changes(from + 1))
                        return true;
                }

                return false;
            }

            if (Changes(0))
                least = parts;
        }

        return least;
    }

    /// <summary>The certificate as its authors compute it, plus one.</summary>
    private static int? Published(Ballot ballot, int winner)
    {
        int? least = null;
        for (int rival = 0; rival < ballot.Classes; rival++)
        {
            if (rival == winner)
                continue;
            int Vote(int c) => ballot.Votes.Count(vote => vote == c);
            int spare = Vote(winner) - Vote(rival) - (rival < winner ? 1 : 0), parts = 0;
            foreach (int influence in Enumerable.Range(0, ballot.Partition.Count)
                .Select(part => ballot.Partition.HeadsOf(part).Sum(head =>
                    1 + (ballot.Votes[head] == winner ? 1 : 0) - (ballot.Votes[head] == rival ? 1 : 0)))
                .OrderDescending())
            {
                if (spare < 0)
                    break;
                spare -= influence;
                parts++;
            }

            if (spare < 0 && !(parts >= least))
                least = parts;
        }

        return least;
    }

    private sealed record Ballot(int Parts, int Spread, int Classes, short[] Votes)
    {
        public RowPartition Partition { get; } = RowPartition.ByHash(
            new TrainingSet(new FeatureMatrix(1, 1, [1.0]), new ClassLabels([0], 2)), Parts, Spread);

        public (int Winner, int? LeastParts) Count() => new AggregatedVotes(Partition, Classes).Count(Votes);

        public override string ToString() => $"P = {Parts}, D = {Spread}, K = {Classes}, votes [{string.Join(", ", Votes)}]";
    }
}
