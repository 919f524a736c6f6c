namespace CertiFlip.Samples.Preferences;

/// <summary>What somebody said of two answers to a question.</summary>
/// <param name="First">Features of the first answer.</param>
/// <param name="Second">Features of the second.</param>
/// <param name="Judge">Who said it, from 0.</param>
/// <param name="Preferred">0 where the first is better, 1 where the second is.</param>
internal sealed record Judgement(double[] First, double[] Second, int Judge, int Preferred);

/// <summary>
/// Made-up answers and judgements, the same at every run. Features stand for what an embedding of an answer would hold;
/// how often the reward model is right here says nothing.
/// </summary>
internal static class Judgements
{
    public const int Judges = 12;

    /// <summary>What the numbers of an answer are.</summary>
    public static IReadOnlyList<string> Features { get; } =
        ["correct", "complete", "short", "polite", "sources", "hedging", "flattery", "off_topic"];

    // What careful judges go by. Flattery pleases nobody who is asked to be careful.
    private static readonly double[] Worth = [1.0, 0.7, 0.2, 0.3, 0.5, -0.2, 0.0, -0.9];

    /// <summary>An answer.</summary>
    public static double[] Answer(Random random) => [.. Features.Select(_ => Math.Round(random.NextDouble() * 10) / 10)];

    /// <summary>Pairs that judges were shown, in an order that was drawn, and what they said.</summary>
    public static Judgement[] Collect(int pairs, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, pairs).Select(i =>
        {
            double[] first = Answer(random), second = Answer(random);
            double lead = Worth.Index().Sum(worth => worth.Item * (first[worth.Index] - second[worth.Index]));
            bool careless = random.NextDouble() < 0.12;
            return new Judgement(first, second, i % Judges, lead > 0 ^ careless ? 0 : 1);
        })];
    }
}
