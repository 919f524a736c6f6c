using System.Globalization;
using CertiFlip.Cli.Output;
using CertiFlip.Heads;
using CertiFlip.Learners;

namespace CertiFlip.Cli.Options;

/// <summary>The learner as the user wrote it.</summary>
/// <param name="Text">As written, for tables and reports.</param>
/// <param name="Fit">Makes the learner for the data; rule and intercept are for ridge.</param>
internal sealed record LearnerChoice(string Text, Func<RunData, RidgeRule, Intercept, ParallelOptions, ILearner> Fit)
{
    private const string Ridge = "ridge";

    public static LearnerChoice Default { get; } = TryParse(Ridge)!;

    /// <summary>Whether it has a ridge rule and an intercept.</summary>
    public bool IsRidge => Text == Ridge;

    /// <summary>The fewest training rows that it can learn from: as many as there are neighbours.</summary>
    private int LeastRows { get; init; } = 1;

    /// <summary>Whether there are enough training rows.</summary>
    /// <exception cref="UsageException">There are too few.</exception>
    public void Check(RunData data)
    {
        int rows = data.Training.Features.Rows;
        if (rows < LeastRows)
            throw new UsageException(
                $"--learner '{Text}': expected at most {rows:N0} neighbours, since {data.Training.Source} has only {rows:N0} rows.");
    }

    /// <summary>
    /// The learner of a name: <c>ridge</c>, <c>logistic[:C]</c> or <c>knn[:N]</c>, or null if there is none such.
    /// </summary>
    public static LearnerChoice? TryParse(string text) => text.Split(':') switch
    {
        [Ridge] => new LearnerChoice(text, static (data, rule, intercept, parallel) =>
            RidgeLearner.Fit(data.Training.Features, data.Classes.Count, rule, intercept, parallel)),
        ["logistic"] => Logistic(text, 1),
        ["logistic", var number] when double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double c) && c > 0
            && double.IsFinite(c) => Logistic(text, c),
        ["knn"] => Neighbours(text, 10),
        ["knn", var number] when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int neighbours)
            && neighbours > 0 => Neighbours(text, neighbours),
        _ => null,
    };

    private static LearnerChoice Logistic(string text, double c) => new(text, (data, _, _, parallel) =>
        LogisticLearner.Fit(data.Training.Features, data.Classes.Count, c, parallel));

    private static LearnerChoice Neighbours(string text, int neighbours) => new(text, (data, _, _, parallel) =>
        NearestNeighboursLearner.Fit(data.Training.Features, data.Classes.Count, neighbours, parallel))
    {
        LeastRows = neighbours,
    };
}
