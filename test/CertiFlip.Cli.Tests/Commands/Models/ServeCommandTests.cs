using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Models;

public sealed class ServeCommandTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("--head ridge")]
    [InlineData("--head saturated-ridge --offset -0.2")]
    [InlineData("--head knn:7")]
    [InlineData("--head kernel")]
    public async Task Answers_are_those_of_certify_and_survive_a_killed_process(string head)
    {
        SmallData.WriteTo(_folder);
        string model = await SmallData.Model(_folder, options: head.Split(' '));
        await Invocation.Of("certify", "--model", model, "--test", _folder["test.csv"], "--out", _folder["out.csv"], "--quiet");
        string[] expected = [.. File.ReadLines(_folder["out.csv"]).Skip(1).Select(line => string.Join(',', line.Split(',')[2..^1]))];
        IEnumerable<string> rows =
            File.ReadLines(_folder["test.csv"]).Skip(1).Select(line => $"[{string.Join(',', line.Split(',').Take(2))}]");
        string body = $"{{\"rows\": [{string.Join(',', rows)}], \"witness\": true}}";
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
    [Trait("Tier", "Slow")]
    [InlineData("", 400, "The body is not the JSON expected")]
    [InlineData("{", 400, "The body is not the JSON expected")]
    [InlineData("[]", 400, "The body is a list; expected an object with \"rows\".")]
    [InlineData("{}", 400, "\"rows\" is missing; expected a list of rows of 2 numbers.")]
    [InlineData("{\"rows\": [], \"rows\": []}", 400, "The body is not the JSON expected")]
    [InlineData("{\"rows\": []}", 400, "\"rows\" is empty; expected at least one row.")]
    [InlineData("{\"row\": []}", 400, "There is a property \"row\"; expected \"rows\" and, if wanted, \"witness\".")]
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
        using ServiceProcess service =
            await ServiceProcess.Start(await SmallData.Model(_folder), options: ["--max-rows", "3", "--max-body-bytes", "200"]);
        await (await Post(service, body)).AssertProblem(status, detail);
        await (await Post(service, new string(' ', 300))).AssertProblem(413, "The body is longer than 200 bytes");
        using var chunked = new HttpRequestMessage(
            HttpMethod.Post, "/v1/certify")
        { Content = new StringContent(new string(' ', 300), Encoding.UTF8, "application/json") };
        chunked.Headers.TransferEncodingChunked = true;
        await (await service.Client.SendAsync(chunked, Cancellation)).AssertProblem(413, "The body is longer than 200 bytes");
        await (
            await service.Client.PostAsync("/v1/certify", new StringContent("{\"rows\": [[1, 2]]}"), Cancellation)).AssertProblem(415,
            "The body must be JSON");
        Assert.Equal(HttpStatusCode.OK, (await Post(service, "{\"rows\": [[1, 2]]}")).StatusCode);
    }

    [Fact]
    public async Task A_request_in_flight_is_finished_before_the_service_stops()
    {
        using ServiceProcess service = await ServiceProcess.Start(await SmallData.Model(_folder));
        using TcpClient client = await service.Connect();
        const string Body = "{\"rows\": [[1, 2]]}";
        await client.GetStream()
            .WriteAsync(
                Encoding.ASCII.GetBytes(
                    $"POST /v1/certify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                        + $"{Body.Length}\r\n\r\n{Body[..5]}"), Cancellation);
        await Task.Delay(300, Cancellation);
        await service.Terminate();
        await Task.Delay(300, Cancellation);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Body[5..]), Cancellation);
        using var reader = new StreamReader(client.GetStream());
        Assert.Equal("HTTP/1.1 200 OK", await reader.ReadLineAsync(Cancellation));
        Assert.Equal(0, (await service.Finish()).ExitCode);
    }

    private static Task<HttpResponseMessage> Post(ServiceProcess service, string body) =>
        service.Post(body, Cancellation);

    /// <summary>The rows of an answer as <c>certify --out</c> writes them.</summary>
    private static async Task<string[]> Rows(HttpResponseMessage response)
    {
        using JsonDocument document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        return [.. document.RootElement.GetProperty("rows").EnumerateArray().Select(Record)];
    }

    /// <summary>A row as <c>certify --out</c> writes it.</summary>
    private static string Record(JsonElement row)
    {
        (JsonElement radii, JsonElement exact) = (row.GetProperty("radii"), row.GetProperty("exact"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{row.GetProperty("prediction")},{row.GetProperty("log_failure").GetDouble():R},"
                + $"{radii.GetProperty("kl")},{radii.GetProperty("tight")},{radii.GetProperty("structured")},"
                + $"{exact.GetProperty("prediction")},{exact.GetProperty("radius")}");
    }
}
