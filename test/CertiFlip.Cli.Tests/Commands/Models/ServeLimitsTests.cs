using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Models;

/// <summary>
/// No client keeps the others waiting: slow ones, too many, those that ask too much, those that go away.
/// </summary>
[Trait("Tier", "Slow")]
public sealed class ServeLimitsTests : IDisposable
{
    private const string Short = "{\"rows\": [[1, 2]]}";

    // A minute of work or more, so that only stopping it makes room within _patience.
    private static readonly string _long = $"{{\"rows\": [{string.Join(',', Enumerable.Repeat("[0.5,0.5]", 300_000))}]}}";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(40);

    private readonly TestFolder _folder = new();
    private readonly CancellationTokenSource _bound =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public ServeLimitsTests() => _bound.CancelAfter(TimeSpan.FromMinutes(2));

    public void Dispose()
    {
        _bound.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("POST /v1/certify HTTP/1.1\r\nX-Slow: ")]
    [InlineData("POST /v1/certify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n")]
    public async Task A_client_that_dribbles_its_headers_or_its_body_is_cut_off_while_others_are_answered(string beginning)
    {
        using ServiceProcess service =
            await ServiceProcess.Start(await SmallData.Model(_folder, 40), options: ["--max-concurrent", "1", "--max-queued", "0"]);
        using TcpClient client = await service.Connect();
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
        using ServiceProcess service = await ServiceProcess.Start(await SmallData.Model(_folder, 20_000), options: Busy(queued: 2));
        using var gone = new CancellationTokenSource();
        List<Task<HttpResponseMessage>> requests = [.. Enumerable.Range(0, 6).Select(_ => service.Post(_long, gone.Token))];
        for (int refused = 0; refused < 3; refused++)
        {
            Task<HttpResponseMessage> first = await Task.WhenAny(requests).WaitAsync(_bound.Token);
            requests.Remove(first);
            using HttpResponseMessage response = await first;
            Assert.Equal(
                "The service is busy: it runs at most 1 at a time, and 2 more wait; send this request again later.",
                await Refusal(response));
        }

        Assert.DoesNotContain(requests, request => request.IsCompleted);
        Assert.Equal(HttpStatusCode.OK, (await service.Client.GetAsync("/health/live", _bound.Token)).StatusCode);
        await gone.CancelAsync();
    }

    [Fact]
    public async Task The_work_of_a_client_that_goes_away_stops()
    {
        using ServiceProcess service = await ServiceProcess.Start(await SmallData.Model(_folder, 20_000), options: Busy(queued: 0));
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
        using ServiceProcess service = await ServiceProcess.Start(
            await SmallData.Model(_folder, 20_000),
            options: ["--max-concurrent", "1", "--max-queued", "0", "--max-rows", "1000000", "--timeout", "5"]);
        using (HttpResponseMessage response = await service.Post(_long, _bound.Token))
            Assert.Equal(
                "The answer took longer than 5 s; send fewer rows in one request, or send it again later.", await Refusal(response));
        await AnswersAgain(service);
    }

