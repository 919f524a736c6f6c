namespace CertiFlip.Samples.SharedMemory;

/// <summary>A text that somebody wrote into the memory, and the team that is to answer such questions.</summary>
/// <param name="Text">The text.</param>
/// <param name="Team">The team.</param>
internal sealed record Entry(string Text, string Team);

/// <summary>Entries and questions, the same at every run.</summary>
internal static class Memory
{
    private static readonly Dictionary<string, string[]> Words = new()
    {
        ["billing"] = ["invoice", "refund", "charged", "card", "payment", "twice", "receipt", "price"],
        ["delivery"] = ["parcel", "courier", "late", "address", "tracking", "arrived", "box", "driver"],
        ["account"] = ["password", "login", "email", "locked", "reset", "profile", "code", "phone"],
    };

    private static readonly string[] Filler =
        ["my", "the", "please", "help", "order", "again", "since", "monday", "still", "not", "was", "with"];

    /// <summary>The teams. The list is stated: whoever can write to the memory could name others.</summary>
    public static ClassList Teams { get; } = ClassList.Of([.. Words.Keys]);

    /// <summary>Some texts, as many for each team.</summary>
    public static Entry[] Write(int entries, int seed)
    {
        var random = new Random(seed);
        string[] teams = [.. Words.Keys];
        return [.. Enumerable.Range(0, entries).Select(i => new Entry(Text(teams[i % teams.Length], random), teams[i % teams.Length]))];
    }

    /// <summary>
    /// What a text is about, in 64 numbers: every word counts at a place that follows from the word alone. Nothing is
    /// fitted to the memory, so what others write cannot move the embedding of a text.
    /// </summary>
    public static double[] Embed(string text)
    {
        double[] embedding = new double[64];
        foreach (string word in text.Split(' '))
        {
            uint hash = word.Aggregate(2166136261, (sum, letter) => (sum ^ letter) * 16777619);
            embedding[hash / 2 % 64] += hash % 2 == 0 ? 1 : -1;
        }

        double length = Math.Sqrt(embedding.Sum(value => value * value));
        return [.. embedding.Select(value => value / Math.Max(length, 1))];
    }

    private static string Text(string team, Random random)
    {
        string[] others = [.. Words.Where(words => words.Key != team).SelectMany(words => words.Value)];
        string Any(string[] words) => words[random.Next(words.Length)];
        return string.Join(
            ' ', Any(Filler), Any(Words[team]), Any(Filler), Any(Words[team]), Any(others), Any(Filler), Any(Words[team]), Any(Filler));
    }
}
