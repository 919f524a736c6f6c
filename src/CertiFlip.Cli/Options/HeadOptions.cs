using System.CommandLine;
using System.Globalization;
using CertiFlip.Heads;

namespace CertiFlip.Cli.Options;

/// <summary>The head that is certified, and the options that some heads have.</summary>
internal sealed class HeadOptions
{
    private readonly Option<HeadChoice?> _head = Name();
    private readonly Option<RidgeChoice?> _ridge = CommandOptions.Ridge();
    private readonly Option<bool> _noIntercept = CommandOptions.NoIntercept();
    private readonly Option<double?> _gain = Gain();
    private readonly Option<OffsetChoice?> _offset = Offset();

    public IEnumerable<Option> All => [_head, _ridge, _noIntercept, _gain, _offset];

    /// <summary>The head, with what was said of it.</summary>
    public HeadChoice Head(ParseResult parsed)
    {
        HeadChoice head = parsed.GetValue(_head) ?? HeadChoice.Default;
        return head with
        {
            Ridge = head.HasRidge ? Ridge(parsed) : head.Ridge,
            Intercept = head.HasIntercept ? Intercept(parsed) : head.Intercept,
            Saturation = head.Saturation with
            {
                Gain = parsed.GetValue(_gain) ?? head.Saturation.Gain,
                Offset = parsed.GetValue(_offset) is { } offset ? offset.Value : head.Saturation.Offset,
            },
        };
    }

    /// <summary>The rule for λ, of the head or of a learner.</summary>
    public RidgeChoice Ridge(ParseResult parsed) => parsed.GetValue(_ridge) ?? RidgeChoice.Default;

    /// <summary>Whether head or learner has an intercept.</summary>
    public Intercept Intercept(ParseResult parsed) => parsed.GetValue(_noIntercept) ? CertiFlip.Intercept.None : CertiFlip.Intercept.Fitted;

    /// <summary>Options that have no effect on a head; on none at all if there is no head.</summary>
    public IEnumerable<Option> UnusedBy(HeadChoice? head) =>
    [
        .. head is null ? [_head] : (Option[])[],
        .. head is { HasRidge: true } ? [] : (Option[])[_ridge],
        .. head is { HasIntercept: true } ? [] : (Option[])[_noIntercept],
        .. head is { HasSaturation: true } ? [] : (Option[])[_gain, _offset],
    ];

    /// <summary>Options that have an effect on the learner <c>ridge</c>.</summary>
    public IEnumerable<Option> OfRidgeLearner => [_ridge, _noIntercept];

    private static Option<HeadChoice?> Name() => new("--head")
    {
        Description = "How features become label weights: ridge, saturated-ridge (all weights of one size), knn:N (N nearest neighbours) "
            + "or kernel:H (Gaussian kernel of bandwidth H). [default: ridge]",
        HelpName = "NAME",
        CustomParser = result =>
            OptionValue.Parse(result, "ridge, saturated-ridge, knn, knn:N with N ≥ 1, kernel, or kernel:H with H > 0", HeadChoice.TryParse),
    };

    /// <summary>The gain of heads that have one.</summary>
    public static Option<double?> Gain() => new("--gain")
    {
        Description = "How steeply the weights of saturated-ridge rise from −1/n to 1/n. [default: 5]",
        HelpName = "G",
        CustomParser = result =>
            OptionValue.Parse<double?>(result, "a number above 0", text => Number(text) is { } gain and > 0 ? gain : null),
    };

    private static Option<OffsetChoice?> Offset() => new("--offset")
    {
        Description = "What saturated-ridge adds to similarities: a number, or auto (for each test row, half-way between similar and "
            + "dissimilar rows). [default: auto]",
        HelpName = "B",
        CustomParser = result => OptionValue.Parse(result, "a number, or auto", text =>
            text == "auto" ? new OffsetChoice(null) : Number(text) is { } offset ? new OffsetChoice(offset) : null),
    };

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;

    /// <summary>An offset as written; null is automatic.</summary>
    private sealed record OffsetChoice(double? Value);
}
