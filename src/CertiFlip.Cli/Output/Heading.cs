using Spectre.Console;

namespace CertiFlip.Cli.Output;

/// <summary>
/// What stands above and below every table: the data, how certificates were made, what they depend on, and the time.
/// </summary>
internal static class Heading
{
    public const string ConditionalOnLambda =
        "Conditional on λ: λ was computed from the labels, and no radius covers an adversary who changes it through them.";

    public static void Write(IAnsiConsole console, RunData data, IReadOnlyList<Setting> settings) =>
        Write(
            console, data, [.. settings.Select(setting => setting.Sentence).Distinct()],
            settings.Any(setting => setting.ConditionalOnLambda));

    public static void Write(IAnsiConsole console, RunData data, IReadOnlyList<string> sentences, bool conditionalOnLambda)
    {
        string tests = data.IsLeaveOneOut ? "" : $", {Wording.Count(data.Test.Features.Rows, "test row")}";
        console.WriteSentence($"{data.TrainingInWords}{tests}; {data.ClassesInWords}.");
        if (data.OriginOfRows is { } origin)
            console.WriteSentence(origin);
        if (VoteWording.Sentence(data.Training) is { } votes)
            console.WriteSentence(votes);
        if (VerifiedWording.Sentence(data.Training) is { } verified)
            console.WriteSentence(verified);
        foreach (string sentence in sentences)
            console.WriteSentence(sentence);
        if (ClassWording.Source(data) is { } classes)
            console.WriteSentence(classes);
        if (AdversaryWording.Sentence(data) is { } adversary)
            console.WriteSentence(adversary);
        if (conditionalOnLambda)
            console.WriteSentence(ConditionalOnLambda);
        if (!data.HasTruth)
            console.WriteSentence("The test data have no labels: the table shows how many predictions are certified, correct or not.");
        Remarks.Write(console, data.Remarks);
        console.WriteLine();
    }

    public static string Time(TimeSpan elapsed, int threads) =>
        $"Time: {elapsed.TotalSeconds:F2} s with {Wording.Count(threads, "thread")}.";
}
