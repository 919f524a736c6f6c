using CertiFlip.Data.Formats;

namespace CertiFlip.Data;

/// <summary>What the readers of this library may do with a file: how large it may become, and when to stop.</summary>
/// <remarks>
/// They hold for everything that is read between <see cref="Use"/> and the end of what it returns, in the same call and
/// in the tasks and threads that it starts.
/// </remarks>
public sealed record ReaderOptions
{
    private static readonly AsyncLocal<ReaderOptions?> InUse = new();

    /// <summary>
    /// The most bytes that a compressed file may unpack to, and that the values of any file may take up in memory. The
    /// default value is null: half of the memory, and for a compressed file at most 100 times its size or 256 MiB,
    /// whichever is larger.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public long? MaxUnpacked
    {
        get;
        init => field = value is null or > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A file must be allowed at least one byte.");
    }

    /// <summary>
    /// Ends reading with an <see cref="OperationCanceledException"/>, also while it waits for a pipe.
    /// </summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The options in use here; the default values where none are.</summary>
    public static ReaderOptions Current => InUse.Value ?? new ReaderOptions();

    /// <summary>Uses these options until what is returned is disposed.</summary>
    public IDisposable Use()
    {
        var before = new Restore(InUse.Value);
        InUse.Value = this;
        return before;
    }

    /// <summary>Refuses what would unpack to too much, before it is unpacked.</summary>
    /// <param name="path">The file, as messages name it.</param>
    /// <param name="size">Its size in bytes.</param>
    /// <param name="unpacked">The bytes that it would unpack to.</param>
    /// <exception cref="DataException">They are more than is allowed.</exception>
    /// <exception cref="OperationCanceledException">Reading is to end.</exception>
    public void ThrowIfTooLarge(string path, long size, long unpacked) => BudgetFor(path, size, isPacked: true).Take(unpacked);

    /// <summary>The limits for one file.</summary>
    /// <param name="path">The file, as messages name it.</param>
    /// <param name="size">Its size in bytes, or null where that is not known, as of a pipe.</param>
    /// <param name="isPacked">Whether it is compressed.</param>
    internal ReadBudget BudgetFor(string path, long? size, bool isPacked) => new(path, size, isPacked, this);

    private sealed class Restore(ReaderOptions? before) : IDisposable
    {
        public void Dispose() => InUse.Value = before;
    }
}
