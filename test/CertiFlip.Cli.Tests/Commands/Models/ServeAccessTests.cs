using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Models;

/// <summary>Who is answered: whoever knows the token, or without one who calls this machine by its own names.</summary>
public sealed class ServeAccessTests : IDisposable
{
    private const string Token = "0123456789abcdef", Body = "{\"rows\": [[1.2345, 2]]}";

    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1); // Where it serves after all.

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_who_knows_the_token_is_answered_and_logs_do_not_tell_it()
    {
        using ServiceProcess service = await ServiceProcess.Start(await SmallData.Model(_folder), Token);
        foreach (string? token in (string?[])[null, "", "wrong", Token + "0"])
        {
            service.Client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            await (await service.Post(Body, Cancellation)).AssertProblem(401, "Send the token");
            Assert.Equal(HttpStatusCode.Unauthorized, (await service.Client.GetAsync("/v1/model", Cancellation)).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await service.Client.GetAsync("/health/ready", Cancellation)).StatusCode);
        }

        service.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        Assert.Equal(HttpStatusCode.OK, (await service.Post(Body, Cancellation)).StatusCode);
        await service.Terminate();
        (int exitCode, string log) = await service.Finish();
        Assert.Equal(0, exitCode);
        Assert.DoesNotContain(Token, log, StringComparison.Ordinal);
        Assert.DoesNotContain("1.2345", log, StringComparison.Ordinal);
        Assert.All(log.TrimEnd().Split('\n'), line => JsonDocument.Parse(line));
    }

    /// <summary>Health needs no token, and no path leads from it to what does.</summary>
    [Theory]
    [InlineData("GET /health/../v1/model", 401)]
    [InlineData("GET /health/%2e%2e/v1/model", 401)]
    [InlineData("GET /health%2f..%2fv1/model", 401)]
    [InlineData("GET /V1/MODEL", 401)]
    [InlineData("GET /healthy", 401)]
    [InlineData("GET /health/x", 404)]
    [InlineData("GET /HEALTH/live", 200)]
    [InlineData("\u0001\u0002", 400)]
    public async Task No_path_goes_round_the_token(string line, int status)
    {
        using ServiceProcess service = await ServiceProcess.Start(await SmallData.Model(_folder), Token);
        using TcpClient client = await service.Connect();
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"{line} HTTP/1.1\r\nHost: x\r\n\r\n"), Cancellation);
        using var reader = new StreamReader(client.GetStream());
        Assert.StartsWith($"HTTP/1.1 {status} ", await reader.ReadLineAsync(Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0")]
    [InlineData("::")]
    [InlineData("::ffff:0.0.0.0")]
    [InlineData("192.0.2.1")]
    [InlineData("::ffff:192.0.2.1")]
    [InlineData("128.0.0.1")]
    public async Task Without_a_token_no_address_but_loopback_is_listened_on(string host)
    {
        Invocation open =
            await Invocation.Of("serve", "--model", await SmallData.Model(_folder), "--host", host).WaitAsync(_patience, Cancellation);
        Assert.Equal(2, open.ExitCode);
        Assert.Matches(
            "^certiflip: --host '[^']+': other machines could connect; give a token with --token-file or CERTIFLIP_TOKEN, or leave "
                + "--host out.$", open.LastError);
    }

    [Theory]
    [InlineData("--host example.org", "--host 'example.org': expected an IP address")]
    [InlineData("--host [::1]:80", "--host '[::1]:80': expected an IP address")]
    [InlineData("--host 127.0.0.1 --token-file {0}", "--token-file '{0}': expected a token of at least 16 printable characters")]
    public async Task What_is_no_address_and_no_token_is_wrong_usage(string options, string expected)
    {
        string token = _folder.Write("token", "short\n");
        Invocation invocation = await Invocation.Of(
            ["serve", "--model", await SmallData.Model(_folder), .. string.Format(null, options, token).Split(' ')]).WaitAsync(_patience,
            Cancellation);
        Assert.Equal(2, invocation.ExitCode);
        Assert.StartsWith($"certiflip: {string.Format(null, expected, token)}", invocation.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("127.1")]
    [InlineData("127.8.9.10")]
    public async Task Every_loopback_address_is_served_and_answers_to_its_own_names_alone(string host)
    {
        using ServiceProcess service = await ServiceProcess.Start(await SmallData.Model(_folder), options: ["--host", host]);
        string address = service.Client.BaseAddress!.Host;
        foreach (string name in (string[])["localhost", "LOCALHOST:80", "127.0.0.1:1234", "[::1]", address])
            Assert.Equal(HttpStatusCode.OK, (await Ask(service, name)).StatusCode);
        string[] others = ["example.org", "localhost.example.org:8080", "127.0.0.1.example.org", "x" + address, "192.0.2.1"];
        foreach (string name in others)
            await (await Ask(service, name)).AssertProblem(421, "The Host header names another host");
    }

    [Fact]
    public async Task With_the_token_any_name_will_do()
    {
        using ServiceProcess service = await ServiceProcess.Start(await SmallData.Model(_folder), Token);
        service.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        Assert.Equal(HttpStatusCode.OK, (await Ask(service, "example.org")).StatusCode);
    }

    [Fact]
    public async Task Nothing_in_the_environment_opens_another_address()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        int port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        string url = $"http://0.0.0.0:{port}";
        using ServiceProcess service =
            await ServiceProcess.Start(await SmallData.Model(_folder), environment: new Dictionary<string, string>
            {
                ["ASPNETCORE_URLS"] = url,
                ["ASPNETCORE_HTTP_PORTS"] = $"{port}",
                ["ASPNETCORE_PREFERHOSTINGURLS"] = "true",
                ["DOTNET_URLS"] = url,
                ["DOTNET_PREFERHOSTINGURLS"] = "true",
                ["Kestrel__Endpoints__Other__Url"] = url,
            });
        Assert.Equal("127.0.0.1", service.Client.BaseAddress!.Host);
        Assert.NotEqual(port, service.Client.BaseAddress.Port);
        using var other = new TcpClient();
        await Assert.ThrowsAnyAsync<SocketException>(async () => await other.ConnectAsync(IPAddress.Loopback, port, Cancellation));
    }

    private static async Task<HttpResponseMessage> Ask(ServiceProcess service, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/model");
        request.Headers.Host = host;
        return await service.Client.SendAsync(request, Cancellation);
    }
}
