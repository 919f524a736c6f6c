using System.Text.Json;

namespace CertiFlip.Cli.Tests.Support;

/// <summary>Errors of the service.</summary>
internal static class Problems
{
    /// <summary>Whether an answer is an error as it should be, with a detail that begins so.</summary>
    public static async Task AssertProblem(this HttpResponseMessage response, int status, string detail)
    {
        Assert.Equal((status, "application/problem+json"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        using JsonDocument problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith(detail, problem.RootElement.GetProperty("detail").GetString()!, StringComparison.Ordinal);
    }
}
