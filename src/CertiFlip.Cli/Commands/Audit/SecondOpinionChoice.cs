using CertiFlip.Heads;

namespace CertiFlip.Cli.Commands.Audit;

/// <summary>What has a say, beside the audited head, in which labels are contradicted.</summary>
/// <param name="Head">A head without options of its own; null for none.</param>
internal sealed record SecondOpinionChoice(HeadChoice? Head)
{
    private const string None = "none";

    /// <summary>Nearest neighbours.</summary>
    public static SecondOpinionChoice Default { get; } = TryParse("knn")!;

    /// <summary>The choice as written, or null where it is none.</summary>
    public static SecondOpinionChoice? TryParse(string text)
    {
        if (text == None)
            return new SecondOpinionChoice((HeadChoice?)null);
        return HeadChoice.TryParse(text) is { } head and not RegularisedHeadChoice ? new SecondOpinionChoice(head) : null;
    }
}
