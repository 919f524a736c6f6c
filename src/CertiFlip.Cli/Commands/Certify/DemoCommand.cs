using System.CommandLine;
using System.Diagnostics;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Cli.Report;
using CertiFlip.Data;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Certify;

/// <summary><c>certiflip demo</c>: certifies a classifier on the data set that ships with the command.</summary>
internal sealed class DemoCommand : Command
{
    private readonly Option<string> _report = CommandOptions.ReportFile("--report", "Where to write the HTML report.");

    private readonly Option<string> _save =
        CommandOptions.Folder("--save", "Save the demo's train.csv and test.csv in this directory, to try certify on.");

    private readonly IAnsiConsole _output;
    private readonly IAnsiConsole _status;

    public DemoCommand(IAnsiConsole output, IAnsiConsole status)
        : base("demo", "Certify a classifier of handwritten digits; the data ship with the command.")
    {
        (_output, _status) = (output, status);
        _report.DefaultValueFactory = _ => "certiflip-demo.html";
        Options.Add(_report);
        Options.Add(_save);
        SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        string reportPath = parsed.GetRequiredValue(_report);
        using OutputFiles files = CommandOptions.Files();
        files.Add(reportPath);
        if (parsed.GetValue(_save) is { } directory)
            WriteDigits(files, Directory.CreateDirectory(directory));

        CertifyResult result = CertifyInTemporaryDirectory(cancellation);
        string clusters = ClusterStory.Tell(result.Data, cancellation);
        files.Write(reportPath, writer => CertifyReport.Write(writer, result, RowViews.Of(result.Data)));
        cancellation.ThrowIfCancellationRequested();
        files.Commit();

        IAnsiConsole results = CommandOptions.Beside(reportPath, _output, _status);
        results.WriteSentence("Which digit is it? Handwritten digits (UCI, CC BY 4.0), 8×8 pixels.");
        SummaryTable.WriteWithoutClasses(results, result);
        results.WriteSentence(Heading.Time(watch.Elapsed, Environment.ProcessorCount));
        results.WriteLine();
        foreach (string sentence in DemoStory.Tell(result))
        {
            results.WriteSentence(sentence);
            results.WriteLine();
        }

        results.WriteSentence(clusters);
        results.WriteLine();
        if (results == _output)
            results.WriteSentence($"Report with the chart: {reportPath}");
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
        using var files = new OutputFiles();
        (string training, string test) = WriteDigits(files, directory);
        files.Commit();
        return ProgressDisplay.Run(_status, ProgressDisplay.Detail.Full, progress =>
        {
            RunData data = RunData.From(DatasetReader.Read(training), DatasetReader.Read(test)) with { Name = "Handwritten digits (UCI)" };
            var method = new SmoothingMethod();
            return new CertifyResult(data, method, method.Run(data, Environment.ProcessorCount, progress, cancellation));
        });
    }

    private static (string Training, string Test) WriteDigits(OutputFiles files, DirectoryInfo directory)
    {
        string training = Path.Combine(directory.FullName, "train.csv"), test = Path.Combine(directory.FullName, "test.csv");
        files.Add(training);
        files.Add(test);
        files.Write(training, trainingWriter => files.Write(test, testWriter => DigitsDemo.Write(trainingWriter, testWriter)));
        return (training, test);
    }
}

/// <summary>The data set that ships with the command: UCI handwritten digits.</summary>
internal static class DigitsDemo
{
    private const string FileName = "digits.csv";

    /// <summary>Every third row is a test row.</summary>
    private const int TestEvery = 3;

    /// <summary>
    /// Writes the training and the test rows, with the header, in the form that <c>certify</c> reads.
    /// </summary>
    public static void Write(TextWriter training, TextWriter test)
    {
        using Stream stream = typeof(DigitsDemo).Assembly.GetManifestResourceStream(FileName)!;
        using var reader = new StreamReader(stream);
        string header = reader.ReadLine()!;
        training.WriteLine(header);
        test.WriteLine(header);
        for (int row = 1; reader.ReadLine() is { } line; row++)
            (row % TestEvery == 0 ? test : training).WriteLine(line);
    }
}
