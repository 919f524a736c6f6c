using CertiFlip.Auditing;
using CertiFlip.Cli.Output;
using CertiFlip.Heads;

namespace CertiFlip.Cli.Commands.Audit;

/// <summary>What a run of <c>audit</c> came to.</summary>
/// <param name="Data">The data. Where there is no test set, the training rows stand for it.</param>
/// <param name="IsLeaveOneOut">Whether the audited predictions are those of the training rows, each by the head that is fitted without it.</param>
/// <param name="Audit">The labels to check.</param>
/// <param name="Setting">How the head was fitted.</param>
/// <param name="SecondOpinion">What had a say in contradictions, if anything.</param>
internal sealed record AuditResult(RunData Data, bool IsLeaveOneOut, LabelAudit Audit, Setting Setting, HeadChoice? SecondOpinion)
{
    /// <summary>The sum of the radii once every suggested label is known to be right.</summary>
    public long VerifiedRadius => Audit.Suggestions.Count > 0 ? Audit.Suggestions[^1].TotalRadius : Audit.TotalRadius;

    /// <summary>A sum of radii as their mean over the counted rows.</summary>
    public double Mean(long total) => Audit.CountedRows > 0 ? total / (double)Audit.CountedRows : 0;
}
