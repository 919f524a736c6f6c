using System.Diagnostics;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CertiFlip.Cli.Commands.Models;

/// <summary>
/// The open connections. When there is one too many, the one goes that has kept the service waiting for longest, for a
/// request or for the rest of one. A connection whose request is worked on stays.
/// </summary>
internal sealed class OpenConnections(int most)
{
    private readonly HashSet<OpenConnection> _open = [];
    private readonly Lock _lock = new();

    /// <summary>Serves a connection until it is closed.</summary>
    public async Task Serve(ConnectionContext context, ConnectionDelegate next)
    {
        var connection = new OpenConnection(context);
        if (!TryAdd(connection))
        {
            context.Abort();
            return;
        }

        context.Items[typeof(OpenConnection)] = connection;
        try
        {
            await next(context);
        }
        finally
        {
            lock (_lock)
                _open.Remove(connection);
        }
    }

    /// <summary>
    /// Marks a connection while its request is answered, but for the time in which its body is awaited.
    /// </summary>
    public static IDisposable Answering(HttpContext context)
    {
        OpenConnection connection = Of(context);
        context.Request.Body = new AwaitedBody(context.Request.Body, connection);
        return new Marked(connection);
    }

    private static OpenConnection Of(HttpContext context) =>
        (OpenConnection)context.Features.GetRequiredFeature<IConnectionItemsFeature>().Items[typeof(OpenConnection)]!;

    private bool TryAdd(OpenConnection connection)
    {
        lock (_lock)
        {
            if (_open.Count >= most)
            {
                OpenConnection? idle = _open.Where(open => open.IsWaiting).MinBy(open => open.Since);
                if (idle is null)
                    return false;
                _open.Remove(idle);
                idle.Context.Abort();
            }

            return _open.Add(connection);
        }
    }

    private sealed class OpenConnection(ConnectionContext context)
    {
        public ConnectionContext Context { get; } = context;

        public bool IsWaiting { get; private set; } = true;

        public long Since { get; private set; } = Stopwatch.GetTimestamp();

        public void Mark(bool isWaiting) => (IsWaiting, Since) = (isWaiting, Stopwatch.GetTimestamp());
    }

    private sealed class Marked : IDisposable
    {
        private readonly OpenConnection _connection;

        public Marked(OpenConnection connection)
        {
            _connection = connection;
            connection.Mark(isWaiting: false);
        }

        public void Dispose() => _connection.Mark(isWaiting: true);
    }

    /// <summary>The body of a request. From its first read to its end the client keeps the service waiting.</summary>
    private sealed class AwaitedBody(Stream body, OpenConnection connection) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!connection.IsWaiting)
                connection.Mark(isWaiting: true);
            bool hasMore = false;
            try
            {
                int read = await body.ReadAsync(buffer, cancellationToken);
                hasMore = read > 0 || buffer.IsEmpty;
                return read;
            }
            finally
            {
                if (!hasMore)
                    connection.Mark(isWaiting: false);
            }
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
