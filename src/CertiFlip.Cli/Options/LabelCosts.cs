using System.Globalization;
using CertiFlip.Data;

namespace CertiFlip.Cli.Options;

/// <summary>The file that <c>--costs</c> names: what changing each training row's label costs, a whole number from 1 for each row, in their order.</summary>
internal static class LabelCosts
{
    private const string Column = "cost";

    /// <exception cref="DataException">The file cannot be read, has another number of rows, or something else than costs; or they are more than can be added up.</exception>
    public static IReadOnlyList<int> Read(string path, int trainingRows)
    {
        IReadOnlyList<string> texts = LabelReader.Read(path, Column);
        if (texts.Count != trainingRows)
            throw new DataException($"{path}: there are {texts.Count} costs for {trainingRows} training rows; one for each is expected.");
        int[] costs = [.. texts.Select((text, row) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int cost) && cost >= 1
            ? cost
            : throw new DataException($"{path}, row {row}: '{text}' is not a cost; expected a whole number from 1."))];
        return costs.Sum(cost => (long)cost) < int.MaxValue
            ? costs
            : throw new DataException($"{path}: all costs together are {costs.Sum(cost => (long)cost)}; expected less than {int.MaxValue}: count in larger units.");
    }
}
