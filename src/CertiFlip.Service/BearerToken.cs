using System.Security.Cryptography;
using System.Text;

namespace CertiFlip.Service;

/// <summary>The token that clients must know. Comparing takes as long for a wrong token as for the right one.</summary>
internal sealed class BearerToken(string token)
{
    private const string Scheme = "Bearer ";

    private readonly byte[] _hash = Hash(token);

    /// <summary>Whether an Authorization header carries the token.</summary>
    public bool IsIn(string? header) =>
        header is not null && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Hash(header[Scheme.Length..].Trim()), _hash);

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
