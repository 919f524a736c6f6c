using System.CommandLine;
using System.Globalization;
using CertiFlip.Cli.Output;
using CertiFlip.Data;
using CertiFlip.Heads;
using Spectre.Console;

namespace CertiFlip.Cli.Options;

/// <summary>
/// The options that several commands share, each with its parser: what they hold afterwards is valid.
/// </summary>
internal static class CommandOptions
{
    /// <summary>Gives a command its options, in the order of its help.</summary>
    public static void AddOptions(this Command command, params IEnumerable<Option> options)
    {
        foreach (Option option in options)
            command.Options.Add(option);
    }

    /// <summary>q. How large it may be depends on the number of classes, which the data tell.</summary>
    public static Option<double?> Noise() => new("--noise")
    {
        Description = "Probability q with which smoothing changes each label: above 0 and below (K−1)/K for K classes. [default: 0.1]",
        HelpName = "Q",
        CustomParser = result =>
            OptionValue.Parse<double?>(result, "a number strictly between 0 and 1, such as 0.1", OptionValue.Probability),
    };

    public static Option<RidgeChoice?> Ridge() => new("--ridge")
    {
        Description = "How the ridge penalty λ is chosen: relative:C (C times the mean eigenvalue), fixed:L, or paper (from the labels, "
            + "so radii are conditional on λ). [default: relative:1]",
        HelpName = "RULE",
        CompletionSources = { Choices.OneOf("relative:1", "relative:", "fixed:", "paper") },
        CustomParser = result => OptionValue.Parse(result, "relative:C with C > 0, fixed:L with L ≥ 0, or paper", RidgeChoice.TryParse),
    };

