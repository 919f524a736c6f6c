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
    [InlineData("{\"rows\": [], \"rows\": []}", 400, "There is \"rows\" twice; expected it once.")]
    [InlineData("{\"rows\": [[1, 2]], \"\\ud800\": 1}", 400, "The name of a property is not text in Unicode.")]
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
    [InlineData("{\"\\ud800\": 1}", 400, "The name of a property is not text in Unicode.")]
    [InlineData("{\"a\\ud800\": 1, \"a\\ud800\": 1}", 400, "The name of a property is not text in Unicode.")]
    [InlineData("{\"rows\": [{\"\\udc00\": 1}]}", 400, "The name of a property is not text in Unicode.")]
    [InlineData("{\"\\u202e\\u0007\": 1}", 400, "There is a property \"\\u202e\\u0007\"")]
    [InlineData("{\"rows\": [[1, 2]], \"witness\": 1}", 400, "\"witness\" is 1; expected true or false.")]
    public async Task What_cannot_be_answered_is_named_and_the_next_request_is_answered(string body, int status, string detail)
    {
        using ServiceProcess service =
            await ServiceProcess.Start(await SmallData.Model(_folder), options: ["--max-rows", "3", "--max-body-bytes", "200"]);
        await (await Post(service, body)).AssertProblem(status, detail);
        Assert.Equal(HttpStatusCode.OK, (await Post(service, "{\"rows\": [[1, 2]]}")).StatusCode);
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

    /// <summary>What HTTP itself allows and a program may still stumble over.</summary>
    [Theory]
    [Trait("Tier", "Slow")]
    [InlineData("80000000\r\nabc", 400)]
    [InlineData("ffffffffffffffff\r\nabc", 400)]
    [InlineData("100000000\r\nabc\r\n0\r\n\r\n", 400)]
    [InlineData("zz\r\nabc", 400)]
    [InlineData("-1\r\nabc", 400)]
    [InlineData("3\r\nabcdef\r\n0\r\n\r\n", 400)]
    public async Task A_body_in_pieces_that_are_none_is_a_bad_request_with_one_line_in_the_log(string pieces, int status)
    {
        using ServiceProcess service = await ServiceProcess.Start(await SmallData.Model(_folder));
        using TcpClient client = await service.Connect();
        const string Headers = "Host: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/certify HTTP/1.1\r\n{Headers}{pieces}"), Cancellation);
        using var reader = new StreamReader(client.GetStream());
        Assert.StartsWith($"HTTP/1.1 {status} ", await reader.ReadLineAsync(Cancellation), StringComparison.Ordinal);
        await service.Terminate();
        string log = (await service.Finish()).Log;
        Assert.Single(log.Split('\n'), line => line.Contains("/v1/certify", StringComparison.Ordinal));
        Assert.DoesNotContain("Exception", log, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Tier", "Slow")]
    [InlineData(new byte[] { (byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)':', (byte)'1', (byte)'}' })]
    [InlineData(new byte[] { (byte)'{', (byte)'"', 0xED, 0xA0, 0x80, (byte)'"', (byte)':', (byte)'1', (byte)'}' })]
    public async Task A_body_that_is_not_utf_8_is_a_bad_request(byte[] body)
    {
        using ServiceProcess service = await ServiceProcess.Start(await SmallData.Model(_folder));
        var content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
        using HttpResponseMessage response = await service.Client.PostAsync("/v1/certify", content, Cancellation);
        await response.AssertProblem(400, "The name of a property is not text in Unicode.");
    }

    [Fact]
    public async Task Rows_are_objects_by_the_names_of_columns_or_lists()
    {
        using ServiceProcess service = await ServiceProcess.Start(await SmallData.Model(_folder));
        using JsonDocument model = JsonDocument.Parse(await service.Client.GetStringAsync("/v1/model", Cancellation));
        Assert.Equal(["a", "b"], model.RootElement.GetProperty("feature_names").EnumerateArray().Select(name => name.GetString()));
        string[] lists = await Rows(await Post(service, "{\"rows\": [[0.9, 0.2], [-1, 0.5], [0.9, 0.2]]}")),
        objects = await Rows(
            await Post(service, "{\"rows\": [{\"a\": 0.9, \"b\": 0.2}, {\"b\": 0.5, \"a\": -1}, [0.9, 0.2]]}"));
        Assert.Equal(lists, objects);
        Assert.NotEqual(lists[0], lists[1]);
        await AssertRefused(service, "{\"a\": 1}", "Row 1 (from 0) lacks the column \"b\".");
        await AssertRefused(service, "{}", "Row 1 (from 0) lacks the columns \"a\", \"b\".");
        await AssertRefused(service, "{\"a\": 1, \"B\": 2}", "Row 1 (from 0) has a column \"B\", which the model does not know");
        await AssertRefused(service, "{\"a\": 1, \"b\": 2, \"c\": 3}", "Row 1 (from 0) has a column \"c\", which the model does not know");
        await AssertRefused(service, "{\"a\": 1, \"b\": 2, \"a\": 3}", "Row 1 (from 0) has the column \"a\" twice; expected it once.");
        await AssertRefused(service, "{\"a\": 1, \"\\u0061\": 2}", "Row 1 (from 0) has the column \"a\" twice; expected it once.");
        await AssertRefused(service, "{\"a\": 1, \"b\": null}", "Row 1 (from 0), column \"b\" is null; expected a finite number.");
        await AssertRefused(service, "{\"a\": 1, \"b\": \"2\"}", "Row 1 (from 0), column \"b\" is \"2\"; expected a finite number.");
        await AssertRefused(service, "{\"a\": 1, \"b\": 1e999}", "Row 1 (from 0), column \"b\" is 1e999; expected a finite number.");
        await AssertRefused(service, "{\"a\": 1, \"\\udc00\": 2}", "The name of a property is not text in Unicode.");
    }

    [Fact]
    public async Task A_model_without_names_takes_no_objects()
    {
        string train = _folder.Write("train.npy", NpyBytes.Doubles(4, 1, 0, 1, 2, 3)),
            labels = _folder.Write("y.csv", "label\na\na\nb\nb\n");
        Invocation trained = await Invocation.Of(
            "train", "--train", train, "--train-labels", labels, "--out", _folder["model"], "--quiet");
        Assert.Equal(0, trained.ExitCode);
        using ServiceProcess service = await ServiceProcess.Start(_folder["model"]);
        Assert.Equal(HttpStatusCode.OK, (await Post(service, "{\"rows\": [[1]]}")).StatusCode);
        await (await Post(service, "{\"rows\": [{\"0\": 1}]}")).AssertProblem(
            400, "Row 0 (from 0) is an object, but the columns of this model have no names; expected a list of 1 numbers.");
    }

    /// <summary>A good row, and one that is not.</summary>
    private static async Task AssertRefused(ServiceProcess service, string row, string detail) =>
        await (await Post(service, $"{{\"rows\": [[1, 2], {row}]}}")).AssertProblem(400, detail);

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
