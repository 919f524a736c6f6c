namespace CertiFlip.Tests.Oracles;

/// <summary>A training row as the oracle sees it: features, and a class.</summary>
internal sealed record OracleRow(double[] Features, int Class);

/// <summary>
/// Everything that an adversary can do to a handful of rows, carried out one by one: each row kept, removed or
/// relabelled, and every choice of rows to insert from a list, each before or after all others.
/// </summary>
/// <param name="Rows">The rows, in their order.</param>
/// <param name="Classes">K.</param>
/// <param name="Insert">The price of a row inserted; null where impossible.</param>
/// <param name="Remove">Of a row removed.</param>
/// <param name="Flip">Of a label changed.</param>
internal sealed record RowAttackOracle(IReadOnlyList<OracleRow> Rows, int Classes, int? Insert, int? Remove, int? Flip)
{
    /// <summary>The least price of rows for which a prediction is another; null where none is found.</summary>
    /// <param name="isChanged">Tells from all rows in order whether the prediction is another.</param>
    /// <param name="candidates">Features of rows that may be inserted.</param>
    /// <param name="most">How many rows are inserted at most.</param>
    public int? LeastPrice(Func<IReadOnlyList<OracleRow>, bool> isChanged, IReadOnlyList<double[]> candidates, int most)
    {
        int? least = null;
        (OracleRow Row, bool First)[] insertable =
        [
            .. from features in candidates
               from label in Enumerable.Range(0, Classes)
               from first in (bool[])[true, false]
               select (new OracleRow(features, label), first),
        ];
        foreach ((OracleRow[] kept, int price) in Kept(0))
        {
            foreach (int[] chosen in Insert is null ? [[]] : Multisets(insertable.Length, most))
            {
                int total = price + chosen.Length * (Insert ?? 0);
                if (total >= least)
                    continue;
                OracleRow[] all =
                [
                    .. chosen.Where(i => insertable[i].First).Select(i => insertable[i].Row), .. kept,
                    .. chosen.Where(i => !insertable[i].First).Select(i => insertable[i].Row),
                ];
                if (isChanged(all))
                    least = total;
            }
        }

        return least;
    }

    private IEnumerable<(OracleRow[] Kept, int Price)> Kept(int from)
    {
        if (from == Rows.Count)
        {
            yield return ([], 0);
            yield break;
        }

        foreach ((OracleRow[] later, int price) in Kept(from + 1))
        {
            yield return ([Rows[from], .. later], price);
            if (Remove is { } remove)
                yield return (later, price + remove);
            for (int label = 0; Flip is not null && label < Classes; label++)
            {
                if (label != Rows[from].Class)
                    yield return ([Rows[from] with { Class = label }, .. later], price + Flip.Value);
            }
        }
    }

    /// <summary>All choices of up to so many of some things, each as often as one likes.</summary>
    private static IEnumerable<int[]> Multisets(int things, int most)
    {
        IEnumerable<int[]> all = [[]], longest = all;
        for (int size = 1; size <= most; size++)
        {
            longest = [.. from shorter in longest
                          from thing in Enumerable.Range(shorter.LastOrDefault(), things - shorter.LastOrDefault())
                          select (int[])[.. shorter, thing]];
            all = all.Concat(longest);
        }

        return [.. all];
    }
}
