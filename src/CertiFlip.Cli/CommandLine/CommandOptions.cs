using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using CertiFlip.Certificates;
using CertiFlip.Cli.Certifying;
using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.CommandLine;

/// <summary>The options that several commands share, each with its parser: what they hold afterwards is valid.</summary>
internal static class CommandOptions
{
    /// <summary>q. How large it may be depends on the number of classes, which the data tell.</summary>
    public static Option<double?> Noise() => new("--noise")
    {
        Description = "Probability q with which smoothing changes each label, strictly between 0 and (K−1)/K for K classes. [default: 0.1]",
        HelpName = "Q",
        CustomParser = result => Parse<double?>(result, "a number strictly between 0 and 1, such as 0.1", text =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double q) && q is > 0 and < 1 ? q : null),
    };

    public static Option<RidgeChoice?> Ridge() => new("--ridge")
    {
        Description = "How λ is chosen: relative:C (C times the mean eigenvalue), fixed:L, or paper (computed from the labels, so results are conditional on λ). [default: relative:1]",
        HelpName = "RULE",
        CustomParser = result => Parse(result, "relative:C with C > 0, fixed:L with L ≥ 0, or paper", RidgeChoice.TryParse),
    };

    public static Option<IReadOnlyList<CertificateKind>?> Certificates() => new("--certificates")
    {
        Description = "Any of kl,tight,structured,exact, separated by commas, or all. [default: all]",
        HelpName = "LIST",
        CustomParser = result => Parse(result, "any of kl,tight,structured,exact, separated by commas, or all", CertificateNames.TryParseList),
    };

    public static Option<int?> Threads() => new("--threads")
    {
        Description = "Number of threads; the results do not depend on it. [default: one for each processor]",
        HelpName = "N",
        CustomParser = result => Parse<int?>(result, "a whole number from 1 to 1024", text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int threads) && threads is >= 1 and <= 1024 ? threads : null),
    };

    public static Option<bool> NoIntercept() => new("--no-intercept")
    {
        Description = "Fit without an intercept, as the paper's eq. (12).",
    };

    public static Option<string> File(string name, string description, bool required = false) => new(name)
    {
        Description = description,
        HelpName = "F",
        Required = required,
    };

    /// <summary>What <paramref name="parse"/> makes of the option's value; where that is null, the value is refused.</summary>
    private static T? Parse<T>(ArgumentResult result, string expected, Func<string, T?> parse)
    {
        string text = result.Tokens[0].Value;
        T? value = parse(text);
        if (value is null)
            result.AddError($"{((OptionResult)result.Parent!).Option.Name} '{text}': expected {expected}.");
        return value;
    }
}
