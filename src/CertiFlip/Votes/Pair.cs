namespace CertiFlip.Votes;

/// <summary>The vote between two classes: the one that was predicted and a rival.</summary>
/// <param name="Winner">The class that the vote should keep.</param>
/// <param name="Rival">The class that must not win.</param>
internal readonly record struct Pair(int Winner, int Rival);
