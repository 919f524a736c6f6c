using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace CertiFlip.Service;

/// <summary>Who may ask: whoever has the token; without a token, whoever calls this machine by its own names.</summary>
/// <remarks>
/// A page of another site can have its own name resolve to a loopback address. To a browser on this machine it is then
/// a page of the service. It cannot avoid naming its site in the Host header.
/// </remarks>
internal sealed class Callers(ServiceOptions options)
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
