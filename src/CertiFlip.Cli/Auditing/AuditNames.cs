using CertiFlip.Auditing;

namespace CertiFlip.Cli.Auditing;

/// <summary>What reasons are called in tables and files.</summary>
internal static class AuditNames
{
    public static string Reason(SuggestionReason reason) => reason == SuggestionReason.Contradicted ? "contradicted" : "relied on";
}
