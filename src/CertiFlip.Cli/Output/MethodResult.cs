namespace CertiFlip.Cli.Output;

/// <summary>What a method found out.</summary>
/// <param name="Rows">The certificates, one for each test row.</param>
/// <param name="Setting">How they were made.</param>
/// <param name="Certifier">Where there is one head: its certifier, for witnesses.</param>
internal sealed record MethodResult(IReadOnlyList<RowCertificates> Rows, Setting Setting, ICertifier? Certifier = null)
{
    /// <summary>What an attack came to that removes rows, where one was asked for.</summary>
    public RowAttack? Attack { get; init; }
}
