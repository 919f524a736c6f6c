using System.Net;

namespace CertiFlip.Service;

/// <summary>Where the service listens, whom it answers, and its limits.</summary>
/// <remarks>The defaults suit one machine that serves callers who are not trusted.</remarks>
public sealed record ServiceOptions
{
    /// <summary>q, the smoothing noise.</summary>
    public double Noise { get; init; } = 0.1;

    /// <summary>The address to listen on.</summary>
    public IPAddress Host { get; init; } = IPAddress.Loopback;

    /// <summary>The port; 0 lets the system choose one.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>The bearer token that a client must send; null where everybody who can connect may ask.</summary>
    public string? Token { get; init; }

    /// <summary>The most bytes of a request's body.</summary>
    public long MaxBodyBytes { get; init; } = 4 << 20;

    /// <summary>The most rows of a request.</summary>
    public int MaxRows { get; init; } = 1000;

    /// <summary>
    /// The most bytes of bodies that are held at a time: as much as may be certified or wait for that.
    /// </summary>
    public long MaxHeldBytes => (MaxConcurrent + (long)MaxQueued) * MaxBodyBytes;

    /// <summary>The most flips in one answer, those of all its witnesses together.</summary>
    public int MaxFlips { get; init; } = 1_000_000;

    /// <summary>How many requests are certified at a time.</summary>
    public int MaxConcurrent { get; init; } = Environment.ProcessorCount;

    /// <summary>How many more may wait for that; any further request is refused with status 503.</summary>
    public int MaxQueued { get; init; } = 32;

    /// <summary>
    /// How many connections may be open. When one more comes, the one that has kept the service waiting for longest is
    /// closed.
    /// </summary>
    public int MaxConnections { get; init; } = 256;

    /// <summary>How long a request may take, from its headers to its answer.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a client may take over its headers, and a connection may wait for a request.</summary>
    public TimeSpan HeadersTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long requests that run may go on once the service is told to stop.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
