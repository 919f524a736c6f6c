using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Samples;

/// <summary>The host of samples/WebHost is asked as its users would, with a key and without.</summary>
public sealed partial class WebHostTests : IDisposable
{
    private const string Key = "a-key-of-alice";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_answers_whoever_has_a_key_and_its_health_to_everybody()
    {
        await Invocation.Of("demo", "--report", _folder["demo.html"], "--save", _folder.Path);
        await Invocation.Of("train", "--train", _folder["train.csv"], "--out", _folder["trained.model"], "--quiet");
        string digit = string.Join(',', File.ReadLines(_folder["test.csv"]).Skip(4).First().Split(',')[..64]);
        string[] arguments =
        [
            "--CertiFlip:Model", "digits.model", "--CertiFlip:RequireModelAtStart", "false", "--CertiFlip:ReloadInterval", "00:00:00.05",
            "--Keys:alice", Key, "--urls", "http://127.0.0.1:0", "--contentRoot", _folder.Path,
        ];
        using Process host = Process.Start(
            new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "WebHost.dll"), .. arguments])
            {
                RedirectStandardOutput = true,
            })!;
        try
        {
            using var client = new HttpClient { BaseAddress = await AddressOf(host) };
            var output = new StringBuilder("Before there is a model:\n");
            await Ask("alice", Key, "/health", null);
            await Ask("alice", Key, "/digits", $"[{digit}]");
            File.Move(_folder["trained.model"], _folder["digits.model"]);
            for (bool isHealthy = false; !isHealthy; await Task.Delay(20, Cancellation))
            {
                using HttpResponseMessage health = await client.GetAsync("/health", Cancellation);
                isHealthy = health.IsSuccessStatusCode;
            }

            output.Append("Then:\n");
            foreach (string? key in (string?[])[null, Key])
            {
                foreach ((string path, string? body) in ((string, string?)[])
                    [("/health", null), ("/v1/certify", $"{{\"rows\": [[{digit}]]}}"), ("/digits", $"[{digit}]"), ("/digits", "[1, 2]")])
                    await Ask(key is null ? "nobody" : "alice", key, path, body);
            }

            async Task Ask(string who, string? key, string path, string? body)
            {
                using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, path);
                if (body is not null)
                    request.Content = new StringContent(body, Encoding.UTF8, "application/json");
                if (key is not null)
                    request.Headers.Add("X-Api-Key", key);
                using HttpResponseMessage response = await client.SendAsync(request, Cancellation);
                output.Append($"{who} {path} {(int)response.StatusCode} ");
                output.Append(await response.Content.ReadAsStringAsync(Cancellation)).Append('\n');
            }

            // Whose factors may differ in the last bit from one processor to another.
            string shown = ModelId().Replace(output.ToString(), "\"model\":\"MODEL\"");
            Golden.Matches(shown, "test", "CertiFlip.Cli.Tests", "Golden", "sample-WebHost.txt");
            using Process kill = Process.Start("kill", ["-TERM", $"{host.Id}"]);
            await host.WaitForExitAsync(Cancellation);
            Assert.Equal(0, host.ExitCode);
        }
        finally
        {
            if (!host.HasExited)
                host.Kill();
        }
    }

    [Fact]
    public void Its_own_endpoint_is_the_one_of_the_page()
    {
        Assert.Equal(Endpoint("docs", "hosting.md"), Endpoint("samples", "WebHost", "Program.cs"));

        static string Endpoint(params string[] path) =>
            File.ReadAllText(Repository.File(path)).ReplaceLineEndings("\n").Split("app.MapPost(\"/digits\"")[1].Split("\n})")[0];
    }

    private static async Task<Uri> AddressOf(Process host)
    {
        const string Listening = "Now listening on: ";
        while (await host.StandardOutput.ReadLineAsync(Cancellation) is { } line)
        {
            if (line.Split(Listening) is [_, var address])
            {
                _ = host.StandardOutput.ReadToEndAsync(Cancellation); // So that it never waits for a reader.
                return new Uri(address);
            }
        }

        throw new InvalidOperationException("The host did not start.");
    }

    [GeneratedRegex("\"model\":\"[0-9a-f]{16}\"")]
    private static partial Regex ModelId();
}
