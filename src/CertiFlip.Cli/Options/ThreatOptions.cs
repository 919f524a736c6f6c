using System.CommandLine;
using System.Globalization;
using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Options;

/// <summary>
/// The options that say whether labels are attacked or whole rows, at which prices, and what there is for rows alone.
/// </summary>
/// <param name="attacks">Whether there is an attack to show beside a bound.</param>
internal sealed class ThreatOptions(bool attacks)
{
    private const string Labels = "labels", Rows = "rows";

    /// <summary>What a spread is where several votes are compared.</summary>
    private const int ComparedSpread = 4;

    private readonly Option<string> _threat = new("--threat")
    {
        Description = "What an adversary can change: labels, or rows (insert, remove and change whole rows).",
        HelpName = "WHAT",
        CompletionSources = { Choices.Exactly(Labels, Rows) },
        DefaultValueFactory = _ => Labels,
        CustomParser = result => OptionValue.Parse(result, $"{Labels} or {Rows}", text => text is Labels or Rows ? text : null),
    };

    private readonly Option<RowAdversary?> _prices = new("--prices")
    {
        Description = "With --threat rows: what an adversary can do and what it costs, such as insert:1,remove:2,flip:1; what is not named "
            + "is impossible. [default: insert:1,remove:1]",
        HelpName = "LIST",
        CompletionSources = { Choices.SomeOf(() => ["insert:1", "remove:1", "flip:1"]) },
        CustomParser = result => OptionValue.Parse(
            result, $"insert:A, remove:B and flip:C, any of them, with prices from 1 to {RowAdversary.MostPrice}, separated by commas",
            TryParse),
    };