    /// <summary>
    /// Its answer is far longer than what the system keeps for it, and it reads none of that while its time runs out.
    /// </summary>
    [Fact]
    public async Task A_client_that_does_not_read_its_answer_is_cut_off_while_others_are_answered()
    {
        using ServiceProcess service = await ServiceProcess.Start(
            await SmallData.Model(_folder, 20_000), options: ["--max-concurrent", "1", "--max-queued", "0", "--timeout", "10"]);
        using TcpClient client = await service.Connect();
        string body = $"{{\"witness\": true, \"rows\": [{string.Join(',', Enumerable.Repeat("[1,0.5]", 60))}]}}";
        await Send(
            client,
            $"POST /v1/certify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                + $"{body.Length}\r\n\r\n{body}");
        for (int round = 0; round < 12; round++)
        {
            await Task.Delay(1000, _bound.Token);
            await AnswersAgain(service);
        }

        using var reader = new StreamReader(client.GetStream());
        string answer = await ReadWhatComes(reader);
        Assert.StartsWith("HTTP/1.1 200 OK", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("\r\n0\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Witnesses_too_long_for_one_answer_are_refused_and_certificates_of_the_same_rows_are_not()
    {
        using ServiceProcess service = await ServiceProcess.Start(await SmallData.Model(_folder, 20_000), options: ["--timeout", "600"]);
        string rows = $"[{string.Join(',', Enumerable.Repeat("[1,0.5]", 400))}]"; // Of 3,333 flips each.
        using (HttpResponseMessage refused = await service.Post($"{{\"rows\": {rows}, \"witness\": true}}", _bound.Token))
            await refused.AssertProblem(413, "The witnesses of rows 0 to ");
        using HttpResponseMessage answered = await service.Post($"{{\"rows\": {rows}}}", _bound.Token);
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
    }

    [Fact]
    public async Task Connections_that_are_worked_on_stay_and_beyond_them_others_are_turned_away_until_one_is_done()
    {
        using ServiceProcess service = await ServiceProcess.Start(
            await SmallData.Model(_folder, 20_000),
            options: ["--max-connections", "2", "--max-concurrent", "1", "--max-queued", "5", "--max-rows", "1000000", "--timeout", "600"]);
        using var gone = new CancellationTokenSource();
        Task<HttpResponseMessage>[] requests = [service.Post(_long, gone.Token), service.Post(_long, gone.Token)];
        await Task.Delay(3000, _bound.Token); // Both have arrived whole.
        await Assert.ThrowsAsync<HttpRequestException>(() => service.Client.GetAsync("/health/live", _bound.Token));
        Assert.DoesNotContain(requests, request => request.IsCompleted);
        await gone.CancelAsync();
        while (!await IsAnswered()) // As soon as the service has seen that they are gone.
            await Task.Delay(200, _bound.Token);

        async Task<bool> IsAnswered()
        {
            try
            {
                using HttpResponseMessage health = await service.Client.GetAsync("/health/live", _bound.Token);
                return health.StatusCode == HttpStatusCode.OK;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET /v1/model HTTP/1.1\r\nX-Slow: ")]
    [InlineData("POST /v1/certify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")]
    public async Task Connections_whose_clients_keep_it_waiting_make_room_for_others(string beginning)
    {
        using ServiceProcess service = await ServiceProcess.Start(await SmallData.Model(_folder));
        List<TcpClient> idle = [];
        for (int client = 0; client < 300; client++)
        {
            idle.Add(await service.Connect());
            await Send(idle[^1], beginning);
        }

        await Task.Delay(500, _bound.Token); // All have arrived.
        await IsOk(() => service.Client.GetAsync("/health/live", _bound.Token));
        await IsOk(() => service.Post(Short, _bound.Token));
        idle.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task A_connection_that_sends_nothing_is_closed()
    {
        using ServiceProcess service = await ServiceProcess.Start(await SmallData.Model(_folder));
        using TcpClient client = await service.Connect();
        using var reader = new StreamReader(client.GetStream());
        Task<string> rest = ReadWhatComes(reader);
        await rest.WaitAsync(TimeSpan.FromSeconds(20), _bound.Token);
    }

    /// <summary>Each sends all of its body but the end. Only as many are kept as may be worked on.</summary>
    [Fact]
    public async Task Many_large_bodies_take_no_more_memory_than_those_that_may_be_worked_on_and_give_it_back()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs /proc.");
        using ServiceProcess service = await ServiceProcess.Start(
            await SmallData.Model(_folder), options: ["--max-concurrent", "1", "--max-queued", "3"]);
        using (HttpResponseMessage first = await service.Post(Short, _bound.Token))
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        long before = service.Memory;
        const int Length = 4 << 20, Clients = 150;
        byte[] body = Encoding.ASCII.GetBytes("{\"rows\": [[" + new string(' ', Length - 13));
        List<TcpClient> clients = [];
        async Task Upload()
        {
            TcpClient client = await service.Connect();
            lock (clients)
                clients.Add(client);
            await Send(
                client,
                $"POST /v1/certify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {Length}\r\n\r\n");
            try
            {
                await client.GetStream().WriteAsync(body, _bound.Token);
            }
            catch (IOException)
            {
                // Refused before all of it was sent.
            }
        }

        Task[] uploads = [.. Enumerable.Range(0, Clients).Select(_ => Upload())];
        long most = 0;
        for (int round = 0; round < 50; round++)
        {
            most = Math.Max(most, service.Memory);
            await Task.Delay(100, _bound.Token);
        }

        // 150 bodies are 600 MB; four are 16, and the rest is for what is not collected at once.
        Assert.InRange(most - before, 0, 300L << 20);
        Assert.Equal(HttpStatusCode.OK, (await service.Client.GetAsync("/health/live", _bound.Token)).StatusCode);
        clients.ForEach(client => client.Dispose());
        await Task.WhenAny(Task.WhenAll(uploads), Task.Delay(5000, _bound.Token));
        await AnswersAgain(service);
    }

    [Fact]
    public async Task A_request_that_would_take_long_does_not_keep_the_service_from_stopping()
    {
        using ServiceProcess service = await ServiceProcess.Start(await SmallData.Model(_folder, 20_000), options: Busy(queued: 0));
        Task<HttpResponseMessage> request = service.Post(_long, _bound.Token);
        while (await service.Post(Short, _bound.Token) is { StatusCode: HttpStatusCode.OK })
        {
            await Task.Delay(100, _bound.Token);
            if (request.IsCompleted)
                request = service.Post(_long, _bound.Token); // A short one was before it.
        }

        await service.Terminate();
        Assert.Equal(0, (await service.Finish().WaitAsync(_patience, _bound.Token)).ExitCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => request);
    }

    private async Task<string> ReadWhatComes(StreamReader reader)
    {
        var answer = new StringBuilder();
        char[] buffer = new char[1 << 16];
        try
        {
            while (await reader.ReadAsync(buffer, _bound.Token) is var read and > 0)
                answer.Append(buffer, 0, read);
        }
        catch (IOException)
        {
            // Cut off.
        }

        return answer.ToString();
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

    /// <summary>
    /// On a busy machine a client may itself be so slow that its connection makes room for another, and it asks again.
    /// </summary>
    private static async Task IsOk(Func<Task<HttpResponseMessage>> ask)
    {
        const int Times = 5;
        for (int time = 1; ; time++)
        {
            try
            {
                using HttpResponseMessage answer = await ask().WaitAsync(_patience);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                return;
            }
            catch (HttpRequestException) when (time < Times)
            {
                // Cut off.
            }
        }
    }

    private static string[] Busy(int queued) =>
        ["--max-concurrent", "1", "--max-queued", $"{queued}", "--max-rows", "1000000", "--timeout", "600"];

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
}
