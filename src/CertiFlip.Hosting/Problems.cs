using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace CertiFlip.Hosting;

/// <summary>Errors as <c>application/problem+json</c>.</summary>
internal static class Problems
{
    /// <summary>
    /// Answers with an error. An answer that has begun is broken off, so that half of it cannot pass for the whole.
    /// </summary>
    public static Task Write(HttpContext context, int status, string? detail = null)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.StatusCode = status;
        var problem = new ProblemDetails { Status = status, Title = ReasonPhrases.GetReasonPhrase(status), Detail = detail };
        return context.Response.WriteAsJsonAsync(problem, MessageContext.Default.ProblemDetails, "application/problem+json");
    }

    /// <summary>Answers that there is too much to do now.</summary>
    public static Task WriteBusy(HttpContext context, string detail)
    {
        context.Response.Headers.RetryAfter = "1";
        return Write(context, StatusCodes.Status503ServiceUnavailable, detail);
    }
}

/// <summary>A request that cannot be answered; the message says what is wrong, where, and what was expected.</summary>
internal sealed class BadRequestException(string message, int status = 400) : Exception(message)
{
    public int Status { get; } = status;
}
