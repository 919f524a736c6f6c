using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using CertiFlip.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Primitives;

namespace CertiFlip.Cli.Commands.Models;

/// <summary>Where <c>certiflip serve</c> listens, and whom it answers.</summary>
internal sealed record ServeOptions
{
    /// <summary>The address to listen on.</summary>
    public IPAddress Host { get; init; } = IPAddress.Loopback;

    /// <summary>The port; 0 lets the system choose one.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>The bearer token that a client must send; null where everybody who can connect may ask.</summary>
    public string? Token { get; init; }

    /// <summary>
    /// How many connections may be open. When one more comes, the one that has kept the service waiting for longest is
    /// closed.
    /// </summary>
    public int MaxConnections { get; init; } = 256;

    /// <summary>How long a client may take over its headers, and a connection may wait for a request.</summary>
    public TimeSpan HeadersTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long requests that run may go on once the service is told to stop.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>
/// The host of <c>certiflip serve</c>: CertiFlip.Hosting with a token of its own, and connections that are watched.
/// docs/service.md describes it.
/// </summary>
internal static class ServeHost
{
    private const string Document = "/openapi.json";

    // Kestrel refuses whoever comes last; below its limit, OpenConnections chooses better. Connections that it has
    // closed count until they are gone.
    private const int WithThoseThatClose = 2;

    // How much of a body Kestrel reads ahead.
    private const int ReadAhead = 1 << 16;

    /// <summary>Serves until the process is told to stop; requests that run then are finished.</summary>
    /// <param name="options">Where it listens, and whom it answers.</param>
    /// <param name="configure">Says which model is served, and the limits.</param>
    /// <param name="cancellationToken">Stops the service, as SIGTERM and Ctrl-C do.</param>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    /// <exception cref="Data.DataException">The model cannot be served.</exception>
    public static async Task RunAsync(ServeOptions options, Action<CertiFlipOptions> configure, CancellationToken cancellationToken)
    {
        WebApplication app = Build(options, configure);
        await using (app.ConfigureAwait(false))
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
            RequestLog.Listening(app.Logger, app.Urls.First());
            await app.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static WebApplication Build(ServeOptions options, Action<CertiFlipOptions> configure)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });

        // The options alone say where to listen: no settings file, and no environment, which has been read by now.
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection();
        builder.WebHost.PreferHostingUrls(false);

