using System.Diagnostics.CodeAnalysis;
using CertiFlip.Exact;
using CertiFlip.Votes;

namespace CertiFlip;

/// <summary>The cheapest allowed label flips that change the head's class for one test row: they cost one more than its exact radius, and are as few where every label costs 1.</summary>
public sealed record Witness
{
    private Witness(int prediction, int rival, int cost, IReadOnlyList<LabelFlip> flips) => (Prediction, Rival, Cost, Flips) = (prediction, rival, cost, flips);

    /// <summary>The head's class before the flips.</summary>
    public int Prediction { get; }

    /// <summary>The class that comes past it. With more than two classes another may come past both.</summary>
    public int Rival { get; }

    /// <summary>What the flips cost: their number, unless labels differ in cost.</summary>
    public int Cost { get; }

    /// <summary>The flips, those that move the margin most first.</summary>
    public IReadOnlyList<LabelFlip> Flips { get; }

    /// <summary>Finds the witness of a vote, if there is one: none exists where every labelling that is allowed gives the same class.</summary>
    /// <param name="vote">Label weights and labels of one test row.</param>
    /// <param name="witness">The witness, where the result is true.</param>
    /// <returns>Whether any set of flips changes the class.</returns>
    public static bool TryFind(Vote vote, [NotNullWhen(true)] out Witness? witness)
    {
        ArgumentNullException.ThrowIfNull(vote);
        (Pair pair, ExactFlips flips) = ExactCertificate.Weakest(vote);
        witness = null;
        if (flips.Count == vote.Allowed.TotalCost)
            return false;

        PairMoves moves = vote.MovesFor(pair);
        witness = new Witness(pair.Winner, pair.Rival, flips.Count + 1,
        [
            .. flips.Costly,
            .. Enumerable.Range(0, flips.Broken.Whole).Select(moves.WholeFlip),
            .. Enumerable.Range(0, flips.Broken.Half).Select(moves.HalfFlip),
        ]);
        return true;
    }
}
