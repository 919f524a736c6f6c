using System.CommandLine;
using CertiFlip.Cli.Output;
using CertiFlip.Data;

namespace CertiFlip.Cli.Options;

/// <summary>The options that make test rows of some training rows.</summary>
internal sealed class HoldoutOptions
{
    /// <summary>What to do where there are no test rows, after "or".</summary>
    public const string Advice = "hold out a part of the rows of --train with --holdout 0.2";

    /// <summary>What part of the rows is held out.</summary>
    public Option<double?> Share { get; } = new("--holdout")
    {
        Description = "Instead of --test: hold out this part of the rows of --train as test rows, drawn at random without a look at the "
            + "labels (--seed says which). Nothing is learnt from them.",
        HelpName = "PART",
        CustomParser = result =>
            OptionValue.Parse<double?>(result, "a number strictly between 0 and 1, such as 0.2", OptionValue.Probability),
    };

    /// <summary>Which rows, and what else is drawn.</summary>
    public Option<ulong?> Seed { get; } = CommandOptions.Seed(
        "Seed of --holdout and of monte-carlo's draws: the same seed gives the same rows and numbers. [default: 0]");

    public IEnumerable<Option> All => [Share, Seed];

    /// <summary>Whether rows are to be held out.</summary>
    /// <exception cref="UsageException">They are, and there are test rows.</exception>
    public bool IsAsked(ParseResult parsed, bool hasTest)
    {
        if (hasTest)
            CommandOptions.RefuseGiven(parsed, [Share], "--test", ", or leave out --test");
        return CommandOptions.IsGiven(parsed, Share);
    }

    /// <summary>Refuses a seed of which nothing follows.</summary>
    public void RefuseUnusedSeed(ParseResult parsed)
    {
        if (!CommandOptions.IsGiven(parsed, Share))
            CommandOptions.RefuseWithout(parsed, [Seed], "--holdout");
    }

    /// <summary>What is to be held out; null where nothing is.</summary>
    /// <exception cref="DataException">There are too few rows.</exception>
    public Holdout? Of(ParseResult parsed, Dataset training) => Of(parsed, training.Features.Rows, training.Source);

    /// <summary>The rows that are not held out; null where nothing is.</summary>
    /// <exception cref="DataException">There are too few rows.</exception>
    public IReadOnlyList<int>? KeptRows(ParseResult parsed, Table training) =>
        Of(parsed, training.Rows, training.Source) is { } holdout
            ? Dataset.Split(training.Rows, holdout.Rows, holdout.Seed).Kept
            : null;

    private Holdout? Of(ParseResult parsed, int rows, string source)
    {
        if (!CommandOptions.IsGiven(parsed, Share))
            return null;
        if (rows < 2)
            throw new DataException($"{source}: one row cannot be split by --holdout; expected at least two.");
        double share = parsed.GetValue(Share)!.Value;
        return new Holdout(share, parsed.GetValue(Seed) ?? 0, Math.Clamp((int)Math.Round(share * rows), 1, rows - 1), rows);
    }
}
