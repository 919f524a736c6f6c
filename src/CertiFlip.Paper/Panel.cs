namespace CertiFlip.Paper.Results;

/// <summary>One chart of a figure.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Series">Its lines.</param>
/// <param name="ConstantAccuracy">The accuracy of always answering the commonest class.</param>
public sealed record Panel(string Title, IReadOnlyList<Series> Series, double ConstantAccuracy);
