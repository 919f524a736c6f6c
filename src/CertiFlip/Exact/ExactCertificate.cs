using System.Diagnostics.CodeAnalysis;
using CertiFlip.Kernels;
using CertiFlip.Votes;

namespace CertiFlip.Exact;

/// <summary>
/// The certificate of the head itself. A flip moves a pair's margin by a known amount, so the fewest flips that bring a
/// rival past the predicted class are the largest moves, and the radius is the smallest over the rivals. Nothing larger
/// is true: one flip more is a <see cref="Witness"/>.
/// </summary>
public static class ExactCertificate
{
    /// <summary>The largest budget within which no allowed flips change the head's class.</summary>
    /// <param name="vote">Label weights and labels of one test row.</param>
    /// <returns>A number of flips unless labels differ in cost; any where no allowed flips change the class.</returns>
    public static Radius Radius(Vote vote)
    {
        ArgumentNullException.ThrowIfNull(vote);
        return Weakest(vote).Flips.Survived;
    }

    /// <summary>Finds the cheapest allowed flips that change the head's class.</summary>
    /// <param name="vote">Label weights and labels of one test row.</param>
    /// <param name="witness">The witness, where the result is true.</param>
    /// <returns>Whether there are any: not where every labelling that is allowed gives the same class.</returns>
    public static bool TryFindWitness(Vote vote, [NotNullWhen(true)] out Witness? witness)
    {
        ArgumentNullException.ThrowIfNull(vote);
        (Pair pair, ExactFlips flips) = Weakest(vote);
        witness = flips.Survived.IsAny
            ? null
            : new Witness(pair.Winner, pair.Rival, flips.Survived.Budget + 1, flips.Breaking(vote.MovesFor(pair)));
        return witness is not null;
    }

    /// <summary>Whether the head's class is certain in spite of doubt about the weights.</summary>
    internal static bool IsCertain(Vote vote)
    {
        int winner = vote.HeadPrediction;
        return vote.Doubt == 0
            || Enumerable.Range(0, vote.Labels.ClassCount).All(c => c == winner || new PairMargin(vote, new Pair(winner, c)).IsAhead);
    }

    /// <summary>The rival that needs the fewest flips, and the flips that it survives.</summary>
    internal static (Pair Pair, ExactFlips Flips) Weakest(Vote vote)
    {
        int winner = vote.HeadPrediction;

        // The rival with the smallest margin is nearly always the weakest; most others are then seen to need more at a
        // glance.
        IEnumerable<int> others = Enumerable.Range(0, vote.Labels.ClassCount).Where(c => c != winner);
        int[] rivals = [.. others.OrderBy(c => vote.Margin(new Pair(winner, c)))];
        var weakest = new Pair(winner, rivals[0]);
        ExactFlips fewest = ExactFlips.Of(vote, weakest);
        int most = vote.Allowed.MostFlips(fewest.Survived.BudgetOr(vote.Allowed.TotalCost));
        double worst = rivals.Length == 1 ? 0 : MostMovedAgainst(vote, winner, most);
        foreach (int rival in rivals.Skip(1))
        {
            var pair = new Pair(winner, rival);
            if (new PairMargin(vote, pair).IsBeyond(worst))
                continue;
            ExactFlips flips = ExactFlips.Of(vote, pair);
            if (flips.Survived < fewest.Survived)
                (weakest, fewest) = (pair, flips);
        }

        return (weakest, fewest);
    }

    /// <summary>How far no rival's <paramref name="flips"/> largest moves can go beyond.</summary>
    internal static double MostMovedAgainst(Vote vote, int winner, int flips)
    {
        var room = new FlipsLeft(flips);
        MoveRanks moves = vote.MovesAgainst(winner).TakeMany(ref room);
        double moved = room.Moved;
        for (int i = room.Count; i < flips && moves.TakeLargest(out double weight, out int halves); i++)
            moved += 0.5 * halves * weight;
        return moved * (1 + 2 * flips * Rounding.Epsilon);
    }

    /// <summary>Room for a number of flips.</summary>
    private struct FlipsLeft(int flips) : IMoveRoom
    {
        public int Count { get; private set; }

        public double Moved { get; private set; }

        public readonly double Left => flips - Count;

        public readonly double Worth(double size) => 1;

        public readonly double HalfLike(double whole) => 2 * whole;

        public readonly double WholeLike(double half) => 0.5 * half;

        public bool TryTake(ReadOnlySpan<double> wholes, ReadOnlySpan<double> halves)
        {
            if (wholes.Length + halves.Length > flips - Count)
                return false;
            Count += wholes.Length + halves.Length;
            Moved += Elementwise.Sum(wholes) + 0.5 * Elementwise.Sum(halves);
            return true;
        }
    }
}
