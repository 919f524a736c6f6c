using System.Diagnostics;
using CertiFlip.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace CertiFlip.Service;

/// <summary>Predictions with certificates over HTTP, from a trained model. docs/service.md describes it.</summary>
public static class CertificationService
{
    private const string Document = "/openapi.json";

    // Kestrel refuses whoever comes last; below its limit, OpenConnections chooses better. Connections that it has
    // closed count until they are gone.
    private const int WithThoseThatClose = 2;

    /// <summary>Serves until the process is told to stop; requests that run then are finished.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Where it listens, whom it answers, and its limits.</param>
    /// <param name="cancellationToken">Stops the service, as SIGTERM and Ctrl-C do.</param>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public static async Task RunAsync(TrainedModel model, ServiceOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        using var predictor = new Predictor(model, options);
        using var memory = new BodyMemory(options.MaxHeldBytes);
        WebApplication app = Build(predictor, memory, options);
        await using (app.ConfigureAwait(false))
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
            RequestLog.Listening(app.Logger, app.Urls.First());
            await app.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static WebApplication Build(Predictor predictor, BodyMemory memory, ServiceOptions options)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });

        // The options alone say where to listen: no settings file, and no environment, which has been read by now.
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection();
        builder.WebHost.PreferHostingUrls(false);
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning)
            .AddJsonConsole(console => (console.UseUtcTimestamp, console.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ"));
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.StopTimeout);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = WithThoseThatClose * options.MaxConnections;
            kestrel.Limits.MaxRequestBufferSize = BodyMemory.Piece;
            kestrel.Limits.RequestHeadersTimeout = options.HeadersTimeout;
            kestrel.Limits.KeepAliveTimeout = options.HeadersTimeout;
            var connections = new OpenConnections(options.MaxConnections);
            kestrel.Listen(options.Host, options.Port, listen => listen.Use(next => context => connections.Serve(context, next)));
        });
        WebApplication app = builder.Build();
        var callers = new Callers(options);
        app.Use((context, next) => Answer(app, context, next, callers));
        app.UseRouting();
        app.MapGet("/health/live", () => TypedResults.Json(new Health("live"), MessageContext.Default.Health));
        app.MapGet("/health/ready", () => app.Lifetime.ApplicationStopping.IsCancellationRequested
            ? TypedResults.Json(
                new Health("stopping"), MessageContext.Default.Health, statusCode: StatusCodes.Status503ServiceUnavailable)
            : TypedResults.Json(new Health("ready"), MessageContext.Default.Health));
        app.MapGet("/v1/model", () => TypedResults.Json(predictor.Description, MessageContext.Default.ModelDescription));
        app.MapGet(Document, () => TypedResults.Stream(
            typeof(CertificationService).Assembly.GetManifestResourceStream("openapi.json")!, "application/json"));
        app.MapPost("/v1/certify", new RequestDelegate(new CertifyEndpoint(predictor, memory, options).Handle));
        return app;
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

/// <summary><c>POST /v1/certify</c>. A bad request fails alone.</summary>
internal sealed class CertifyEndpoint(Predictor predictor, BodyMemory memory, ServiceOptions options)
{
    public async Task Handle(HttpContext context)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        timeout.CancelAfter(options.RequestTimeout);
        using var body = new HeldBody(memory);
        try
        {
            if (!context.Request.HasJsonContentType())
            {
                throw new BadRequestException(
                    "The body must be JSON: send Content-Type: application/json.", StatusCodes.Status415UnsupportedMediaType);
            }
            bool isHeld;
            using (OpenConnections.Receiving(context))
                isHeld = await body.TryRead(context.Request.Body, timeout.Token);
            if (isHeld && await predictor.TryCertify(body.Content, timeout.Token) is { } response)
            {
                await context.Response.WriteAsJsonAsync(
                    response, MessageContext.Default.CertifyResponse, cancellationToken: timeout.Token);
            }
            else
            {
                await Problems.WriteBusy(
                    context,
                    $"The service is busy: it runs at most {options.MaxConcurrent} at a time, and {options.MaxQueued} more wait; "
                    + "send this request again later.");
            }
        }
        catch (BadRequestException exception)
        {
            await Problems.Write(context, exception.Status, exception.Message);
        }
        catch (HeadException exception)
        {
            await Problems.Write(context, StatusCodes.Status400BadRequest, exception.Message);
        }
        catch (BadHttpRequestException exception)
        {
            await Problems.Write(context, exception.StatusCode, exception.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? $"The body is longer than {options.MaxBodyBytes} bytes; send fewer rows in one request."
                : exception.Message);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested && !body.IsWhole)
        {
            await Problems.Write(
                context,
                StatusCodes.Status408RequestTimeout,
                $"The body did not arrive within {options.RequestTimeout.TotalSeconds} s; send fewer rows in one request.");
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            string limit = $"{options.RequestTimeout.TotalSeconds} s";
            await Problems.WriteBusy(
                context, $"The answer took longer than {limit}; send fewer rows in one request, or send it again later.");
        }
        catch (OperationCanceledException)
        {
            // The client went away: its work has stopped, and nobody waits for the answer.
        }
    }
}

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

    /// <summary>Marks a connection while its request is answered.</summary>
    public static IDisposable Answering(HttpContext context) => new Marked(Of(context), isWaiting: false);

    /// <summary>Marks it while the body of its request is awaited.</summary>
    public static IDisposable Receiving(HttpContext context) => new Marked(Of(context), isWaiting: true);

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
        private readonly bool _before;

        public Marked(OpenConnection connection, bool isWaiting)
        {
            (_connection, _before) = (connection, connection.IsWaiting);
            connection.Mark(isWaiting);
        }

        public void Dispose() => _connection.Mark(_before);
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
