using CertiFlip.Attacks;

namespace CertiFlip.Cli.Commands.Attack;

/// <summary>What attacks are called on the command line and in files.</summary>
internal static class AttackNames
{
    /// <summary>The exact witness of a head.</summary>
    public const string Witness = "witness";

    private static readonly AttackKind[] Kinds = Enum.GetValues<AttackKind>();

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Kinds.Select(Name), Witness];

    public static string Name(AttackKind kind) => kind switch
    {
        AttackKind.Distance => "distance",
        AttackKind.Influence => "influence",
        _ => "influence-recomputed",
    };

    /// <summary>The kinds among names.</summary>
    public static IReadOnlyList<AttackKind> KindsOf(IReadOnlyList<string> names) => [.. Kinds.Where(kind => names.Contains(Name(kind)))];
}
