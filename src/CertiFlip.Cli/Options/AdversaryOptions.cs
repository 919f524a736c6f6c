using System.CommandLine;
using System.Globalization;
using CertiFlip.Cli.Output;
using CertiFlip.Data;

namespace CertiFlip.Cli.Options;

/// <summary>
/// The options that say what an adversary cannot do. Without them any label may have been changed to anything.
/// </summary>
internal sealed class AdversaryOptions
{
    private readonly Option<string> _trusted = CommandOptions.File(
        "--trusted",
        "Training rows (numbered from 0) whose labels nobody can have changed: column 'row' of a .csv or .tsv, .npy, or any of these with "
            + ".gz.");
    private readonly Option<IReadOnlyList<DirectionChoice>?> _directions = Direction();
    private readonly Option<string> _costs = CommandOptions.File(
        "--costs",
        "The price of changing each training label, a whole number from 1: column 'cost' of a .csv or .tsv, with the training row from 0 "
            + "in column 'row' where lines have another order; .npy; or any of these with .gz. Radii are then costs.");

    // What --count counts.
    private const string Labels = "labels", Votes = "votes";

    private readonly Option<string> _count = new("--count")
    {
        Description = "What radii count: labels, or with --votes the votes that an adversary must change.",
        HelpName = "WHAT",
        CompletionSources = { Choices.Exactly(Labels, Votes) },
        DefaultValueFactory = _ => Labels,
        CustomParser = result => OptionValue.Parse(result, $"{Labels} or {Votes}", text => text is Labels or Votes ? text : null),
    };

    public IEnumerable<Option> All => [_trusted, _directions, _costs, _count];

    /// <summary>What has a meaning for classes only.</summary>
    public IEnumerable<Option> OfClasses => [_directions, _count];

    /// <summary>What labels cost, and what says so otherwise.</summary>
    public IEnumerable<Option> Prices => [_costs, _count];

    /// <summary>The changes of classes that are possible.</summary>
    public Option Directions => _directions;

    /// <summary>The files that were named.</summary>
    public IEnumerable<string> Files(ParseResult parsed) => ((Option<string>[])[_trusted, _costs]).Select(parsed.GetValue).OfType<string>();

    /// <summary>Refuses to count votes where there are none, or where labels have a price.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="votes">The option that names votes.</param>
    /// <exception cref="UsageException">It was asked for.</exception>
    public void RefuseCount(ParseResult parsed, Option votes)
    {
        if (!CommandOptions.IsGiven(parsed, votes))
            CommandOptions.RefuseWithout(parsed, [_count], votes.Name, ", or name the votes");
        if (parsed.GetValue(_count) == Votes)
            CommandOptions.RefuseGiven(parsed, [_costs], $"--count {Votes}, which says what labels cost");
    }

    /// <summary>The same data with the adversary that was described.</summary>
    /// <exception cref="UsageException">A direction does not lead from one of the labels to another.</exception>
    /// <exception cref="DataException">A file cannot be read, or is for other training rows.</exception>
    public RunData Limit(ParseResult parsed, RunData data)
    {
        if (data.Training.Verified is null && !All.Any(option => CommandOptions.IsGiven(parsed, option)))
            return data;

        var encoding = LabelEncoding.Of(data.Classes);
        LabelFlipAdversary adversary = WithoutDirections(parsed, data.Training);
        bool countsVotes = parsed.GetValue(_count) == Votes;
        if (countsVotes)
        {
            CollectedVotes votes = data.Training.Votes
                ?? throw new UsageException($"--count '{Votes}': expected --votes, which names them.");
            int[] rows = [.. Enumerable.Range(0, data.Labels.Count).Select(data.Training.NumberOf)];
            adversary = adversary with { Costs = votes.Votes.Costs(rows, data.Labels) };
        }

        return data with
        {
            CountsVotes = countsVotes,
            Adversary = adversary with
            {
                Directions =
                    [.. (parsed.GetValue(_directions) ?? []).Select(direction => direction.Among(encoding, data.Training.LabelSource))],
            },
        };
    }

