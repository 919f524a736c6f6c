using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace CertiFlip.Service;

/// <summary>Who may ask: whoever has the token, or where there is none, who calls this machine by its own names.</summary>
/// <remarks>
/// A page of another site can have its own name lead to a loopback address, and is then, to a browser on this machine, a page of the service. It cannot help naming its site in the Host header.
/// </remarks>
internal sealed class Callers(ServiceOptions options)
{
    private readonly BearerToken? _token = options.Token is { } token ? new BearerToken(token) : null;

    private readonly StringSegment[] _names =
        ["localhost", "127.0.0.1", "[::1]", options.Host.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{options.Host}]" : $"{options.Host}"];

    /// <summary>Answers whoever may not ask.</summary>
    /// <returns>Whether it was one.</returns>
    public async Task<bool> Refuse(HttpContext context)
    {
        if (_token is null && context.Request.Host is { HasValue: true } host && !HostString.MatchesAny(host.Value, _names))
        {
            await Problems.Write(context, StatusCodes.Status421MisdirectedRequest, "The Host header names another host; without a token this service answers to localhost and to its address.");
            return true;
        }

        if (_token is null || context.Request.Path.StartsWithSegments("/health") || _token.IsIn(context.Request.Headers.Authorization))
            return false;
        context.Response.Headers.WWWAuthenticate = "Bearer";
        await Problems.Write(context, StatusCodes.Status401Unauthorized, "Send the token of this service as Authorization: Bearer TOKEN.");
        return true;
    }
}
