using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.CommandLine;

public sealed class ServeCommandTests : IDisposable
{
    private const string Token = "0123456789abcdef";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_are_those_of_certify_and_survive_a_killed_process()
    {
        string model = await Model();
        await Invocation.Of("certify", "--model", model, "--test", _folder["test.csv"], "--out", _folder["out.csv"], "--quiet");
        string[] expected = [.. File.ReadLines(_folder["out.csv"]).Skip(1).Select(line => string.Join(',', line.Split(',').Skip(2)))];
        string body = $"{{\"rows\": [{string.Join(',', File.ReadLines(_folder["test.csv"]).Skip(1).Select(line => $"[{string.Join(',', line.Split(',').Take(2))}]"))}], \"witness\": true}}";
        for (int round = 0; round < 2; round++)
        {
            using ServiceProcess service = await ServiceProcess.Start(model);
            Assert.Equal(expected, await Rows(await Post(service, body)));
            Task<HttpResponseMessage>[] running = [.. Enumerable.Range(0, 8).Select(_ => Post(service, body))];
            service.Kill();
            await Task.WhenAny(Task.WhenAll(running), Task.Delay(TimeSpan.FromSeconds(20), Cancellation));
            Assert.All(running, request => Assert.True(request.IsCompleted));
        }
    }

    [Theory]
    [InlineData("", 400, "The body is not the JSON expected")]
    [InlineData("{", 400, "The body is not the JSON expected")]
    [InlineData("[]", 400, "The body is a list; expected an object with \"rows\".")]
    [InlineData("{}", 400, "\"rows\" is missing; expected a list of rows of 2 numbers.")]
    [InlineData("{\"rows\": [], \"rows\": []}", 400, "The body is not the JSON expected")]
    [InlineData("{\"rows\": []}", 400, "\"rows\" is empty; expected at least one row.")]
    [InlineData("{\"row\": []}", 400, "There is a property \"row\"; expected \"rows\" and perhaps \"witness\".")]
    [InlineData("{\"rows\": [[1, 2], 7]}", 400, "Row 1 (from 0) is 7; expected a list of 2 numbers.")]
    [InlineData("{\"rows\": [[1, 2], [1, 2, 3]]}", 400, "Row 1 (from 0) has 3 numbers; expected 2.")]
    [InlineData("{\"rows\": [[1, \"2\"]]}", 400, "Row 0, column 1 (from 0) is \"2\"; expected a finite number.")]
    [InlineData("{\"rows\": [[1, 1e999]]}", 400, "Row 0, column 1 (from 0) is 1e999; expected a finite number.")]
    [InlineData("{\"rows\": [[1, null]]}", 400, "Row 0, column 1 (from 0) is null; expected a finite number.")]
    [InlineData("{\"rows\": [[1, NaN]]}", 400, "The body is not the JSON expected")]
    [InlineData("{\"rows\": [[1, [[[[[2]]]]]]]}", 400, "The body is not the JSON expected")]
    [InlineData("{\"rows\": [[1, 1e308]]}", 400, "Test row 0 (counting from 0) is so far from the training rows")]
    [InlineData("{\"rows\": [[1, 2], [1, 2], [1, 2], [1, 2]]}", 413, "There are 4 rows; expected at most 3 in one request.")]
    [InlineData("{\"rows\": [[1, 2]], \"witness\": 1}", 400, "\"witness\" is 1; expected true or false.")]
    public async Task What_cannot_be_answered_is_named_and_the_next_request_is_answered(string body, int status, string detail)
    {
        using ServiceProcess service = await ServiceProcess.Start(await Model(), options: ["--max-rows", "3", "--max-body-bytes", "200"]);
        await AssertProblem(await Post(service, body), status, detail);
        await AssertProblem(await Post(service, new string(' ', 300)), 413, "The body is longer than 200 bytes");
        Assert.Equal(HttpStatusCode.OK, (await Post(service, "{\"rows\": [[1, 2]]}")).StatusCode);
    }

    [Fact]
    public async Task Only_who_knows_the_token_is_answered_and_logs_do_not_tell_it()
    {
        using ServiceProcess service = await ServiceProcess.Start(await Model(), Token);
        foreach (string? token in (string?[])[null, "", "wrong", Token + "0"])
        {
            service.Client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            await AssertProblem(await Post(service, "{\"rows\": [[1, 2]]}"), 401, "Send the token");
            Assert.Equal(HttpStatusCode.Unauthorized, (await service.Client.GetAsync("/v1/model", Cancellation)).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await service.Client.GetAsync("/health/ready", Cancellation)).StatusCode);
        }

