using CertiFlip.Blocks;

namespace CertiFlip.Tests.Blocks;

/// <summary>
/// Many rivals that nearly tie, so that where their weights lie within a bucket of the histogram decides which Chernoff
/// bound is the largest: against the bounds of all rivals, each minimised over t from its definition.
/// </summary>
public class BlockBoundTests
{
    private const double Closeness = 1e-9;

    [Theory]
    [InlineData(1, 0.01)]
    [InlineData(2, 0.1)]
    [InlineData(3, 0.3)]
    public void No_rival_is_left_out_whose_bound_is_the_largest(int seed, double q)
    {
        var random = new Random(seed);
        int pruned = 0, hidden = 0;
        for (int trial = 0; trial < 300; trial++)
        {
            int classes = random.Next(3, 9), winner = random.Next(classes);
            (double[] weights, ClassLabels labels) = NearTies(random, classes, winner, hasPrior: trial % 3 == 0);
            var noise = new Noise(q, classes);
            var bound = new BlockBound(BlockRowTests.VoteOf(weights, labels, blockRows: 16), noise, weights.Length);
            if (bound.Winner != winner || bound.Requests(winner) is not { } requests)
                continue;
            (int Rival, double Bound)[] bounds = [.. Enumerable.Range(0, classes).Where(c => c != winner)
                .Select(rival => (rival, SmallestBound(weights, labels, winner, rival, noise)))];
            (int worst, double largest) = bounds.MaxBy(bound => bound.Bound);
            RowState state = BlockRowTests.StateOf(weights, labels, noise, blockRows: 16);
            Assert.Equal(winner, state.SmoothedPrediction);
            Assert.True(
                state.LogFailure >= largest - Closeness * Math.Abs(largest),
                $"log B = {state.LogFailure:R}, and that against {worst} is {largest:R}");
            Assert.True(state.LogFailure <= largest * (1 - 0.01) + 1e-6);
            pruned += requests.Length < bounds.Length ? 1 : 0;
            hidden += requests.Length > 1 && requests.Max(request => Bound(weights, labels, request, noise))
                > Bound(weights, labels, requests[0], noise) + Closeness ? 1 : 0;
        }

        // In as many cases some rivals are left out, and in as many the first that is asked about is not the worst.
        Assert.True(pruned > 40 && hidden > 40, $"{pruned} and {hidden}");
    }

    /// <summary>
    /// Rivals with as many rows each, whose weights are in one bucket: all in its middle, all at its ends, or anywhere.
    /// They weigh the same altogether, but for a little.
    /// </summary>
    private static (double[] Weights, ClassLabels Labels) NearTies(Random random, int classes, int winner, bool hasPrior)
    {
        const double Low = 1.0, Width = 0.25;
        int rows = random.Next(2, 9);
        double unit = Math.ScaleB(1, random.Next(-6, 3)), rest = random.NextDouble() * Math.ScaleB(1, -random.Next(1, 20));
        var weights = new List<double>();
        var labels = new List<int>();
        void Add(int c, double weight)
        {
            weights.Add(unit * weight * (random.Next(40) == 0 ? -1 : 1));
            labels.Add(c);
        }

        for (int c = 0; c < classes; c++)
        {
            int shape = random.Next(4), own = c == winner ? rows + random.Next(2, 20) : rows;
            double off = Width * rest * (random.NextDouble() - 0.5);
            for (int row = 0; row < own; row++)
            {
                double place = shape switch
                {
                    0 => 0.5,
                    1 => row % 2 == 0 ? 0.02 : 0.98,
                    2 => random.NextDouble(),
                    _ => row % 4 == 0 ? 0.9 : 0.1,
                };
                Add(c, Math.Clamp(Low + Width * place + off, Low, Math.BitDecrement(Low + Width)));
            }
        }

        double[] shares = [.. Enumerable.Range(0, classes).Select(_ => 1 + random.NextDouble())];
        var list = ClassList.Numbered(classes);
        list = hasPrior ? list.WithPrior([.. shares.Select(share => Math.Round(share / shares.Sum(), 6))]) : list;
        return ([.. weights], new ClassLabels([.. labels], list));
    }

    /// <summary>The exponent's minimum over t, which is convex: by thirds.</summary>
    private static double SmallestBound(double[] weights, ClassLabels labels, int winner, int rival, Noise noise)
    {
        double At(double t) => Bound(weights, labels, new BoundRequest(new(winner, rival), t, Offset(labels, winner, rival), 0), noise);
        double low = 0, high = 1;
        while (At(2 * high) < At(high))
            high *= 2;
        high *= 2;
        for (int step = 0; step < 60; step++)
        {
            double left = low + (high - low) / 3, right = high - (high - low) / 3;
            (low, high) = At(left) < At(right) ? (low, right) : (left, high);
        }

        return At(low);
    }

    /// <summary>log E[exp(−t · margin)] over the noisy labels.</summary>
    private static double Bound(double[] weights, ClassLabels labels, BoundRequest request, Noise noise)
    {
        (int winner, int rival) = request.Pair;
        double sum = -request.T * Offset(labels, winner, rival);
        for (int row = 0; row < weights.Length; row++)
        {
            double moment = 0;
            for (int shown = 0; shown < labels.ClassCount; shown++)
            {
                double chance = shown == labels[row] ? 1 - noise.Q : noise.Q / (labels.ClassCount - 1);
                double margin = 0.5 * weights[row] * ((shown == winner ? 1 : 0) - (shown == rival ? 1 : 0));
                moment += chance * Math.Exp(-request.T * margin);
            }

            sum += Math.Log(moment);
        }

        return sum;
    }

    private static double Offset(ClassLabels labels, int winner, int rival) =>
        labels.Classes.Prior.Count == 0 ? 0 : 0.5 * (labels.Classes.Prior[rival] - labels.Classes.Prior[winner]);
}
