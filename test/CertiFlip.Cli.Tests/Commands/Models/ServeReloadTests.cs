using System.Text.Json;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Models;

/// <summary>A model whose file is replaced while it is served.</summary>
public sealed class ServeReloadTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_replaced_model_takes_over_and_a_damaged_one_does_not()
    {
        using ServiceProcess service = await ServiceProcess.Start(await SmallData.Model(_folder));
        using ServiceProcess keeping = await ServiceProcess.Start(_folder["model"], options: ["--no-reload"]);
        string first = await Model(service);
        Assert.Equal("ready", await Status(service));
        await SmallData.Model(_folder, rows: 60);
        await Until(async () => await Model(service) != first);
        string second = await Model(service);
        File.WriteAllText(_folder["model"], "This is no model, and long enough to be looked at: 0123456789 0123456789.");
        await Until(async () => await Status(service) == "degraded");
        Assert.Equal(second, await Model(service));
        Assert.Equal(first, await Model(keeping));
        await service.Terminate();
        (int exitCode, string log) = await service.Finish();
        Assert.Equal(0, exitCode);
        Assert.Single(log.Split('\n'), line => line.Contains("this is no model file", StringComparison.Ordinal));
    }

    private static Task<string> Model(ServiceProcess service) => Text(service, "/v1/model", "model");

    private static Task<string> Status(ServiceProcess service) => Text(service, "/health/ready", "status");

    private static async Task<string> Text(ServiceProcess service, string path, string key)
    {
        using JsonDocument answer = JsonDocument.Parse(await service.Client.GetStringAsync(path, Cancellation));
        return answer.RootElement.GetProperty(key).GetString()!;
    }

    private static async Task Until(Func<Task<bool>> holds)
    {
        for (int round = 0; round < 200; round++)
        {
            if (await holds())
                return;
            await Task.Delay(100, Cancellation);
        }

        Assert.Fail("It did not come about within twenty seconds.");
    }
}
