using System.Runtime.InteropServices;
using CertiFlip.Data;

namespace CertiFlip.Cli.Output;

/// <summary>
/// Ctrl-C, SIGTERM and SIGHUP: work is asked to stop, and after a short grace the process ends, whatever it waits for.
/// </summary>
/// <remarks>A signal that the caller ignores, as <c>nohup</c> does, stays ignored.</remarks>
internal sealed class Interruption : IDisposable
{
    // Enough for a message; who interrupts a command waits for no more.
    private static readonly TimeSpan Farewell = TimeSpan.FromMilliseconds(500);

    private readonly Action<string> _farewell;
    private readonly PosixSignalRegistration[] _registrations;
    private readonly CancellationTokenSource _source;
    private readonly ManualResetEventSlim _ended = new();
    private int _exitCode;

    /// <param name="farewell">Says a last sentence, and leaves the terminal as it was.</param>
    /// <param name="cancellation">Asks work to stop, too.</param>
    public Interruption(Action<string> farewell, CancellationToken cancellation)
    {
        _farewell = farewell;
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _registrations =
        [
            On(PosixSignal.SIGHUP, 1), On(PosixSignal.SIGINT, 2), On(PosixSignal.SIGTERM, 15),
        ];
    }

    /// <summary>How long work may take to stop.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Asks work to stop.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>128 and the number of the signal, as shells have it; null where there was none.</summary>
    public int? ExitCode => Volatile.Read(ref _exitCode) is var code and not 0 ? code : null;

    public void Dispose()
    {
        _ended.Set();
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
    }

    private PosixSignalRegistration On(PosixSignal signal, int number) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        int code = 128 + number;
        if (Interlocked.Exchange(ref _exitCode, code) != 0)
            Environment.Exit(code);
        bool isNothingWritten = OutputFiles.Abandon();

        // What stops may wait for something else; a read from a pipe hears nothing of it.
        new Thread(_source.Cancel) { IsBackground = true }.Start();
        if (_ended.Wait(Grace))
            return;
        var words = new Thread(() => _farewell(isNothingWritten ? "Interrupted. No file was written." : "Interrupted."))
        {
            IsBackground = true,
        };
        words.Start();
        words.Join(Farewell);
        Environment.Exit(code);
    });
}
