using System.Globalization;

namespace CertiFlip.Cli.Tests.EndToEnd;

/// <summary>A row of a .csv without quotes, by column name.</summary>
internal sealed record CsvRow(string[] Header, string[] Fields)
{
    public string this[string column] => Fields[Array.IndexOf(Header, column)];

    public int Whole(string column) => int.Parse(this[column], CultureInfo.InvariantCulture);

    /// <summary>A radius; any is larger than all numbers.</summary>
    public int Radius(string column) => this[column] == "any" ? int.MaxValue : Whole(column);

    public static IReadOnlyList<CsvRow> ReadAll(string path)
    {
        string[][] lines = [.. File.ReadLines(path).Select(line => line.Split(','))];
        return [.. lines.Skip(1).Select(fields => new CsvRow(lines[0], fields))];
    }
}
