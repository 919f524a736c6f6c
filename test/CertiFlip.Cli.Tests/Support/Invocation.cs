using Spectre.Console.Testing;

namespace CertiFlip.Cli.Tests.Support;

/// <summary>
/// One run of the command inside the test process, on terminals of 80 columns; of another <see cref="CommandFile"/>, as
/// a process.
/// </summary>
internal sealed record Invocation(int ExitCode, string Output, string Error)
{
    public static async Task<Invocation> Of(params IEnumerable<string> arguments)
    {
        if (CommandFile.Other is not null)
        {
            using var process = CommandProcess.Start(new Dictionary<string, string>(), arguments);
            return await process.Finish();
        }

        using var output = new TestConsole();
        using var status = new TestConsole();
        int exitCode = await new CertiFlipCommand(output, status).RunAsync([.. arguments], TestContext.Current.CancellationToken);
        return Checked(new Invocation(exitCode, output.Output, status.Output), arguments);
    }

    /// <summary>Whatever is written as JSON is as the schema says that it names.</summary>
    public static Invocation Checked(Invocation run, IEnumerable<string> arguments)
    {
        if (arguments.Contains("--json") && run.Output.StartsWith('{'))
            Schemas.Validate(run.Output);
        return run;
    }

    /// <summary>The last line on standard error, which is where a failure is told.</summary>
    public string LastError => Error.TrimEnd('\n').Split('\n')[^1];
}
