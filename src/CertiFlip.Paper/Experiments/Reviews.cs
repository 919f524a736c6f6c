namespace CertiFlip.Paper.Sources;

/// <summary>Texts with their classes, 0 or 1.</summary>
/// <param name="Training">n training texts.</param>
/// <param name="TrainingClasses">Their classes: the labels that are defended.</param>
/// <param name="Test">m test texts.</param>
/// <param name="TestClasses">Their true classes.</param>
internal sealed record Reviews(IReadOnlyList<string> Training, IReadOnlyList<int> TrainingClasses, IReadOnlyList<string> Test, IReadOnlyList<int> TestClasses);
