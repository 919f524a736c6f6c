using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CertiFlip.Hosting;

/// <summary>The endpoints of one served model. A bad request fails alone.</summary>
internal sealed class CertifyEndpoint(ServedModel served)
{
    private const string Document = "openapi.json", ModelHeader = "CertiFlip-Model", OwnPrefix = "/v1/";

    private readonly CertiFlipOptions _options = served.Options;

    /// <summary><c>GET /v1/model</c>.</summary>
    public Task Describe(HttpContext context) => Begin(context) is { } model
        ? context.Response.WriteAsJsonAsync(model.Description, MessageContext.Default.ModelDescription)
        : RefuseWithoutModel(context);

    /// <summary><c>POST /v1/certify</c>.</summary>
    public async Task Certify(HttpContext context)
    {
        if (Begin(context) is not { } model)
        {
            await RefuseWithoutModel(context);
            return;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = _options.MaxBodyBytes;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        timeout.CancelAfter(_options.RequestTimeout);
        using var body = new HeldBody(served.Memory);
        try
        {
            if (!context.Request.HasJsonContentType())
            {
                throw new BadRequestException(
                    "The body must be JSON: send Content-Type: application/json.", StatusCodes.Status415UnsupportedMediaType);
            }

            bool isHeld;
            using (CertiFlipTelemetry.Begin("receive"))
                isHeld = await body.TryRead(context.Request.Body, _options.MaxBodyBytes, timeout.Token);
            if (isHeld && await served.TryCertify(model, body.Content, timeout.Token) is { } response)
            {
                await context.Response.WriteAsJsonAsync(
                    response, MessageContext.Default.CertifyResponse, cancellationToken: timeout.Token);
            }
            else
            {
                HostingTelemetry.Refuse(served, isHeld ? "queue_full" : "memory_full");
                await Problems.WriteBusy(
                    context,
                    $"The service is busy: it runs at most {_options.MaxConcurrent} at a time, and {_options.MaxQueued} more wait; "
                    + "send this request again later.");
            }
        }
        catch (BadRequestException exception)
        {
            await Refuse(context, exception.Status, exception.Message);
        }
        catch (HeadException exception)
        {
            await Refuse(context, StatusCodes.Status400BadRequest, exception.Message);
        }
        catch (BadHttpRequestException exception)
        {
            await Refuse(context, exception.StatusCode, exception.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? $"The body is longer than {_options.MaxBodyBytes} bytes; send fewer rows in one request."
                : exception.Message);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested && !body.IsWhole)
        {
            await Refuse(
                context,
                StatusCodes.Status408RequestTimeout,
                $"The body did not arrive within {_options.RequestTimeout.TotalSeconds} s; send fewer rows in one request.");
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            HostingTelemetry.Refuse(served, "timeout");
            await Problems.WriteBusy(
                context,
                $"The answer took longer than {_options.RequestTimeout.TotalSeconds} s; send fewer rows in one request, "
                    + "or send it again later.");
        }
        catch (OperationCanceledException)
        {
            // The client went away: its work has stopped, and nobody waits for the answer.
        }
    }

    /// <summary>
    /// <c>GET /v1/openapi.json</c>: what of the document is here, under the prefix that it was mapped to.
    /// </summary>
    public static async Task DescribeEndpoints(HttpContext context)
    {
        JsonObject document = (await JsonNode.ParseAsync(OpenDocument(), cancellationToken: context.RequestAborted))!.AsObject();
        string prefix = (context.Request.PathBase + context.Request.Path).Value![..^Document.Length];
        JsonObject paths = document["paths"]!.AsObject();
        foreach ((string path, JsonNode? operations) in paths.ToArray())
        {
            paths.Remove(path);
            if (path.StartsWith(OwnPrefix, StringComparison.Ordinal))
                paths.Add(prefix + path[OwnPrefix.Length..], operations);
        }

        // Who may ask is the host's affair.
        document.Remove("security");
        document["components"]!.AsObject().Remove("securitySchemes");
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(document.ToJsonString(), context.RequestAborted);
    }

    /// <summary>The document of <c>certiflip serve</c>.</summary>
    public static Stream OpenDocument() => typeof(CertifyEndpoint).Assembly.GetManifestResourceStream(Document)!;

    /// <summary>The model that a request keeps to its end; its answer names it, whatever it is.</summary>
    private LoadedModel? Begin(HttpContext context)
    {
        LoadedModel? model = served.Current;
        context.Response.Headers[ModelHeader] = model?.Id;
        return model;
    }

    private Task RefuseWithoutModel(HttpContext context)
    {
        HostingTelemetry.Refuse(served, "no_model");
        return Problems.WriteBusy(context, "There is no model yet; send this request again later.");
    }

    private Task Refuse(HttpContext context, int status, string detail)
    {
        HostingTelemetry.Refuse(served, status switch
        {
            StatusCodes.Status408RequestTimeout => "body_slow",
            StatusCodes.Status413PayloadTooLarge => "too_large",
            StatusCodes.Status415UnsupportedMediaType => "media_type",
            _ => "invalid",
        });
        return Problems.Write(context, status, detail);
    }
}
