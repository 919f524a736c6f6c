namespace CertiFlip.Cli.Commands.Frontier;

/// <summary>What came of one setting.</summary>
/// <param name="Candidate">The setting.</param>
/// <param name="Accuracy">Accuracy and exact radii on the validation rows.</param>
/// <param name="Elapsed">From features to certificates.</param>
internal sealed record Trial(Candidate Candidate, CertifiedAccuracy Accuracy, TimeSpan Elapsed)
{
    public TradeOff TradeOff => new(Accuracy.Accuracy, Accuracy.MedianRadius);
}
