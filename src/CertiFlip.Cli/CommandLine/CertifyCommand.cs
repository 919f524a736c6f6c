using System.CommandLine;
using System.Diagnostics;
using CertiFlip.Certificates;
using CertiFlip.Cli.Certifying;
using CertiFlip.Cli.Output;
using CertiFlip.Cli.Progress;
using CertiFlip.Cli.Report;
using CertiFlip.Data;
using CertiFlip.Heads;
using Spectre.Console;

namespace CertiFlip.Cli.CommandLine;

/// <summary><c>certiflip certify</c>: certifies predictions for the user's own files.</summary>
internal sealed class CertifyCommand : Command
{
    private readonly Option<string> _train = CommandOptions.File("--train", "Training data: .npz (X, y), .npy, .csv or .tsv (with a header), IDX, or .gz of these.", required: true);
    private readonly Option<string> _test = CommandOptions.File("--test", "Test data, in any of the same formats; labels are optional.", required: true);
    private readonly Option<string> _trainLabels = CommandOptions.File("--train-labels", "Training labels, where --train holds features only: .npy, IDX, .csv, .tsv, or .gz of these.");
    private readonly Option<string> _testLabels = CommandOptions.File("--test-labels", "Test labels, likewise.");
    private readonly Option<string> _label = new("--label") { Description = "The column of a .csv or .tsv that holds the labels.", HelpName = "NAME", DefaultValueFactory = _ => "label" };
    private readonly Option<double?> _noise = CommandOptions.Noise();
    private readonly Option<RidgeChoice?> _ridge = CommandOptions.Ridge();
    private readonly Option<bool> _noIntercept = CommandOptions.NoIntercept();
    private readonly Option<IReadOnlyList<CertificateKind>?> _certificates = CommandOptions.Certificates();
    private readonly Option<string> _out = CommandOptions.File("--out", "Write a .csv with one row for each test row.");
    private readonly Option<string> _report = CommandOptions.File("--report", "Write a self-contained HTML report.");
    private readonly Option<bool> _json = new("--json") { Description = "Print the summary as JSON instead of a table." };
    private readonly Option<int?> _threads = CommandOptions.Threads();
    private readonly Option<bool> _quiet = new("--quiet") { Description = "Print no progress and no table; files, --json and errors are unaffected." };
    private readonly IAnsiConsole _output;
    private readonly IAnsiConsole _status;

    public CertifyCommand(IAnsiConsole output, IAnsiConsole status)
        : base("certify", "Certify predictions: how many training labels can be flipped without changing each.")
    {
        (_output, _status) = (output, status);
        foreach (Option option in (Option[])[_train, _test, _trainLabels, _testLabels, _label, _noise, _ridge, _noIntercept, _certificates, _out, _report, _json, _threads, _quiet])
            Options.Add(option);
        SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        bool quiet = parsed.GetValue(_quiet);
        using var files = new OutputFiles(Given(parsed, _train, _test, _trainLabels, _testLabels));
        foreach (string path in Given(parsed, _out, _report))
            files.Add(path);

        CertifyResult result = ProgressDisplay.Run(_status, quiet ? ProgressDisplay.Detail.None : ProgressDisplay.Detail.Full, progress =>
        {
            string labelColumn = parsed.GetValue(_label)!;
            Dataset training = Read(parsed.GetRequiredValue(_train), parsed.GetValue(_trainLabels), labelColumn, progress);
            cancellation.ThrowIfCancellationRequested();
            Dataset test = Read(parsed.GetRequiredValue(_test), parsed.GetValue(_testLabels), labelColumn, progress);
            cancellation.ThrowIfCancellationRequested();
            return CertifyRun.Execute(training, test, RequestFrom(parsed), progress, cancellation);
        });

        if (parsed.GetValue(_out) is { } outPath)
            files.Write(outPath, writer => CertificateCsv.Write(writer, result));
        if (parsed.GetValue(_report) is { } reportPath)
            files.Write(reportPath, writer => HtmlReport.Write(writer, result));
        cancellation.ThrowIfCancellationRequested();
        files.Commit();
        if (quiet && result.IsConditionalOnLambda)
            _status.Profile.Out.Writer.WriteLine("certiflip: radii are conditional on λ, which --ridge paper computes from the labels.");

        if (parsed.GetValue(_json))
            SummaryJson.Write(_output, result, watch.Elapsed);
        else if (!quiet)
            SummaryTable.Write(_output, result, watch.Elapsed);
        return ExitCode.Done;
    }

    private CertifyRequest RequestFrom(ParseResult parsed)
    {
        var defaults = new CertifyRequest();
        return new CertifyRequest
        {
            Noise = parsed.GetValue(_noise) ?? defaults.Noise,
            Ridge = parsed.GetValue(_ridge) ?? defaults.Ridge,
            Intercept = parsed.GetValue(_noIntercept) ? Intercept.None : Intercept.Fitted,
            Certificates = parsed.GetValue(_certificates) ?? defaults.Certificates,
            Threads = parsed.GetValue(_threads) ?? defaults.Threads,
        };
    }

    private static Dataset Read(string path, string? labelPath, string labelColumn, IWorkProgress progress)
    {
        progress.Report($"reading {path}");
        Dataset data = DatasetReader.Read(path, labelColumn);
        return labelPath is null ? data : data.WithLabels(LabelReader.Read(labelPath, labelColumn), labelPath);
    }

    private static IEnumerable<string> Given(ParseResult parsed, params IEnumerable<Option<string>> options) =>
        options.Select(parsed.GetValue).OfType<string>();
}
