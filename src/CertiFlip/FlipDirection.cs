namespace CertiFlip;

/// <summary>A change of a label from one class into another.</summary>
/// <param name="From">The class that a row is labelled with.</param>
/// <param name="To">The class that it may be changed to.</param>
public readonly record struct FlipDirection(int From, int To);
