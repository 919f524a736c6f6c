using System.CommandLine;
using CertiFlip.Cli.Output;
using CertiFlip.Data;

namespace CertiFlip.Cli.Options;

/// <summary>The options of the check that every command makes of its data.</summary>
internal sealed class CheckOptions
{
    private const string Refuse = "refuse", Drop = "drop";

    private readonly Option<IReadOnlyList<string>?> _ignore = Ignore();

    private readonly Option<string> _missing = new("--missing-labels")
    {
        Description = "Rows whose label is empty, nan, NA, None, null, ? or the like: refuse, or drop them.",
        HelpName = "WHAT",
        CompletionSources = { Choices.Exactly(Refuse, Drop) },
        DefaultValueFactory = _ => Refuse,
        CustomParser = result => OptionValue.Parse(result, $"{Refuse} or {Drop}", text => text is Refuse or Drop ? text : null),
    };

    private readonly Option<IReadOnlyList<RemarkKind>?> _accept = new("--accept")
    {
        Description = "Codes of remarks that the data are meant to have, separated by commas: they are not said, and no reason to refuse. "
            + "docs/check.md lists them.",
        HelpName = "LIST",
        CompletionSources = { Choices.SomeOf(() => Acceptable.Select(kind => kind.Code)) },
        CustomParser = result => OptionValue.Parse<IReadOnlyList<RemarkKind>>(
            result,
            $"any of {string.Join(',', Acceptable.Select(kind => kind.Code))}, separated by commas",
            text =>
            {
                string[] codes = text.Split(',', StringSplitOptions.TrimEntries);
                return Array.TrueForAll(codes, code => Acceptable.Any(kind => kind.Code == code))
                    ? [.. Acceptable.Where(kind => codes.Contains(kind.Code))]
                    : null;
            }),
    };

    private readonly Option<bool> _strict = new("--strict") { Description = "Refuse the data for any remark that is not accepted." };

    public IEnumerable<Option> All => [_ignore, _missing, _accept, _strict];

    /// <summary>Columns that other options name, and that are no features either.</summary>
    public Func<ParseResult, IEnumerable<string>> AlsoIgnored { get; set; } = _ => [];

    /// <summary>What is done with rows that have no label.</summary>
    public Option MissingLabels => _missing;

    private static IEnumerable<RemarkKind> Acceptable => RemarkKind.All.Where(kind => kind.CanBeAccepted);

    /// <summary>Columns to pass over.</summary>
    public static Option<IReadOnlyList<string>?> Ignore() => new("--ignore")
    {
        Description = "Columns that are neither features nor the label, separated by commas: they are passed over in every file.",
        HelpName = "LIST",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => OptionValue.ParseEach(result, "the name of a column", name => name),
    };

    /// <summary>The columns to pass over.</summary>
    public IReadOnlyList<string> Ignored(ParseResult parsed) => [.. Named(parsed), .. AlsoIgnored(parsed)];

    private IEnumerable<string> Named(ParseResult parsed) => (parsed.GetValue(_ignore) ?? []).SelectMany(names => names.Split(','));

    public bool IsStrict(ParseResult parsed) => parsed.GetValue(_strict);

    /// <summary>Refuses to pass over a column that is not there.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="training">The training data, as they were read.</param>
    /// <exception cref="DataException">There is one.</exception>
    public void RefuseAbsent(ParseResult parsed, Dataset training)
    {
        if (Named(parsed).Except(training.IgnoredColumns).FirstOrDefault() is not { } absent)
            return;
        string columns = training.FeatureNames.Count > 0 ? $"no column is named '{absent}'" : "its columns have no names";
        throw new DataException($"{training.Source}: {columns}, so --ignore '{absent}' has no effect; leave it out.");
    }

    /// <summary>Checks data, and leaves rows without a label out where that was asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="training">The training data.</param>
    /// <param name="others">Test or validation data.</param>
    /// <param name="classes">The list of classes, where it is stated.</param>
    /// <param name="meant">A remark that the command makes needless.</param>
    /// <param name="labelsAreNumbers">Whether labels are numbers and no names of classes.</param>
    /// <exception cref="DataException">The data are refused.</exception>
    public CheckedData Apply(
        ParseResult parsed, Dataset training, IReadOnlyList<Dataset> others, ClassList? classes, RemarkKind? meant = null,
        bool labelsAreNumbers = false)
    {
        DataCheckOptions options = OptionsFrom(parsed, classes) with { LabelsAreNumbers = labelsAreNumbers };
        if (meant is not null)
            options = options with { Accepted = [.. options.Accepted, meant] };
        var check = DataCheck.Of(training, others, options);
        check.ThrowIfRefused();
        Dataset Kept(Dataset data) => Drops(parsed) && data.HasLabels ? DataCheck.WithoutMissingLabels(data, classes) : data;
        return new CheckedData(Kept(training), [.. others.Select(Kept)], check.Remarks);
    }

    /// <summary>What is to be said of a model's own rows.</summary>
    /// <exception cref="DataException">They are refused.</exception>
    public CheckedData Apply(ParseResult parsed, TrainedModel model)
    {
        DataCheckOptions options = OptionsFrom(parsed, model.Labels.Classes) with { TrainingIsKnown = true };
        var check = DataCheck.Of(model.Training, [], options);
        check.ThrowIfRefused();
        return new CheckedData(model.Training, [], check.Remarks);
    }

    /// <summary>Checks test data for a model.</summary>
    /// <exception cref="DataException">They are refused.</exception>
    public CheckedData Apply(ParseResult parsed, TrainedModel model, Dataset test)
    {
        DataCheckOptions options = OptionsFrom(parsed, model.Labels.Classes) with { TrainingIsKnown = true };
        Dataset kept = Drops(parsed) && test.HasLabels ? DataCheck.WithoutMissingLabels(test, model.Labels.Classes) : test;
        if (!RowWork.Current.HasAllRows)
            return new CheckedData(model.Training, [kept], []); // The plan checked them, and the merge says what is to be said.
        var check = DataCheck.Of(model.Training, [test], options);
        check.ThrowIfRefused();
        return new CheckedData(model.Training, [kept], check.Remarks);
    }

    /// <summary>Checks data.</summary>
    public DataCheck Check(ParseResult parsed, Dataset training, IReadOnlyList<Dataset> others, ClassList? classes) =>
        DataCheck.Of(training, others, OptionsFrom(parsed, classes));

    private bool Drops(ParseResult parsed) => parsed.GetValue(_missing) == Drop;

    private DataCheckOptions OptionsFrom(ParseResult parsed, ClassList? classes) => new()
    {
        Classes = classes,
        Accepted = parsed.GetValue(_accept) ?? [],
        Strict = IsStrict(parsed),
        LeavesOutMissingLabels = Drops(parsed),
    };
}

/// <summary>Data that were checked.</summary>
/// <param name="Training">The training data.</param>
/// <param name="Others">The others.</param>
/// <param name="Remarks">What is to be said of them.</param>
internal sealed record CheckedData(Dataset Training, IReadOnlyList<Dataset> Others, IReadOnlyList<DataRemark> Remarks);