        // What the host and health checks say, the command and its own log say.
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None).AddFilter("Microsoft.Extensions.Diagnostics", LogLevel.None)
            .AddJsonConsole(console => (console.UseUtcTimestamp, console.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ"));
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.StopTimeout);
        builder.Services.AddCertiFlip(configure);
        OtlpExport.AddTo(builder);
        builder.Services.AddHealthChecks().AddCertiFlip();
        var limits = new CertiFlipOptions();
        configure(limits);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = limits.MaxBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = WithThoseThatClose * options.MaxConnections;
            kestrel.Limits.MaxRequestBufferSize = ReadAhead;
            kestrel.Limits.RequestHeadersTimeout = options.HeadersTimeout;
            kestrel.Limits.KeepAliveTimeout = options.HeadersTimeout;
            var connections = new OpenConnections(options.MaxConnections);
            kestrel.Listen(options.Host, options.Port, listen => listen.Use(next => context => connections.Serve(context, next)));
        });
        WebApplication app = builder.Build();
        var callers = new Callers(options);
        app.Use((context, next) => Answer(app, context, next, callers));
        app.UseRouting();
        app.MapHealthChecks("/health/live", new HealthCheckOptions
        {
            Predicate = _ => false, // That it answers is enough.
            ResponseWriter = (context, _) => Write(context, "live"),
        });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions
        {
            ResponseWriter = (context, report) => WriteReady(app, context, report),
        });
        app.MapCertiFlip("/v1");
        app.MapGet(Document, (RequestDelegate)WriteDocument);
        return app;
    }

    private static Task WriteReady(WebApplication app, HttpContext context, HealthReport report)
    {
        bool isStopping = app.Lifetime.ApplicationStopping.IsCancellationRequested;
        if (isStopping)
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Write(context, isStopping ? "stopping" : report.Status == HealthStatus.Healthy ? "ready" : "degraded");
    }

    private static Task Write(HttpContext context, string status) =>
        context.Response.WriteAsJsonAsync(new Health(status), HealthContext.Default.Health);

    private static async Task WriteDocument(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        await using Stream document = CertifyEndpoint.OpenDocument();
        await document.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    /// <summary>Around every request: who may ask, an answer whatever happens, and a line in the log.</summary>
    private static async Task Answer(WebApplication app, HttpContext context, RequestDelegate next, Callers callers)
    {
        long start = Stopwatch.GetTimestamp();
        using IDisposable answering = OpenConnections.Answering(context);
        try
        {
            if (await callers.Refuse(context))
                return;
            await next(context);
            if (context.Response is
                { HasStarted: false, StatusCode: StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed } response)
            {
                await Problems.Write(context, response.StatusCode, $"See {Document} for what there is.");
            }
        }
        catch (BadHttpRequestException exception)
        {
            await Problems.Write(context, exception.StatusCode, exception.Message);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            RequestLog.Fault(app.Logger, exception);
            await Problems.Write(context, StatusCodes.Status500InternalServerError, "This is a fault in CertiFlip.");
        }
        finally
        {
            if (context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            double milliseconds = Math.Round(Stopwatch.GetElapsedTime(start).TotalMilliseconds, 1);
            RequestLog.Answered(app.Logger, context.Request.Method, context.Request.Path, context.Response.StatusCode, milliseconds);
        }
    }
}

/// <summary>The state of the service.</summary>
internal sealed record Health(string Status);

/// <summary>Writes it as JSON without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Health))]
internal sealed partial class HealthContext : JsonSerializerContext;

/// <summary>Who may ask: whoever has the token; without a token, whoever calls this machine by its own names.</summary>
/// <remarks>
/// A page of another site can have its own name resolve to a loopback address. To a browser on this machine it is then
/// a page of the service. It cannot avoid naming its site in the Host header.
/// </remarks>
internal sealed class Callers(ServeOptions options)
{
    private readonly BearerToken? _token = options.Token is { } token ? new BearerToken(token) : null;

    private readonly StringSegment[] _names =
    [
        "localhost", "127.0.0.1", "[::1]",
        options.Host.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{options.Host}]" : $"{options.Host}",
    ];

    /// <summary>Answers a caller who may not ask.</summary>
    /// <returns>Whether the caller was refused.</returns>
    public async Task<bool> Refuse(HttpContext context)
    {
        if (_token is null && context.Request.Host is { HasValue: true } host && !HostString.MatchesAny(host.Value, _names))
        {
            await Problems.Write(
                context,
                StatusCodes.Status421MisdirectedRequest,
                "The Host header names another host; without a token this service answers to localhost and to its address.");
            return true;
        }

        if (_token is null || context.Request.Path.StartsWithSegments("/health") || _token.IsIn(context.Request.Headers.Authorization))
            return false;
        context.Response.Headers.WWWAuthenticate = "Bearer";
        await Problems.Write(
            context, StatusCodes.Status401Unauthorized, "Send the token of this service as Authorization: Bearer TOKEN.");
        return true;
    }

    /// <summary>
    /// The token that clients must know. Comparing takes as long for a wrong token as for the right one.
    /// </summary>
    private sealed class BearerToken(string token)
    {
        private const string Scheme = "Bearer ";

        private readonly byte[] _hash = Hash(token);

        /// <summary>Whether an Authorization header carries the token.</summary>
        public bool IsIn(string? header) =>
            header is not null && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Hash(header[Scheme.Length..].Trim()), _hash);

        private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
    }
}

/// <summary>What is logged: no bodies, no headers, no tokens.</summary>
internal static partial class RequestLog
{
    [LoggerMessage(1, LogLevel.Information, "Listening on {Address}")]
    public static partial void Listening(ILogger logger, string address);

    [LoggerMessage(2, LogLevel.Information, "{Method} {Path} {Status} in {Milliseconds} ms")]
    public static partial void Answered(ILogger logger, string method, string path, int status, double milliseconds);

    [LoggerMessage(3, LogLevel.Error, "A request failed by a fault of the service")]
    public static partial void Fault(ILogger logger, Exception exception);
}
