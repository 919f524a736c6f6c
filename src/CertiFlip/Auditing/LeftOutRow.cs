using CertiFlip.Exact;
using CertiFlip.Votes;

namespace CertiFlip.Auditing;

/// <summary>What is said of a training row without it.</summary>
/// <param name="Class">Its label's class, or the class that the largest score puts before it, of those that the label may be changed into.</param>
/// <param name="ContradictionRadius">The largest budget for flips of other labels that cannot bring the row's own label past that class; −1 where it is the label's own.</param>
/// <param name="Lead">By how much that class's score is ahead: of the row's own label's, or where it is the own one, of the largest other.</param>
internal readonly record struct LeftOutRow(int Class, int ContradictionRadius, double Lead)
{
    /// <summary>Whether another class is ahead of the label.</summary>
    public bool IsContradicted => ContradictionRadius >= 0;

    /// <summary>Reads it off the vote of the others.</summary>
    /// <param name="vote">Label weights without the row, whose own is 0, and labels.</param>
    /// <param name="row">The row.</param>
    public static LeftOutRow Of(Vote vote, int row)
    {
        int label = vote.Labels[row], best = label;
        for (int other = 0; other < vote.Labels.ClassCount; other++)
        {
            var pair = new Pair(best, other);
            if (vote.Allowed.CanFlip(row) && vote.Allowed.CanChange(label, other) && !vote.IsKept(pair, vote.SignOfMargin(pair)))
                best = other;
        }

        if (best == label)
            return new LeftOutRow(label, -1, Enumerable.Range(0, vote.Labels.ClassCount).Where(other => other != label).Min(other => 2 * vote.Margin(new Pair(label, other))));
        var contradiction = new Pair(best, label);
        int others = vote.Allowed.TotalCost - vote.Allowed.CostOf(row);
        return new LeftOutRow(best, Math.Min(others, ExactFlips.Of(vote, contradiction).Count), 2 * vote.Margin(contradiction));
    }
}
