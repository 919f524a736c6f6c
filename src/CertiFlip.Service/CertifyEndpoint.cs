using Microsoft.AspNetCore.Http;

namespace CertiFlip.Service;

/// <summary><c>POST /v1/certify</c>. Whatever a client sends fails its own request alone.</summary>
internal sealed class CertifyEndpoint(Predictor predictor, ServiceOptions options)
{
    public async Task Handle(HttpContext context)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        timeout.CancelAfter(options.RequestTimeout);
        try
        {
            if (!context.Request.HasJsonContentType())
                throw new BadRequestException("The body must be JSON: send Content-Type: application/json.", StatusCodes.Status415UnsupportedMediaType);
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, timeout.Token);
            body.Position = 0;
            if (await predictor.TryCertify(body, timeout.Token) is { } response)
                await context.Response.WriteAsJsonAsync(response, MessageContext.Default.CertifyResponse, cancellationToken: timeout.Token);
            else
                await Problems.WriteBusy(context, $"As many requests run and wait as may, {options.MaxConcurrent} and {options.MaxQueued}; send this one again later.");
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
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            await Problems.WriteBusy(context, $"The answer took longer than {options.RequestTimeout.TotalSeconds} s; send fewer rows in one request, or later.");
        }
        catch (OperationCanceledException)
        {
            // The client went away: its work has stopped, and there is nobody to tell.
        }
    }
}
