namespace CertiFlip.Cli.Commands.Attack;

/// <summary>The attack on one prediction that needs fewest flips, or costs least, of those that were found.</summary>
/// <param name="Prediction">The class predicted from the labels as given.</param>
/// <param name="Attack">How it was found.</param>
/// <param name="Source">The test row that it was found for: flips for one row may break another.</param>
/// <param name="Flips">The flips; empty where none was found.</param>
/// <param name="Cost">What they cost: their number, unless labels differ in cost.</param>
internal sealed record Finding(int Prediction, string Attack, int Source, IReadOnlyList<LabelFlip> Flips, int Cost)
{
    public bool IsBroken => Flips.Count > 0;
}
