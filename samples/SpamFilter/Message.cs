namespace CertiFlip.Samples.SpamFilter;

/// <summary>A message that somebody has labelled.</summary>
/// <param name="Text">What it says.</param>
/// <param name="IsSpam">What it was labelled as.</param>
/// <param name="ByStaff">Whether staff read it; if not, users reported it as spam, or did not.</param>
internal sealed record Message(string Text, bool IsSpam, bool ByStaff);
