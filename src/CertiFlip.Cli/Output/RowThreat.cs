namespace CertiFlip.Cli.Output;

/// <summary>An adversary of whole rows in words.</summary>
internal static class RowThreat
{
    /// <summary>What a change of rows is called: inserted or removed, or one of the two.</summary>
    public static string Changed(this RowAdversary adversary) => adversary switch
    {
        { InsertPrice: not null, RemovePrice: not null } => "inserted or removed",
        { InsertPrice: not null } => "inserted",
        { RemovePrice: not null } => "removed",
        _ => "relabelled",
    };

    /// <summary>What can be done to rows, and what must come from elsewhere.</summary>
    public static string Sentence(RowAdversary adversary)
    {
        string Price(string what, int? price) => price is { } p ? $"{what} (price {p:N0})" : "";
        string[] able =
        [
            .. ((string[])
            [
                Price("insert rows of any features and any label of the list", adversary.InsertPrice),
                Price("remove rows", adversary.RemovePrice), Price("change labels", adversary.FlipPrice),
            ]).Where(text => text.Length > 0),
        ];
        string both = adversary is { InsertPrice: not null, RemovePrice: not null }
            ? $" A changed row is one removed and one inserted{(adversary.FlipPrice is null ? ", and so is a flipped label" : "")}."
            : "";
        string all = able.Length == 1 ? able[0] : $"{string.Join(", ", able[..^1])} and {able[^1]}";
        return $"The adversary can {all}.{both} Features must not have been fitted to these rows.";
    }

    /// <summary>What a prediction of radius r survives.</summary>
    public static string Survived(RowAdversary adversary) =>
        adversary.HasUnitPrices ? $"any r rows {adversary.Changed()}" : "any changes of rows at a price of r";

    /// <summary>Whether the list of classes is stated.</summary>
    /// <exception cref="UsageException">It is not.</exception>
    public static void CheckClasses(RunData data)
    {
        if (!data.Classes.IsStated)
            throw new UsageException(
                "--threat rows needs --classes: rows that are inserted could bring in new classes, and rows that are "
                + "removed could take one "
                    + $"away. Those of {data.Training.LabelSource} are {string.Join(',', data.Classes.Take(20))}"
                    + $"{(data.Classes.Count > 20 ? ",…" : "")}.");
    }
}

/// <summary>An adversary of whole rows as JSON.</summary>
/// <param name="Sentence">In words.</param>
/// <param name="InsertPrice">What a row inserted costs, left out where that is impossible.</param>
/// <param name="RemovePrice">What a row removed costs, likewise.</param>
/// <param name="FlipPrice">What a label changed costs, likewise.</param>
internal sealed record RowAdversaryJson(string Sentence, int? InsertPrice, int? RemovePrice, int? FlipPrice)
{
    public static RowAdversaryJson? Of(RowAdversary? adversary) => adversary is null ? null : new RowAdversaryJson(
        RowThreat.Sentence(adversary), adversary.InsertPrice, adversary.RemovePrice, adversary.FlipPrice);
}

/// <summary>What an attack that removes rows came to: how far a bound can be from the truth.</summary>
/// <param name="LeastPrices">
/// For each test row the price at which its prediction was changed, or null where it was not.
/// </param>
/// <param name="Rows">How many rows were removed at most.</param>
internal sealed record RowAttack(IReadOnlyList<int?> LeastPrices, int Rows)
{
    public static RowAttack? Of(IReadOnlyList<int?>? rows, int? most, RowAdversary adversary) =>
        rows is null ? null : new RowAttack([.. rows.Select(count => count * adversary.RemovePrice)], most!.Value);

    /// <summary>
    /// The share of rows that are correct, where that is known, and that the attack leaves so at a price of r.
    /// </summary>
    public double LeftAt(int r, IReadOnlyList<int> truth, IReadOnlyList<RowCertificates> rows) =>
        rows.Index().Count(row => (truth.Count == 0 || row.Item.Certificates[0].Prediction == truth[row.Index])
            && !(LeastPrices[row.Index] <= r)) / (double)rows.Count;

    /// <summary>What a column of <see cref="LeftAt"/> is.</summary>
    public string Legend => $"Attack: what is left after rows are removed one after the other, always the best, up to {Rows:N0} of them. "
        + "The truth is between the two.";
}
