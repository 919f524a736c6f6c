using System.CommandLine;
using CertiFlip.Cli.Output;
using CertiFlip.Data;

namespace CertiFlip.Cli.Options;

/// <summary>The options that say what an adversary cannot do. Without them any label may have been changed to anything.</summary>
internal sealed class AdversaryOptions
{
    private readonly Option<string> _trusted = CommandOptions.File("--trusted", "Training rows, numbered from 0, whose labels nobody can have changed: a column 'row' of a .csv or .tsv, .npy, or .gz of these.");
    private readonly Option<IReadOnlyList<DirectionChoice>?> _directions = Direction();
    private readonly Option<string> _costs = CommandOptions.File("--costs", "What changing each training row's label costs, a whole number from 1: a column 'cost' of a .csv or .tsv, .npy, or .gz of these. Radii are then costs.");

    public IEnumerable<Option> All => [_trusted, _directions, _costs];

    /// <summary>What each label costs.</summary>
    public Option Costs => _costs;

    /// <summary>The files that were named.</summary>
    public IEnumerable<string> Files(ParseResult parsed) => ((Option<string>[])[_trusted, _costs]).Select(parsed.GetValue).OfType<string>();

    /// <summary>The same data with the adversary that was described.</summary>
    /// <exception cref="UsageException">A direction does not lead from one of the labels to another.</exception>
    /// <exception cref="DataException">A file cannot be read, or is for other training rows.</exception>
    public RunData Limit(ParseResult parsed, RunData data)
    {
        int rows = data.Labels.Count;
        var encoding = LabelEncoding.FromTrainingLabels(data.Classes, data.Training.LabelSource);
        return data with
        {
            Adversary = new LabelFlipAdversary
            {
                TrustedRows = parsed.GetValue(_trusted) is { } trusted ? [.. TrustedRows.Read(trusted, rows)] : [],
                Directions = [.. (parsed.GetValue(_directions) ?? []).Select(direction => direction.Among(encoding, data.Training.LabelSource))],
                Costs = parsed.GetValue(_costs) is { } costs ? LabelCosts.Read(costs, rows) : [],
            },
        };
    }

    private static Option<IReadOnlyList<DirectionChoice>?> Direction() => new("--direction")
    {
        Description = "A>B: a training row that is labelled A may become B; repeat it for other changes. Those not named are impossible. [default: any change is possible]",
        HelpName = "CHANGE",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => OptionValue.ParseEach(result, "two labels with > between them", DirectionChoice.TryParse),
    };
}
