using System.Numerics;

namespace CertiFlip.Tests.Oracles;

/// <summary>
/// The sets that lose a vote soonest: those that are as probable as possible under ρ for what they cost under μ.
/// </summary>
internal static class NeymanPearsonOracle
{
    /// <summary>
    /// The least probability under μ of a set, points taken in part, that has probability <paramref name="reach"/>
    /// under ρ.
    /// </summary>
    public static Rational LeastBefore(BigInteger[] mu, BigInteger[] rho, Rational reach)
    {
        // Points alike in both are taken together.
        (BigInteger Mu, BigInteger Rho, int Count)[] kinds =
            [.. mu.Zip(rho).GroupBy(pair => pair).Select(kind => (kind.Key.First, kind.Key.Second, kind.Count()))];
        BigInteger all = rho.Aggregate(BigInteger.Zero, (sum, weight) => sum + weight);
        Rational missing = reach * all;
        Rational taken = 0;
        foreach (int i in MostGainedFirst([.. kinds.Select(kind => kind.Mu)], [.. kinds.Select(kind => kind.Rho)]))
        {
            (BigInteger before, BigInteger after) = (kinds[i].Count * kinds[i].Mu, kinds[i].Count * kinds[i].Rho);
            if (missing <= after)
                return (after.IsZero ? taken : taken + missing * before / after) / all;
            taken += before;
            missing -= after;
        }

        throw new ArgumentException("The points together do not reach as far.", nameof(reach));
    }

    /// <summary>The points by falling ρ/μ.</summary>
    public static int[] MostGainedFirst(BigInteger[] mu, BigInteger[] rho)
    {
        int[] order = [.. Enumerable.Range(0, mu.Length)];
        Array.Sort(order, (a, b) => Compare(rho[b] * mu[a], rho[a] * mu[b], a, b));
        return order;

        // Points that neither measure shows belong nowhere: last.
        int Compare(BigInteger left, BigInteger right, int a, int b) =>
            (mu[a] + rho[a]).IsZero || (mu[b] + rho[b]).IsZero
                ? (mu[a] + rho[a]).IsZero.CompareTo((mu[b] + rho[b]).IsZero)
                : left.CompareTo(right);
    }
}
