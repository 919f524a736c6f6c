namespace CertiFlip;

/// <summary>
/// What one adversary, with one budget for all test rows together, can do to them. An exact radius lets the adversary
/// choose other flips for every row; here the same flips must serve against all.
/// </summary>
/// <param name="Rows">The number of test rows, m.</param>
/// <param name="Counted">
/// How many of them count: those that are classified correctly where the truth is known, else all.
/// </param>
/// <param name="Certificates">A certificate for each budget, in ascending order.</param>
/// <param name="Groups">
/// For each group and budget, how far the group's accuracy can be moved; empty without groups.
/// </param>
/// <param name="Gaps">
/// For each pair of groups and budget, how far their difference can be moved; empty without groups.
/// </param>
public sealed record CollectiveCertificates(
    int Rows,
    int Counted,
    IReadOnlyList<CollectiveCertificate> Certificates,
    IReadOnlyList<GroupCertificate> Groups,
    IReadOnlyList<GapCertificate> Gaps)
{
    /// <summary>
    /// The fraction of the m rows that count and that no flips within a budget change, whichever these rows are.
    /// </summary>
    /// <param name="flips">r. Beyond the largest budget that was asked for nothing is known: 0.</param>
    public double At(int flips)
    {
        if (Rows == 0)
            return 0;
        int changed = flips < 1 ? 0 : Certificates.FirstOrDefault(one => one.Budget >= flips)?.AtMost ?? Counted;
        return (Counted - changed) / (double)Rows;
    }
}

/// <summary>
/// How many rows one adversary changes: at most so many, which is proved, and at least so many, which an attack does.
/// </summary>
/// <param name="Budget">The budget r: a number of flips unless labels differ in cost.</param>
/// <param name="Alone">
/// How many rows that count have an exact radius below r: so many would change if other flips could be chosen for every
/// row.
/// </param>
/// <param name="AtMost">Proved: no allowed flips within the budget change more of the rows that count.</param>
/// <param name="Found">How many rows that count <paramref name="Attack"/> changes.</param>
/// <param name="Attack">The flips of the strongest attack that was found, in the order of their rows.</param>
public sealed record CollectiveCertificate(int Budget, int Alone, int AtMost, int Found, IReadOnlyList<LabelFlip> Attack)
{
    /// <summary>Whether nothing lies between the bound and the attack: both are the truth.</summary>
    public bool IsExact => AtMost == Found;

    /// <summary>
    /// Whether the bound, and those of groups and gaps at this budget, hold for this list of classes only: it was read
    /// off the labels, and flips within the budget could take away a class.
    /// </summary>
    public bool AssumesClasses { get; init; }
}

/// <summary>How far one adversary can move the number of correct predictions in one group of test rows.</summary>
/// <param name="Group">The group, from 0.</param>
/// <param name="Rows">How many test rows it has.</param>
/// <param name="Correct">How many of them are classified correctly.</param>
/// <param name="Budget">The budget r.</param>
/// <param name="LostAtMost">Proved: on balance, at most so many fewer are correct.</param>
/// <param name="LostFound">On balance, so many fewer are correct after an attack.</param>
/// <param name="GainedAtMost">Proved: on balance, at most so many more are correct.</param>
/// <param name="GainedFound">On balance, so many more are correct after an attack.</param>
public sealed record GroupCertificate(
    int Group, int Rows, int Correct, int Budget, int LostAtMost, int LostFound, int GainedAtMost, int GainedFound);

/// <summary>How far one adversary can move the difference between the accuracies of two groups of test rows.</summary>
/// <param name="Group">The one group.</param>
/// <param name="Other">The other.</param>
/// <param name="Budget">The budget r.</param>
/// <param name="Difference">Accuracy of <paramref name="Group"/> less accuracy of <paramref name="Other"/>.</param>
/// <param name="AtLeast">Proved: it stays at least this.</param>
/// <param name="AtMost">Proved: it stays at most this.</param>
/// <param name="FoundLeast">An attack brings it down to this.</param>
/// <param name="FoundMost">An attack brings it up to this.</param>
public sealed record GapCertificate(
    int Group, int Other, int Budget, double Difference, double AtLeast, double AtMost, double FoundLeast, double FoundMost);
