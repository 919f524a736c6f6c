using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace CertiFlip.Data.Tests.Support;

public static class Claim
{
    private static readonly Config SameEveryTime =
        Config.QuickThrowOnFailure.WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(20260101, 7), FSharpOption<int>.None)));

    /// <summary>Checks the claim on so many examples, the same ones in every run.</summary>
    public static void Holds<T>(Gen<T> examples, int count, Action<T> claim) =>
        Check.One(SameEveryTime.WithMaxTest(count), Prop.ForAll(examples.ToArbitrary(), claim));
}
