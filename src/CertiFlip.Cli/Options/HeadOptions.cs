using System.CommandLine;
using System.Globalization;
using CertiFlip.Cli.Output;
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
    private readonly Option<double?> _lift = Lift();
    private readonly Option<HierarchyLevels?> _levels = Levels();
    private readonly HeadOption[] _some;
    private readonly Func<ParseResult, ClassList?> _classes;

    /// <summary>The options.</summary>
    /// <param name="classes">The list of classes that the user stated; null where there is none.</param>
    public HeadOptions(Func<ParseResult, ClassList?> classes) => (_classes, _some) = (classes,
    [
        new(_ridge, (head, parsed) => head is RegularisedHeadChoice choice ? choice with { Ridge = Ridge(parsed) } : null),
        new(_noIntercept, (head, parsed) => head is RidgeHeadChoice choice ? choice with { Intercept = Intercept(parsed) } : null),
        new(_gain, (head, parsed) => WithGain(head, parsed.GetValue(_gain)!.Value)),
        new(_offset, (head, parsed) => head is SaturatedRidgeHeadChoice choice
            ? choice with { Saturation = choice.Saturation with { Offset = parsed.GetValue(_offset)!.Value } }
            : null),
        new(_lift, (head, parsed) => WithLift(head, parsed.GetValue(_lift)!.Value)),
        new(_levels, (head, parsed) => head is HierarchyHeadChoice choice ? choice with { Levels = parsed.GetValue(_levels) } : null),
    ]);

    public IEnumerable<Option> All => [_head, .. _some.Select(option => option.Option)];

    /// <summary>The noise of a command whose certificates need none: the paper's λ alone does.</summary>
    public static Option<double?> NoiseOfPaperRidge()
    {
        Option<double?> noise = CommandOptions.Noise();
        noise.Description = "With --ridge paper: the noise q that λ is computed for.";
        return noise;
    }

    /// <summary>Refuses a noise that has no effect.</summary>
    /// <exception cref="UsageException">The user wrote one, and the head does not depend on labels.</exception>
    public static void RefuseNoise(ParseResult parsed, Option<double?> noise, HeadChoice? head)
    {
        if (head is not { DependsOnLabels: true })
            CommandOptions.RefuseGiven(
                parsed, [noise], head is RegularisedHeadChoice { Ridge: var ridge } ? $"--ridge {ridge.Text}" : "this head");
    }

    /// <summary>All heads, each with what it is.</summary>
    public static string HeadsInWords => string.Join(", ", HeadChoice.All.Select(head =>
        $"{head.Name}{(head.Parameter is { } parameter ? $":{parameter.Symbol}" : "")} ({head.Description})"));

    /// <summary>The head, with what was said of it.</summary>
    /// <exception cref="UsageException">It is for as many classes as are stated, and none are.</exception>
    public HeadChoice Head(ParseResult parsed)
    {
        HeadChoice head = For(parsed.GetValue(_head) ?? HeadChoice.Default, "--head", () => _classes(parsed));
        foreach (HeadOption option in _some.Where(option => CommandOptions.IsGiven(parsed, option.Option)))
            head = option.With(head, parsed) ?? head; // What has no effect is refused elsewhere, where a learner may have it.
        return head;
    }

    /// <summary>A head for as many classes as are stated, where it is written so.</summary>
    /// <param name="head">The head as written.</param>
    /// <param name="option">The option that names it.</param>
    /// <param name="classes">The stated list.</param>
    /// <exception cref="UsageException">None are stated.</exception>
    public static HeadChoice For(HeadChoice head, string option, Func<ClassList?> classes)
    {
        if (!head.NeedsClasses)
            return head;
        return classes() is { } stated
            ? head.WithClasses(stated)
            : throw new UsageException(
                $"{option} '{head.Text}': expected a list of classes, as --classes states, or their number, as in '{head.Name}:10'.");
    }

    /// <summary>The rule for λ, of the head or of a learner.</summary>
    public RidgeChoice Ridge(ParseResult parsed) => parsed.GetValue(_ridge) ?? RidgeChoice.Default;

    /// <summary>Whether head or learner has an intercept.</summary>
    public Intercept Intercept(ParseResult parsed) => parsed.GetValue(_noIntercept) ? CertiFlip.Intercept.None : CertiFlip.Intercept.Fitted;

    /// <summary>Options that the user wrote and that have no effect on a head; all where there is no head.</summary>
    public IEnumerable<Option> UnusedBy(HeadChoice? head, ParseResult parsed) => head is null
        ? All
        : from option in _some
          where CommandOptions.IsGiven(parsed, option.Option) && option.With(head, parsed) is null
          select option.Option;

    /// <summary>Options that have an effect on the learner <c>ridge</c>.</summary>
    public IEnumerable<Option> OfRidgeLearner => [_ridge, _noIntercept];

    /// <summary>How heads can be written, or begin to be.</summary>
    public static IEnumerable<string> Words =>
        HeadChoice.All.SelectMany(head => head.Parameter is null ? (string[])[head.Name] : [head.Name, $"{head.Name}:"]);

    private static Option<HeadChoice?> Name() => new ListingOption<HeadChoice?>(
        "--head", () => $"How features become label weights: {HeadsInWords}. [default: {HeadChoice.Default.Text}]")
    {
        HelpName = "NAME",
        CompletionSources = { Choices.OneOf(() => Words) },
        CustomParser = result => OptionValue.Parse(result, HeadChoice.Forms, HeadChoice.TryParse),
    };

    /// <summary>The gain of heads that have one.</summary>
    public static Option<double?> Gain() => new("--gain")
    {
        Description = "How steeply the weights of saturated-ridge, two-means and, at most, tempered-ridge rise from −1/n to 1/n. "
            + "[default: 5; two-means 0.125]",
        HelpName = "G",
        CustomParser = result => OptionValue.Parse<double?>(result, "a number above 0", text =>
            Number(text) is { } gain and > 0 ? gain : null),
    };

    /// <summary>The head with a gain; null where it has none.</summary>
    public static HeadChoice? WithGain(HeadChoice head, double gain) => head switch
    {
        SaturatedRidgeHeadChoice choice => choice with { Saturation = choice.Saturation with { Gain = gain } },
        TwoMeansHeadChoice choice => choice with { Gain = gain },
        TemperedRidgeHeadChoice choice => choice with { Gain = gain },
        _ => null,
    };

    private static Option<OffsetChoice?> Offset() => new("--offset")
    {
        Description = "What saturated-ridge adds to similarities: a number, or auto (for each test row, half-way between similar and "
            + "dissimilar rows). [default: auto]",
        HelpName = "B",
        CompletionSources = { Choices.OneOf("auto") },
        CustomParser = result => OptionValue.Parse(result, "a number, or auto", text =>
            text == "auto" ? new OffsetChoice(null) : Number(text) is { } offset ? new OffsetChoice(offset) : null),
    };

    /// <summary>The head with a lift; null where it has none.</summary>
    private static HeadChoice? WithLift(HeadChoice head, double lift) => head switch
    {
        SaturatedRidgeHeadChoice choice => choice with { Saturation = choice.Saturation with { Lift = lift } },
        TwoMeansHeadChoice choice => choice with { Lift = lift },
        _ => null,
    };

    private static Option<double?> Lift() => new("--lift")
    {
        Description = "How much of the votes of dissimilar rows against every common class saturated-ridge and two-means take back, from 0 "
            + "to 1, where classes of different size are as ridge has them. [default: 0]",
        HelpName = "T",
        CustomParser = result => OptionValue.Parse<double?>(result, "a number from 0 to 1", text =>
            Number(text) is { } lift and >= 0 and <= 1 ? lift : null),
    };

    private static Option<HierarchyLevels?> Levels() => new("--levels")
    {
        Description = "How many of the first features each level of a hierarchy has, from coarse to fine, separated by commas. [default: "
            + "one less than the classes, twice as many and so on, and all]",
        HelpName = "LIST",
        CustomParser = result => OptionValue.Parse(result, "rising numbers from 1 on, separated by commas", HierarchyLevels.TryParse),
    };

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;

    /// <summary>An option that some heads have.</summary>
    /// <param name="Option">The option.</param>
    /// <param name="With">The head with what the user wrote; null where it has no such option.</param>
    private sealed record HeadOption(Option Option, Func<HeadChoice, ParseResult, HeadChoice?> With);

    /// <summary>An offset as written; null is automatic.</summary>
    private sealed record OffsetChoice(double? Value);
}
