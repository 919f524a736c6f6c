using System.CommandLine.Parsing;
using System.Globalization;

namespace CertiFlip.Cli.Options;

/// <summary>Parsers of what stands behind an option.</summary>
internal static class OptionValue
{
    /// <summary>
    /// What <paramref name="parse"/> makes of the option's value; where that is null, the value is refused.
    /// </summary>
    public static T? Parse<T>(ArgumentResult result, string expected, Func<string, T?> parse)
    {
        string text = result.Tokens[0].Value;
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
}
