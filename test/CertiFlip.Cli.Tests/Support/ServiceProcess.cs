using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace CertiFlip.Cli.Tests.Support;

/// <summary>A service on a port that the system chose, as a process of its own.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _log;

    private ServiceProcess(Process process, Uri address)
    {
        (_process, Client) = (process, new HttpClient { BaseAddress = address });
        _log = process.StandardError.ReadToEndAsync();
    }

    public HttpClient Client { get; }

    public static async Task<ServiceProcess> Start(
        string model, string? token = null, IReadOnlyDictionary<string, string>? environment = null, params string[] options)
    {
        ProcessStartInfo start = CommandFile.Start(["serve", "--model", model, "--port", "0", .. options]);
        start.RedirectStandardError = true;
        start.Environment["CERTIFLIP_TOKEN"] = token ?? "";
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        Process process = Process.Start(start)!;
        while (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (
                line.StartsWith('{')
                    && JsonDocument.Parse(line).RootElement.GetProperty("State").TryGetProperty("Address", out JsonElement address))
                return new ServiceProcess(process, new Uri(address.GetString()!));
        }

        throw new InvalidOperationException("The service did not start.");
    }

    /// <summary>Asks for certificates.</summary>
    public Task<HttpResponseMessage> Post(string body, CancellationToken cancellation) =>
        Client.PostAsync("/v1/certify", new StringContent(body, Encoding.UTF8, "application/json"), cancellation);

    /// <summary>A connection on which a client may behave as it likes.</summary>
    public async Task<TcpClient> Connect()
    {
        var client = new TcpClient();
        await client.ConnectAsync(Client.BaseAddress!.Host, Client.BaseAddress.Port, TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>Bytes of memory that the process holds.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public void Kill() => _process.Kill();

    public async Task Terminate()
    {
        using Process kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async Task<(int ExitCode, string Log)> Finish()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (_process.ExitCode, await _log);
    }

    public void Dispose()
    {
        Client.Dispose();
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
