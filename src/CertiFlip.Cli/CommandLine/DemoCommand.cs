using System.CommandLine;
using System.Diagnostics;
using CertiFlip.Cli.Demo;
using CertiFlip.Cli.Methods;
using CertiFlip.Cli.Output;
using CertiFlip.Cli.Progress;
using CertiFlip.Cli.Report.Inputs;
using CertiFlip.Cli.Report.Pages;
using CertiFlip.Data;
using Spectre.Console;

namespace CertiFlip.Cli.CommandLine;

/// <summary><c>certiflip demo</c>: certifies a classifier on the data set that ships with the command.</summary>
internal sealed class DemoCommand : Command
{
    private readonly Option<string> _report = new("--report") { Description = "Where to write the HTML report.", HelpName = "F", DefaultValueFactory = _ => "certiflip-demo.html" };
    private readonly Option<string> _save = new("--save") { Description = "Keep the demo's train.csv and test.csv in this directory, to try certify on.", HelpName = "DIR" };
    private readonly IAnsiConsole _output;
    private readonly IAnsiConsole _status;

    public DemoCommand(IAnsiConsole output, IAnsiConsole status)
        : base("demo", "Certify a classifier of handwritten digits that ships with the command.")
    {
        (_output, _status) = (output, status);
        Options.Add(_report);
        Options.Add(_save);
        SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        string reportPath = parsed.GetRequiredValue(_report);
        using var report = new OutputFiles();
        report.Add(reportPath);

        CertifyResult result = parsed.GetValue(_save) is { } directory
            ? Certify(Directory.CreateDirectory(directory), cancellation)
            : CertifyInTemporaryDirectory(cancellation);
        report.Write(reportPath, writer => CertifyReport.Write(writer, result, RowViews.Of(result.Problem)));
        report.Commit();

        _output.WriteLine($"Which digit is it? Handwritten digits (UCI, CC BY 4.0), 8×8 pixels.");
        SummaryTable.Write(_output, result, Environment.ProcessorCount, watch.Elapsed);
        _output.WriteLine();
        foreach (string sentence in DemoStory.Tell(result))
        {
            _output.WriteLine(sentence);
            _output.WriteLine();
        }

        _output.WriteLine(ClusterStory.Tell(result.Problem, cancellation));
        _output.WriteLine();
        _output.WriteLine($"Report with the chart: {reportPath}");
        return ExitCode.Done;
    }

    private CertifyResult CertifyInTemporaryDirectory(CancellationToken cancellation)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("certiflip-demo-");
        try
        {
            return Certify(directory, cancellation);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>Goes through files, as a user's data would.</summary>
    private CertifyResult Certify(DirectoryInfo directory, CancellationToken cancellation)
    {
        string training = Path.Combine(directory.FullName, "train.csv"), test = Path.Combine(directory.FullName, "test.csv");
        using (var files = new OutputFiles())
        {
            files.Add(training);
            files.Add(test);
            files.Write(training, trainingWriter => files.Write(test, testWriter => DigitsDemo.Write(trainingWriter, testWriter)));
            files.Commit();
        }

        return ProgressDisplay.Run(_status, ProgressDisplay.Detail.Full, progress =>
        {
            var problem = Problem.From(DatasetReader.Read(training), DatasetReader.Read(test));
            var method = new SmoothingMethod();
            return new CertifyResult(problem, method, method.Run(problem, Environment.ProcessorCount, progress, cancellation));
        });
    }
}