    /// <summary>The adversary that was described, but for directions.</summary>
    /// <exception cref="DataException">A file cannot be read, or is for other training rows.</exception>
    public LabelFlipAdversary WithoutDirections(ParseResult parsed, Dataset training)
    {
        // Files speak of all rows of the source, the data of those that were not left out.
        T[] Kept<T>(Func<int, T> ofSource) =>
            [.. Enumerable.Range(0, training.Features.Rows).Select(row => ofSource(training.NumberOf(row)))];
        HashSet<int> trusted = parsed.GetValue(_trusted) is { } trustedPath ? [.. LabelReader.ReadRows(trustedPath, training)] : [];
        trusted.UnionWith(training.Verified?.Rows ?? []);
        IReadOnlyList<int> costs = parsed.GetValue(_costs) is { } costsPath ? LabelCosts.Read(costsPath, training) : [];
        return new LabelFlipAdversary
        {
            TrustedRows = [.. Kept(trusted.Contains).Index().Where(row => row.Item).Select(row => row.Index)],
            Costs = costs.Count > 0 ? Kept(row => costs[row]) : [],
        };
    }

    private static Option<IReadOnlyList<DirectionChoice>?> Direction() => new("--direction")
    {
        Description = "A>B: a row now labelled A may really be B; repeat the option for more changes. Changes not named are impossible. "
            + "[default: any change is possible]",
        HelpName = "CHANGE",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => OptionValue.ParseEach(result, "two labels with > between them", DirectionChoice.TryParse),
    };
}

/// <summary>
/// A change of one label into another as the user wrote it: <c>A&gt;B</c>. A label may have a <c>&gt;</c> of its own:
/// of several, the one between two labels of the training data is meant.
/// </summary>
/// <param name="Text">As written.</param>
internal sealed record DirectionChoice(string Text)
{
    /// <summary>The direction of a text, or null if it cannot be two labels.</summary>
    public static DirectionChoice? TryParse(string text) =>
        new DirectionChoice(text) is var choice && choice.Readings().Any() ? choice : null;

    /// <summary>The classes that it names.</summary>
    /// <param name="encoding">The classes of the training labels.</param>
    /// <param name="source">Where those come from.</param>
    /// <exception cref="UsageException">
    /// It does not name two different labels, or could be read in several ways.
    /// </exception>
    public FlipDirection Among(LabelEncoding encoding, string source)
    {
        (string From, string To)[] readings = [.. Readings()];
        (string From, string To)[] known = [.. readings.Where(reading => encoding.Has(reading.From) && encoding.Has(reading.To))];
        if (known.Length == 0)
        {
            string unknown = readings is [var only] ? $", and '{(encoding.Has(only.From) ? only.To : only.From)}' is none" : "";
            throw Refuse($"expected two labels of {source} with > between them{unknown}; its classes are {encoding.ClassesInWords}");
        }

        if (known.Length > 1)
            throw Refuse(
                $"could be from '{known[0].From}' to '{known[0].To}' or from '{known[1].From}' to '{known[1].To}'; rename one of these "
                    + "labels");
        int[] classes = encoding.Encode([known[0].From, known[0].To], Text);
        return classes[0] != classes[1] ? new FlipDirection(classes[0], classes[1]) : throw Refuse("expected two different labels");
    }

    private IEnumerable<(string From, string To)> Readings() =>
        Enumerable.Range(0, Text.Length).Where(at => at > 0 && at < Text.Length - 1 && Text[at] == '>')
            .Select(at => (Text[..at], Text[(at + 1)..]));

    private UsageException Refuse(string why) => new($"--direction '{Text}': {why}.");
}

/// <summary>
/// The file that <c>--costs</c> names: what changing each training row's label costs, a whole number from 1.
/// </summary>
internal static class LabelCosts
{
    private const string Column = "cost";

    /// <exception cref="DataException">
    /// The file cannot be read, has another number of rows, or something else than costs; or they are more than can be
    /// added up.
    /// </exception>
    public static IReadOnlyList<int> Read(string path, Dataset training)
    {
        int trainingRows = training.RowsInSource;
        RowValues values = LabelReader.ReadValues(path, Column, training);
        if (values.Texts.Count != trainingRows)
        {
            throw new DataException(
                $"{path}: there are {values.Texts.Count} costs for {trainingRows} training rows; one for each is expected.");
        }

        int[] costs = [.. values.Texts.Select((text, row) => Number(text) ??
            throw new DataException($"{values.PlaceOf(row)}: '{text}' is not a cost; expected a whole number from 1."))];
        return costs.Sum(cost => (long)cost) < int.MaxValue
            ? costs
            : throw new DataException(
                $"{path}: the costs add up to {costs.Sum(cost => (long)cost)}; expected less than {int.MaxValue}: use a larger unit.");
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int cost) && cost >= 1 ? cost : null;
}
