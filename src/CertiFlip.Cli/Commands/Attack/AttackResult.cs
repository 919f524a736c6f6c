using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Commands.Attack;

/// <summary>What a run of <c>attack</c> came to.</summary>
/// <param name="Data">The data.</param>
/// <param name="Methods">The classifiers that were attacked.</param>
/// <param name="ConditionalOnLambda">Whether the head's λ was computed from the labels.</param>
internal sealed record AttackResult(RunData Data, IReadOnlyList<AttackedMethod> Methods, bool ConditionalOnLambda);
