using CertiFlip.Exact;
using CertiFlip.Votes;

namespace CertiFlip.Auditing;

/// <summary>The contradicted labels, those whose suggested class is furthest ahead first.</summary>
/// <remarks>
/// A lead is a difference of scores, which estimate the probabilities of classes. A radius says what moving it costs an
/// adversary, and that is large where many rows are, however undecided they are. A contradiction is clear where it
/// would be no outlier among the rows of the class suggested: where at least a tenth of those so labelled, and not
/// contradicted, have no larger lead. docs/audit.md measures both.
/// </remarks>
internal sealed class Contradictions
{
    private const int TypicalPart = 10;

    // Of the 52 that a number has after its first.
    private const int RoundedBits = 16;

    private Contradictions(int[] clear, int[] doubtful) => (Clear, Doubtful) = (clear, doubtful);

    /// <summary>
    /// Contradicted rows that are as clearly of the class suggested as many that are labelled with it.
    /// </summary>
    public IReadOnlyList<int> Clear { get; }

    /// <summary>The other contradicted rows: hard ones, as a rule.</summary>
    public IReadOnlyList<int> Doubtful { get; }

    /// <summary>Sorts rows.</summary>
    /// <param name="rows">Each training row as the others see it.</param>
    /// <param name="classCount">K.</param>
    public static Contradictions Of(IReadOnlyList<LeftOutRow> rows, int classCount)
    {
        ILookup<int, LeftOutRow> agreeing = rows.Where(row => !row.IsContradicted).ToLookup(row => row.Class);
        double[] typical = [.. Enumerable.Range(0, classCount).Select(c => TypicalLead(agreeing[c]))];
        ILookup<bool, int> byClarity = Enumerable.Range(0, rows.Count)
            .Where(row => rows[row].IsContradicted)
            .OrderByDescending(row => Compared(rows[row].Lead))
            .ThenByDescending(row => rows[row].Radius)
            .ToLookup(row => Compared(rows[row].Lead) >= typical[rows[row].Class]);
        return new Contradictions([.. byClarity[true]], [.. byClarity[false]]);
    }

    /// <summary>
    /// A lead to compare with others. Votes of neighbours have many that are equal, and sums on registers of another
    /// width would tell them apart by their rounding.
    /// </summary>
    private static double Compared(double lead) =>
        BitConverter.Int64BitsToDouble((BitConverter.DoubleToInt64Bits(lead) + (1L << (RoundedBits - 1))) & (-1L << RoundedBits));

    /// <summary>The lead below which the weakest tenth lies; 0 where there are no rows.</summary>
    private static double TypicalLead(IEnumerable<LeftOutRow> agreeing)
    {
        double[] leads = [.. agreeing.Select(row => Compared(row.Lead)).Order()];
        return leads.Length == 0 ? 0 : leads[leads.Length / TypicalPart];
    }
}

/// <summary>A training row as the head sees it that is fitted to the others.</summary>
/// <param name="Label">The class that the row is labelled with.</param>
/// <param name="Class">
/// The class with the largest score, of the label's own and those that the label may be changed into.
/// </param>
/// <param name="Radius">
/// The largest budget within which no flips of other labels bring <paramref name="Label"/> past
/// <paramref name="Class"/>; 0 where they are the same, and where the scores are closer than the doubt about them.
/// </param>
/// <param name="Lead">
/// By how much the score of <paramref name="Class"/> is ahead of that of <paramref name="Label"/>; where they are the
/// same, of the largest other.
/// </param>
internal readonly record struct LeftOutRow(int Label, int Class, Radius Radius, double Lead)
{
    /// <summary>Whether another class is ahead of the label.</summary>
    public bool IsContradicted => Class != Label;

    /// <summary>Reads it off the vote of the others.</summary>
    /// <param name="vote">Label weights without the row, whose own is 0, and labels.</param>
    /// <param name="row">The row.</param>
    public static LeftOutRow Of(Vote vote, int row)
    {
        int label = vote.Labels[row], best = label;
        for (int other = 0; other < vote.Labels.ClassCount; other++)
        {
            var pair = new Pair(best, other);
            bool isPossible = vote.Allowed.CanFlip(row) && vote.Allowed.CanChange(label, other);
            if (isPossible && !vote.IsKept(pair, vote.SignOfMargin(pair)))
                best = other;
        }

        if (best == label)
        {
            IEnumerable<int> others = Enumerable.Range(0, vote.Labels.ClassCount).Where(other => other != label);
            return new LeftOutRow(label, label, Radius.Of(0), others.Min(other => 2 * vote.Margin(new Pair(label, other))));
        }

        var contradiction = new Pair(best, label);
        return new LeftOutRow(label, best, ExactFlips.Of(vote, contradiction).Survived, 2 * vote.Margin(contradiction));
    }
}
