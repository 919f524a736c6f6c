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

    public static void HoldsFor<T>(Gen<T> cases, Action<T> claim, int count = 1000) => HoldsFor(cases, _ => [], claim, count);

    public static void HoldsFor<T>(Gen<T> cases, int count, Action<T> claim) => HoldsFor(cases, claim, count);

    public static void HoldsFor<T>(Gen<T> cases, Func<T, IEnumerable<T>> shrink, Action<T> claim, int count = 1000) =>
        Prop.ForAll(Arb.From(cases, shrink), claim)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(Seed, Gamma));
}
