namespace CertiFlip.Samples.ModelLabels;

/// <summary>A text that a customer wrote, and the team that ought to have it.</summary>
/// <param name="Text">The text.</param>
/// <param name="Team">The team.</param>
internal sealed record Ticket(string Text, string Team);

/// <summary>
/// Made-up tickets, and the labels that a language model gave them, the same at every run. The model is made up as
/// well: it is right about most tickets, and takes many of those about access for billing, as one would that goes by
/// the word "account".
/// </summary>
internal static class Tickets
{
    private static readonly Dictionary<string, string[]> Words = new()
    {
        ["access"] = ["password", "login", "locked", "account", "code", "sign", "reset", "email"],
        ["billing"] = ["invoice", "charged", "card", "refund", "payment", "account", "price", "receipt"],
        ["shipping"] = ["parcel", "courier", "address", "tracking", "delivery", "box", "late", "arrived"],
    };

    private static readonly string[] Filler =
        ["please", "help", "since", "monday", "still", "again", "the", "my", "was", "not", "with", "your", "team", "today"];

    /// <summary>Some tickets, as many for each team.</summary>
    public static Ticket[] Write(int tickets, int seed)
    {
        var random = new Random(seed);
        string[] teams = [.. Words.Keys];
        return [.. Enumerable.Range(0, tickets).Select(i => new Ticket(Text(teams[i % teams.Length], random), teams[i % teams.Length]))];
    }

    /// <summary>What the language model says.</summary>
    public static string[] LabelledByModel(IReadOnlyList<Ticket> tickets, int seed)
    {
        var random = new Random(seed);
        string[] teams = [.. Words.Keys];
        return [.. tickets.Select(ticket =>
        {
            double draw = random.NextDouble();
            if (ticket.Team == "access" && ticket.Text.Contains("account", StringComparison.Ordinal))
                return draw < 0.45 ? "billing" : ticket.Team;
            return draw < 0.06 ? teams[random.Next(teams.Length)] : ticket.Team;
        })];
    }

    private static string Text(string team, Random random)
    {
        string Some(string[] words) => words[random.Next(words.Length)];
        return string.Join(' ', Enumerable.Range(0, 10).Select(i => random.NextDouble() < 0.35 ? Some(Words[team]) : Some(Filler)));
    }
}
