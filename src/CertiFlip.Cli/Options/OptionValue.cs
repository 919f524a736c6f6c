using System.CommandLine.Parsing;
using System.Globalization;

namespace CertiFlip.Cli.Options;

/// <summary>Parsers of what stands behind an option.</summary>
internal static class OptionValue
{
    /// <summary>
    /// What <paramref name="parse"/> makes of the option's value; where that is null, the value is refused. A list that
    /// is given in several parts, as in a settings file, is read whole.
    /// </summary>
    public static T? Parse<T>(ArgumentResult result, string expected, Func<string, T?> parse)
    {
        string text = string.Join(',', result.Tokens.Select(token => token.Value));
        T? value = parse(text);
        if (value is null)
            result.AddError($"{((OptionResult)result.Parent!).Option.Name} '{text}': expected {expected}.");
        return value;
    }

    /// <summary>The same of an option that may be repeated.</summary>
    public static IReadOnlyList<T>? ParseEach<T>(ArgumentResult result, string expected, Func<string, T?> parse)
        where T : class
    {
        T?[] values = [.. result.Tokens.Select(token => parse(token.Value))];
        foreach ((Token token, T? value) in result.Tokens.Zip(values))
        {
            if (value is null)
                result.AddError($"{((OptionResult)result.Parent!).Option.Name} '{token.Value}': expected {expected}.");
        }

        return values.Contains(null) ? null : [.. values.OfType<T>()];
    }

    /// <summary>A number strictly between 0 and 1, or null.</summary>
    public static double? Probability(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double p) && p is > 0 and < 1 ? p : null;

    /// <summary>A number of bytes from 1, or null: 1 KB is 1,000 bytes, and 1 KiB or 1 K is 1,024.</summary>
    public static long? Bytes(string text)
    {
        const string Units = "KMGT";
        string number = text.TrimEnd('B', 'b', 'I', 'i', 'K', 'k', 'M', 'm', 'G', 'g', 'T', 't');
        string unit = text[number.Length..].ToUpperInvariant();
        int power = unit.Length == 0 ? 0 : Units.IndexOf(unit[0], StringComparison.Ordinal) + 1;
        bool isKnown = unit is "" or "B" || (power > 0 && unit[1..] is ("" or "B" or "IB"));
        double bytes = double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count)
            ? count * Math.Pow(power > 0 && unit[1..] == "B" ? 1000 : 1024, power)
            : 0;
        return isKnown && bytes is >= 1 and < long.MaxValue ? (long)bytes : null;
    }
}
