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
        await Invocation.Of("train", "--train", _folder["train.csv"], "--out", _folder["digits.model"], "--quiet");
        string digit = string.Join(',', File.ReadLines(_folder["test.csv"]).Skip(4).First().Split(',')[..64]);
        string[] arguments =
        [
            "--CertiFlip:Model", "digits.model", "--Keys:alice", Key, "--urls", "http://127.0.0.1:0", "--contentRoot", _folder.Path,
        ];
        using Process host = Process.Start(
            new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "WebHost.dll"), .. arguments])
            {
                RedirectStandardOutput = true,
            })!;
        try
        {
            using var client = new HttpClient { BaseAddress = await AddressOf(host) };
            var output = new StringBuilder();
            foreach (string? key in (string?[])[null, Key])
            {
                if (key is not null)
                    client.DefaultRequestHeaders.Add("X-Api-Key", key);
                foreach ((string path, string? body) in ((string, string?)[])
                    [("/health", null), ("/v1/certify", $"{{\"rows\": [[{digit}]]}}"), ("/digits", $"[{digit}]"), ("/digits", "[1, 2]")])
                {
                    using HttpResponseMessage response = await (body is null
                        ? client.GetAsync(path, Cancellation)
                        : client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"), Cancellation));
                    output.Append($"{(key is null ? "nobody" : "alice")} {path} {(int)response.StatusCode} ");
                    output.Append(await response.Content.ReadAsStringAsync(Cancellation)).Append('\n');
                }
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
