using CertiFlip.Data;

namespace CertiFlip.Cli.Output;

/// <summary>Several people's votes for the labels, in words.</summary>
internal static class VoteWording
{
    // Of so many classes each is named, of more the least agreed on.
    private const int MostClasses = 5;

    /// <summary>Where labels come from, and how well votes agree; null where nobody voted.</summary>
    public static string? Sentence(Dataset data)
    {
        if (data.Votes is not { } votes)
            return null;
        int tied = votes.TiedRows;
        string none = tied == 0 ? "" : $" {Wording.Count(tied, "row")} {(tied == 1 ? "has" : "have")} no single commonest vote.";
        return $"Labels are the commonest of {Wording.Count(votes.Count, "vote")} by "
            + $"{Wording.Count(votes.Annotators, "person", "people")}; of "
            + "equally common ones, the first in sorted order of the classes' names. "
            + $"{Format.Percent(votes.Agreement())} of the votes are for the label of their row ({ByClass(votes)}).{none}";
    }

    private static string ByClass(CollectedVotes votes)
    {
        (string Name, double Agreement)[] classes =
        [
            .. votes.Votes.Classes.Select((name, c) => (name, Agreement: votes.Agreement(c))).Where(one => !double.IsNaN(one.Agreement)),
        ];
        IEnumerable<(string Name, double Agreement)> named =
            classes.Length <= MostClasses ? classes : classes.OrderBy(one => one.Agreement).Take(MostClasses);
        return (classes.Length <= MostClasses ? "" : "least: ")
            + string.Join(", ", named.Select(one => $"{Wording.Name(one.Name)} {Format.Percent(one.Agreement)}"));
    }

    /// <summary>What votes cost, and what radii count.</summary>
    public static string Costs(IReadOnlyList<int> costs, int classes)
    {
        (int least, int most) = costs.Count == 0 ? (1, 1) : (costs.Min(), costs.Max());
        string takes = least == most ? Wording.Count(least, "vote") : $"{least:N0} to {most:N0} votes";
        string cheapest = classes == 2
            ? ""
            : " With more than two classes every change of a label counts as the one that takes fewest votes: "
                + "predictions survive at least r.";
        return $"Radii count votes: changing a label takes {takes}.{cheapest}";
    }
}

/// <summary>Several people's votes as JSON.</summary>
/// <param name="Source">Where they came from.</param>
/// <param name="Annotators">How many people voted.</param>
/// <param name="Votes">How many votes there are.</param>
/// <param name="Agreement">The part of them that are for the label of their row.</param>
/// <param name="RowsWithoutMajority">How many rows have no single commonest vote.</param>
/// <param name="UnanimousRows">How many rows all votes agree on.</param>
/// <param name="Counted">Whether radii count votes.</param>
/// <param name="AtLeast">Whether predictions may survive more votes than their radius.</param>
/// <param name="ByClass">The agreement on the rows of each class.</param>
internal sealed record VotesJson(
    string Source, int Annotators, int Votes, double Agreement, int RowsWithoutMajority, int UnanimousRows, bool Counted, bool? AtLeast,
    IReadOnlyList<VotesJson.OfClass> ByClass)
{
    public static VotesJson? Of(RunData data) => data.Training.Votes is not { } votes ? null : new(
        votes.Source, votes.Annotators, votes.Count, votes.Agreement(), votes.TiedRows, votes.UnanimousRows, data.CountsVotes,
        data.CountsVotes ? data.Classes.Count > 2 : null,
        [
            .. votes.Votes.Classes.Select((name, c) => new OfClass(name, votes.Agreement(c) is var agreement && double.IsNaN(agreement)
                ? null : agreement)),
        ]);

    /// <summary>The agreement on the rows of a class.</summary>
    /// <param name="Class">The class.</param>
    /// <param name="Agreement">The part of the votes that are for it, left out where it has no rows.</param>
    internal sealed record OfClass(string Class, double? Agreement);
}
