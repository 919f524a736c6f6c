namespace CertiFlip.Cli.Output;

/// <summary>
/// What radii count, in the words of tables and charts: flips, or their cost where labels differ in what they cost.
/// </summary>
internal sealed record RadiusUnit
{
    private RadiusUnit()
    {
    }

    public static RadiusUnit Flips { get; } = new()
    {
        Heading = "flips r",
        Counted = "the number of wrong labels",
        Axis = "training labels flipped, r",
        Against = "label flips",
        Slider = "Wrong training labels",
        Fact = "wrong labels",
        ToUndo = "flips to undo",
        Fewest = "the fewest flips",
        Aside = "",
    };

    public static RadiusUnit Cost { get; } = new()
    {
        IsCost = true,
        Heading = "cost r",
        Counted = "the cost of the wrong labels",
        Axis = "cost of the training labels flipped, r",
        Against = "the cost of label flips",
        Slider = "Cost of wrong training labels",
        Fact = "cost of wrong labels",
        ToUndo = "cost to undo",
        Fewest = "the lowest cost of flips",
        Aside = " (a cost)",
    };

    public static RadiusUnit Votes { get; } = new()
    {
        IsVotes = true,
        Heading = "votes r",
        Counted = "the number of changed votes",
        Axis = "votes changed, r",
        Against = "changed votes",
        Slider = "Changed votes",
        Fact = "changed votes",
        ToUndo = "votes to undo",
        Fewest = "the fewest votes",
        Aside = " (in votes)",
        Thing = "changed vote",
    };

    public static RadiusUnit Price { get; } = new()
    {
        IsCost = true,
        Heading = "price r",
        Counted = "the price of changed rows",
        Axis = "price of changed training rows, r",
        Against = "the price of changed rows",
        Slider = "Price of changed rows",
        Fact = "price of changed rows",
        ToUndo = "price to undo",
        Fewest = "the lowest price",
        Aside = " (a price)",
        Thing = "changed row",
    };

    /// <summary>Rows that were changed, or the price of the changes.</summary>
    public static RadiusUnit OfRows(RowAdversary adversary) => adversary.HasUnitPrices ? OfRows(adversary.Changed()) : Price;

    /// <summary>The unit that a document names by its <see cref="Fact"/>.</summary>
    public static RadiusUnit Named(string fact)
    {
        const string Rows = "rows ";
        return ((RadiusUnit[])[Flips, Cost, Votes, Price]).FirstOrDefault(unit => unit.Fact == fact)
            ?? OfRows(fact.StartsWith(Rows, StringComparison.Ordinal) ? fact[Rows.Length..] : fact);
    }

    private static RadiusUnit OfRows(string changed) => new()
    {
        Heading = "rows r",
        Counted = $"the number of rows {changed}",
        Axis = $"training rows {changed}, r",
        Against = $"rows {changed}",
        Slider = $"Rows {changed}",
        Fact = $"rows {changed}",
        ToUndo = "rows to undo",
        Fewest = "the fewest rows",
        Aside = "",
        Thing = "row",
        After = $" {changed}",
    };

    /// <summary>Whether it is a cost.</summary>
    public bool IsCost { get; private init; }

    /// <summary>Whether it counts votes, of which a label takes several.</summary>
    public bool IsVotes { get; private init; }

    /// <summary>Over a column of radii.</summary>
    public required string Heading { get; init; }

    /// <summary>What a histogram sorts rows by.</summary>
    public required string Counted { get; init; }

    /// <summary>Along the axis of a chart.</summary>
    public required string Axis { get; init; }

    /// <summary>What a chart shows accuracy against.</summary>
    public required string Against { get; init; }

    /// <summary>What a slider chooses.</summary>
    public required string Slider { get; init; }

    /// <summary>What a number at the head of a report is of.</summary>
    public required string Fact { get; init; }

    /// <summary>Over a column of what undoes something.</summary>
    public required string ToUndo { get; init; }

    /// <summary>What such a column counts.</summary>
    public required string Fewest { get; init; }

    /// <summary>After the word radius, where it must be said what it counts.</summary>
    public required string Aside { get; init; }

    /// <summary>One of what is counted, and of what a cost is paid for.</summary>
    public string Thing { get; private init; } = "wrong label";

    /// <summary>What stands after a number of them.</summary>
    public string After { get; private init; } = "";

    /// <summary>What a report asks at its head.</summary>
    public string Question =>
        $"How many {(Thing == Flips.Thing ? "wrong training labels" : $"{Thing}s{After}")} do these predictions survive?";

    /// <summary>So many of them.</summary>
    public string Count(int number) => $"{Wording.Count(number, Thing)}{After}";

    public static RadiusUnit Of(RunData data) =>
        data.RowAdversary is { } ofRows ? OfRows(ofRows) : data.CountsVotes ? Votes : Of(data.Adversary);

    public static RadiusUnit Of(LabelFlipAdversary adversary) => adversary.HasUnitCosts ? Flips : Cost;

    /// <summary>What a row of this radius survives.</summary>
    public string Any(int radius) => IsCost ? $"any {Thing}s at a cost of {radius:N0}" : $"any {Count(radius)}";
}
