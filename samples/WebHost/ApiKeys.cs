using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace WebHost;

/// <summary>
/// Knows callers by the key that they send as X-Api-Key: one of the section Keys, by the caller's name.
/// </summary>
internal sealed class ApiKeys(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IConfiguration configuration)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public new const string Scheme = "ApiKey";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        byte[] sent = Hash(Request.Headers["X-Api-Key"].ToString());
        IConfigurationSection? caller = configuration.GetSection("Keys").GetChildren()
            .FirstOrDefault(key => !string.IsNullOrEmpty(key.Value) && CryptographicOperations.FixedTimeEquals(Hash(key.Value), sent));
        if (caller is null)
            return Task.FromResult(AuthenticateResult.NoResult());
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, caller.Key)], Scheme);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme)));
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
