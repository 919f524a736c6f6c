namespace CertiFlip.Attacks;

/// <summary>The best attack found on the prediction for one test row.</summary>
/// <param name="Prediction">The class predicted from the labels as given.</param>
/// <param name="Kind">The attack that needs the fewest flips; without meaning if none was found.</param>
/// <param name="Reversed">Whether its flips were the last of its order rather than the first.</param>
/// <param name="Source">
/// The test row that the attack was made for. An attack on another row may need fewer flips than one on this row.
/// </param>
/// <param name="Rows">
/// The training rows whose labels it flips. Refitted to them, the classifier predicts the other class. Empty where no
/// attack was found.
/// </param>
public sealed record AttackedRow(int Prediction, AttackKind Kind, bool Reversed, int Source, IReadOnlyList<int> Rows)
{
    /// <summary>Whether an attack was found within the budget.</summary>
    public bool IsBroken => Rows.Count > 0;
}
