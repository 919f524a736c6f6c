using System.Runtime.ExceptionServices;

namespace CertiFlip.Smoothing;

/// <summary>The exception of the smallest draw that failed: the one that a loop over the draws in their order would have thrown.</summary>
internal sealed class FirstFailure
{
    private readonly Lock _noting = new();
    private long _draw = long.MaxValue;
    private ExceptionDispatchInfo? _exception;

    /// <summary>Remembers the exception of a draw, unless a smaller draw has failed.</summary>
    public void Note(long draw, Exception exception)
    {
        lock (_noting)
        {
            if (draw < _draw)
                (_draw, _exception) = (draw, ExceptionDispatchInfo.Capture(exception));
        }
    }

    /// <summary>Throws what was remembered, with the stack that it had.</summary>
    public void ThrowIfAny() => _exception?.Throw();
}