    private readonly Option<int?> _spread = new("--spread")
    {
        Description =
            "With --threat rows and partitions: how many heads learn from each part (Finite Aggregation). [default: 1; in compare "
            + $"{ComparedSpread}]",
        HelpName = "D",
        CustomParser = result => OptionValue.Parse<int?>(result, "a whole number from 1 to 1000", text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int spread) && spread is >= 1 and <= 1000
                ? spread
                : null),
    };

    private readonly Option<int?> _attack = CommandOptions.Count(
        "--attack",
        "With --threat rows and --head ridge: also remove up to N rows, the best one after the other, to see how far the bound is from the "
            + "truth.");

    public IEnumerable<Option> All => [_threat, .. Own];

    private IEnumerable<Option> Own => [_prices, _spread, .. attacks ? (Option[])[_attack] : []];

    /// <summary>What may be done to rows; null where labels are attacked.</summary>
    /// <exception cref="UsageException">Labels are, and an option is for rows.</exception>
    public RowAdversary? Adversary(ParseResult parsed)
    {
        if (parsed.GetValue(_threat) == Rows)
            return parsed.GetValue(_prices) ?? RowAdversary.Default;
        CommandOptions.RefuseWithout(parsed, Own, $"--threat {Rows}");
        return null;
    }

    /// <summary>Refuses options for labels.</summary>
    /// <exception cref="UsageException">There is one.</exception>
    public static void RefuseForLabels(ParseResult parsed, IEnumerable<Option> options) =>
        CommandOptions.RefuseGiven(parsed, options, $"--threat {Rows}");

    /// <summary>The method of <c>certify</c>: a vote of parts, or the head itself.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="method">The option that names a method.</param>
    /// <param name="partitions">The option that says how many parts.</param>
    /// <param name="methods">The options of the head.</param>
    /// <param name="adversary">What may be done to rows.</param>
    /// <exception cref="UsageException">An option has no effect, or makes no sense.</exception>
    public IMethod Method(
        ParseResult parsed, Option<string> method, Option<IReadOnlyList<int>?> partitions, MethodOptions methods, RowAdversary adversary)
    {
        string name = parsed.GetValue(method)!;
        if (CommandOptions.IsGiven(parsed, method) && name != MethodNames.Partition)
            throw new UsageException(
                $"--method '{name}': expected {MethodNames.Partition}, or no method for the head itself, with --threat {Rows}.");
        if (name == MethodNames.Partition)
        {
            methods.RefuseUnused(parsed, [], MethodNames.Partition);
            CommandOptions.RefuseGiven(parsed, [_attack], MethodNames.Partition);
            IReadOnlyList<int> parts = parsed.GetValue(partitions) ?? [new PartitionMethod().Partitions];
            return parts.Count == 1
                ? Vote(parsed, methods, parts[0], parsed.GetValue(_spread) ?? 1, adversary)
                : throw new UsageException("--partitions: certify takes one number of parts; compare takes several.");
        }

        CommandOptions.RefuseWithout(parsed, [partitions, _spread], $"--method {MethodNames.Partition}");
        return Head(parsed, methods, adversary);
    }

    /// <summary>
    /// What <c>compare</c> compares where rows change, each with its name: votes for every number of parts, and the
    /// head itself where something is proved of it.
    /// </summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="names">The certificates that were named, or null.</param>
    /// <param name="partitions">The option that says how many parts.</param>
    /// <param name="methods">The options of the head.</param>
    /// <param name="adversary">What may be done to rows.</param>
    /// <exception cref="UsageException">An option has no effect, or makes no sense.</exception>
    public IEnumerable<(CertificateKind Kind, string Name, IMethod Method)> Compared(
        ParseResult parsed, IReadOnlyList<string>? names, Option<IReadOnlyList<int>?> partitions, MethodOptions methods,
        RowAdversary adversary)
    {
        IReadOnlyList<int> parts = parsed.GetValue(partitions) ?? [new PartitionMethod().Partitions];
        bool isProved = RowCertifier.WhyNot(methods.Head(parsed), adversary) is null;
        CertificateKind own = Head(parsed, methods, adversary).Certificates[0];
        CertificateKind[] kinds = names is null
            ? [CertificateKind.Dpa, CertificateKind.FiniteAggregation, .. isProved ? (CertificateKind[])[own] : []]
            : [.. CertificateKind.AgainstRows.Where(kind => names.Contains(kind.Name))];
        if ((CertificateKind[])[CertificateKind.Rows, CertificateKind.Removal] is var ofHeads
            && kinds.FirstOrDefault(kind => ofHeads.Contains(kind) && kind != own) is { } stranger)
            throw new UsageException($"--methods '{stranger}': expected {own} with --head {methods.Head(parsed).Text}.");
        bool shares = kinds.Contains(CertificateKind.FiniteAggregation), votes = shares || kinds.Contains(CertificateKind.Dpa);
        methods.RefuseUnused(parsed, [own], votes ? MethodNames.Partition : MethodNames.Smoothing);
        if (!votes)
            CommandOptions.RefuseGiven(parsed, [partitions], string.Join(" and ", kinds.AsEnumerable()));
        if (!shares)
            CommandOptions.RefuseWithout(parsed, [_spread], CertificateKind.FiniteAggregation.Name);
        int spread = parsed.GetValue(_spread) ?? ComparedSpread;
        if (shares && spread == 1)
            throw new UsageException(
                $"--spread '1': expected 2 or more, since {CertificateKind.Dpa} is the vote of parts that are not shared.");
        return kinds.SelectMany(kind => kind == own
            ? [(kind, kind.Name, (IMethod)Head(parsed, methods, adversary))]
            : parts.Select(count => kind == CertificateKind.Dpa
                ? (kind, $"{kind} {count}", (IMethod)Vote(parsed, methods, count, 1, adversary))
                : (kind, $"{kind} {count}·{spread}", Vote(parsed, methods, count, spread, adversary))));
    }

    private RowHeadMethod Head(ParseResult parsed, MethodOptions methods, RowAdversary adversary)
    {
        HeadChoice head = methods.Head(parsed);
        methods.RefuseUnused(parsed, [CertificateKind.Rows], MethodNames.Smoothing);
        if (head is not Heads.RidgeHeadChoice)
            CommandOptions.RefuseGiven(parsed, [_attack], $"--head {head.Text}");
        return new RowHeadMethod(head, adversary, parsed.GetValue(_attack));
    }

    private static RowVoteMethod Vote(ParseResult parsed, MethodOptions methods, int parts, int spread, RowAdversary adversary) =>
        new RowVoteMethod(methods.Head(parsed), parts, spread, adversary);

    /// <summary>Kinds of change with their prices, or null where a text is no such list.</summary>
    private static RowAdversary? TryParse(string text)
    {
        var prices = new Dictionary<string, int>();
        foreach (string item in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (item.Split(':') is not [("insert" or "remove" or "flip") and var kind, var number]
                || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int price)
                || price is < 1 or > RowAdversary.MostPrice
                || !prices.TryAdd(kind, price))
                return null;
        }

        int? PriceOf(string kind) => prices.TryGetValue(kind, out int price) ? price : null;
        return new RowAdversary { InsertPrice = PriceOf("insert"), RemovePrice = PriceOf("remove"), FlipPrice = PriceOf("flip") };
    }
}
