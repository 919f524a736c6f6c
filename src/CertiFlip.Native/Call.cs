using System.Runtime.InteropServices;
using System.Text;

namespace CertiFlip.Native;

/// <summary>What a function returns; <c>certiflip.h</c> has the same numbers.</summary>
internal enum Status
{
    Ok,
    BadArgument,
    BadHandle,
    BadData,
    BadFile,
    Cancelled,
    OutOfMemory,
    Fault,
}

/// <summary>What is wrong with a call.</summary>
internal sealed class CallException(Status status, string message) : Exception(message)
{
    public Status Status => status;
}

/// <summary>Where the caller wants the text of an error: <c>certiflip_error</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ErrorText
{
    public const int Capacity = 1024;

    public nuint Size;
    public int Status;
    public int Reserved;
    public fixed byte Message[Capacity];
}

/// <summary>How a call is carried out: <c>certiflip_run</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct RunOptions
{
    public nuint Size;
    public AdversaryLimits* Adversary;
    public delegate* unmanaged<void*, double, int> Progress;
    public void* Context;
    public int Threads;
    public int Reserved;
}

/// <summary>
/// One call of a function: no exception leaves it, and where the caller wants progress, its own thread tells it while
/// others work.
/// </summary>
/// <param name="threads">How many threads may work.</param>
/// <param name="adversary">What may have been done to the labels.</param>
/// <param name="total">How much there is to do, in rows.</param>
/// <param name="stop">Is cancelled where the caller wants the work to stop.</param>
internal sealed unsafe class Call(int threads, LabelFlipAdversary adversary, long total, CancellationToken stop)
    : IProgress<int>, IProgress<double>
{
    // How often callers are told, and may stop the work.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private long _done;
    private double _part;

    public int Threads => threads;

    public LabelFlipAdversary Adversary => adversary;

    public CancellationToken Stop => stop;

    public ParallelOptions Parallel => new() { MaxDegreeOfParallelism = threads, CancellationToken = Stop };

    /// <inheritdoc/>
    public void Report(int value) => Interlocked.Add(ref _done, value);

    /// <inheritdoc/>
    public void Report(double value) => Volatile.Write(ref _part, value);

    private double Done => Math.Clamp(Math.Max(Volatile.Read(ref _part), Interlocked.Read(ref _done) / Math.Max(1.0, total)), 0, 1);

    /// <summary>Does something, and says as a status and a text what was wrong.</summary>
    /// <param name="error">Where to say it; may be null.</param>
    /// <param name="work">What to do.</param>
    public static int Guard(ErrorText* error, Action work)
    {
        if (error is not null && error->Size < (nuint)sizeof(ErrorText))
            return (int)Status.BadArgument;
        (Status status, string message) = (Status.Ok, "");
        try
        {
            work();
        }
        catch (Exception exception)
        {
            (status, message) = Explained(exception);
        }

        if (error is not null)
        {
            error->Status = (int)status;
            Write(message, error->Message, ErrorText.Capacity);
        }

        return (int)status;
    }

    /// <summary>Does work on some rows as the caller wants it done.</summary>
    /// <typeparam name="T">What comes of it.</typeparam>
    /// <param name="run">How it is to be done; may be null.</param>
    /// <param name="total">How much there is to do, in rows.</param>
    /// <param name="work">What to do.</param>
    public static T Run<T>(RunOptions* run, long total, Func<Call, T> work)
    {
        RunOptions options = Input.Read(run, "certiflip_run");
        if (options.Threads < 0)
            throw new CallException(Status.BadArgument, $"threads is {options.Threads}; expected 0 or more.");
        using var stop = new CancellationTokenSource();
        var call = new Call(
            options.Threads == 0 ? Environment.ProcessorCount : options.Threads, Input.AdversaryOf(options.Adversary), total, stop.Token);
        if (options.Progress is null)
            return work(call);

        // What callers lent is used until the work has ended, so that is waited for, whatever they say.
        Task<T> task = Task.Run(() => work(call), CancellationToken.None);
        while (!task.IsCompleted)
        {
            if (Task.WaitAny([task], Pause) < 0 && options.Progress(options.Context, call.Done) != 0)
                stop.Cancel();
        }

        T result = task.GetAwaiter().GetResult();
        return options.Progress(options.Context, 1) == 0 && !stop.IsCancellationRequested
            ? result
            : throw new OperationCanceledException();
    }

    /// <summary>Writes a text with a zero at its end; what does not fit is left out, whole letters at a time.</summary>
    /// <returns>How many bytes the whole text has.</returns>
    public static int Write(string text, byte* buffer, int capacity)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        Encoding.UTF8.GetEncoder().Convert(text, new Span<byte>(buffer, capacity - 1), flush: true, out _, out int written, out _);
        buffer[written] = 0;
        return length;
    }

    private static (Status Status, string Message) Explained(Exception exception) => exception switch
    {
        CallException call => (call.Status, call.Message),
        AggregateException { InnerException: { } inner } => Explained(inner),
        TypeInitializationException { InnerException: { } inner } => Explained(inner),
        PlatformNotSupportedException => (Status.BadArgument, exception.Message),
        OperationCanceledException => (Status.Cancelled, "The work was stopped."),
        OutOfMemoryException => (Status.OutOfMemory, "There is not enough memory."),
        HeadException => (Status.BadData, exception.Message),
        ArgumentException argument => (Status.BadData, Input.Sentence(argument)),
        OverflowException => (Status.BadArgument, "A size is too large."),
        _ => (Status.Fault, $"A fault of the library, which should be reported: {exception.GetType()}: {exception.Message}"),
    };
}
