using System.CommandLine;
using System.Diagnostics;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Data;
using CertiFlip.Paper;
using CertiFlip.Paper.Experiments;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Reproduce;

/// <summary><c>certiflip reproduce</c>: the paper's figures, from raw data to a page.</summary>
internal sealed class ReproduceCommand : Command
{
    private static readonly IReadOnlyList<IExperiment> Experiments = AllExperiments.List;

    private readonly Argument<IExperiment> _experiment = new("name")
    {
        Description = $"The experiment: {string.Join("; ", Experiments.Select(experiment => $"{experiment.Name} ({experiment.Title})"))}.",
        HelpName = "NAME",
        CustomParser = result =>
        {
            string name = result.Tokens[0].Value;
            IExperiment? found = Experiments.FirstOrDefault(experiment => experiment.Name == name);
            if (found is null)
                result.AddError($"'{name}': expected one of {string.Join(", ", Experiments.Select(experiment => experiment.Name))}.");
            return found!;
        },
    };

    private readonly Option<string> _data = new("--data") { Description = "The folder with the raw data. What is missing in it is named, with where to get it.", HelpName = "DIR", DefaultValueFactory = _ => "data" };
    private readonly Option<string> _out = new("--out") { Description = "The folder to write to; it is made if need be. A run that was interrupted goes on from what it kept there.", HelpName = "DIR", DefaultValueFactory = _ => "." };
    private readonly ReproduceOptions _options = new();
    private readonly Option<int?> _threads = CommandOptions.Threads();
    private readonly Option<bool> _quiet = new("--quiet") { Description = "Print no progress and no table; files and errors are unaffected." };
    private readonly IAnsiConsole _output;
    private readonly IAnsiConsole _status;

    public ReproduceCommand(IAnsiConsole output, IAnsiConsole status)
        : base("reproduce", "Reproduce the paper's figures from raw data, and results beyond them.")
    {
        (_output, _status) = (output, status);
        Arguments.Add(_experiment);
        foreach (Option option in (IEnumerable<Option>)[_data, _out, .. _options.All, _threads, _quiet])
            Options.Add(option);
        SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        DateTimeOffset started = DateTimeOffset.UtcNow;
        var watch = Stopwatch.StartNew();
        IExperiment experiment = parsed.GetRequiredValue(_experiment);
        ExperimentOptions options = _options.Of(parsed, experiment, parsed.GetValue(_threads) ?? Environment.ProcessorCount);
        string folder = Directory.CreateDirectory(parsed.GetRequiredValue(_out)).FullName;
        string File(string name) => Path.Combine(parsed.GetRequiredValue(_out), name);
        string curves = File($"{experiment.Name}.curve.csv"), summary = File($"{experiment.Name}.summary.csv"), page = File($"{experiment.Name}.html"), manifest = File("manifest.json"), rows = File("certificates.csv");
        using var files = new OutputFiles();
        foreach (string path in (string[])[curves, summary, page, manifest, .. experiment.KeepsRows ? (string[])[rows] : []])
            files.Add(path);

        bool isQuiet = parsed.GetValue(_quiet);
        var data = new DataFolder(parsed.GetRequiredValue(_data));
        var stages = new StageStore(Path.Combine(folder, ".stages", experiment.Name));
        ReproductionResult result = ProgressDisplay.Run(_status, isQuiet ? ProgressDisplay.Detail.None : ProgressDisplay.Detail.Full, progress =>
            new ReproductionResult(experiment, options, experiment.Run(new ExperimentRun(data, options, stages, new StageProgress(progress), cancellation)), data.Used));
        files.Write(curves, writer => ReproductionCsv.WriteCurves(writer, result.Reproduction));
        files.Write(summary, writer => ReproductionCsv.WriteSummary(writer, result.Reproduction));
        if (result.Reproduction.Rows is { } certified)
            files.Write(rows, writer => CertificateCsv.Write(writer, CertifiedRows.Kinds, certified.Rows, row => certified.Classes[certified.Truth[row]], c => certified.Classes[c]));
        files.Write(page, writer => ReproductionPage.Write(writer, result));
        files.Write(manifest, writer => ReproductionManifest.Write(writer, result, started, watch.Elapsed));
        cancellation.ThrowIfCancellationRequested();
        files.Commit();
        if (!isQuiet)
            ReproductionTable.Write(_output, result, page, watch.Elapsed);
        else if (result.Reproduction.ConditionalOnLambda)
            _status.Profile.Out.Writer.WriteLine("certiflip: radii are conditional on λ, which --ridge paper computes from the labels.");
        return ExitCode.Done;
    }
}
