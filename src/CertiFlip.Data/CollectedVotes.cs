namespace CertiFlip.Data;

/// <summary>Votes for the labels of the rows of a file, with how well they agree.</summary>
/// <param name="Votes">The votes, by the rows of the file.</param>
/// <param name="Annotators">How many people voted.</param>
/// <param name="Source">Where the votes came from, as messages name it.</param>
public sealed record CollectedVotes(LabelVotes Votes, int Annotators, string Source)
{
    /// <summary>The label of each row: the class with most votes; empty where nobody voted.</summary>
    public IReadOnlyList<string> Labels =>
        [.. Enumerable.Range(0, Votes.Rows).Select(row => Votes.WinnerOf(row) is >= 0 and var c ? Votes.Classes[c] : "")];

    /// <summary>How many votes there are.</summary>
    public int Count => Enumerable.Range(0, Votes.Rows).Sum(Votes.TotalOf);

    /// <summary>
    /// How many rows have two classes or more with most votes, so that the order of the classes decides.
    /// </summary>
    public int TiedRows => Enumerable.Range(0, Votes.Rows).Count(Votes.IsTied);

    /// <summary>How many rows all votes agree on.</summary>
    public int UnanimousRows => Enumerable.Range(0, Votes.Rows)
        .Count(row => Votes.WinnerOf(row) is >= 0 and var c && Votes.CountOf(row, c) == Votes.TotalOf(row));

    /// <summary>The part of the votes that are for the label of their row.</summary>
    /// <param name="c">The class of the rows that count; null for all.</param>
    /// <returns>NaN where there are no such votes.</returns>
    public double Agreement(int? c = null)
    {
        int agreeing = 0, all = 0;
        for (int row = 0; row < Votes.Rows; row++)
        {
            int winner = Votes.WinnerOf(row);
            if (winner < 0 || (c is not null && winner != c))
                continue;
            (agreeing, all) = (agreeing + Votes.CountOf(row, winner), all + Votes.TotalOf(row));
        }

        return agreeing / (double)all;
    }
}
