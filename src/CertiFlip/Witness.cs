namespace CertiFlip;

/// <summary>
/// The cheapest allowed label flips that change the head's class for one test row. They cost one more than its exact
/// radius, and are the fewest where every label costs 1.
/// </summary>
/// <param name="Prediction">The head's class before the flips.</param>
/// <param name="Rival">The class that comes past it. With more than two classes another may come past both.</param>
/// <param name="Cost">What the flips cost: their number, unless labels differ in cost.</param>
/// <param name="Flips">The flips; where labels differ in cost, those that move the margin most first.</param>
public sealed record Witness(int Prediction, int Rival, int Cost, IReadOnlyList<LabelFlip> Flips);