    /// <summary>Which names make sense depends on the method.</summary>
    public static Option<string> Certificates()
    {
        var option = new Option<string>("--certificates")
        {
            Description = "Any of kl,tight,structured,exact, separated by commas, or all. With --method monte-carlo: kl,tight; with "
                + "--method partition: partition,white-box.",
            HelpName = "LIST",
            CompletionSources = { Choices.SomeOf(() => ["all", .. CertificateKind.All.Select(kind => kind.Name)]) },
            DefaultValueFactory = _ => "all",
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token, ..] && token.Value != "all" && TryParseCertificates(token.Value) is null)
                result.AddError(
                    $"--certificates '{token.Value}': expected any of kl,tight,structured,exact,partition,white-box, separated by commas, "
                        + $"or all.");
        });
        return option;
    }

    /// <summary>
    /// The certificates of names such as <c>kl,exact</c>, without repetitions and in the usual order, or null if a name
    /// is unknown.
    /// </summary>
    public static IReadOnlyList<CertificateKind>? TryParseCertificates(string list)
    {
        string[] names = list.Split(',', StringSplitOptions.TrimEntries);
        return Array.TrueForAll(names, name => CertificateKind.TryParse(name) is not null)
            ? [.. CertificateKind.All.Where(kind => names.Contains(kind.Name))]
            : null;
    }

    /// <summary>What must be reached for the command to exit with 0.</summary>
    public static Option<IReadOnlyList<Condition>?> Require() => new("--require")
    {
        Description = "Conditions, separated by commas: CERT@R>=X (certified accuracy at r = R, by the certificate CERT), median>=X or "
            + "median:CERT>=X (median radius), accuracy>=X, balanced>=X. X is a number or a percentage. If one is not met, the command "
            + "exits with 3. Quote it: > has a meaning in a shell.",
        HelpName = "LIST",
        CustomParser = result => OptionValue.Parse(result, Condition.Expected, Condition.TryParseList),
    };

    /// <summary>What must be reached by the change from one run to another for the command to exit with 0.</summary>
    public static Option<IReadOnlyList<Condition>?> RequireOfChange() => new("--require")
    {
        Description = "Conditions on the change, separated by commas: lost<=N (rows that survive less), wrong<=N (rows newly wrong), "
            + "changed<=N (rows with another prediction), each a number or a percentage; CERT@R>=X, median>=X or median:CERT>=X, "
            + "accuracy>=X, balanced>=X (after less before). If one is not met, the command exits with 3. Quote it: < and > have a "
            + "meaning in a shell.",
        HelpName = "LIST",
        CustomParser = result => OptionValue.Parse(result, Condition.ExpectedOfChange, Condition.TryParseListOfChange),
    };

    public static Option<string> Method() => new("--method")
    {
        Description = "smoothing: a head and its smoothed vote; monte-carlo: the smoothed vote of any learner, by sampling; partition: a "
            + "vote of heads fitted to disjoint parts of the rows (SS-DPA).",
        HelpName = "NAME",
        CompletionSources = { Choices.Exactly([.. MethodNames.All]) },
        DefaultValueFactory = _ => MethodNames.Smoothing,
        CustomParser = result =>
            OptionValue.Parse(result, $"one of {string.Join(',', MethodNames.All)}", text => MethodNames.All.Contains(text) ? text : null),
    };

    /// <summary>Some of several names; what comes out is in their order.</summary>
    public static Option<IReadOnlyList<string>?> List(string name, IReadOnlyList<string> names, string fallback) => new(name)
    {
        Description = $"Any of {string.Join(',', names)}, separated by commas, or all. {fallback}",
        HelpName = "LIST",
        CompletionSources = { Choices.SomeOf(() => ["all", .. names]) },
        CustomParser = result =>
            OptionValue.Parse<IReadOnlyList<string>>(result, $"any of {string.Join(',', names)}, separated by commas, or all", text =>
        {
            string[] wanted = text == "all" ? [.. names] : text.Split(',', StringSplitOptions.TrimEntries);
            return Array.TrueForAll(wanted, names.Contains) ? [.. names.Where(wanted.Contains)] : null;
        }),
    };

    public static Option<IReadOnlyList<int>?> Partitions(string helpName, string description) =>
        Counts("--partitions", helpName, description);

    /// <summary>How many of something, several times; each number once.</summary>
    public static Option<IReadOnlyList<int>?> Counts(string name, string helpName, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
            OptionValue.Parse<IReadOnlyList<int>>(result, "whole numbers from 1 to 1000000, separated by commas", text =>
        {
            int[] parts = [.. text.Split(',', StringSplitOptions.TrimEntries).Select(part =>
                int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= 1_000_000 ? number : 0)];
            return parts.Contains(0) ? null : [.. parts.Distinct()];
        }),
    };

    public static Option<ulong?> Seed(
        string description = "Seed of monte-carlo's draws: the same seed gives the same numbers. [default: 0]") => new("--seed")
        {
            Description = description,
            HelpName = "S",
            CustomParser = result => OptionValue.Parse<ulong?>(result, "a whole number from 0 to 18446744073709551615", text =>
                ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) ? seed : null),
        };

    /// <summary>The file that names groups of test rows.</summary>
    public static Option<string> Groups() => File(
        "--groups",
        "A group for each test row: column 'group' of a .csv or .tsv, with the test row from 0 in column 'row' where lines have another "
            + "order; .npy; or any of these with .gz.");

    public static Option<int?> TestRows() => Count("--test-rows", "Use only the first N test rows. [default: all]");

    /// <summary>How many of something, at least 1.</summary>
    public static Option<int?> Count(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => OptionValue.Parse<int?>(result, "a whole number, at least 1", text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int rows) && rows >= 1 ? rows : null),
    };

    /// <summary>As many threads as the command is given, until it is interrupted.</summary>
    public static ParallelOptions Parallel(ParseResult parsed) => new()
    {
        MaxDegreeOfParallelism = RowWork.Current.Threads
            ?? (parsed.CommandResult.Command.Options.FirstOrDefault(option => option.Name == "--threads") is Option<int?> threads
                && parsed.GetValue(threads) is { } count ? count : Environment.ProcessorCount),
        CancellationToken = ReaderOptions.Current.Cancellation,
    };

    public static Option<int?> Threads() => new("--threads")
    {
        Description = "Number of threads; results do not depend on it. [default: one for each processor]",
        HelpName = "N",
        CustomParser = result => OptionValue.Parse<int?>(result, "a whole number from 1 to 1024", text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int threads) && threads is >= 1 and <= 1024
                ? threads
                : null),
    };

    /// <summary>How large a file may become, for every command.</summary>
    public static Option<long?> MaxUnpacked() => new("--max-unpacked")
    {
        Description = "The most that a compressed file may unpack to, and that the values of any file may take up in memory. [default: "
            + "half of the memory, and of a compressed file no more than 256MiB or 100 times its size]",
        HelpName = "SIZE",
        Recursive = true,
        CustomParser = result => OptionValue.Parse(result, "a size such as 800MB or 4GiB", OptionValue.Bytes),
    };

    public static Option<bool> NoIntercept() => new("--no-intercept")
    {
        Description = "Fit ridge without an intercept, as in the paper's eq. (12).",
    };

    /// <summary>A file to read.</summary>
    public static Option<string> File(string name, string description, bool required = false) => new(name)
    {
        Description = description,
        HelpName = "F",
        CompletionSources = { Choices.PathOr(Choices.Path.File) },
        Required = required,
    };

    /// <summary>A file to write, or one with a secret.</summary>
    public static Option<string> GuardedFile(string name, string description, bool required = false) => new(name)
    {
        Description = description,
        HelpName = "F",
        CompletionSources = { Choices.GuardedPathOr(Choices.Path.File) },
        Required = required,
    };

    /// <summary>A file to write; <c>-</c> is standard output.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it does.</param>
    /// <param name="content">What is written.</param>
    /// <param name="extensions">
    /// How its name may end, where it has an extension: a name that says something else would be read as that.
    /// </param>
    /// <param name="required">Whether it must be there.</param>
    public static Option<string> OutFile(string name, string description, string content, string[] extensions, bool required = false)
    {
        Option<string> option = GuardedFile(name, description, required);
        option.Validators.Add(result =>
        {
            if (result.Tokens is not [var token, ..] || OutputFiles.NamesStandardOutput(token.Value))
                return;
            string extension = Path.GetExtension(token.Value);
            if (extension.Length > 1 && !extensions.Contains(extension, StringComparer.OrdinalIgnoreCase))
            {
                result.AddError(
                    $"{name} '{token.Value}': this writes {content} and no other format; expected a name that ends in "
                        + $"{string.Join(" or ", extensions)}.");
            }
        });
        return option;
    }

    /// <summary>A folder to write in.</summary>
    public static Option<string> Folder(string name, string description)
    {
        Option<string> option = new(name)
        {
            Description = description,
            HelpName = "DIR",
            CompletionSources = { Choices.GuardedPathOr(Choices.Path.Folder) },
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token, ..] && OutputFiles.NamesStandardOutput(token.Value))
                result.AddError($"{name} '{token.Value}': several files are written; expected a folder for them.");
        });
        return option;
    }

    /// <summary>A <c>.csv</c> to write.</summary>
    public static Option<string> CsvFile(string name, string description) =>
        OutFile(name, description, "comma-separated values", [".csv", ".txt"]);

    /// <summary>A report to write.</summary>
    public static Option<string> ReportFile(string name, string description) =>
        OutFile(name, description, "an HTML page (which a browser prints as a PDF)", [".html", ".htm"]);

    /// <summary>Findings to write for code-review pages.</summary>
    public static Option<string> SarifOption() => OutFile(
        "--sarif", "Write what was found as SARIF 2.1.0, which code-review pages show beside the lines of the file.", "SARIF (JSON)",
        SarifFile.Extensions);

    /// <summary>The files that a command writes, one of which may be standard output.</summary>
    /// <param name="inputs">Files that must not be written over.</param>
    public static OutputFiles Files(params IEnumerable<string> inputs) => new(inputs) { StandardOutput = StandardStream.Output };

    /// <summary>Where results go that are no file: where one is standard output, to standard error.</summary>
    /// <param name="path">The file, if there is one.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="status">Standard error.</param>
    public static IAnsiConsole Beside(string? path, IAnsiConsole output, IAnsiConsole status) =>
        OutputFiles.NamesStandardOutput(path) ? status : output;

    /// <summary>The column that holds labels.</summary>
    public static Option<string> LabelColumn() => new("--label")
    {
        Description = "Name of the label column in a .csv or .tsv.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "label",
    };

    /// <summary>The column that holds texts.</summary>
    public static Option<string> TextColumn() => new("--text")
    {
        Description = "Name of the text column in a .csv or .tsv.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "text",
    };

    public static Option<bool> Quiet() =>
        new("--quiet") { Description = "Print no progress and no table; files, --json and errors are unaffected." };

    /// <summary>Refuses options that would have no effect: who writes one expects an effect.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="unused">Options without effect.</param>
    /// <param name="with">What makes them useless.</param>
    /// <param name="otherwise">What else the user can do.</param>
    /// <exception cref="UsageException">The user wrote one of them.</exception>
    public static void RefuseGiven(ParseResult parsed, IEnumerable<Option> unused, string with, string otherwise = "") =>
        Refuse(parsed, unused, $"with {with}", otherwise);

    /// <summary>Refuses options that need another one.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="unused">Options without effect.</param>
    /// <param name="without">What is missing.</param>
    /// <param name="otherwise">What else the user can do.</param>
    /// <exception cref="UsageException">The user wrote one of them.</exception>
    public static void RefuseWithout(ParseResult parsed, IEnumerable<Option> unused, string without, string otherwise = "") =>
        Refuse(parsed, unused, $"without {without}", otherwise);

    /// <summary>Whether the user wrote the option.</summary>
    public static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    private static void Refuse(ParseResult parsed, IEnumerable<Option> unused, string when, string otherwise)
    {
        if (unused.FirstOrDefault(option => IsGiven(parsed, option)) is { } first)
            throw new UsageException($"{first.Name} has no effect {when}: leave it out{otherwise}.");
    }
}
