namespace CertiFlip.Auditing;

/// <summary>The contradicted labels, those whose suggested class is furthest ahead first.</summary>
/// <remarks>
/// A lead is a difference of scores, which estimate the probabilities of classes; a radius says what moving it costs an adversary, which is large where many rows are, however undecided they are. A contradiction is clear where it
/// would be no outlier among the rows of the class suggested: where at least a tenth of those so labelled, and not contradicted, have no larger lead. docs/audit.md measures both.
/// </remarks>
internal sealed class Contradictions
{
    private const int TypicalPart = 10;

    private Contradictions(int[] clear, int[] doubtful) => (Clear, Doubtful) = (clear, doubtful);

    /// <summary>Rows as clearly of the class suggested as many that are labelled with it.</summary>
    public IReadOnlyList<int> Clear { get; }

    /// <summary>The other contradicted rows: hard ones, as a rule.</summary>
    public IReadOnlyList<int> Doubtful { get; }

    /// <summary>Sorts rows.</summary>
    /// <param name="rows">What is said of each training row without it.</param>
    /// <param name="classCount">K.</param>
    public static Contradictions Of(IReadOnlyList<LeftOutRow> rows, int classCount)
    {
        double[] typical = [.. Enumerable.Range(0, classCount).Select(c => TypicalLead(rows.Where(row => row.Class == c && !row.IsContradicted)))];
        ILookup<bool, int> byClarity = Enumerable.Range(0, rows.Count)
            .Where(row => rows[row].IsContradicted)
            .OrderByDescending(row => rows[row].Lead)
            .ThenByDescending(row => rows[row].ContradictionRadius)
            .ToLookup(row => rows[row].Lead >= typical[rows[row].Class]);
        return new Contradictions([.. byClarity[true]], [.. byClarity[false]]);
    }

    /// <summary>The lead below which the weakest tenth lies; 0 where there are no rows.</summary>
    private static double TypicalLead(IEnumerable<LeftOutRow> agreeing)
    {
        double[] leads = [.. agreeing.Select(row => row.Lead).Order()];
        return leads.Length == 0 ? 0 : leads[leads.Length / TypicalPart];
    }
}