        service.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        Assert.Equal(HttpStatusCode.OK, (await Post(service, "{\"rows\": [[1.2345, 2]]}")).StatusCode);
        await service.Terminate();
        (int exitCode, string log) = await service.Finish();
        Assert.Equal(0, exitCode);
        Assert.DoesNotContain(Token, log, StringComparison.Ordinal);
        Assert.DoesNotContain("1.2345", log, StringComparison.Ordinal);
        Assert.All(log.TrimEnd().Split('\n'), line => JsonDocument.Parse(line));
    }

    [Fact]
    public async Task Without_a_token_only_loopback_is_served()
    {
        Invocation open = await Invocation.Of("serve", "--model", await Model(), "--host", "0.0.0.0");
        Assert.Equal((2, "certiflip: --host '0.0.0.0': others than this machine could ask; give a token with --token-file or CERTIFLIP_TOKEN, or leave --host out."), (open.ExitCode, open.LastError));
        Invocation weak = await Invocation.Of("serve", "--model", _folder["model"], "--token-file", _folder.Write("token", "short\n"));
        Assert.Equal(2, weak.ExitCode);
    }

    [Fact]
    public async Task A_request_in_flight_is_finished_before_the_service_stops()
    {
        using ServiceProcess service = await ServiceProcess.Start(await Model());
        using var client = new TcpClient();
        await client.ConnectAsync(service.Client.BaseAddress!.Host, service.Client.BaseAddress.Port, Cancellation);
        const string Body = "{\"rows\": [[1, 2]]}";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/certify HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body[..5]}"), Cancellation);
        await Task.Delay(300, Cancellation);
        await service.Terminate();
        await Task.Delay(300, Cancellation);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Body[5..]), Cancellation);
        using var reader = new StreamReader(client.GetStream());
        Assert.Equal("HTTP/1.1 200 OK", await reader.ReadLineAsync(Cancellation));
        Assert.Equal(0, (await service.Finish()).ExitCode);
    }

    [Fact]
    public async Task The_document_names_what_there_is()
    {
        using ServiceProcess service = await ServiceProcess.Start(await Model());
        using JsonDocument document = JsonDocument.Parse(await service.Client.GetStringAsync("/openapi.json", Cancellation));
        foreach (JsonProperty path in document.RootElement.GetProperty("paths").EnumerateObject())
        {
            HttpMethod method = path.Value.EnumerateObject().Single().Name == "get" ? HttpMethod.Get : HttpMethod.Post;
            using var request = new HttpRequestMessage(method, path.Name);
            Assert.Contains((await service.Client.SendAsync(request, Cancellation)).StatusCode, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.UnsupportedMediaType]);
        }

        using JsonDocument model = JsonDocument.Parse(await service.Client.GetStringAsync("/v1/model", Cancellation));
        Assert.Equal(
            document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("ModelDescription").GetProperty("properties").EnumerateObject().Select(property => property.Name),
            model.RootElement.EnumerateObject().Select(property => property.Name));
        await AssertProblem(await service.Client.GetAsync("/v2", Cancellation), 404, "See /openapi.json");
        await AssertProblem(await service.Client.GetAsync("/v1/certify", Cancellation), 405, "See /openapi.json");
    }

    private async Task<string> Model()
    {
        SmallData.WriteTo(_folder);
        await Invocation.Of("train", "--train", _folder["train.csv"], "--out", _folder["model"], "--quiet");
        return _folder["model"];
    }

    private static Task<HttpResponseMessage> Post(ServiceProcess service, string body) =>
        service.Post(body, Cancellation);

    private static async Task AssertProblem(HttpResponseMessage response, int status, string detail)
    {
        Assert.Equal((status, "application/problem+json"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        using JsonDocument problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        Assert.StartsWith(detail, problem.RootElement.GetProperty("detail").GetString()!, StringComparison.Ordinal);
    }

    /// <summary>The rows of an answer as <c>certify --out</c> writes them.</summary>
    private static async Task<string[]> Rows(HttpResponseMessage response)
    {
        using JsonDocument document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        return [.. document.RootElement.GetProperty("rows").EnumerateArray().Select(row => string.Create(
            CultureInfo.InvariantCulture,
            $"{row.GetProperty("prediction")},{row.GetProperty("log_failure").GetDouble():R},{row.GetProperty("radii").GetProperty("kl")},{row.GetProperty("radii").GetProperty("tight")},{row.GetProperty("radii").GetProperty("structured")},{row.GetProperty("exact").GetProperty("prediction")},{row.GetProperty("exact").GetProperty("radius")}"))];
    }
}
