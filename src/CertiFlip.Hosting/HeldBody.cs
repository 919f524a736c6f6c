using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace CertiFlip.Hosting;

/// <summary>The body of a request in memory, as much of it as has arrived.</summary>
/// <remarks>A client that announces much and sends little takes little.</remarks>
internal sealed class HeldBody(BodyMemory memory) : IDisposable
{
    private readonly List<byte[]> _pieces = [];
    private long _length;

    /// <summary>Whether all of it has arrived.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>What has arrived.</summary>
    public ReadOnlySequence<byte> Content
    {
        get
        {
            if (_pieces.Count == 0)
                return default;
            var first = new Piece(_pieces[0], before: null);
            Piece last = _pieces.Skip(1).Aggregate(first, (before, bytes) => new Piece(bytes, before));
            return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length).Slice(0, _length);
        }
    }

    /// <summary>Waits for a body.</summary>
    /// <returns>Whether there was room for it.</returns>
    /// <exception cref="BadRequestException">It is broken off, or its pieces are not HTTP.</exception>
    /// <exception cref="BadHttpRequestException">It is too long or too slow.</exception>
    public async Task<bool> TryRead(Stream body, long mostBytes, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                int used = (int)(_length % BodyMemory.Piece);
                if (used == 0)
                {
                    // Nothing is held for a body before some of it is there.
                    _ = await body.ReadAsync(Memory<byte>.Empty, cancellationToken);
                    if (!memory.TryTake(_pieces))
                        return false;
                }

                int read = await body.ReadAsync(_pieces[^1].AsMemory(used, BodyMemory.Piece - used), cancellationToken);
                _length += read;
                if (_length > mostBytes)
                    throw new BadHttpRequestException("The body is too long.", StatusCodes.Status413PayloadTooLarge);
                if (read == 0)
                    return IsWhole = true;
            }
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or BadHttpRequestException))
        {
            throw new BadRequestException($"The body cannot be read: {exception.Message}");
        }
    }

    public void Dispose() => memory.GiveBack(_pieces);

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(byte[] bytes, Piece? before)
        {
            Memory = bytes.AsMemory(0, BodyMemory.Piece);
            if (before is not null)
                (before.Next, RunningIndex) = (this, before.RunningIndex + before.Memory.Length);
        }
    }
}

/// <summary>The memory for bodies: no more than may be worked on, and given back once nobody needs it.</summary>
internal sealed class BodyMemory : IDisposable
{
    /// <summary>How many bytes are taken at a time.</summary>
    public const int Piece = 1 << 16;

    // After so much it is worth a tenth of a second to give it back to the system.
    private const long Much = 64 << 20;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Stack<byte[]> _free = [];
    private readonly Timer _tidying;
    private readonly long _most;
    private long _held;
    private long _taken;

    /// <param name="most">The most bytes that are held at a time.</param>
    public BodyMemory(long most)
    {
        _most = Math.Max(most, Piece);
        _tidying = new Timer(_ => Tidy());
    }

    /// <summary>
    /// Takes a piece for a body. Where too much is held, the body gives back what it has at once, so that the others
    /// that arrive go on.
    /// </summary>
    public bool TryTake(ICollection<byte[]> pieces)
    {
        lock (_lock)
        {
            if (_held + Piece > _most)
            {
                GiveBack(pieces);
                return false;
            }

            (_held, _taken) = (_held + Piece, _taken + Piece);
            pieces.Add(_free.TryPop(out byte[]? piece) ? piece : GC.AllocateUninitializedArray<byte>(Piece));
            return true;
        }
    }

    /// <summary>Gives back all pieces of a body.</summary>
    public void GiveBack(ICollection<byte[]> pieces)
    {
        lock (_lock)
        {
            foreach (byte[] piece in pieces)
                _free.Push(piece);
            _held -= (long)Piece * pieces.Count;
            pieces.Clear();
            if (_held == 0 && _taken > Much)
                _tidying.Change(Quiet, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _tidying.Dispose();

    /// <summary>What a flood has taken is garbage once it is over, but without work nothing would collect it.</summary>
    private void Tidy()
    {
        lock (_lock)
        {
            if (_held > 0)
                return;
            _taken = 0;
            _free.Clear();
        }

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
