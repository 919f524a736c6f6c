using Microsoft.Extensions.Logging;

namespace CertiFlip.Service;

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
