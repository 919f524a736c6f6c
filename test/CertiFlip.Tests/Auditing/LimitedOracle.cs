using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Auditing;

/// <summary>
/// Every labelling of a handful of rows that an adversary can pay for, in exact arithmetic: class 1 of two wins where
/// its score reaches ½, else the largest score and of equals the smaller class. A prior takes the place of the ½, or is
/// taken from the scores.
/// </summary>
/// <param name="weights">Label weights.</param>
/// <param name="labels">Labels.</param>
/// <param name="classes">K.</param>
/// <param name="price">
/// What changing a row's label from one class to another costs, null where it cannot be done.
/// </param>
/// <param name="prior">A number for each class; none if not given.</param>
internal sealed class LimitedOracle(
    IReadOnlyList<Rational> weights, IReadOnlyList<int> labels, int classes, Func<int, int, int, int?> price,
    IReadOnlyList<double>? prior = null)
{
    public LimitedOracle(
        IReadOnlyList<double> weights, IReadOnlyList<int> labels, int classes, Func<int, int, int, int?> price,
        IReadOnlyList<double>? prior = null)
        : this([.. weights.Select(weight => (Rational)weight)], labels, classes, price, prior)
    {
    }

    /// <summary>Whether two classes, too, are decided by the larger score.</summary>
    public bool LargestScoreWins { get; init; }

    private bool HasThreshold => classes == 2 && !LargestScoreWins;

    public int Prediction => Winner(Scores([.. labels]));

    /// <summary>The class that wins among a row's own and those that its label can become.</summary>
    public int BestFor(int row)
    {
        Rational[] scores = Scores([.. labels]);
        int own = labels[row];
        int[] possible = [.. Enumerable.Range(0, classes).Where(c => c == own || price(row, own, c) is not null)];
        return possible.First(c => possible.All(other => other == c || IsAhead(scores, c, other)));
    }

    /// <summary>
    /// The largest budget within which no changes change the class, those of verified rows left out; any where none
    /// can.
    /// </summary>
    public Radius Radius(IReadOnlySet<int> verified) => Least(verified, scores => Winner(scores) != Prediction);

    /// <summary>
    /// The largest budget within which no changes bring a rival past a class; 0 where the rival is past it without any.
    /// </summary>
    public Radius RadiusAgainst(int winner, int rival) => Least(new HashSet<int>(), scores => IsAhead(scores, rival, winner));

    private Radius Least(IReadOnlySet<int> verified, Func<Rational[], bool> isBroken)
    {
        int least = int.MaxValue;
        int[] changed = [.. labels];
        void Try(int row, int spent)
        {
            if (spent >= least)
                return;
            if (row == changed.Length)
            {
                if (isBroken(Scores(changed)))
                    least = spent;
                return;
            }

            Try(row + 1, spent);
            for (int c = 0; c < classes; c++)
            {
                if (c == labels[row] || verified.Contains(row) || price(row, labels[row], c) is not { } cost)
                    continue;
                changed[row] = c;
                Try(row + 1, spent + cost);
            }

            changed[row] = labels[row];
        }

        Try(0, 0);
        return least == int.MaxValue ? CertiFlip.Radius.Any : CertiFlip.Radius.Of(Math.Max(0, least - 1));
    }

    private Rational[] Scores(int[] changed)
    {
        var scores = new Rational[classes];
        for (int row = 0; row < changed.Length; row++)
            scores[changed[row]] += weights[row];
        for (int c = 0; c < classes && !HasThreshold && prior is not null; c++)
            scores[c] -= prior[c];
        return scores;
    }

    private int Winner(Rational[] scores) =>
        Enumerable.Range(0, classes).First(c => Enumerable.Range(0, classes).All(other => other == c || IsAhead(scores, c, other)));

    private bool IsAhead(Rational[] scores, int c, int other) =>
        HasThreshold ? (scores[1] >= (prior is null ? 0.5 : prior[1])) == (c == 1) : scores[c] > scores[other]
            || (scores[c] == scores[other] && c < other);
}
