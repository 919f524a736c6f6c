using System.Diagnostics;

namespace CertiFlip.Cli.Tests.Support;

/// <summary>
/// One run of the command as a process of its own, for what only a process has: signals, environment, redirection.
/// </summary>
internal sealed class CommandProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private CommandProcess(Process process)
    {
        _process = process;
        (_output, _error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public static CommandProcess Start(IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = CommandFile.Start(arguments);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        return new CommandProcess(Process.Start(start)!);
    }

    public async Task<Invocation> Finish()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return Invocation.Checked(new Invocation(_process.ExitCode, await _output, await _error), _process.StartInfo.ArgumentList);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
