using System.Diagnostics;
using CertiFlip.Data.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CertiFlip.Service;

/// <summary>Predictions with certificates over HTTP, from a trained model. docs/service.md describes it.</summary>
public static class CertificationService
{
    private const string Document = "/openapi.json";

    /// <summary>Serves until the process is told to stop; requests that run then are finished.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Where, whom and how much.</param>
    /// <param name="cancellation">Stops the service, as SIGTERM and Ctrl-C do.</param>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public static async Task RunAsync(TrainedModel model, ServiceOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        using var predictor = new Predictor(model, options);
        WebApplication app = Build(predictor, options);
        await using (app.ConfigureAwait(false))
        {
            await app.StartAsync(cancellation).ConfigureAwait(false);
            RequestLog.Listening(app.Logger, app.Urls.First());
            await app.WaitForShutdownAsync(cancellation).ConfigureAwait(false);
        }
    }

    private static WebApplication Build(Predictor predictor, ServiceOptions options)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });

        // Nothing but the options says where to listen: no environment, which has been read by now, no settings file.
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection();
        builder.WebHost.PreferHostingUrls(false);
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning)
            .AddJsonConsole(console => (console.UseUtcTimestamp, console.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ"));
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.StopTimeout);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
            kestrel.Limits.RequestHeadersTimeout = options.HeadersTimeout;
            kestrel.Listen(options.Host, options.Port);
        });
        WebApplication app = builder.Build();
        var callers = new Callers(options);
        app.Use((context, next) => Answer(app, context, next, callers));
        app.UseRouting();
        app.MapGet("/health/live", () => TypedResults.Json(new Health("live"), MessageContext.Default.Health));
        app.MapGet("/health/ready", () => app.Lifetime.ApplicationStopping.IsCancellationRequested
            ? TypedResults.Json(new Health("stopping"), MessageContext.Default.Health, statusCode: StatusCodes.Status503ServiceUnavailable)
            : TypedResults.Json(new Health("ready"), MessageContext.Default.Health));
        app.MapGet("/v1/model", () => TypedResults.Json(predictor.Description, MessageContext.Default.ModelDescription));
        app.MapGet(Document, () => TypedResults.Stream(typeof(CertificationService).Assembly.GetManifestResourceStream("openapi.json")!, "application/json"));
        app.MapPost("/v1/certify", new RequestDelegate(new CertifyEndpoint(predictor, options).Handle));
        return app;
    }

    /// <summary>Around every request: who may ask, an answer whatever happens, and a line in the log.</summary>
    private static async Task Answer(WebApplication app, HttpContext context, RequestDelegate next, Callers callers)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            if (await callers.Refuse(context))
                return;
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed } response)
                await Problems.Write(context, response.StatusCode, $"See {Document} for what there is.");
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            RequestLog.Fault(app.Logger, exception);
            await Problems.Write(context, StatusCodes.Status500InternalServerError, "This is a fault in CertiFlip.");
        }
        finally
        {
            RequestLog.Answered(app.Logger, context.Request.Method, context.Request.Path, context.Response.StatusCode, Math.Round(Stopwatch.GetElapsedTime(start).TotalMilliseconds, 1));
        }
    }
}
