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

/// <summary>An attack that changes the prediction for one test row, before it is verified.</summary>
/// <param name="Row">The test row.</param>
/// <param name="Source">The test row that it was made for.</param>
/// <param name="Kind">How.</param>
/// <param name="Reversed">Whether its flips are the last of its order rather than the first.</param>
/// <param name="Flips">The training rows whose labels it flips.</param>
public sealed record FoundAttack(int Row, int Source, AttackKind Kind, bool Reversed, IReadOnlyList<int> Flips);
