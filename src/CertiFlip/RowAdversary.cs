namespace CertiFlip;

/// <summary>
/// What an adversary may do to whole training rows, features and label, and at which price. A radius is the largest
/// budget within which nothing that it pays for changes the prediction; at prices of 1 it is a number of rows.
/// </summary>
/// <remarks>
/// A row that is changed is one row removed and one inserted. So is a flipped label, unless it has a price of its own.
/// A kind of change without a price is impossible. Prices are knowledge about the data, as all limits are: whoever can
/// only write to a memory inserts.
/// </remarks>
public sealed record RowAdversary
{
    /// <summary>The highest price of a change.</summary>
    public const int MostPrice = 1000;

    /// <summary>The adversary who inserts and removes any rows, each at a price of 1.</summary>
    public static RowAdversary Default { get; } = new();

    /// <summary>
    /// What it costs to insert a row of any features and any label of the list; null where that is impossible.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The price is not from 1 to <see cref="MostPrice"/>.</exception>
    public int? InsertPrice
    {
        get;
        init => field = Checked(value);
    } = 1;

    /// <summary>What it costs to remove a row; null where that is impossible.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The price is not from 1 to <see cref="MostPrice"/>.</exception>
    public int? RemovePrice
    {
        get;
        init => field = Checked(value);
    } = 1;

    /// <summary>
    /// What it costs to change a row's label and leave its features as they are. The default value is none: who can
    /// insert and remove rows can flip a label all the same, at the price of both.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The price is not from 1 to <see cref="MostPrice"/>.</exception>
    public int? FlipPrice
    {
        get;
        init => field = Checked(value);
    }

    /// <summary>Whether rows are inserted and removed at a price of 1 each, and nothing is cheaper.</summary>
    public bool HasUnitPrices => this is { InsertPrice: null or 1, RemovePrice: null or 1, FlipPrice: null };

    /// <summary>
    /// The least price at which so many parts of the rows are changed, where a row inserted or removed changes one part
    /// and a flipped label two; null where nothing is possible.
    /// </summary>
    internal long? PriceOfParts(int parts)
    {
        long? one = Least(InsertPrice, RemovePrice), last = Least(one, FlipPrice), two = Least(2 * one, FlipPrice);
        return parts / 2 * two + parts % 2 * last;

        static long? Least(long? price, long? other) => price is null || other < price ? other : price;
    }

    private static int? Checked(int? price)
    {
        if (price is < 1 or > MostPrice)
            throw new ArgumentOutOfRangeException(nameof(price), price, $"A price must be from 1 to {MostPrice}.");
        return price;
    }
}
