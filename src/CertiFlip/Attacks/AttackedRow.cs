namespace CertiFlip.Attacks;

/// <summary>What attacks did to the prediction for one test row.</summary>
/// <param name="Prediction">The class predicted from the labels as given.</param>
/// <param name="Kind">The attack that needed fewest flips; of no meaning where none was found.</param>
/// <param name="Reversed">Whether its flips were the last of its order rather than the first.</param>
/// <param name="Source">The test row that the attack was made for: another one's may need fewer flips.</param>
/// <param name="Rows">
/// The training rows whose labels it flips. Refitted to them, the classifier predicts the other class. Empty where no
/// attack was found.
/// </param>
public sealed record AttackedRow(int Prediction, AttackKind Kind, bool Reversed, int Source, IReadOnlyList<int> Rows)
{
    /// <summary>Whether an attack was found within the budget.</summary>
    public bool IsBroken => Rows.Count > 0;
}
