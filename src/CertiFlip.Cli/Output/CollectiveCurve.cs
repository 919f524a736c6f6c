using CertiFlip.Data;

namespace CertiFlip.Cli.Output;

/// <summary>What one adversary can do to all test rows together, beside the curves of rows alone.</summary>
/// <param name="Certificates">For many budgets, all rows.</param>
/// <param name="OfGroups">For a few budgets, groups; null without groups.</param>
/// <param name="Names">The names of the groups; null without groups.</param>
internal sealed record CollectiveCurve(CollectiveCertificates Certificates, CollectiveCertificates? OfGroups, RowGroups? Names)
{
    /// <summary>What tables, charts and conditions call it; also its class in the chart's style sheet.</summary>
    public const string Name = "collective";

    /// <summary>What tables and charts call the attack beside it.</summary>
    public const string AttackName = "attack";

    /// <summary>
    /// The curve: as many rows have a radius r in it as rows that are certified together at r and no longer beyond.
    /// </summary>
    public AccuracyCurve Proved => field ??= new AccuracyCurve(
        Certificates.Rows, Certificates.Counted / (double)Math.Max(1, Certificates.Rows), [.. Radii()]);

    /// <summary>The share of rows that the best attack within a budget leaves as they are.</summary>
    /// <param name="flips">r.</param>
    public double LeftAt(int flips) =>
        (Certificates.Counted - (Certificates.Certificates.LastOrDefault(one => one.Budget <= flips)?.Found ?? 0))
        / (double)Math.Max(1, Certificates.Rows);

    private IEnumerable<Radius> Radii()
    {
        int changed = 0, budget = 0;
        foreach (CollectiveCertificate one in Certificates.Certificates)
        {
            for (; changed < one.AtMost; changed++)
                yield return Radius.Of(budget);
            budget = one.Budget;
        }

        for (; changed < Certificates.Counted; changed++)
            yield return Radius.Of(budget);
    }
}

/// <summary>The collective certificates as JSON: numbers of rows, and shares of all test rows.</summary>
/// <param name="Counted">How many rows count: the correct ones, or all where test rows have no labels.</param>
/// <param name="Certificates">A certificate for each number of flips.</param>
/// <param name="Groups">How far each group's accuracy can be moved; left out without groups.</param>
/// <param name="Gaps">How far differences of groups can be moved; left out without groups.</param>
internal sealed record CollectiveJson(
    int Counted,
    IReadOnlyList<CollectiveJson.Point> Certificates,
    IReadOnlyList<CollectiveJson.OfGroup>? Groups,
    IReadOnlyList<CollectiveJson.OfGap>? Gaps)
{
    /// <summary>Null where nothing was asked of all rows together.</summary>
    public static CollectiveJson? Of(CollectiveCurve? curve) => curve is null ? null : new CollectiveJson(
        curve.Certificates.Counted,
        [
            .. curve.Certificates.Certificates.Select(one => new Point(
                one.Budget, curve.Certificates.At(one.Budget), curve.LeftAt(one.Budget), one.Alone, one.AtMost, one.Found,
                one.AssumesClasses ? true : null)),
        ],
        curve.OfGroups is null
            ? null
            :
            [
                .. curve.OfGroups.Groups.Select(one => new OfGroup(
                    curve.Names!.Names[one.Group], one.Rows, one.Budget, Share(one, 0), Share(one, -one.LostAtMost),
                    Share(one, one.GainedAtMost), Share(one, -one.LostFound), Share(one, one.GainedFound))),
            ],
        curve.OfGroups is null
            ? null
            :
            [
                .. curve.OfGroups.Gaps.Select(one => new OfGap(
                    curve.Names!.Names[one.Group], curve.Names.Names[one.Other], one.Budget, one.Difference, one.AtLeast, one.AtMost,
                    one.FoundLeast, one.FoundMost)),
            ]);

    /// <summary>A group's accuracy when so many more of its rows are correct, as far as it has rows.</summary>
    public static double Share(GroupCertificate one, int more) => Math.Clamp(one.Correct + more, 0, one.Rows) / (double)one.Rows;

    /// <summary>All rows at a number of flips, or at a cost.</summary>
    /// <param name="Flips">The number, or the cost.</param>
    /// <param name="Value">The fraction of rows that no adversary can change together.</param>
    /// <param name="AttackLeaves">The fraction that the best attack found leaves.</param>
    /// <param name="Alone">How many rows can be changed, each by an adversary of its own.</param>
    /// <param name="ChangedAtMost">How many can be changed together at most.</param>
    /// <param name="Changed">How many an attack was found to change.</param>
    /// <param name="ListedClassesOnly">
    /// That it holds for this list of classes only, left out where it does not matter.
    /// </param>
    internal sealed record Point(
        int Flips, double Value, double AttackLeaves, int Alone, int ChangedAtMost, int Changed, bool? ListedClassesOnly);

    /// <summary>A group of rows.</summary>
    /// <param name="Group">Its name.</param>
    /// <param name="Rows">How many rows it has.</param>
    /// <param name="Flips">The number of flips.</param>
    /// <param name="Accuracy">Its accuracy.</param>
    /// <param name="AtLeast">The least that it can become.</param>
    /// <param name="AtMost">The most.</param>
    /// <param name="FoundLeast">The least to which an attack was found to bring it.</param>
    /// <param name="FoundMost">The most.</param>
    internal sealed record OfGroup(
        string Group, int Rows, int Flips, double Accuracy, double AtLeast, double AtMost, double FoundLeast, double FoundMost);

    /// <summary>The difference of two groups' accuracies.</summary>
    /// <param name="Group">The one.</param>
    /// <param name="Other">The other.</param>
    /// <param name="Flips">The number of flips.</param>
    /// <param name="Difference">The difference.</param>
    /// <param name="AtLeast">The least that it can become.</param>
    /// <param name="AtMost">The most.</param>
    /// <param name="FoundLeast">The least to which an attack was found to bring it.</param>
    /// <param name="FoundMost">The most.</param>
    internal sealed record OfGap(
        string Group, string Other, int Flips, double Difference, double AtLeast, double AtMost, double FoundLeast, double FoundMost);
}
