namespace CertiFlip;

/// <summary>One training label changed by an adversary.</summary>
/// <param name="Row">The training row, from 0.</param>
/// <param name="From">The class it is labelled with.</param>
/// <param name="To">The class it is changed to.</param>
public readonly record struct LabelFlip(int Row, int From, int To);
