using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Testing;

/// <summary>
/// Checks a claim on generated cases: the same cases in every run, and the smallest failing one in the message.
/// </summary>
internal static class Claim
{
    private const ulong Seed = 20200713;
    private const ulong Gamma = 1234567891;

    // Mutation tests run every claim hundreds of times, and make do with fewer cases (docs/soundness.md).
    private static readonly int MostCases =
        int.TryParse(Environment.GetEnvironmentVariable("CERTIFLIP_MOST_CASES"), out int most) ? most : int.MaxValue;

    public static void HoldsFor<T>(Gen<T> cases, Action<T> claim, int count = 1000) => HoldsFor(cases, _ => [], claim, count);

    public static void HoldsFor<T>(Gen<T> cases, int count, Action<T> claim) => HoldsFor(cases, claim, count);

    public static void HoldsFor<T>(Gen<T> cases, Func<T, IEnumerable<T>> shrink, Action<T> claim, int count = 1000) =>
        Prop.ForAll(Arb.From(cases, shrink), claim)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Math.Min(count, MostCases)).WithReplay(Seed, Gamma));
}
