using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.CommandLine;

/// <summary>No client keeps the others waiting: slow ones, too many, those that ask too much, those that go away.</summary>
public sealed class ServeLimitsTests : IDisposable
{
    private const string Short = "{\"rows\": [[1, 2]]}";

    // A minute of work or more, so that only stopping it makes room within _patience.
    private static readonly string _long = $"{{\"rows\": [{string.Join(',', Enumerable.Repeat("[0.5,0.5]", 300_000))}]}}";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(40);

    private readonly TestFolder _folder = new();
    private readonly CancellationTokenSource _bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public ServeLimitsTests() => _bound.CancelAfter(TimeSpan.FromMinutes(2));

    public void Dispose()
    {
        _bound.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("POST /v1/certify HTTP/1.1\r\nX-Slow: ")]
    [InlineData("POST /v1/certify HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n")]
    public async Task A_client_that_dribbles_its_headers_or_its_body_is_cut_off_while_others_are_answered(string beginning)
    {
        using ServiceProcess service = await ServiceProcess.Start(await Model(rows: 40), options: ["--max-concurrent", "1", "--max-queued", "0"]);
        using var client = new TcpClient();
        await client.ConnectAsync(service.Client.BaseAddress!.Host, service.Client.BaseAddress.Port, _bound.Token);
        using var reader = new StreamReader(client.GetStream());
        Task<string?> answer = reader.ReadLineAsync(_bound.Token).AsTask();
        await Send(client, beginning);
        while (await Task.WhenAny(answer, Task.Delay(500, _bound.Token)) != answer)
        {
            await Send(client, " ");
            using HttpResponseMessage other = await service.Post(Short, _bound.Token);
            Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        }

        Assert.Equal("HTTP/1.1 408 Request Timeout", await answer);
    }

    [Fact]
    public async Task Beyond_those_that_run_and_wait_all_are_told_to_come_again()
    {
        using ServiceProcess service = await ServiceProcess.Start(await Model(rows: 20_000), options: Busy(queued: 2));
        using var gone = new CancellationTokenSource();
        List<Task<HttpResponseMessage>> requests = [.. Enumerable.Range(0, 6).Select(_ => service.Post(_long, gone.Token))];
        for (int refused = 0; refused < 3; refused++)
        {
            Task<HttpResponseMessage> first = await Task.WhenAny(requests).WaitAsync(_bound.Token);
            requests.Remove(first);
            using HttpResponseMessage response = await first;
            Assert.Equal("As many requests run and wait as may, 1 and 2; send this one again later.", await Refusal(response));
        }

        Assert.DoesNotContain(requests, request => request.IsCompleted);
        Assert.Equal(HttpStatusCode.OK, (await service.Client.GetAsync("/health/live", _bound.Token)).StatusCode);
        await gone.CancelAsync();
    }

    [Fact]
    public async Task The_work_of_a_client_that_goes_away_stops()
    {
        using ServiceProcess service = await ServiceProcess.Start(await Model(rows: 20_000), options: Busy(queued: 0));
        using var gone = new CancellationTokenSource();
        Task<HttpResponseMessage>[] requests = [service.Post(_long, gone.Token), service.Post(_long, gone.Token)];
        using (HttpResponseMessage refused = await await Task.WhenAny(requests).WaitAsync(_bound.Token))
            await Refusal(refused); // So that the other runs.
        using (HttpResponseMessage tooSoon = await service.Post(Short, _bound.Token))
            await Refusal(tooSoon);
        await gone.CancelAsync();
        await AnswersAgain(service);
        Assert.Equal(1, requests.Count(request => request.IsCanceled));
    }

    [Fact]
    public async Task A_request_that_takes_too_long_is_told_so_and_its_work_stops()
    {
        using ServiceProcess service = await ServiceProcess.Start(await Model(rows: 20_000), options: ["--max-concurrent", "1", "--max-queued", "0", "--max-rows", "1000000", "--timeout", "5"]);
        using (HttpResponseMessage response = await service.Post(_long, _bound.Token))
            Assert.Equal("The answer took longer than 5 s; send fewer rows in one request, or later.", await Refusal(response));
        await AnswersAgain(service);
    }

    private async Task Send(TcpClient client, string text)
    {
        try
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), _bound.Token);
        }
        catch (IOException)
        {
            // Cut off just now: the answer says so.
        }
    }

    private static string[] Busy(int queued) => ["--max-concurrent", "1", "--max-queued", $"{queued}", "--max-rows", "1000000", "--timeout", "600"];

    /// <summary>Comes again as often as it is told to.</summary>
    private async Task AnswersAgain(ServiceProcess service)
    {
        _bound.CancelAfter(_patience);
        while (true)
        {
            using HttpResponseMessage response = await service.Post(Short, _bound.Token);
            if (response.StatusCode == HttpStatusCode.OK)
                return;
            await Refusal(response);
            await Task.Delay(200, _bound.Token);
        }
    }

    /// <summary>What a refusal says.</summary>
    private async Task<string?> Refusal(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
        using JsonDocument problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(_bound.Token));
        return problem.RootElement.GetProperty("detail").GetString();
    }

    private async Task<string> Model(int rows)
    {
        string train = _folder.Write("train.csv", SmallData.Csv(rows));
        await Invocation.Of("train", "--train", train, "--out", _folder["model"], "--quiet");
        return _folder["model"];
    }
}
